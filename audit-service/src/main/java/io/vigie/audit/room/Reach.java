package io.vigie.audit.room;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.vigie.kernel.Problem;

/**
 * What somebody may read now.
 *
 * @param isWhole whether that is everything
 * @param scopes otherwise, what each of the audits covers that are open to them
 */
public record Reach(boolean isWhole, List<Scope> scopes) {

  static final Reach WHOLE = new Reach(true, List.of());

  /**
   * The condition that an entry is within reach.
   *
   * @param entry the name that the entry's row has
   * @param values of the statement's parameters, to which those of the condition are added
   */
  public String sql(String entry, List<Object> values) {
    if (scopes.isEmpty()) {
      return Boolean.toString(isWhole);
    }
    return scopes.stream()
        .map(scope -> scope.sql(entry, values))
        .collect(Collectors.joining(" or ", "(", ")"));
  }

  /** The types of the events that are within reach; null for all. */
  public Set<String> types() {
    if (isWhole || scopes.stream().anyMatch(scope -> scope.rules().isEmpty())) {
      return null;
    }
    return scopes.stream().flatMap(scope -> scope.types().stream()).collect(Collectors.toSet());
  }

  /**
   * The condition that a turn as to a rule is within reach.
   *
   * @param turn the name that the turn's row has
   * @param object what the turn's object is, as {@code <kind>/<id>}; null where the rule turned
   * @param values of the statement's parameters, to which those of the condition are added
   * @throws Problem 404 where the rule is not within reach
   */
  public String turnSql(String rule, String turn, String object, List<Object> values) {
    require(rule);
    if (isWhole) {
      return "true";
    }
    return scopes.stream()
        .filter(scope -> scope.rules().contains(rule))
        .map(scope -> scope.turnSql(turn, object, values))
        .collect(Collectors.joining(" or ", "(", ")"));
  }

  /** The later of {@code from} and when what is within reach begins; null for neither. */
  public Instant from(Instant from) {
    Instant first = scopes.stream().map(Scope::from).min(Comparator.naturalOrder()).orElse(null);
    return first == null || from != null && from.isAfter(first) ? from : first;
  }

  /** The earlier of {@code to} and when what is within reach ends; null for neither. */
  public Instant to(Instant to) {
    Instant end = scopes.stream().map(Scope::until).max(Comparator.naturalOrder()).orElse(null);
    return end == null || to != null && to.isBefore(end) ? to : end;
  }

  /** Whether the rule is within reach, and so where it stands. */
  public boolean hasRule(String rule) {
    return isWhole || scopes.stream().anyMatch(scope -> scope.rules().contains(rule));
  }

  /**
   * The condition that an object is within reach as to a rule.
   *
   * @param object what the object is, as {@code <kind>/<id>}
   * @param values of the statement's parameters, to which those of the condition are added
   * @throws Problem 404 where the rule is not within reach
   */
  public String objectSql(String rule, String object, List<Object> values) {
    require(rule);
    if (isWhole) {
      return "true";
    }
    return scopes.stream()
        .filter(scope -> scope.rules().contains(rule))
        .map(scope -> scope.objectSql(object, values))
        .collect(Collectors.joining(" or ", "(", ")"));
  }

  /**
   * @throws Problem 404 unless the rule is within reach
   */
  public void require(String rule) {
    if (!hasRule(rule)) {
      throw Problem.notFound("The policy has no such rule, or it is not yours to read now.");
    }
  }
}
