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
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.AssetLock;
import io.vigie.backup.copy.KeptCopies;
import io.vigie.backup.plan.AssetFacts;
import io.vigie.backup.plan.BackupWatcher;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Task;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Clients whose contract ended, as access-service tells, in a snapshot of those that did before
 * this service was there: copies of the assets that serve them are kept until the last day that was
 * decided for their data, and no longer.
 */
@ApplicationScoped
class Retentions implements EventListener, BackupWatcher {

  private static final String ENDED = "client.ended.v1";
  private static final String SNAPSHOT = "client.snapshot.v1";

  private static final String RETIRED =
      "exists (select from gone_asset g where g.asset_id = ?1 and g.asset_state = 'RETIRED')";

  private static final String UNDECIDED =
      """
      not exists (select from retention_decision d
        where d.asset = ?1 and d.cause = 'DISPOSAL' and d.ended_at is null)""";

  private static final String NOT_OVER =
      """
      exists (select from retention_decision d
        where d.asset = ?1 and d.ended_at is null and d.keep_until > ?2)""";

  /**
   * Of a snapshot all is in the state.
   *
   * @param dueOn the last day, UTC; null in the state of a client whose contract is in force
   */
  private record News(UUID aggregateId, LocalDate dueOn, State state) {

    private record State(LocalDate dueOn) {}

    private LocalDate lastDay() {
      return state == null ? dueOn : state.dueOn();
    }
  }

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
    return ENDED.equals(type) || SNAPSHOT.equals(type);
  }

  @Incoming("ended-clients")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean concerns(ReceivedEvent event) {
    return event.data(News.class).lastDay() != null;
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    News news = event.data(News.class);
    return end(news.aggregateId(), news.lastDay());
  }

  /** Changes nothing where that was told before. */
  private Uni<Void> end(UUID client, LocalDate dueOn) {
    return remember(client, dueOn)
        .chain(() -> backedUpFor(client))
        .onItem()
        .transformToMulti(assets -> Multi.createFrom().iterable(assets))
        .onItem()
        .transformToUniAndConcatenate(asset -> decide(asset, client, dueOn))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> decide(UUID asset, UUID client, LocalDate dueOn) {
    Instant keepUntil = dueOn.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    RetentionDecision decision =
        RetentionDecision.ofContract(asset, client, keepUntil, clock.instant());
    return outbox.append(decision, decision.made());
  }

  /** For the assets that are backed up, or told to be the client's, from now on. */
  private static Uni<Void> remember(UUID client, LocalDate dueOn) {
    return lock("pg_advisory_xact_lock", client)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into ended_client (client, due_on) values (?1, ?2)
                        on conflict (client) do update set due_on = excluded.due_on""")
                    .setParameter(1, client)
                    .setParameter(2, dueOn)
                    .executeUpdate())
        .replaceWithVoid();
  }

  /**
   * Held until the transaction ends, so that of an asset that becomes a client's, or is backed up,
   * at the moment when the contract ends, either side sees what the other did.
   */
  private static Uni<Mutiny.Session> lock(String how, UUID client) {
    return Panache.getSession()
        .call(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from %s(hashtextextended(?1, 0))".formatted(how), Integer.class)
                    .setParameter(1, "ended-client/" + client)
                    .getSingleResult());
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
                            where r.asset = c.id and r.outcome = 'SUCCEEDED' and %s)
                          and not exists (select from retention_decision d
                            where d.asset = c.id and d.client = ?1)
                        order by id"""
                            .formatted(KeptCopies.STILL_THERE),
                        UUID.class)
                    .setParameter(1, client)
                    .getResultList());
  }

  /**
   * Ends what was decided about the disposal of an asset that is back, and decides about one whose
   * client's contract had ended before it was told to be that client's, or was backed up.
   */
  @Override
  public Uni<Void> judged(UUID asset, AssetFacts facts, boolean isPlanned) {
    return disposalOfWhatIsBack(asset)
        .onItem()
        .ifNotNull()
        .transformToUni(decision -> outbox.append(decision, decision.end(clock.instant())))
        .chain(() -> endOfContract(asset, facts.client()))
        .onItem()
        .ifNotNull()
        .transformToUni(dueOn -> decide(asset, facts.client(), LocalDate.parse(dueOn)))
        .replaceWithVoid();
  }

  /** The decision, locked, or null. */
  private static Uni<RetentionDecision> disposalOfWhatIsBack(UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select id from retention_decision d
                        where asset = ?1 and cause = 'DISPOSAL' and ended_at is null
                          and not exists (select from gone_asset g where g.asset_id = d.asset)""",
                        UUID.class)
                    .setParameter(1, asset)
                    .getSingleResultOrNull())
        .onItem()
        .ifNotNull()
        .transformToUni(id -> RetentionDecision.findById(id, LockModeType.PESSIMISTIC_WRITE));
  }

  /** The last day for the client's data (ISO 8601), where that is still to be decided; or null. */
  private static Uni<String> endOfContract(UUID asset, UUID client) {
    if (client == null) {
      return Uni.createFrom().nullItem();
    }
    return lock("pg_advisory_xact_lock_shared", client)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select cast(due_on as text) from ended_client where client = ?1
                          and exists (select from backup_run r
                            where r.asset = ?2 and r.outcome = 'SUCCEEDED' and %s)
                          and not exists (select from retention_decision d
                            where d.asset = ?2 and d.client = ?1)"""
                            .formatted(KeptCopies.STILL_THERE),
                        String.class)
                    .setParameter(1, client)
                    .setParameter(2, asset)
                    .getSingleResultOrNull());
  }

  /** A retired asset, no plan of which goes on, and of whose copies nobody has decided. */
  record Undecided(UUID asset, Instant since) {
    private static Undecided of(Object[] row) {
      return new Undecided((UUID) row[0], time(row[1]));
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
                            where d.asset = g.asset_id and d.cause = 'DISPOSAL'
                              and d.ended_at is null)
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

  /** Fails with 422 unless the asset was retired; it is not told to be back meanwhile. */
  static Uni<Void> requireRetired(UUID asset) {
    return AssetLock.ofFate(asset)
        .chain(
            () ->
                count(
                    "select count(*) from gone_asset where asset_id = ?1 and asset_state = 'RETIRED'",
                    asset))
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

  /** Fails with 422 where a plan keeps a copy of the asset for longer. */
  static Uni<Void> requireAsPlanned(UUID asset, Instant keepUntil) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select r.id,
                          r.started_at + p.retention_days * interval '24 hours' as kept_until
                        from backup_run r join backup_plan p on p.id = r.plan
                        where r.asset = ?1 and r.outcome = 'SUCCEEDED'
                          and p.retention_days is not null and %s
                        order by kept_until desc limit 1"""
                            .formatted(KeptCopies.STILL_THERE),
                        Object[].class)
                    .setParameter(1, asset)
                    .getSingleResultOrNull())
        .onItem()
        .ifNotNull()
        .invoke(
            row -> {
              Instant earliest = time(row[1]);
              if (keepUntil.isBefore(earliest)) {
                throw Problem.unprocessable(
                    "retention-too-short",
                    "Plans keep copies of this asset until %s. Decide on that or on a later time."
                        .formatted(earliest));
              }
            })
        .replaceWithVoid();
  }

  /**
   * Whether the asset is retired and its copies are kept: nobody has decided until when, or that
   * time, or that of a client's data on it, is not over.
   */
  static Uni<Boolean> isKept(UUID asset, Instant now) {
    return holds(RETIRED + " and (" + UNDECIDED + " or " + NOT_OVER + ")", asset, now);
  }

  /**
   * The same of one that is retired or not, where a copy of it is there: nobody has told that it is
   * gone.
   */
  static Uni<Boolean> areSomeKept(UUID asset, Instant now) {
    return holds(
        """
        exists (select from backup_run r
            where r.asset = ?1 and r.outcome = 'SUCCEEDED' and %s)
          and (%s and %s or %s)"""
            .formatted(KeptCopies.STILL_THERE, RETIRED, UNDECIDED, NOT_OVER),
        asset,
        now);
  }

  private static Uni<Boolean> holds(String condition, UUID asset, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("select " + condition, Boolean.class)
                    .setParameter(1, asset)
                    .setParameter(2, OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                    .getSingleResult());
  }

  /** What is said where they are. */
  static String refusal(UUID asset) {
    return "The asset %s is retired, and its copies are kept until somebody has decided until when and that time is over: GET /v1/retention-decisions?asset=%1$s; POST /v1/retention-decisions decides."
        .formatted(asset);
  }

  private static Instant time(Object cell) {
    return cell instanceof OffsetDateTime time ? time.toInstant() : (Instant) cell;
  }

  /** How many copies of the asset runs made. */
  static Uni<Long> copies(UUID asset) {
    return count(
        "select count(*) from backup_run where asset = ?1 and outcome = 'SUCCEEDED'", asset);
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
