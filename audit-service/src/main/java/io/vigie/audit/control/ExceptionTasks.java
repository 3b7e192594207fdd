package io.vigie.audit.control;

import java.time.Clock;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.audit.control.ControlException.Stage;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** Exceptions that wait for the decision of a CISO who did not ask for them (R4.6). */
@ApplicationScoped
class ExceptionTasks implements Task.Source {

  private final Actor actor;
  private final Clock clock;

  ExceptionTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    return ControlException.<ControlException>find(
            """
            stage = ?1 and requestedBy <> ?2 and endsAt > ?3
            and (requestedAt > ?4 or requestedAt = ?4 and id > ?5) order by requestedAt, id""",
            Stage.REQUESTED,
            actor.id(),
            clock.instant(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(exceptions -> exceptions.stream().map(ExceptionTasks::decide).toList());
  }

  private static Task decide(ControlException exception) {
    return new Task(
        exception.id(),
        "control-exception.decide",
        "control-exception/" + exception.id(),
        "/v1/control-exceptions/" + exception.id(),
        exception.state().requestedAt(),
        exception.state().endsAt());
  }
}
