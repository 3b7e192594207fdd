package io.vigie.kernel.security;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Deadline;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.kernel.security.Minutes.Count;
import io.vigie.kernel.security.Minutes.Minute;
import io.vigie.kernel.security.SecurityEvent.Flooded;
import io.vigie.kernel.security.SecurityEvent.Refused;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Puts refusals into the log (R11.4), each in a transaction of its own, after the one it refused
 * has rolled back, and what was asked for in the wrong way, which tools do all day, into the
 * service's own. Of either up to a set number per actor and minute singly; beyond it they are only
 * counted, in memory, and the finished minute becomes one event, or one line, so that a flood of
 * refusals floods neither log nor database. All who have no token are one actor here. A crash
 * forgets the counts of the minute under way, never one of the events.
 */
@ApplicationScoped
public class Refusals {

  private static final Logger LOG = Logger.getLogger(Refusals.class);

  private final Outbox outbox;
  private final Actor self;
  private final Relay relay;
  private final Deadline deadline;
  private final Clock clock;
  private final int perMinute;
  private final Minutes facts = new Minutes();
  private final Minutes lines = new Minutes();

  Refusals(
      Outbox outbox,
      Actor self,
      Relay relay,
      Deadline deadline,
      Clock clock,
      @ConfigProperty(name = "vigie.refusals.per-minute") int perMinute) {
    this.outbox = outbox;
    this.self = self;
    this.relay = relay;
    this.deadline = deadline;
    this.clock = clock;
    this.perMinute = perMinute;
  }

  /**
   * Records a refusal, once somebody subscribes, which may be after the answer. Never fails: when
   * the database is away the refusal stands and only the service's own log has it.
   *
   * @param actor the refused subject, or {@link Actor#ANONYMOUS}
   * @param request what was refused
   */
  public Uni<Void> record(String actor, Problem problem, HttpServerRequest request) {
    Instant now = clock.instant();
    if (facts.count(actor, now) > perMinute) {
      return Uni.createFrom().voidItem();
    }
    Refused refusal =
        new Refused(
            Ids.next(),
            problem.status(),
            problem.code(),
            request.method().name(),
            cut(request.path()),
            request.remoteAddress().hostAddress(),
            now);
    return deadline
        .bound(Uni.createFrom().deferred(() -> append(actor, refusal)))
        .invoke(relay::wake)
        .onFailure()
        .invoke(failure -> LOG.warnf("refusal not recorded: %s (%s)", refusal, failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> append(String actor, Refused refusal) {
    return Panache.withTransaction(() -> outbox.appendFact("refusal", actor, actor, refusal));
  }

  /**
   * Writes a line about a refusal that is no fact.
   *
   * @param endpoint what of the request may stand there
   */
  public void write(String actor, Problem problem, String endpoint) {
    if (lines.count(actor, clock.instant()) <= perMinute) {
      LOG.warnf("refused: %d %s, %s of %s", problem.status(), problem.code(), endpoint, actor);
    }
  }

  /** Tells of finished minutes where they held a flood, and forgets the others. */
  @Scheduled(every = "20s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> closeMinutes() {
    writeFloods();
    List<Map.Entry<Minute, Count>> finished = facts.finished(clock.instant());
    if (finished.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Panache.withTransaction(() -> publish(finished))
        .invoke(() -> facts.forget(finished))
        .invoke(relay::wake);
  }

  private void writeFloods() {
    List<Map.Entry<Minute, Count>> finished = lines.finished(clock.instant());
    lines.forget(finished);
    for (Map.Entry<Minute, Count> entry : finished) {
      int times = entry.getValue().times();
      if (times > perMinute) {
        LOG.warnf(
            "refused: %d in the minute of %s, %d of them without a line, of %s",
            times, entry.getKey().begin(), times - perMinute, entry.getKey().actor());
      }
    }
  }

  private Uni<Void> publish(List<Map.Entry<Minute, Count>> finished) {
    return Multi.createFrom()
        .iterable(finished)
        .filter(entry -> entry.getValue().times() > perMinute)
        .onItem()
        .transformToUniAndConcatenate(
            entry ->
                outbox.appendFact(
                    "refusal",
                    entry.getKey().actor(),
                    self.system(),
                    new Flooded(
                        Ids.next(),
                        entry.getKey().actor(),
                        entry.getValue().times(),
                        entry.getValue().first(),
                        entry.getValue().last(),
                        clock.instant())))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static String cut(String path) {
    return path.length() <= 500 ? path : path.substring(0, 500);
  }
}
