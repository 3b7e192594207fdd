package io.vigie.asset.disposal;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.disposal.Disposal.Stage;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** The next step of each disposal, for those who may take it. */
@ApplicationScoped
class DisposalTasks implements Task.Source {

  private final Actor actor;

  DisposalTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    List<Stage> stages = new ArrayList<>();
    boolean manager = actor.hasRole(Roles.ASSET_MANAGER);
    if (manager || actor.hasRole(Roles.CISO)) {
      stages.add(Stage.REQUESTED);
    }
    if (manager || actor.hasRole(Roles.SYSADMIN)) {
      stages.add(Stage.APPROVED);
    }
    if (manager) {
      stages.add(Stage.SANITISED);
    }
    if (stages.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return Disposal.<Disposal>find(
            """
            stage in ?1 and not (stage = ?2 and requestedBy = ?3)
            and (waitingSince > ?4 or waitingSince = ?4 and id > ?5) order by waitingSince, id""",
            stages,
            Stage.REQUESTED,
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(disposals -> disposals.stream().map(DisposalTasks::next).toList());
  }

  private static Task next(Disposal disposal) {
    String what =
        switch (disposal.state().stage()) {
          case REQUESTED -> "approve";
          case APPROVED -> "sanitise";
          default -> "complete";
        };
    return new Task(
        disposal.id(),
        "disposal." + what,
        "asset/" + disposal.state().asset(),
        "/v1/disposals/" + disposal.id(),
        disposal.state().waitingSince(),
        null);
  }
}
