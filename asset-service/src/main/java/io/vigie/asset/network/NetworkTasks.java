package io.vigie.asset.network;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for asset managers: what was seen on the network and should not be. */
@ApplicationScoped
class NetworkTasks implements Task.Source {

  private final Actor actor;

  NetworkTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Finding.<Finding>find(
            """
            closedAt is null and (openedAt > ?1 or openedAt = ?1 and id > ?2)
            order by openedAt, id""",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(findings -> findings.stream().map(NetworkTasks::examine).toList());
  }

  private static Task examine(Finding finding) {
    return new Task(
        finding.id(),
        "network.examine-finding",
        "network-finding/" + finding.id(),
        "/v1/network-findings/" + finding.id() + "/dismissal",
        finding.state().openedAt(),
        null);
  }
}
