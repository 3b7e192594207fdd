package io.vigie.asset.site;

import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.Sites;
import io.vigie.kernel.Problem;

/** The sites that close or have closed, for those who would place something there. */
@ApplicationScoped
class ClosingSites implements Sites {

  @Override
  public Uni<Map<UUID, UUID>> closing() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with recursive closing (site, closure) as (
                          select site, id from site_closure where stage <> 'CANCELLED'
                          union
                          select room.id, closing.closure
                          from closing join asset room
                            on room.site = closing.site and room.kind = 'PREMISES')
                        select site, closure from closing order by closure""",
                        Object[].class)
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.toMap(
                            row -> (UUID) row[0],
                            row -> (UUID) row[1],
                            (first, another) -> first)));
  }

  @Override
  public Uni<Void> requireEmpty(Asset asset) {
    return asset.details().kind().equals(PREMISES)
        ? alone(asset.id())
            .chain(() -> Closure.left(asset.id()))
            .invoke(left -> left.requireNone(asset.id()))
            .replaceWithVoid()
        : Uni.createFrom().voidItem();
  }

  /** Whoever places something there has the key of this row shared: no lesser lock waits for it. */
  private static Uni<Void> alone(UUID premises) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("select id from asset where id = ?1 for update", UUID.class)
                    .setParameter(1, premises)
                    .getSingleResult())
        .replaceWithVoid();
  }

  /** A site closes once; a room of it may close before. */
  Uni<Void> requireNoClosure(Asset site) {
    return Closure.<Closure>find(
            "site = ?1 and stage <> ?2 order by id", site.id(), Closure.Stage.CANCELLED)
        .firstResult()
        .invoke(
            closure -> {
              if (closure != null) {
                throw Problem.conflict(
                    "already-exists",
                    "It closes or has closed: site-closure/" + closure.id() + ".");
              }
            })
        .replaceWithVoid();
  }
}
