package io.vigie.kernel.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.Parking;
import io.vigie.kernel.outbox.OutboxState;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Down when an event needs an operator: one that the broker refuses, or one that a listener could
 * not work. A matter of wellness, not of readiness: the service itself goes on. The same in
 * figures, at most 15 seconds old, as {@code vigie_events_*}.
 */
@Wellness
@ApplicationScoped
class StuckEvents implements AsyncHealthCheck {

  /** {@code oldestSeconds} is the age of the oldest fact that waits for the relay. */
  private record Figures(long waiting, long oldestSeconds, long blocked, long parked) {}

  private final OutboxState outbox;
  private final Parking parking;
  private final Clock clock;
  private volatile Figures figures = new Figures(0, 0, 0, 0);

  StuckEvents(OutboxState outbox, Parking parking, Clock clock, MeterRegistry metrics) {
    this.outbox = outbox;
    this.parking = parking;
    this.clock = clock;
    metrics.gauge("vigie.events.waiting", this, any -> figures.waiting());
    metrics.gauge("vigie.events.oldest.seconds", this, any -> figures.oldestSeconds());
    metrics.gauge("vigie.events.blocked", this, any -> figures.blocked());
    metrics.gauge("vigie.events.parked", this, any -> figures.parked());
  }

  @Scheduled(every = "15s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> measure() {
    return read().invoke(read -> figures = read).replaceWithVoid();
  }

  private Uni<Figures> read() {
    return outbox
        .waiting()
        .chain(
            waiting ->
                parking
                    .count()
                    .map(
                        parked ->
                            new Figures(
                                waiting.waiting(),
                                secondsSince(waiting.oldest()),
                                waiting.blocked(),
                                parked)));
  }

  private long secondsSince(Instant oldest) {
    return oldest == null ? 0 : Math.max(0, Duration.between(oldest, clock.instant()).toSeconds());
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return read()
        .map(
            now ->
                HealthCheckResponse.named("events on their way")
                    .status(now.blocked() == 0 && now.parked() == 0)
                    .withData("waiting", now.waiting())
                    .withData("blocked", now.blocked())
                    .withData("parked", now.parked())
                    .build());
  }
}
