package io.vigie.asset.supplier;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a contract must say of security, from {@code supplier-clauses.json}.
 *
 * @param rule the rule of ours that it answers; names the clause
 * @param appliesTo it applies to suppliers who do one of these
 * @param mandatory whether a supplier without it is not approved
 */
@Schema(name = "SupplierClause")
public record Clause(String rule, Title title, List<Activity> appliesTo, boolean mandatory) {

  @Schema(name = "SupplierClauseTitle")
  public record Title(String en, String fr) {}

  private record Table(List<Clause> clauses) {}

  private static final List<Clause> ALL =
      PolicyTable.read("supplier-clauses", Table.class).clauses();
  private static final Set<String> RULES =
      ALL.stream().map(Clause::rule).collect(Collectors.toUnmodifiableSet());

  /** Those that apply to a supplier who does this, in the order of the table. */
  static List<Clause> applyingTo(Collection<Activity> activities) {
    return ALL.stream()
        .filter(clause -> clause.appliesTo().stream().anyMatch(activities::contains))
        .toList();
  }

  /**
   * The clauses, in one order.
   *
   * @throws Problem 400 when there is no such clause
   */
  static List<String> require(List<String> clauses) {
    List<String> unknown = clauses.stream().filter(clause -> !RULES.contains(clause)).toList();
    if (!unknown.isEmpty()) {
      throw Problem.invalid(List.of(new FieldError("clauses", "are no clauses: " + unknown)));
    }
    return clauses.stream().distinct().sorted(Comparator.naturalOrder()).toList();
  }

  /** The whole table as rows (rule, activity) of SQL that stands in a text of HQL. */
  static String rows() {
    return ALL.stream()
        .flatMap(
            clause ->
                clause.appliesTo().stream()
                    .map(activity -> "(''%s'', ''%s'')".formatted(clause.rule(), activity)))
        .collect(Collectors.joining(", "));
  }
}
