package io.vigie.incident.notice;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;

/**
 * Notices that are due and were not sent, at most 15 seconds old: {@code vigie_notices_waiting} and
 * {@code vigie_notices_oldest_seconds}, which is for how long the oldest of them is due.
 */
@ApplicationScoped
class NoticeFigures {

  private static final String LATE =
      """
      select count(*), min(coalesce(notBefore, requestedAt)) from Notice
      where state = WAITING and coalesce(notBefore, requestedAt) <= ?1""";

  private record Figures(long waiting, long oldestSeconds) {}

  private final Clock clock;
  private volatile Figures figures = new Figures(0, 0);

  NoticeFigures(Clock clock, MeterRegistry metrics) {
    this.clock = clock;
    metrics.gauge("vigie.notices.waiting", this, any -> figures.waiting());
    metrics.gauge("vigie.notices.oldest.seconds", this, any -> figures.oldestSeconds());
  }

  @Scheduled(every = "15s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> measure() {
    Instant now = clock.instant();
    return Panache.withSession(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            session
                                .createSelectionQuery(LATE, Object[].class)
                                .setParameter(1, now)
                                .getSingleResult()))
        .invoke(row -> figures = new Figures((Long) row[0], seconds((Instant) row[1], now)))
        .replaceWithVoid();
  }

  private static long seconds(Instant oldest, Instant now) {
    return oldest == null ? 0 : Duration.between(oldest, now).toSeconds();
  }
}
