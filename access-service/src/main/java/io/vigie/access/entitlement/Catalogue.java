package io.vigie.access.entitlement;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.SnapshotSource;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** The catalogue for read models that start from nothing; what has no owner waits for one. */
@ApplicationScoped
class Catalogue implements SnapshotSource, Task.Source {

  private final Actor actor;

  Catalogue(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Entitlement>> page(UUID after, int limit) {
    return Entitlement.<Entitlement>find(
            "id > ?1 order by id", after == null ? new UUID(0, 0) : after)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .range(0, limit - 1)
        .list();
  }

  /** Whose owner left waits since then; what never had one, from before the catalogue, first. */
  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ACCESS_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select id, since from
                          (select e.id, coalesce(p.left_at, timestamptz '1970-01-01Z') as since
                           from entitlement e left join person p on p.id = e.owner_id
                           where e.state = 'ACTIVE' and (p.id is null or p.state = 'LEFT')) ownerless
                        where (since, id) > (?1, ?2) order by since, id limit ?3""",
                        Object[].class)
                    .setParameter(1, OffsetDateTime.ofInstant(after.since(), ZoneOffset.UTC))
                    .setParameter(2, after.id())
                    .setParameter(3, limit)
                    .getResultList())
        .map(rows -> rows.stream().map(Catalogue::assignOwner).toList());
  }

  private static Task assignOwner(Object[] row) {
    UUID id = (UUID) row[0];
    Instant since = row[1] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[1];
    return new Task(
        id, "entitlement.assign-owner", "entitlement/" + id, "/v1/entitlements/" + id, since, null);
  }
}
