package io.vigie.incident.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.Incident;
import io.vigie.incident.notice.Notices;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.kernel.security.Roles;
import org.jboss.logging.Logger;

/**
 * Reminds responders of clocks that are nearly due, or the CISO where the incident is restricted,
 * and tells the CISO of those that are past it, each once. All of them in each run, {@value #BATCH}
 * at a time, each in a transaction of its own; one that fails is tried again by the next run and
 * holds up no other.
 */
@ApplicationScoped
class ClockLook {

  static final int BATCH = 50;

  private static final Logger LOG = Logger.getLogger(ClockLook.class);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final Regimes regimes;
  private final Notices notices;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  ClockLook(Regimes regimes, Notices notices, Outbox outbox, Relay relay, Clock clock) {
    this.regimes = regimes;
    this.notices = notices;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.incident.clock-look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return lookAfter(BEFORE_ALL);
  }

  private Uni<Void> lookAfter(UUID last) {
    return Panache.withSession(() -> near(last))
        .call(this::lookAtEach)
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH ? Uni.createFrom().voidItem() : lookAfter(ids.get(BATCH - 1)));
  }

  private Uni<List<UUID>> near(UUID last) {
    return NotificationClock.find(
            """
            select id from NotificationClock
            where state = ?1 and missedAt is null and dueAt <= ?2 and id > ?3 order by id""",
            ClockState.RUNNING,
            clock.instant().plus(regimes.longestReminder()),
            last)
        .project(UUID.class)
        .range(0, BATCH - 1)
        .list();
  }

  private Uni<Void> lookAtEach(List<UUID> ids) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(
            id ->
                Panache.withTransaction(() -> lookAt(id))
                    .onFailure()
                    .invoke(failure -> LOG.errorf(failure, "notification clock %s", id))
                    .onFailure()
                    .recoverWithNull())
        .collect()
        .last();
  }

  private Uni<Void> lookAt(UUID id) {
    return NotificationClock.<NotificationClock>find(
            "id = ?1 and state = ?2", id, ClockState.RUNNING)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResult()
        .onItem()
        .ifNotNull()
        .transformToUni(this::tell);
  }

  private Uni<Void> tell(NotificationClock one) {
    Instant now = clock.instant();
    List<ClockEvent> missed = one.look(now);
    if (!missed.isEmpty()) {
      return outbox
          .append(one, missed)
          .chain(() -> request(one, Roles.CISO, "clock-overdue", "overdue", null));
    }
    return passed(one, now)
        .map(
            before ->
                reminded(one)
                    .chain(
                        role ->
                            request(
                                one, role, "clock-due", before.toString(), one.state().dueAt())))
        .orElse(Uni.createFrom().voidItem());
  }

  /** The last reminder whose time has come, of those that come after the clock's start. */
  private Optional<Duration> passed(NotificationClock one, Instant now) {
    Instant due = one.state().dueAt();
    return regimes.reminders(one).stream()
        .filter(before -> due.minus(before).isAfter(one.state().startsAt()))
        .filter(before -> !due.minus(before).isAfter(now))
        .reduce((longer, shorter) -> shorter);
  }

  /** Not every responder may know of a restricted incident, and they share a mailbox. */
  private static Uni<String> reminded(NotificationClock one) {
    return Incident.require(one.incident())
        .map(incident -> incident.state().restricted() ? Roles.CISO : Roles.RESPONDER);
  }

  private Uni<Void> request(
      NotificationClock one, String role, String template, String occasion, Instant until) {
    return notices.request(
        role,
        template,
        Map.of(
            "incident", one.incident().toString(),
            "clock", one.id().toString(),
            "due", one.state().dueAt().toString()),
        template + "/" + one.id() + "/" + occasion,
        until);
  }
}
