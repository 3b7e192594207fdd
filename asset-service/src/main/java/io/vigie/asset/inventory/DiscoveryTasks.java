package io.vigie.asset.inventory;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for asset managers: machines that tools found and the register did not have (R3.1).
 */
@ApplicationScoped
class DiscoveryTasks implements Task.Source {

  private final Actor actor;

  DiscoveryTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Asset.<Asset>find(
            """
            state = ?1 and (registeredAt > ?2 or registeredAt = ?2 and id > ?3)
            order by registeredAt, id""",
            AssetState.DISCOVERED,
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(assets -> assets.stream().map(DiscoveryTasks::adopt).toList());
  }

  private static Task adopt(Asset asset) {
    return new Task(
        asset.id(),
        "asset.adopt-or-reject",
        "asset/" + asset.id(),
        "/v1/assets/" + asset.id() + "/adoption",
        asset.state().registeredAt(),
        null);
  }
}
