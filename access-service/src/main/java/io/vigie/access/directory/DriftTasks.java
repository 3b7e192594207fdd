package io.vigie.access.directory;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for access managers: what is in the directory and was not approved. */
@ApplicationScoped
class DriftTasks implements Task.Source {

  private final Actor actor;

  DriftTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ACCESS_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Drift.<Drift>find(
            """
            state = ?1 and (foundAt > ?2 or foundAt = ?2 and id > ?3)
            order by foundAt, id""",
            DriftState.OPEN,
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(drifts -> drifts.stream().map(DriftTasks::decide).toList());
  }

  private static Task decide(Drift drift) {
    return new Task(
        drift.id(),
        "drift.decide",
        "drift/" + drift.id(),
        "/v1/drifts/" + drift.id(),
        drift.state().foundAt(),
        null);
  }
}
