package io.vigie.asset.supplier;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/**
 * How a supplier stands on one day: what the clauses of its live contracts cover of those that
 * apply to it (R8.2).
 *
 * @param liveContracts how many
 * @param sharePercent how much of what applies is covered, 0 to 100; 100 where nothing applies
 * @param missing what applies and stands in no live contract
 * @param waived those of {@code missing} that exceptions in force allow to be missing
 * @param contractWaived whether an exception in force allows that there is no contract
 */
@Schema(name = "SupplierCoverage")
public record Standing(
    LocalDate on,
    int liveContracts,
    int sharePercent,
    List<Clause> covered,
    List<Clause> missing,
    List<String> waived,
    boolean contractWaived) {

  /**
   * Of a supplier in HQL, true or false: some clause that applies to it stands in no contract that
   * is live on the day {@code :value}.
   */
  static final String LACKS_A_CLAUSE =
      """
      cast(sql('exists (select 1 from supplier s
        join (values %s) as required (rule, activity)
          on required.activity = any (string_to_array(s.activities, chr(10)))
        where s.id = ? and not exists (select 1 from supplier_contract c
          where c.supplier = s.id and required.rule = any (string_to_array(c.clauses, chr(10)))
          and cast(? as date) between c.starts_on
            and least(c.ends_on, c.ended_on - 1, date ''infinity'')))',
        id, :value) as Boolean)\
      """
          .formatted(Clause.rows());

  static Standing of(
      Collection<Activity> activities,
      List<SupplierContract> contracts,
      List<SupplierException> exceptions,
      LocalDate day) {
    List<SupplierContract> live = contracts.stream().filter(c -> c.isLiveOn(day)).toList();
    List<SupplierException> inForce = exceptions.stream().filter(e -> e.isInForceOn(day)).toList();
    Set<String> agreed =
        live.stream().flatMap(c -> c.clauses().stream()).collect(Collectors.toSet());
    Set<String> allowed =
        inForce.stream().flatMap(e -> e.clauses().stream()).collect(Collectors.toSet());
    List<Clause> applying = Clause.applyingTo(activities);
    List<Clause> covered = applying.stream().filter(c -> agreed.contains(c.rule())).toList();
    List<Clause> missing = applying.stream().filter(c -> !agreed.contains(c.rule())).toList();
    return new Standing(
        day,
        live.size(),
        applying.isEmpty() ? 100 : 100 * covered.size() / applying.size(),
        covered,
        missing,
        missing.stream().map(Clause::rule).filter(allowed::contains).toList(),
        inForce.stream().anyMatch(SupplierException::isWithoutContract));
  }

  static Uni<Standing> of(Supplier supplier, LocalDate day) {
    return of(supplier.id(), supplier.profile().activities(), day);
  }

  /** Has a supplier stand as it does now, with what the present transaction changed. */
  static Uni<Void> renew(Supplier supplier, Instant now) {
    return of(supplier, Days.of(now)).invoke(supplier::stand).replaceWithVoid();
  }

  /** Of a supplier who does this. */
  static Uni<Standing> of(UUID supplier, Collection<Activity> activities, LocalDate day) {
    return SupplierContract.<SupplierContract>list("supplier", supplier)
        .chain(
            contracts ->
                SupplierException.<SupplierException>list("supplier", supplier)
                    .map(exceptions -> of(activities, contracts, exceptions, day)));
  }

  /** Whether a contract is live, or none has to be. */
  boolean bound() {
    return liveContracts > 0 || contractWaived;
  }

  /** The clauses that must not be missing, and are. */
  List<String> lacking() {
    return lacking(any -> true);
  }

  private List<String> lacking(Predicate<Clause> which) {
    return missing.stream()
        .filter(which)
        .map(Clause::rule)
        .filter(rule -> !waived.contains(rule))
        .toList();
  }

  /** Fails with 409, naming what to do first, where the policy does not let us rely on it. */
  void requireSufficient() {
    if (!bound()) {
      throw conflict(
          "supplier-without-contract",
          "No contract is live. Record one, or ask for an exception (R8.1).");
    }
    List<String> lacking = lacking(Clause::mandatory);
    if (!lacking.isEmpty()) {
      throw conflict(
          "supplier-clauses-missing",
          "No live contract has the clauses "
              + String.join(", ", lacking)
              + ". Agree on them, or ask for an exception (R8.2).");
    }
  }
}
