package io.vigie.access.entitlement;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Assets out of use, as asset-service tells: nobody gets a right on them any more, and what
 * profiles give on them ends. As soon as no right on one is live or asked for, that is published,
 * once: without it the asset is not disposed of (R3.4).
 */
@ApplicationScoped
public class RetiredAssets implements EventListener {

  private static final int BATCH = 50;
  private static final String RECOVERED = "asset.recovered.v1";
  private static final String SNAPSHOT = "asset.snapshot.v1";
  private static final Set<String> TYPES = Set.of("asset.retired.v1", RECOVERED, SNAPSHOT);

  private record Retired(UUID aggregateId, Instant at) {}

  private record Snapshot(UUID aggregateId, State state, Instant at) {
    record State(String state, Instant retiredAt) {}
  }

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final RightsDue due;
  private final Relay relay;
  private final Actor actor;
  private final Clock clock;

  RetiredAssets(
      Instance<Inbox> inbox, Outbox outbox, RightsDue due, Relay relay, Actor actor, Clock clock) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.due = due;
    this.relay = relay;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "retired-assets";
  }

  @Incoming("asset-events")
  Uni<Void> receive(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Override
  public boolean knows(String type) {
    return TYPES.contains(type);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    if (event.type().equals(RECOVERED)) {
      return forget(event.data(Retired.class).aggregateId());
    }
    if (!event.type().equals(SNAPSHOT)) {
      return remember(event.data(Retired.class));
    }
    Snapshot asset = event.data(Snapshot.class);
    if (!asset.state().state().equals("RETIRED")) {
      return Uni.createFrom().voidItem();
    }
    Instant at = asset.state().retiredAt();
    return remember(new Retired(asset.aggregateId(), at == null ? asset.at() : at));
  }

  private static Uni<Void> remember(Retired retired) {
    return lock("pg_advisory_xact_lock", retired.aggregateId())
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into retired_asset (asset_id, retired_at) values (?1, ?2)
                        on conflict do nothing""")
                    .setParameter(1, retired.aggregateId())
                    .setParameter(2, OffsetDateTime.ofInstant(retired.at(), ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** What was lost is back, and people need rights on it again; profiles give them. */
  private Uni<Void> forget(UUID asset) {
    return lock("pg_advisory_xact_lock", asset)
        .chain(
            session ->
                session
                    .createNativeQuery("delete from retired_asset where asset_id = ?1")
                    .setParameter(1, asset)
                    .executeUpdate())
        .chain(() -> due.holdersOnAsset(asset));
  }

  /** Until the transaction ends nobody gets a right on the asset, or on the zone. */
  public static Uni<Void> hold(UUID asset) {
    return lock("pg_advisory_xact_lock", asset).replaceWithVoid();
  }

  /**
   * Fails with 422 when the asset is out of use, or the zone closed. It stays in use until the
   * transaction ends, so that a right that is asked for meanwhile is seen when the asset goes.
   */
  public static Uni<Void> requireInUse(UUID asset) {
    return lock("pg_advisory_xact_lock_shared", asset)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select (select count(*) from retired_asset where asset_id = ?1)
                          + (select count(*) from physical_zone where id = ?1 and closed)""",
                        Long.class)
                    .setParameter(1, asset)
                    .getSingleResult())
        .invoke(
            count -> {
              if (count > 0) {
                throw Problem.unprocessable(
                    "asset-retired",
                    "This asset is out of use, or this zone is closed. Nobody gets a right on it.");
              }
            })
        .replaceWithVoid();
  }

  private static Uni<Mutiny.Session> lock(String function, UUID asset) {
    return Panache.getSession()
        .call(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from " + function + "(hashtextextended(?1, 0))", Integer.class)
                    .setParameter(1, "asset/" + asset)
                    .getSingleResult());
  }

  /** Reports each retired asset on which nobody has, or asked for, a right, unless it was. */
  @Scheduled(
      every = "${vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> report() {
    return Panache.withTransaction(
            () ->
                free()
                    .onItem()
                    .transformToMulti(assets -> Multi.createFrom().iterable(assets))
                    .onItem()
                    .transformToUniAndConcatenate(this::report)
                    .collect()
                    .last())
        .invoke(relay::wake)
        .replaceWithVoid();
  }

  private static Uni<List<Retired>> free() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select asset_id, retired_at from retired_asset a
                        where reported_at is null and not exists
                          (select from access_right r
                           where r.asset_id = a.asset_id and r.state in ('REQUESTED', 'APPROVED', 'SUSPENDED'))
                        order by retired_at limit ?1 for update skip locked""",
                        Object[].class)
                    .setParameter(1, BATCH)
                    .getResultList())
        .map(rows -> rows.stream().map(RetiredAssets::retired).toList());
  }

  private static Retired retired(Object[] row) {
    Instant at = row[1] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[1];
    return new Retired((UUID) row[0], at);
  }

  private Uni<Void> report(Retired asset) {
    Instant now = clock.instant();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "update retired_asset set reported_at = ?1 where asset_id = ?2")
                    .setParameter(1, OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                    .setParameter(2, asset.aggregateId())
                    .executeUpdate())
        .chain(
            () ->
                outbox.appendFact(
                    "asset-rights",
                    asset.aggregateId().toString(),
                    actor.system(),
                    new RightEvent.AssetFreed(asset.aggregateId(), asset.at(), now)));
  }
}
