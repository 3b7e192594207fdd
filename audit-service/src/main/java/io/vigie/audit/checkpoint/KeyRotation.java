package io.vigie.audit.checkpoint;

import java.time.Clock;
import java.time.ZoneOffset;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.checkpoint.CheckpointEvent.KeyRotated;
import io.vigie.audit.note.VerifierKey;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/** Puts a change of keys into the log, once for each new key, whichever replica sees it first. */
@ApplicationScoped
class KeyRotation {

  private final LogKeys keys;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  KeyRotation(LogKeys keys, Outbox outbox, Relay relay, Clock clock) {
    this.keys = keys;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  /** Announces the next key, if there is one that was not announced. */
  @Scheduled(every = "30s")
  Uni<Void> announce() {
    return keys.next()
        .map(
            next ->
                Panache.withTransaction(
                        () -> remember(next).chain(isNew -> isNew ? publish(next) : nothing()))
                    .invoke(relay::wake))
        .orElseGet(KeyRotation::nothing);
  }

  private Uni<Boolean> remember(VerifierKey next) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "insert into log_key (id, vkey, announced_at) values (?1, ?2, ?3) on conflict do nothing")
                    .setParameter(1, next.hexId())
                    .setParameter(2, next.toString())
                    .setParameter(3, clock.instant().atOffset(ZoneOffset.UTC))
                    .executeUpdate())
        .map(rows -> rows == 1);
  }

  private Uni<Void> publish(VerifierKey next) {
    KeyRotated rotated =
        new KeyRotated(
            Ids.next(),
            keys.current().hexId(),
            keys.current().toString(),
            next.hexId(),
            next.toString(),
            clock.instant());
    return outbox.appendFact("log-key", keys.origin(), "system:audit", rotated);
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }
}
