package io.vigie.audit.log;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.log.Search.Span;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/** Whoever reads payloads is in the log before they get them: no record, no reading. */
@ApplicationScoped
class Readings {

  private final Outbox outbox;
  private final Relay relay;
  private final Actor actor;
  private final Clock clock;

  Readings(Outbox outbox, Relay relay, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.actor = actor;
    this.clock = clock;
  }

  /** Records that the caller reads the payloads of entries {@code first} to {@code last}. */
  Uni<Void> record(long first, long last) {
    return record(new AuditEvent.LogRead(Ids.next(), first, last, clock.instant()));
  }

  /** Records that the caller reads what happened to this object. */
  Uni<Void> recordHistory(String object) {
    return record(new AuditEvent.HistoryRead(Ids.next(), object, clock.instant()));
  }

  /** Records that the caller takes an export: {@code count} payloads of this range of entries. */
  Uni<Void> recordExport(Span range, String filter, long count) {
    return record(
        new AuditEvent.LogExported(
            Ids.next(), range.first(), range.end(), filter, count, clock.instant()));
  }

  private Uni<Void> record(AuditEvent reading) {
    return Panache.withTransaction(
            () -> outbox.appendFact("log-reading", actor.id(), actor.id(), reading))
        .invoke(relay::wake);
  }
}
