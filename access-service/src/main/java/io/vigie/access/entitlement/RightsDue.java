package io.vigie.access.entitlement;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Relay;
import org.jboss.logging.Logger;

/**
 * People whose rights are to be worked out again because something changed that many people's
 * rights depend on, or because a time has come; and the work itself, {@value #BATCH} people in a
 * transaction. When one of them fails, each gets a transaction of their own, and whoever fails is
 * logged and tried again by the next run.
 */
@ApplicationScoped
class RightsDue {

  static final int BATCH = 500;

  private static final Logger LOG = Logger.getLogger(RightsDue.class);
  private static final String MARK = "insert into rights_due (person_id, since) ";

  private final Recomputation recomputation;
  private final Relay relay;
  private final Clock clock;

  RightsDue(Recomputation recomputation, Relay relay, Clock clock) {
    this.recomputation = recomputation;
    this.relay = relay;
    this.clock = clock;
  }

  /** Marks whoever has, or asked for, the entitlement. */
  Uni<Void> holdersOf(UUID entitlement) {
    return mark(
        """
        select distinct person_id, cast(?1 as timestamptz) from access_right
        where entitlement_id = ?2 and state in ('REQUESTED', 'APPROVED', 'SUSPENDED') order by 1""",
        entitlement);
  }

  /** Marks whoever holds the profile, or has something from it. */
  Uni<Void> holdersOfProfile(UUID profile) {
    return mark(
        """
        select person_id, cast(?1 as timestamptz) from
          (select person_id from profile_assignment where profile_id = ?2 and state <> 'ENDED'
           union
           select person_id from access_right
           where profile_id = ?2 and ground = 'PROFILE' and state in ('APPROVED', 'SUSPENDED')) holders
        order by 1""",
        profile);
  }

  /** Marks whoever holds a profile that gives something on the asset. */
  Uni<Void> holdersOnAsset(UUID asset) {
    return mark(
        """
        select distinct a.person_id, cast(?1 as timestamptz)
        from entitlement e join business_profile b on b.entitlements @> array[e.id]
        join profile_assignment a on a.profile_id = b.id and a.state = 'CURRENT'
        where e.asset_id = ?2 order by 1""",
        asset);
  }

  Uni<Void> people(Collection<UUID> people) {
    return mark(
        """
        select id, cast(?1 as timestamptz) from person
        where id = any(cast(cast(?2 as text[]) as uuid[])) order by 1""",
        (Object) people.stream().map(UUID::toString).toArray(String[]::new));
  }

  /** Marks everybody who works here. */
  private Uni<Void> everybody() {
    return mark("select id, cast(?1 as timestamptz) from person where state = 'ACTIVE' order by 1");
  }

  /** Marks whoever has something from a profile on an asset that went out of use. */
  private Uni<Void> holdersOnRetiredAssets() {
    return mark(
        """
        select distinct r.person_id, cast(?1 as timestamptz)
        from retired_asset o join access_right r on r.asset_id = o.asset_id
        where o.reported_at is null and r.ground = 'PROFILE' and r.state in ('APPROVED', 'SUSPENDED') order by 1""");
  }

  /** Marks people for whom a profile begins or ends by now. */
  private Uni<Void> assignmentsDue() {
    return mark(
        """
        select distinct person_id, cast(?1 as timestamptz) from profile_assignment
        where state = 'PLANNED' and valid_from <= cast(?1 as timestamptz)
          or state <> 'ENDED' and valid_until <= cast(?1 as timestamptz) order by 1""");
  }

  private Uni<Void> mark(String people, Object... parameters) {
    OffsetDateTime now = OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    return Panache.getSession()
        .chain(
            session -> {
              var query = session.createNativeQuery(MARK + people).setParameter(1, now);
              for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 2, parameters[i]);
              }
              return query.executeUpdate();
            })
        .replaceWithVoid();
  }

  /** A safety net: whatever was missed is found within a day. */
  @Scheduled(cron = "${vigie.access.recompute-at}")
  Uni<Void> markEverybody() {
    return Panache.withTransaction(this::everybody);
  }

  @Scheduled(
      every = "${vigie.access.recompute-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> work() {
    return Panache.withTransaction(() -> assignmentsDue().chain(this::holdersOnRetiredAssets))
        .chain(() -> workAfter(new UUID(0, 0)));
  }

  private Uni<Void> workAfter(UUID last) {
    return Panache.withSession(() -> waiting(last))
        .chain(
            people ->
                people.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : recompute(people)
                        .onFailure()
                        .recoverWithUni(() -> recomputeEach(people))
                        .invoke(relay::wake)
                        .chain(() -> workAfter(people.get(people.size() - 1))));
  }

  private static Uni<List<UUID>> waiting(UUID last) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select distinct person_id from rights_due where person_id > ?1 order by 1 limit ?2",
                        UUID.class)
                    .setParameter(1, last)
                    .setParameter(2, BATCH)
                    .getResultList());
  }

  /**
   * The marks go first: what somebody changes after that leaves a mark of its own, for the next
   * run. Rows are only added and taken away, so that whoever marks waits for nobody.
   */
  private Uni<Void> recompute(List<UUID> people) {
    return Panache.withTransaction(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(
                                "delete from rights_due where person_id = any(cast(cast(?1 as text[]) as uuid[]))")
                            .setParameter(
                                1, people.stream().map(UUID::toString).toArray(String[]::new))
                            .executeUpdate())
                .chain(() -> recomputation.of(people)));
  }

  private Uni<Void> recomputeEach(List<UUID> people) {
    return Multi.createFrom()
        .iterable(people)
        .onItem()
        .transformToUniAndConcatenate(
            person ->
                recompute(List.of(person))
                    .onFailure()
                    .invoke(
                        failure -> LOG.errorf(failure, "the rights of person %s are due", person))
                    .onFailure()
                    .recoverWithNull())
        .collect()
        .last()
        .replaceWithVoid();
  }
}
