package io.vigie.asset.inventory;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;
import io.vigie.kernel.web.TaskQuery;

/**
 * What waits for asset managers: assets that serve a client that has ended (R1.2), until they serve
 * somebody else, or nobody, or are out of use. They wait from the end of the client on.
 */
@ApplicationScoped
class EndedClientTasks implements Task.Source {

  /** Of an asset, in HQL. What is lost or retired can be described no more. */
  static final String SERVES_ENDED_CLIENT =
      """
      state in (ORDERED, IN_STOCK, IN_SERVICE, IN_REPAIR, DISCOVERED)
      and details.client is not null
      and cast(sql('? in (select client_id from known_client where ended_at is not null)',
        details.client) as Boolean) = true\
      """;

  private static final String WAITING =
      """
      select a.id, c.ended_at
      from known_client c join asset a on a.client = c.client_id
      where a.state in ('ORDERED', 'IN_STOCK', 'IN_SERVICE', 'IN_REPAIR', 'DISCOVERED')
        and (c.ended_at, a.id) > (?1, ?2)
      order by c.ended_at, a.id limit ?3""";

  private final Actor actor;

  EndedClientTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return TaskQuery.waiting(WAITING, after, limit, EndedClientTasks::check);
  }

  private static Task check(Object[] row) {
    UUID asset = (UUID) row[0];
    return new Task(
        asset,
        "asset.check-client",
        "asset/" + asset,
        "/v1/assets/" + asset,
        TaskQuery.time(row[1]),
        null);
  }
}
