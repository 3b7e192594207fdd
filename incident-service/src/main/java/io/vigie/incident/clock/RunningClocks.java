package io.vigie.incident.clock;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.OpenWork;

import static io.vigie.kernel.Problem.conflict;

/** An incident is not over while somebody still has to be told of it. */
@ApplicationScoped
class RunningClocks implements OpenWork {

  @Override
  public Uni<Void> requireNone(UUID incident) {
    return NotificationClock.count("incident = ?1 and state = ?2", incident, ClockState.RUNNING)
        .invoke(
            running -> {
              if (running > 0) {
                throw conflict(
                    "incident-clocks-running",
                    running
                        + " of its notification clocks run. Notify, or have the CISO record why"
                        + " not.");
              }
            })
        .replaceWithVoid();
  }
}
