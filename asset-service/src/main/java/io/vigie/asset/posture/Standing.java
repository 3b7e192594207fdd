package io.vigie.asset.posture;

import java.time.Duration;
import java.time.Instant;

/**
 * How an asset stands with a rule, and since when.
 *
 * @param found what broke the rule; null where it is not broken, or nothing is known
 * @param graceUntil when a breach begins to count; null where there is none
 * @param exemptUntil when the exemption from the rule ends; null where there is none
 * @param countsFrom when the breach counts, which is after its grace and its exemption
 */
record Standing(
    Finding finding,
    Instant since,
    String found,
    Instant graceUntil,
    Instant exemptUntil,
    Instant countsFrom) {

  /** What a rule makes of facts. */
  enum Finding {
    KEPT,
    BROKEN,
    UNKNOWN
  }

  /**
   * A finding.
   *
   * @param until when it becomes another by itself; null where time alone changes nothing
   */
  record Judgement(Finding finding, String found, Instant until) {}

  /**
   * The standing that follows from {@code before}, null for none, without an exemption. What is
   * broken stays so until a fact says otherwise: silence mends nothing. Another fact that breaks
   * the same rule takes the place of the first, and has what is left of its grace.
   */
  static Standing after(Standing before, Judgement now, Duration grace, Instant at) {
    boolean wasBroken = before != null && before.isBroken();
    if (now.finding() == Finding.BROKEN || wasBroken && now.finding() == Finding.UNKNOWN) {
      return wasBroken
          ? broken(
              before.since,
              now.found() == null ? before.found : now.found(),
              before.graceUntil,
              null)
          : broken(at, now.found(), at.plus(grace), null);
    }
    return before != null && before.finding == now.finding()
        ? before
        : new Standing(now.finding(), at, null, null, null, null);
  }

  private static Standing broken(Instant since, String found, Instant grace, Instant exempt) {
    Instant counts = exempt != null && exempt.isAfter(grace) ? exempt : grace;
    return new Standing(Finding.BROKEN, since, found, grace, exempt, counts);
  }

  /**
   * The same with this end of the exemption from what was found.
   *
   * @param until null where there is none
   */
  Standing exempt(Instant until) {
    return isBroken() ? broken(since, found, graceUntil, until) : this;
  }

  boolean isBroken() {
    return finding == Finding.BROKEN;
  }

  boolean isUnknown() {
    return finding == Finding.UNKNOWN;
  }

  Verdict at(Instant now) {
    return switch (finding) {
      case KEPT -> Verdict.COMPLIANT;
      case UNKNOWN -> Verdict.UNKNOWN;
      case BROKEN ->
          exemptUntil != null && exemptUntil.isAfter(now)
              ? Verdict.EXEMPT
              : graceUntil.isAfter(now) ? Verdict.IN_GRACE : Verdict.BREACHED;
    };
  }
}
