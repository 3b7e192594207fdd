package io.vigie.access.rights;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for access managers: requests to decide, save those they asked or would gain by. */
@ApplicationScoped
class RightTasks implements Task.Source {

  private final Actor actor;

  RightTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ACCESS_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Right.toDecideBy(actor.id(), after, limit)
        .map(rights -> rights.stream().map(RightTasks::decide).toList());
  }

  private static Task decide(Right right) {
    return new Task(
        right.id(),
        "right.decide",
        "right/" + right.id(),
        "/v1/rights/" + right.id(),
        right.request().at(),
        null);
  }
}
