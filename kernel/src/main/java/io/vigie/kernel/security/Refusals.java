package io.vigie.kernel.security;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.kernel.security.SecurityEvent.Flooded;
import io.vigie.kernel.security.SecurityEvent.Refused;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Puts refusals into the log (R11.4), each in a transaction of its own, after the one it refused
 * has rolled back. Up to a set number per actor and minute singly; beyond it they are counted, and
 * the finished minute becomes one event, so that a flood of refusals cannot become a flood of the
 * log.
 */
@ApplicationScoped
public class Refusals {

  private static final Logger LOG = Logger.getLogger(Refusals.class);

  private final Outbox outbox;
  private final Actor self;
  private final Relay relay;
  private final Clock clock;
  private final int perMinute;

  Refusals(
      Outbox outbox,
      Actor self,
      Relay relay,
      Clock clock,
      @ConfigProperty(name = "vigie.refusals.per-minute") int perMinute) {
    this.outbox = outbox;
    this.self = self;
    this.relay = relay;
    this.clock = clock;
    this.perMinute = perMinute;
  }

  /**
   * Records a refusal. Never fails: when the database is away the refusal stands and only the
   * service's own log has it.
   *
   * @param actor the refused subject, or {@link Actor#ANONYMOUS}
   * @param remote the caller's address; anonymous callers are counted by it
   */
  public Uni<Void> record(
      String actor, int status, String problem, String method, String path, String remote) {
    String counted = actor.equals(Actor.ANONYMOUS) ? actor + "@" + remote : actor;
    Instant now = clock.instant();
    Refused refusal = new Refused(Ids.next(), status, problem, method, cut(path), remote, now);
    return Panache.withTransaction(
            () ->
                count(counted, now)
                    .chain(
                        count ->
                            count <= perMinute
                                ? outbox.appendFact("refusal", counted, actor, refusal)
                                : Uni.createFrom().voidItem()))
        .invoke(relay::wake)
        .onFailure()
        .invoke(failure -> LOG.warnf("refusal not recorded: %s (%s)", refusal, failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /** Turns finished minutes into events where they held a flood, and forgets the others. */
  @Scheduled(every = "20s")
  Uni<Void> closeMinutes() {
    OffsetDateTime open = utc(clock.instant().truncatedTo(ChronoUnit.MINUTES));
    return Panache.withTransaction(
            () ->
                Panache.getSession().chain(session -> finished(session, open)).chain(this::publish))
        .invoke(relay::wake);
  }

  private Uni<List<Object[]>> finished(Mutiny.Session session, OffsetDateTime open) {
    return session
        .createNativeQuery(
            """
            delete from refusal_window where minute < ?1
            returning actor, count, first_at, last_at""",
            Object[].class)
        .setParameter(1, open)
        .getResultList();
  }

  private Uni<Void> publish(List<Object[]> windows) {
    return Multi.createFrom()
        .iterable(windows)
        .filter(window -> ((Number) window[1]).intValue() > perMinute)
        .onItem()
        .transformToUniAndConcatenate(
            window ->
                outbox.appendFact(
                    "refusal",
                    (String) window[0],
                    self.system(),
                    new Flooded(
                        Ids.next(),
                        (String) window[0],
                        ((Number) window[1]).intValue(),
                        instant(window[2]),
                        instant(window[3]),
                        clock.instant())))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Integer> count(String actor, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into refusal_window (actor, minute, count, first_at, last_at)
                        values (?1, ?2, 1, ?3, ?3)
                        on conflict (actor, minute) do update
                          set count = refusal_window.count + 1, last_at = excluded.last_at
                        returning count""",
                        Integer.class)
                    .setParameter(1, actor)
                    .setParameter(2, utc(now.truncatedTo(ChronoUnit.MINUTES)))
                    .setParameter(3, utc(now))
                    .getSingleResult());
  }

  private static String cut(String path) {
    return path.length() <= 500 ? path : path.substring(0, 500);
  }

  private static OffsetDateTime utc(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static Instant instant(Object column) {
    return column instanceof Instant instant ? instant : ((OffsetDateTime) column).toInstant();
  }
}
