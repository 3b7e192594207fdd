package io.vigie.asset.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;
import io.vigie.kernel.web.TaskQuery;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What waits for asset managers: assets that somebody who left has in hand, or was to sign for
 * (R4.1), until they are taken back or somebody else signed.
 */
@ApplicationScoped
class ReturnTasks implements Task.Source {

  private static final String HELD_BY_LEAVERS =
      """
      select a.id, d.left_at
      from departed_person d
      join asset a on a.custodian = d.person_id or a.handover_to = d.person_id
      where a.state in ('ORDERED', 'IN_STOCK', 'IN_SERVICE', 'IN_REPAIR', 'RETIRED')
        and (d.left_at, a.id) > (?1, ?2)
      order by d.left_at, a.id limit ?3""";

  private final Actor actor;
  private final Duration within;

  ReturnTasks(Actor actor, @ConfigProperty(name = "vigie.asset.reassign-within") Duration within) {
    this.actor = actor;
    this.within = within;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return TaskQuery.waiting(HELD_BY_LEAVERS, after, limit, this::takeBack);
  }

  private Task takeBack(Object[] row) {
    UUID asset = (UUID) row[0];
    Instant left = TaskQuery.time(row[1]);
    return new Task(
        asset,
        "asset.take-back",
        "asset/" + asset,
        "/v1/assets/" + asset + "/return",
        left,
        left.plus(within));
  }
}
