package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.notice.Notices;
import io.vigie.access.notice.Notices.Notice;
import io.vigie.access.person.Overdue;
import io.vigie.kernel.security.Roles;

/**
 * Tells reviewers that something waits for them: when their campaign opens, and again before it is
 * due, as long as something does. After that whoever leads them is told or, where nobody does, the
 * CISO. That somebody was told is noted in the transaction that asks for the mail: nobody is told
 * twice.
 */
@ApplicationScoped
class Reminders {

  /** Stands for the mailbox of a role. */
  private static final UUID ROLE = new UUID(0, 0);

  /** Reviewers who have not answered all, where null is the access managers. */
  private static final String WAITING =
      """
      select distinct v.reviewer_id from review v %s
      where v.campaign_id = ?1 and v.state = 'PENDING' and %s"""
          .formatted(Count.REVIEWED, Count.LIVES);

  private static final String NOTE =
      """
      insert into review_notice (campaign_id, noticed_at, occasion, recipient)
      select distinct cast(?1 as uuid), cast(?2 as timestamptz), cast(?3 as text),
        coalesce(told.id, '00000000-0000-0000-0000-000000000000')
      from (%s) told
      on conflict do nothing returning recipient""";

  private static final String REMIND =
      NOTE.formatted("select reviewer_id as id from (" + WAITING + ") w");

  private static final String ESCALATE =
      NOTE.formatted(
          """
          select m.id from (%s) w left join person p on p.id = w.reviewer_id
          left join person m on m.id = p.manager_id and m.state = 'ACTIVE'"""
              .formatted(WAITING));

  private final Notices notices;
  private final ReviewPolicy policy;
  private final Clock clock;

  Reminders(Notices notices, ReviewPolicy policy, Clock clock) {
    this.notices = notices;
    this.policy = policy;
    this.clock = clock;
  }

  Uni<Void> remind() {
    return Overdue.workAll(
        "reminding of campaign",
        (last, limit) ->
            Campaign.find(
                    "select id from Campaign where state = ?1 and graceUntil > ?2 and id > ?3 order by id",
                    CampaignState.OPEN,
                    clock.instant(),
                    last)
                .project(UUID.class)
                .range(0, limit - 1)
                .list(),
        id ->
            Campaign.<Campaign>find("id = ?1 and state = ?2", id, CampaignState.OPEN)
                .withLock(LockModeType.PESSIMISTIC_READ)
                .firstResult()
                .onItem()
                .ifNotNull()
                .transformToUni(this::tell));
  }

  private Uni<Void> tell(Campaign campaign) {
    Instant now = clock.instant();
    boolean isOverdue = campaign.isOverdue(now);
    String occasion = isOverdue ? "overdue" : occasion(campaign.state().dueAt(), now);
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(isOverdue ? ESCALATE : REMIND, UUID.class)
                    .setParameter(1, campaign.id())
                    .setParameter(2, now.atOffset(ZoneOffset.UTC))
                    .setParameter(3, occasion)
                    .getResultList())
        .chain(
            recipients ->
                Multi.createFrom()
                    .iterable(recipients)
                    .onItem()
                    .transformToUniAndConcatenate(
                        recipient ->
                            notices.request(
                                isOverdue
                                    ? overdue(campaign, recipient)
                                    : waiting(campaign, recipient, occasion)))
                    .collect()
                    .last());
  }

  /** The last one whose time has come; before the first, that the campaign opened. */
  private String occasion(Instant dueAt, Instant now) {
    List<Period> passed =
        policy.reminders().stream()
            .filter(
                before -> !dueAt.atOffset(ZoneOffset.UTC).minus(before).toInstant().isAfter(now))
            .toList();
    return passed.isEmpty() ? "opened" : "before-" + passed.get(passed.size() - 1);
  }

  private static Notice waiting(Campaign campaign, UUID recipient, String occasion) {
    return notice(
        campaign,
        recipient,
        Roles.ACCESS_MANAGER,
        "review-waiting",
        "due",
        campaign.state().dueAt(),
        occasion);
  }

  private static Notice overdue(Campaign campaign, UUID recipient) {
    return notice(
        campaign,
        recipient,
        Roles.CISO,
        "review-overdue",
        "suspension",
        campaign.state().graceUntil(),
        "overdue");
  }

  private static Notice notice(
      Campaign campaign,
      UUID recipient,
      String role,
      String template,
      String parameter,
      Instant until,
      String occasion) {
    boolean isRole = recipient.equals(ROLE);
    return new Notice(
        isRole ? null : recipient,
        isRole ? role : null,
        template,
        Map.of("campaign", campaign.id().toString(), parameter, until.toString()),
        "%s/%s/%s/%s"
            .formatted(template, campaign.id(), occasion, isRole ? role : recipient.toString()),
        null,
        until);
  }
}
