package io.vigie.kernel.web;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.Parking;
import io.vigie.kernel.outbox.OutboxState;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Down when an event needs an operator: one that the broker refuses, or one that a listener could
 * not work. A matter of wellness, not of readiness: the service itself goes on.
 */
@Wellness
@ApplicationScoped
class StuckEvents implements AsyncHealthCheck {

  private final OutboxState outbox;
  private final Parking parking;

  StuckEvents(OutboxState outbox, Parking parking) {
    this.outbox = outbox;
    this.parking = parking;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return outbox
        .view()
        .chain(
            waiting ->
                parking
                    .list(1, 0)
                    .map(
                        parked ->
                            HealthCheckResponse.named("events on their way")
                                .status(waiting.blocked().isEmpty() && parked.isEmpty())
                                .withData("waiting", waiting.waiting())
                                .withData("blocked", waiting.blocked().size())
                                .withData("parked", parked.isEmpty() ? "none" : "some")
                                .build()));
  }
}
