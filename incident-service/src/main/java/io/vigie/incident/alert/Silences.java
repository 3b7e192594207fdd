package io.vigie.incident.alert;

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
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.jboss.logging.Logger;

/**
 * The silences that hold, and their ends. One that somebody has locked is passed over until the
 * next run; mail does not wait for that, since none holds past its time.
 */
@ApplicationScoped
class Silences {

  private static final Logger LOG = Logger.getLogger(Silences.class);

  /** In the order in which intake locks alerts. */
  private static final String RELEASE =
      """
      update alert set held_by = null, next_mail_at = cast(?2 as timestamptz) where id in (
        select id from alert where held_by = ?1 and state <> 'RESOLVED'
        order by fingerprint for update)""";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  Silences(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  /** Those that hold, the last one to end first. */
  static Uni<List<Silence>> holding(Instant now) {
    return Silence.<Silence>find(
            "state = ?1 and endsAt > ?2 order by endsAt desc, id", SilenceState.ACTIVE, now)
        .list();
  }

  @Scheduled(
      every = "${vigie.alerts.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> expire() {
    Instant now = clock.instant();
    return Panache.withSession(() -> over(now))
        .call(
            ids ->
                Multi.createFrom()
                    .iterable(ids)
                    .onItem()
                    .transformToUniAndConcatenate(id -> expire(id, now))
                    .collect()
                    .last())
        .invoke(relay::wake)
        .replaceWithVoid();
  }

  private static Uni<List<UUID>> over(Instant now) {
    return Silence.find(
            "select id from Silence where state = ?1 and endsAt <= ?2 order by endsAt, id",
            SilenceState.ACTIVE,
            now)
        .project(UUID.class)
        .list();
  }

  private Uni<Void> expire(UUID id, Instant now) {
    return Panache.withTransaction(
            () ->
                take(id)
                    .onItem()
                    .ifNotNull()
                    .transformToUni(silence -> end(silence, silence.expire(now), now)))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "silence %s is over and was not ended", id))
        .onFailure()
        .recoverWithNull();
  }

  private static Uni<Silence> take(UUID id) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Silence where id = ?1 and state = ?2", Silence.class)
                    .setParameter(1, id)
                    .setParameter(2, SilenceState.ACTIVE)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }

  /** Publishes the end; what waited for it is due now. */
  Uni<Void> end(Silence silence, SilenceEvent ended, Instant now) {
    return outbox
        .append(silence, ended)
        .chain(Panache::getSession)
        .chain(
            session ->
                session
                    .createNativeQuery(RELEASE)
                    .setParameter(1, silence.id())
                    .setParameter(2, OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }
}
