package io.vigie.backup.plan;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/**
 * Gone assets whose every plan somebody has ended and, where runs made copies, of which somebody
 * has decided until when those are kept: that is published, once for each. Without it an asset is
 * not disposed of (R3.4).
 */
@ApplicationScoped
class SettledAssets {

  private static final int BATCH = 50;

  private record Gone(UUID asset, Instant at) {
    static Gone of(Object[] row) {
      Instant at = row[1] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[1];
      return new Gone((UUID) row[0], at);
    }
  }

  private final Outbox outbox;
  private final Relay relay;
  private final Actor actor;
  private final Clock clock;

  SettledAssets(Outbox outbox, Relay relay, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.actor = actor;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> report() {
    return Panache.withTransaction(
            () ->
                settled()
                    .onItem()
                    .transformToMulti(assets -> Multi.createFrom().iterable(assets))
                    .onItem()
                    .transformToUniAndConcatenate(this::report)
                    .collect()
                    .last())
        .invoke(relay::wake)
        .replaceWithVoid();
  }

  private static Uni<List<Gone>> settled() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select asset_id, gone_at from gone_asset g
                        where settled_at is null
                          and not exists (select from backup_plan p
                            where p.asset = g.asset_id and p.state <> 'ENDED')
                          and (exists (select from retention_decision d
                              where d.asset = g.asset_id and d.cause = 'DISPOSAL'
                                and d.ended_at is null)
                            or not exists (select from backup_run r
                              where r.asset = g.asset_id and r.outcome = 'SUCCEEDED'))
                        order by gone_at limit ?1 for update skip locked""",
                        Object[].class)
                    .setParameter(1, BATCH)
                    .getResultList())
        .map(rows -> rows.stream().map(Gone::of).toList());
  }

  private Uni<Void> report(Gone gone) {
    UUID asset = gone.asset();
    Instant now = clock.instant();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("update gone_asset set settled_at = ?1 where asset_id = ?2")
                    .setParameter(1, OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                    .setParameter(2, asset)
                    .executeUpdate())
        .chain(() -> BackupPlan.count("asset", asset))
        .chain(
            plans ->
                outbox.appendFact(
                    "asset-backups",
                    asset.toString(),
                    actor.system(),
                    new PlanEvent.AssetSettled(asset, gone.at(), plans.intValue(), now)));
  }
}
