package io.vigie.incident.clock;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.IncidentAccess;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** Clocks that run wait for responders and the CISO. */
@ApplicationScoped
class ClockTasks implements Task.Source {

  private final IncidentAccess incidents;
  private final Actor actor;

  ClockTasks(IncidentAccess incidents, Actor actor) {
    this.incidents = incidents;
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.RESPONDER) && !actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    return NotificationClock.<NotificationClock>find(
            """
            state = ?1 and (startsAt > ?2 or startsAt = ?2 and id > ?3)
            and %s order by startsAt, id"""
                .formatted(IncidentAccess.ofReadable(4)),
            ClockState.RUNNING,
            after.since(),
            after.id(),
            incidents.mark())
        .range(0, limit - 1)
        .list()
        .map(clocks -> clocks.stream().map(ClockTasks::task).toList());
  }

  private static Task task(NotificationClock clock) {
    return new Task(
        clock.id(),
        "notification-clock.notify",
        "notification-clock/" + clock.id(),
        "/v1/notification-clocks/" + clock.id(),
        clock.state().startsAt(),
        clock.state().dueAt());
  }
}
