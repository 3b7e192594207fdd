package io.vigie.asset.site;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;
import io.vigie.kernel.web.TaskQuery;

/**
 * What waits for asset managers: each asset that is used, discovered, or retired and not disposed
 * of, and each zone in use at a site which will close, or has closed, as what is found again may
 * be. What is lost is nowhere until it is found.
 */
@ApplicationScoped
class ClosureTasks implements Task.Source {

  private static final String LEFT =
      """
      select thing, id, announced_at, closes_on from (
        select 'asset' as thing, a.id, c.announced_at, c.closes_on
        from site_closure c join asset a on a.site = c.site
        where c.stage <> 'CANCELLED'
          and a.state in ('DISCOVERED', 'ORDERED', 'IN_STOCK', 'IN_SERVICE', 'IN_REPAIR', 'RETIRED',
            'SANITISED')
        union all
        select 'zone', z.id, c.announced_at, c.closes_on
        from site_closure c join zone z on z.site = c.site
        where c.stage <> 'CANCELLED' and not z.retired
      ) waiting
      where (announced_at, id) > (?1, ?2)
      order by announced_at, id limit ?3""";

  private final Actor actor;

  ClosureTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return TaskQuery.waiting(LEFT, after, limit, ClosureTasks::move);
  }

  private static Task move(Object[] row) {
    String thing = (String) row[0];
    UUID id = (UUID) row[1];
    Instant since = TaskQuery.time(row[2]);
    Instant due = ((LocalDate) row[3]).atStartOfDay(ZoneOffset.UTC).toInstant();
    return new Task(
        id, "site.move-" + thing, thing + "/" + id, "/v1/" + thing + "s/" + id, since, due);
  }
}
