package io.vigie.asset.inventory;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for asset managers: assets whose owner left (R3.3). */
@ApplicationScoped
class AssetTasks implements Task.Source {

  private final Actor actor;

  AssetTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Asset.<Asset>find(
            """
            reassignment.since > ?1 or reassignment.since = ?1 and id > ?2
            order by reassignment.since, id""",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(
            assets ->
                assets.stream()
                    // One that this session read before it was asked for is told the next time.
                    .filter(asset -> asset.reassignment() != null)
                    .map(AssetTasks::reassign)
                    .toList());
  }

  private static Task reassign(Asset asset) {
    return new Task(
        asset.id(),
        "asset.reassign",
        "asset/" + asset.id(),
        "/v1/assets/" + asset.id() + "/owner",
        asset.reassignment().since(),
        asset.reassignment().until());
  }
}
