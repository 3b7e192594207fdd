package io.vigie.access.review;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.access.entitlement.Sensitivity;
import io.vigie.kernel.PolicyTable;

/** What the policy says of reviews: {@code contracts/policy/reviews.json}. */
@ApplicationScoped
class ReviewPolicy {

  private record Table(
      Period interval,
      Period answerWithin,
      Period grace,
      List<Period> remindBefore,
      Period unusedAfter,
      Period certifiedWithin,
      Set<Sensitivity> reasonToKeep,
      Standing standing) {}

  private record Standing(String name, ReviewerRule reviewers) {}

  private final Table table = PolicyTable.read("reviews", Table.class);

  /** The plan with what it leaves out filled in. */
  CampaignPlan complete(CampaignPlan plan, Instant now) {
    return new CampaignPlan(
        plan.name().strip(),
        plan.scope() == null ? Scope.ALL : plan.scope(),
        plan.reviewers(),
        plan.opensAt() == null ? now : plan.opensAt(),
        plan.answerWithinDays() == null ? table.answerWithin().getDays() : plan.answerWithinDays(),
        plan.graceDays() == null ? table.grace().getDays() : plan.graceDays(),
        plan.everyMonths() == null ? (int) table.interval().toTotalMonths() : plan.everyMonths());
  }

  /**
   * The campaign of all that there is, which nobody has to open.
   *
   * @param since when the first of it was given or certified
   * @return the plan, which leaves reviewers their time before that is due again; from now on where
   *     it is late for that
   */
  CampaignPlan standing(Instant since, Instant now) {
    Instant opensAt =
        since
            .atOffset(ZoneOffset.UTC)
            .plus(table.certifiedWithin())
            .minus(table.answerWithin())
            .minus(table.grace())
            .toInstant();
    return complete(
        new CampaignPlan(
            table.standing().name(),
            Scope.ALL,
            table.standing().reviewers(),
            opensAt.isAfter(now) ? opensAt : now,
            null,
            null,
            null),
        now);
  }

  /** How long before the due date whoever has not answered is reminded, the longest first. */
  List<Period> reminders() {
    return table.remindBefore();
  }

  boolean needsReasonToKeep(Sensitivity sensitivity) {
    return table.reasonToKeep().contains(sensitivity);
  }

  /** Whoever did not sign in since then does not use what they have. */
  Instant unusedSince(Instant now) {
    return before(now, table.unusedAfter());
  }

  /** For how long a certification counts. */
  Period certifiedWithin() {
    return table.certifiedWithin();
  }

  /** What was not certified since then is due. */
  Instant certifiedSince(Instant now) {
    return before(now, table.certifiedWithin());
  }

  private static Instant before(Instant now, Period period) {
    return now.atOffset(ZoneOffset.UTC).minus(period).toInstant();
  }
}
