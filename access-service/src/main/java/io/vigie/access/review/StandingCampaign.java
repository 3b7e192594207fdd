package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/**
 * Plans the campaign of all that there is, once there is a right or the account of a program
 * (R4.7): nobody has to think of it. It comes again by itself from then on. Where somebody planned
 * one like it, or cancelled it, that was decided, and it is left at that.
 */
@ApplicationScoped
class StandingCampaign {

  /** Two instances that look at once would plan it twice. */
  private static final String ALONE =
      "select 1 from pg_advisory_xact_lock(hashtextextended('campaign/standing', 0))";

  private static final String FIRST =
      """
      select min(since) from
        (select min(coalesce(certified_at, decided_at)) as since from access_right
         where state in ('APPROVED', 'SUSPENDED')
         union all
         select min(coalesce(certified_at, registered_at)) from service_account
         where state <> 'ENDED') firsts""";

  private final Outbox outbox;
  private final Relay relay;
  private final ReviewPolicy policy;
  private final Actor actor;
  private final Clock clock;

  StandingCampaign(Outbox outbox, Relay relay, ReviewPolicy policy, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.policy = policy;
    this.actor = actor;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.standing-campaign-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return Panache.withTransaction(
            () ->
                isPlanned()
                    .chain(planned -> planned ? Uni.createFrom().<Instant>nullItem() : first())
                    .onItem()
                    .ifNotNull()
                    .transformToUni(this::plan))
        .replaceWithVoid()
        .invoke(relay::wake);
  }

  private static Uni<Boolean> isPlanned() {
    return Panache.getSession()
        .call(session -> session.createNativeQuery(ALONE, Integer.class).getSingleResult())
        .chain(() -> Campaign.count("plan.scope = ?1 and plan.everyMonths > 0", Scope.ALL))
        .map(campaigns -> campaigns > 0);
  }

  private static Uni<Instant> first() {
    return Panache.getSession()
        .chain(session -> session.createNativeQuery(FIRST, Instant.class).getSingleResult());
  }

  private Uni<Void> plan(Instant since) {
    Instant now = clock.instant();
    Campaign campaign = Campaign.standing(policy.standing(since, now), actor.system(), now);
    return outbox.append(campaign, campaign.planned());
  }
}
