package io.vigie.backup.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the policy asks of the backups of an asset: {@code contracts/policy/backup-plans.json},
 * whose explanation says what each part means.
 */
@ApplicationScoped
class PlanRules {

  private static final String NAME = "backup-plans";

  /** What people read. */
  @Schema(name = "BackupTitle")
  record Title(String en, String fr) {}

  /** Which assets a rule is for; what is null does not restrict. */
  private record When(
      Set<String> kinds,
      Boolean production,
      int availability,
      int integrity,
      int confidentiality,
      int proof,
      Long upToGiB) {

    boolean fits(AssetFacts asset) {
      AssetFacts.Levels levels = asset.levels();
      return (kinds == null || kinds.contains(asset.kind()))
          && (production == null || production == asset.production())
          && levels.availability() >= availability
          && levels.integrity() >= integrity
          && levels.confidentiality() >= confidentiality
          && levels.proof() >= proof
          && (upToGiB == null || asset.volume() == null || asset.volume() <= upToGiB);
    }
  }

  private record Rule(
      List<String> policy,
      Title title,
      When when,
      Duration interval,
      Duration retention,
      Integer copies,
      Integer media,
      Integer offSite,
      Integer offlineOrImmutable,
      Integer tapeOffSite,
      Integer dedicated,
      Duration age) {}

  private record Table(Map<String, Title> without, Set<String> servers, Map<String, Rule> rules) {}

  private final Table table = PolicyTable.read(NAME, Table.class);

  /**
   * Of what watches the verdicts too: it asks for something else where its table is another one.
   */
  private final String digest = PolicyTable.digest(NAME) + PolicyTable.digest("restore-tests");

  /** What tells this version of the rules, and of those for tests of restores, from others. */
  String digest() {
    return digest;
  }

  /** Why assets of this kind need no backup; null where they need one. */
  Title without(String kind) {
    return kind == null ? null : table.without().get(kind);
  }

  /** Whether an asset of this kind can be a dedicated backup server. */
  boolean canBeDedicated(String kind) {
    return kind != null && table.servers().contains(kind);
  }

  /** What the rules ask for such an asset once it is in service; empty where that is nothing. */
  Optional<Requirement> of(AssetFacts asset) {
    if (without(asset.kind()) != null) {
      return Optional.empty();
    }
    List<Map.Entry<String, Rule>> rules =
        table.rules().entrySet().stream()
            .filter(rule -> rule.getValue().when().fits(asset))
            .toList();
    List<Requirement.Reason> because = new ArrayList<>();
    Comparator<Integer> more = Comparator.reverseOrder();
    return Optional.of(
        new Requirement(
            strictest(rules, Aspect.INTERVAL, Rule::interval, Comparator.naturalOrder(), because),
            strictest(rules, Aspect.RETENTION, Rule::retention, Comparator.reverseOrder(), because),
            strictest(rules, Aspect.COPIES, Rule::copies, more, because),
            strictest(rules, Aspect.MEDIA, Rule::media, more, because),
            strictest(rules, Aspect.OFF_SITE, Rule::offSite, more, because),
            strictest(rules, Aspect.OFFLINE_OR_IMMUTABLE, Rule::offlineOrImmutable, more, because),
            strictest(rules, Aspect.TAPE_OFF_SITE, Rule::tapeOffSite, more, because),
            strictest(rules, Aspect.DEDICATED, Rule::dedicated, more, because),
            strictest(rules, Aspect.AGE, Rule::age, Comparator.naturalOrder(), because),
            List.copyOf(because)));
  }

  /** Of rules that ask for the same the first is the reason; null where none asks for any. */
  private static <T> T strictest(
      List<Map.Entry<String, Rule>> rules,
      Aspect aspect,
      Function<Rule, T> demand,
      Comparator<T> stricterFirst,
      List<Requirement.Reason> because) {
    Map.Entry<String, Rule> strictest =
        rules.stream()
            .filter(rule -> demand.apply(rule.getValue()) != null)
            .min(Comparator.comparing(rule -> demand.apply(rule.getValue()), stricterFirst))
            .orElse(null);
    if (strictest == null) {
      return null;
    }
    Rule rule = strictest.getValue();
    because.add(new Requirement.Reason(aspect, strictest.getKey(), rule.policy(), rule.title()));
    return demand.apply(rule);
  }
}
