package io.vigie.asset.network;

import java.time.Clock;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for whoever approves flows: requests of others whose end has not passed. */
@ApplicationScoped
class FlowTasks implements Task.Source {

  private final Actor actor;
  private final Clock clock;

  FlowTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER) && !actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    return Flow.<Flow>find(
            """
            stage = ?1 and requestedBy <> ?2 and (validUntil is null or validUntil > ?5)
            and (requestedAt > ?3 or requestedAt = ?3 and id > ?4) order by requestedAt, id""",
            Flow.Stage.REQUESTED,
            actor.id(),
            after.since(),
            after.id(),
            clock.instant())
        .range(0, limit - 1)
        .list()
        .map(flows -> flows.stream().map(FlowTasks::decide).toList());
  }

  private static Task decide(Flow flow) {
    return new Task(
        flow.id(),
        "flow.decide",
        "flow/" + flow.id(),
        "/v1/flows/" + flow.id() + "/approval",
        flow.state().requestedAt(),
        flow.state().validUntil());
  }
}
