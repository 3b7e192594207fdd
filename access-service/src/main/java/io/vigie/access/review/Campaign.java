package io.vigie.access.review;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.EmbeddedColumnNaming;

/**
 * One round of reviews. Its items are the rights that were in effect when it opened, each a {@link
 * Review}. One that comes again plans its successor when it opens.
 */
@Entity
public class Campaign extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  @Embedded private CampaignPlan plan;

  @Enumerated(EnumType.STRING)
  private CampaignState state;

  @Embedded
  @EmbeddedColumnNaming("planned_%s")
  private Act planned;

  @Column(name = "opened_at")
  private Instant openedAt;

  @Column(name = "due_at")
  private Instant dueAt;

  @Column(name = "grace_until")
  private Instant graceUntil;

  private long items;

  @Column(name = "opening_event")
  private UUID openingEvent;

  @Embedded
  @EmbeddedColumnNaming("ended_%s")
  private Act ended;

  @Column(name = "ending_event")
  private UUID endingEvent;

  protected Campaign() {}

  /**
   * A campaign that opens at the time of the plan, which is complete.
   *
   * @throws Problem 400 when that is more than a minute ago or more than a year ahead
   */
  Campaign(CampaignPlan plan, String by, Instant at) {
    if (plan.opensAt().isBefore(at.minusSeconds(60))
        || plan.opensAt().isAfter(at.plus(Duration.ofDays(366)))) {
      throw Problem.invalid(
          List.of(new Problem.FieldError("opensAt", "must be from now on, within a year")));
    }
    plan(plan, by, at);
  }

  /** The one that the policy has without anybody's asking, however far ahead it opens. */
  static Campaign standing(CampaignPlan plan, String by, Instant at) {
    Campaign campaign = new Campaign();
    campaign.plan(plan, by, at);
    return campaign;
  }

  private void plan(CampaignPlan plan, String by, Instant at) {
    this.id = Ids.next();
    this.plan = plan;
    this.state = CampaignState.PLANNED;
    this.planned = new Act(by, at, null);
  }

  /** The campaign, or 404. */
  static Uni<Campaign> require(UUID id) {
    return orNotFound(findById(id));
  }

  /** In the version that the caller has read, alone until the transaction ends; 404, 412, 428. */
  static Uni<Campaign> requireAlone(UUID id, String ifMatch) {
    return orNotFound(findById(id, LockModeType.PESSIMISTIC_WRITE))
        .invoke(campaign -> ETag.require(ifMatch, campaign.version));
  }

  /** The campaign, which stays open until the transaction ends; 404, or 409 where it is not. */
  static Uni<Campaign> holdOpen(UUID id) {
    return orNotFound(findById(id, LockModeType.PESSIMISTIC_READ))
        .invoke(campaign -> campaign.require(CampaignState.OPEN));
  }

  private static Uni<Campaign> orNotFound(Uni<Campaign> found) {
    return found.onItem().ifNull().failWith(() -> Problem.notFound("No campaign has this id."));
  }

  CampaignEvent planned() {
    return new CampaignEvent.Planned(
        id, plan.name(), plan.reviewers(), plan.opensAt(), planned.at());
  }

  /** Asks about so many rights of so many people. */
  Decided open(long items, long people, Instant at) {
    require(CampaignState.PLANNED);
    this.openingEvent = Ids.next();
    this.state = CampaignState.OPEN;
    this.items = items;
    this.openedAt = at;
    this.dueAt = at.plus(Duration.ofDays(plan.answerWithinDays()));
    this.graceUntil = dueAt.plus(Duration.ofDays(plan.graceDays()));
    return new Decided(
        this,
        List.of(new CampaignEvent.Opened(id, plan.name(), items, people, dueAt, graceUntil, at)),
        openingEvent);
  }

  /** The next one, the first that is still ahead; null where it does not come again. */
  Campaign successor(Instant at) {
    if (plan.everyMonths() == 0) {
      return null;
    }
    OffsetDateTime opensAt = plan.opensAt().atOffset(ZoneOffset.UTC);
    int months = plan.everyMonths();
    while (!opensAt.plusMonths(months).toInstant().isAfter(at)) {
      months += plan.everyMonths();
    }
    Campaign next = new Campaign();
    next.plan(plan.at(opensAt.plusMonths(months).toInstant()), planned.by(), at);
    return next;
  }

  /**
   * Ends it.
   *
   * @throws Problem 409 while something of {@code count} is still to be done
   */
  Decided close(Count count, String by, Instant at) {
    require(CampaignState.OPEN);
    requireConfirmed(count);
    boolean isInTime = graceUntil.isAfter(at);
    long waiting = count.inEffect() + (isInTime ? count.suspended() : 0);
    if (waiting > 0) {
      throw Problem.conflict(
          "items-undecided",
          "%d items wait for an answer, among them %s. Answer them, or wait%s."
              .formatted(
                  waiting,
                  count.examples(),
                  isInTime
                      ? " until " + graceUntil + ", when these rights are suspended"
                      : ": these rights are being suspended"));
    }
    state = CampaignState.CLOSED;
    return end(
        new Act(by, at, null),
        new CampaignEvent.Closed(
            id,
            plan.name(),
            count.certified(),
            count.reduced(),
            count.revoked(),
            count.suspended(),
            count.moot(),
            at));
  }

  /**
   * One that is open leaves what was answered as it is, and suspends nothing any more.
   *
   * @throws Problem 409 while a revocation of {@code count} is not confirmed
   */
  Decided cancel(Count count, Act cancellation) {
    if (state != CampaignState.OPEN) {
      require(CampaignState.PLANNED);
    }
    requireConfirmed(count);
    state = CampaignState.CANCELLED;
    return end(
        cancellation,
        new CampaignEvent.Cancelled(id, plan.name(), cancellation.reason(), cancellation.at()));
  }

  private static void requireConfirmed(Count count) {
    if (count.unconfirmed() > 0) {
      throw Problem.conflict(
          "revocations-not-confirmed",
          "%d revocations are not confirmed yet, among them of items %s."
                  .formatted(count.unconfirmed(), count.examples())
              + " See what holds up those of the directory (GET /v1/directory/changes), have the"
              + " others confirmed (POST .../confirmations), and end the campaign then.");
    }
  }

  boolean isOpen() {
    return state == CampaignState.OPEN;
  }

  private Decided end(Act end, CampaignEvent event) {
    ended = end;
    endingEvent = Ids.next();
    return new Decided(this, List.of(event), endingEvent);
  }

  private void require(CampaignState expected) {
    if (state != expected) {
      throw Problem.conflict(
          "campaign-not-" + expected.name().toLowerCase(Locale.ROOT),
          "This needs a campaign in state " + expected + "; it is " + state + ".");
    }
  }

  boolean isOverdue(Instant at) {
    return dueAt != null && !dueAt.isAfter(at);
  }

  @Override
  public String kind() {
    return "campaign";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(
        plan.name(),
        plan.scope(),
        plan.reviewers(),
        plan.opensAt(),
        plan.answerWithinDays(),
        plan.graceDays(),
        plan.everyMonths(),
        state,
        planned.by(),
        openedAt,
        dueAt,
        graceUntil,
        items,
        ended == null ? null : ended.by(),
        ended == null ? null : ended.at(),
        ended == null ? null : ended.reason());
  }

  String name() {
    return plan.name();
  }

  /** The event that opened it, of which the log has a receipt; null before. */
  UUID openingEvent() {
    return openingEvent;
  }

  /** The event that ended it; null before. */
  UUID endingEvent() {
    return endingEvent;
  }

  long version() {
    return version;
  }

  /** What others may know of a campaign: all of it. */
  public record State(
      String name,
      Scope scope,
      ReviewerRule reviewers,
      Instant opensAt,
      int answerWithinDays,
      int graceDays,
      int everyMonths,
      CampaignState state,
      String plannedBy,
      Instant openedAt,
      Instant dueAt,
      Instant graceUntil,
      long items,
      String endedBy,
      Instant endedAt,
      String endedReason) {}
}
