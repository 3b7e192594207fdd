package io.vigie.asset.site;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for asset managers: each asset that is used, or retired and not disposed of, at a site
 * which will close, or has closed, as what is found again may be.
 */
@ApplicationScoped
class ClosureTasks implements Task.Source {

  private final Actor actor;

  ClosureTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select a.id, c.announced_at, c.closes_on
                        from site_closure c join asset a on a.site = c.site
                        where c.stage <> 'CANCELLED'
                          and a.state in ('ORDERED', 'IN_STOCK', 'IN_SERVICE', 'IN_REPAIR', 'RETIRED', 'SANITISED')
                          and (c.announced_at, a.id) > (?1, ?2)
                        order by c.announced_at, a.id limit ?3""",
                        Object[].class)
                    .setParameter(1, after.since().atOffset(ZoneOffset.UTC))
                    .setParameter(2, after.id())
                    .setParameter(3, limit)
                    .getResultList())
        .map(rows -> rows.stream().map(ClosureTasks::move).toList());
  }

  private static Task move(Object[] row) {
    UUID asset = (UUID) row[0];
    Instant since = row[1] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[1];
    Instant due = ((LocalDate) row[2]).atStartOfDay(ZoneOffset.UTC).toInstant();
    return new Task(asset, "site.move-asset", "asset/" + asset, "/v1/assets/" + asset, since, due);
  }
}
