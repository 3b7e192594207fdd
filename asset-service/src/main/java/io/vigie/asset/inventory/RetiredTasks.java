package io.vigie.asset.inventory;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for asset managers: retired assets that nobody asked to dispose of, or whose disposal
 * was refused or given up (R3.4). They wait from their retirement on.
 */
@ApplicationScoped
class RetiredTasks implements Task.Source {

  /** Of an asset, in HQL. A disposal of an earlier retirement says nothing of this one. */
  static final String UNDISPOSED =
      """
      state = RETIRED and id not in (
        select d.asset from Disposal d
        join Asset a on a.id = d.asset and a.retiredAt = d.retiredAt
        where d.stage in (REQUESTED, APPROVED, SANITISED))\
      """;

  private final Actor actor;

  RetiredTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Asset.<Asset>find(
            UNDISPOSED
                + " and (retiredAt > ?1 or retiredAt = ?1 and id > ?2) order by retiredAt, id",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(assets -> assets.stream().map(RetiredTasks::dispose).toList());
  }

  private static Task dispose(Asset asset) {
    return new Task(
        asset.id(),
        "asset.dispose",
        "asset/" + asset.id(),
        "/v1/disposals",
        asset.state().retiredAt(),
        null);
  }
}
