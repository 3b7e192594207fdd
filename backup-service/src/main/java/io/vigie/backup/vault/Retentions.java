package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Task;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Clients whose contract ended, as access-service tells: copies of the assets that are theirs are
 * kept until the last day that was decided for their data, and no longer.
 */
@ApplicationScoped
class Retentions implements EventListener {

  private static final String ENDED = "client.ended.v1";

  /**
   * @param dueOn the last day, UTC
   */
  private record News(UUID aggregateId, LocalDate dueOn) {}

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final Clock clock;

  Retentions(Instance<Inbox> inbox, Outbox outbox, Clock clock) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "ended-clients";
  }

  @Override
  public boolean knows(String type) {
    return ENDED.equals(type);
  }

  @Incoming("ended-clients")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    News news = event.data(News.class);
    Instant keepUntil = news.dueOn().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant now = clock.instant();
    return backedUpFor(news.aggregateId())
        .onItem()
        .transformToMulti(assets -> Multi.createFrom().iterable(assets))
        .onItem()
        .transformToUniAndConcatenate(
            asset -> {
              RetentionDecision decision =
                  RetentionDecision.ofContract(asset, news.aggregateId(), keepUntil, now);
              return outbox.append(decision, decision.made());
            })
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** The client's assets of which there are copies. */
  private static Uni<List<UUID>> backedUpFor(UUID client) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select id from asset_coverage c where client = ?1
                          and exists (select from backup_run r
                            where r.asset = c.id and r.outcome = 'SUCCEEDED')
                          and not exists (select from retention_decision d
                            where d.asset = c.id and d.client = ?1)
                        order by id""",
                        UUID.class)
                    .setParameter(1, client)
                    .getResultList());
  }

  /** A retired asset, no plan of which goes on, and of whose copies nobody has decided. */
  record Undecided(UUID asset, Instant since) {
    private static Undecided of(Object[] row) {
      Instant since = row[1] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[1];
      return new Undecided((UUID) row[0], since);
    }
  }

  /** Those behind a place, in the order in which they left. */
  static Uni<List<Undecided>> undecided(Task.Place after, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select asset_id, gone_at from gone_asset g
                        where settled_at is null and asset_state = 'RETIRED'
                          and (gone_at, asset_id) > (?1, ?2)
                          and not exists (select from backup_plan p
                            where p.asset = g.asset_id and p.state <> 'ENDED')
                          and not exists (select from retention_decision d
                            where d.asset = g.asset_id and d.cause = 'DISPOSAL')
                          and exists (select from backup_run r
                            where r.asset = g.asset_id and r.outcome = 'SUCCEEDED')
                        order by gone_at, asset_id limit ?3""",
                        Object[].class)
                    .setParameter(1, OffsetDateTime.ofInstant(after.since(), ZoneOffset.UTC))
                    .setParameter(2, after.id())
                    .setParameter(3, limit)
                    .getResultList())
        .map(rows -> rows.stream().map(Undecided::of).toList());
  }

  /** Fails with 422 unless the asset was retired. */
  static Uni<Void> requireRetired(UUID asset) {
    return count(
            "select count(*) from gone_asset where asset_id = ?1 and asset_state = 'RETIRED'",
            asset)
        .invoke(
            retired -> {
              if (retired == 0) {
                throw Problem.unprocessable(
                    "asset-not-retired",
                    "No retired asset has this id. While an asset is held its plans say how long"
                        + " copies are kept.");
              }
            })
        .replaceWithVoid();
  }

  /** How many copies of the asset runs made. */
  static Uni<Long> copies(UUID asset) {
    return count(
        "select count(*) from backup_run where asset = ?1 and outcome = 'SUCCEEDED'", asset);
  }

  /** How many of them two people deleted. */
  static Uni<Long> deleted(UUID asset) {
    return count(
        "select count(*) from backup_deletion where asset = ?1 and state = 'COMPLETED'", asset);
  }

  private static Uni<Long> count(String query, UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(query, Long.class)
                    .setParameter(1, asset)
                    .getSingleResult());
  }
}
