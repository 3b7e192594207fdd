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
 * be, or in premises there. What is lost is nowhere until it is found.
 */
@ApplicationScoped
class ClosureTasks implements Task.Source {

  private static final String LEFT =
      """
      with recursive closing (site, closed, announced_at, closes_on) as (
        select site, site, announced_at, closes_on from site_closure where stage <> 'CANCELLED'
        union
        select room.id, c.closed, c.announced_at, c.closes_on
        from closing c join asset room on room.site = c.site and room.kind = 'PREMISES'
      )
      select thing, id, min(announced_at), min(closes_on) from (
        select 'asset' as thing, a.id, c.announced_at, c.closes_on
        from closing c join asset a on a.site = c.site
        where a.id <> c.closed
          and a.state in ('DISCOVERED', 'ORDERED', 'IN_STOCK', 'IN_SERVICE', 'IN_REPAIR', 'RETIRED',
            'SANITISED')
        union all
        select 'zone', z.id, c.announced_at, c.closes_on
        from closing c join zone z on z.site = c.site
        where not z.retired
      ) waiting
      group by thing, id
      having (min(announced_at), id) > (?1, ?2)
      order by min(announced_at), id limit ?3""";

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
