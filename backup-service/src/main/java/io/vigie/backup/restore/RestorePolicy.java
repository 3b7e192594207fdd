package io.vigie.backup.restore;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.backup.plan.AssetFacts;
import io.vigie.kernel.PolicyTable;

/** How restores are tested and what they have to achieve: {@code restore-tests.json}. */
@ApplicationScoped
class RestorePolicy {

  /**
   * What the rules together ask of one asset.
   *
   * @param days from one test to the next at most
   * @param rtoSeconds how long a restore may take; null where nobody says
   * @param rpoSeconds how old what it brings back may be; null where nobody says
   */
  record Demand(Depth depth, int days, Long rtoSeconds, Long rpoSeconds) {}

  /** Which assets a rule is for. */
  private record When(
      Boolean production, int availability, int integrity, int confidentiality, int proof) {

    boolean fits(AssetFacts asset) {
      AssetFacts.Levels levels = asset.levels();
      return (production == null || production == asset.production())
          && levels.availability() >= availability
          && levels.integrity() >= integrity
          && levels.confidentiality() >= confidentiality
          && levels.proof() >= proof;
    }
  }

  private record Rule(When when, Depth depth, int days, Duration rto, Duration rpo) {}

  private record Table(Duration taskBefore, List<Rule> rules) {}

  private final Table table = PolicyTable.read("restore-tests", Table.class);

  /** How long before a test is due it is a task; so long at least a rule leaves that is new. */
  Duration taskBefore() {
    return table.taskBefore();
  }

  Demand of(AssetFacts asset) {
    List<Rule> rules =
        table.rules().stream()
            .filter(rule -> rule.when() == null || rule.when().fits(asset))
            .toList();
    return new Demand(
        strictest(rules, Rule::depth, Comparator.reverseOrder()),
        strictest(rules, Rule::days, Comparator.naturalOrder()),
        seconds(strictest(rules, Rule::rto, Comparator.naturalOrder())),
        seconds(strictest(rules, Rule::rpo, Comparator.naturalOrder())));
  }

  private static <T> T strictest(
      List<Rule> rules, Function<Rule, T> demand, Comparator<T> stricterFirst) {
    return rules.stream().map(demand).filter(Objects::nonNull).min(stricterFirst).orElse(null);
  }

  private static Long seconds(Duration duration) {
    return duration == null ? null : duration.toSeconds();
  }
}
