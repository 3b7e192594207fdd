package io.vigie.asset.posture;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.posture.Exemption.Stage;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** Exemptions that wait for the decision of somebody who did not ask for them (R4.6). */
@ApplicationScoped
class ExemptionTasks implements Task.Source {

  private final Actor actor;

  ExemptionTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER) && !actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    return Exemption.<Exemption>find(
            """
            stage = ?1 and requestedBy <> ?2
            and (requestedAt > ?3 or requestedAt = ?3 and id > ?4) order by requestedAt, id""",
            Stage.REQUESTED,
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(exemptions -> exemptions.stream().map(ExemptionTasks::decide).toList());
  }

  private static Task decide(Exemption exemption) {
    return new Task(
        exemption.id(),
        "posture-exemption.decide",
        "asset/" + exemption.state().asset(),
        "/v1/posture-exemptions/" + exemption.id(),
        exemption.state().requestedAt(),
        exemption.state().endsAt());
  }
}
