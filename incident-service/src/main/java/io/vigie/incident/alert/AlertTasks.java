package io.vigie.incident.alert;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for responders: alerts that fire and that nobody looks after. */
@ApplicationScoped
class AlertTasks implements Task.Source {

  private final Actor actor;

  AlertTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.RESPONDER)) {
      return Uni.createFrom().item(List.of());
    }
    return Alert.<Alert>find(
            """
            state = ?1 and (firedAt > ?2 or firedAt = ?2 and id > ?3)
            order by firedAt, id""",
            AlertState.FIRING,
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(alerts -> alerts.stream().map(AlertTasks::acknowledge).toList());
  }

  private static Task acknowledge(Alert alert) {
    return new Task(
        alert.id(),
        "alert.acknowledge",
        "monitoring-alert/" + alert.id(),
        "/v1/alerts/" + alert.id(),
        alert.state().firedAt(),
        null);
  }
}
