package io.vigie.access.entitlement;

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
    return toDecide(after, limit).map(rights -> rights.stream().map(RightTasks::decide).toList());
  }

  /** The oldest requests that this access manager may approve, as {@link Right#approve} has it. */
  private Uni<List<Right>> toDecide(Task.Place after, int limit) {
    return Right.<Right>find(
            """
            from Right r where r.state = ?1 and r.requested.by <> ?2 and not exists
              (select 1 from Person p where p.id = r.person and p.details.subject = ?2)
              and (r.requested.at > ?3 or r.requested.at = ?3 and r.id > ?4)
            order by r.requested.at, r.id""",
            RightState.REQUESTED,
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
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
