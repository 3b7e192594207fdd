package io.vigie.access.duty;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * Conflicts that wait: those of rights for access managers, who take a right away, and for the
 * CISO, who excepts; those of history for the CISO alone.
 */
@ApplicationScoped
class DutyTasks implements Task.Source {

  private final Actor actor;

  DutyTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    boolean isCiso = actor.hasRole(Roles.CISO);
    if (!isCiso && !actor.hasRole(Roles.ACCESS_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return DutyConflict.<DutyConflict>find(
            """
            state = ?1 and kind in ?4 and (since > ?2 or since = ?2 and id > ?3)
            order by since, id""",
            ConflictState.FOUND,
            after.since(),
            after.id(),
            isCiso ? List.of(ConflictKind.values()) : List.of(ConflictKind.RIGHTS))
        .range(0, limit - 1)
        .list()
        .map(conflicts -> conflicts.stream().map(DutyTasks::decide).toList());
  }

  private static Task decide(DutyConflict conflict) {
    return new Task(
        conflict.id(),
        "duty-conflict.decide",
        "duty-conflict/" + conflict.id(),
        "/v1/duty-conflicts/" + conflict.id(),
        conflict.state().since(),
        null);
  }
}
