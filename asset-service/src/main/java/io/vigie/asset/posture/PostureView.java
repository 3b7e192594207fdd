package io.vigie.asset.posture;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.vigie.asset.inventory.Kinds;
import io.vigie.kernel.web.Answer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * A posture as callers see it.
 *
 * @param inService whether it is judged; if not, it has no rules
 * @param compliant whether no breach counts
 * @param rules each that asks something of such an asset
 */
@Schema(name = "Posture")
record PostureView(
    UUID asset,
    String kind,
    boolean inService,
    boolean compliant,
    Map<String, Known> facts,
    List<Integer> declaredPorts,
    List<RuleView> rules,
    long version) {

  /**
   * @param since when the asset began to stand so with the rule
   * @param found what broke it; absent where it is kept, or nothing is known
   * @param graceUntil when the breach counts
   * @param exemptUntil when the exemption ends
   */
  @Schema(name = "PostureRule")
  record RuleView(
      String rule,
      String policy,
      Kinds.Title title,
      Verdict verdict,
      Instant since,
      String found,
      Instant graceUntil,
      Instant exemptUntil) {}

  static PostureView of(Posture posture, PostureRules rules, Instant now) {
    List<RuleView> judged =
        rules.all().entrySet().stream()
            .filter(rule -> posture.standings().containsKey(rule.getKey()))
            .map(rule -> view(rule, posture.standings().get(rule.getKey()), now))
            .toList();
    return new PostureView(
        posture.id(),
        posture.assetKind(),
        posture.isInService(),
        posture.countsFrom() == null || posture.countsFrom().isAfter(now),
        posture.facts(),
        posture.declaredPorts(),
        judged,
        posture.version());
  }

  private static RuleView view(Map.Entry<String, Rule> rule, Standing standing, Instant now) {
    return new RuleView(
        rule.getKey(),
        rule.getValue().policy(),
        rule.getValue().title(),
        standing.at(now),
        standing.since(),
        standing.found(),
        standing.graceUntil(),
        standing.exemptUntil());
  }

  /** 200 with the posture and its ETag. */
  static RestResponse<PostureView> ok(Posture posture, PostureRules rules, Instant now) {
    return Answer.ok(of(posture, rules, now), posture.version());
  }
}
