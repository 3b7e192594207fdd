package io.vigie.asset;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for asset managers: assets whose owner left. */
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
            reassignBy is not null
            and (reassignSince > ?1 or reassignSince = ?1 and id > ?2) order by reassignSince, id""",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(assets -> assets.stream().map(AssetTasks::reassign).toList());
  }

  private static Task reassign(Asset asset) {
    return new Task(
        asset.id(),
        "asset.reassign",
        "asset/" + asset.id(),
        "/v1/assets/" + asset.id() + "/owner",
        asset.reassignSince(),
        asset.state().reassignBy());
  }
}
