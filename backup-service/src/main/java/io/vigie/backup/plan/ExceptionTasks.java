package io.vigie.backup.plan;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.BackupException.Stage;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** Exceptions that wait for the decision of somebody who did not ask for them (R4.6). */
@ApplicationScoped
class ExceptionTasks implements Task.Source {

  private final Actor actor;

  ExceptionTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    return BackupException.<BackupException>find(
            """
            stage = ?1 and requestedBy <> ?2
            and (requestedAt > ?3 or requestedAt = ?3 and id > ?4) order by requestedAt, id""",
            Stage.REQUESTED,
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(exceptions -> exceptions.stream().map(ExceptionTasks::decide).toList());
  }

  private static Task decide(BackupException exception) {
    return new Task(
        exception.id(),
        "backup-exception.decide",
        "asset/" + exception.state().asset(),
        "/v1/backup-exceptions/" + exception.id(),
        exception.state().requestedAt(),
        exception.state().endsAt());
  }
}
