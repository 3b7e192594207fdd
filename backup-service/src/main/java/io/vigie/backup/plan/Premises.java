package io.vigie.backup.plan;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * Where assets of the kind PREMISES are: a room is in a datacenter.
 *
 * @param outermost of each site the premises that hold it and are in no others; none of a site that
 *     is not known here as premises at hand, or is inside of such
 */
record Premises(Map<UUID, UUID> outermost) {

  /** Those around these sites. Premises that say that they are in themselves are in no others. */
  static Uni<Premises> around(Collection<UUID> sites) {
    if (sites.isEmpty()) {
      return Uni.createFrom().item(new Premises(Map.of()));
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with recursive known (id, inside) as not materialized (
                          select id, site from asset_coverage
                          where asset_kind = 'PREMISES'
                            and (asset_state like 'IN~_%' escape '~' or asset_state = 'ORDERED')
                        ), around (site, id, inside) as (
                          select id, id, inside from known
                          where id = any(cast(cast(?1 as text[]) as uuid[]))
                          union
                          select around.site, known.id, known.inside
                          from around join known on known.id = around.inside
                        )
                        select site, id from around where inside is null or inside = id""",
                        Object[].class)
                    .setParameter(1, sites.stream().map(UUID::toString).toArray(String[]::new))
                    .getResultList())
        .map(
            rows ->
                new Premises(
                    rows.stream()
                        .collect(Collectors.toMap(row -> (UUID) row[0], row -> (UUID) row[1]))));
  }

  /** Whether both are known, and nothing holds the two of them. Either may be null. */
  boolean areApart(UUID one, UUID other) {
    if (one == null || other == null) {
      return false;
    }
    UUID around = outermost.get(one);
    UUID otherAround = outermost.get(other);
    return around != null && otherAround != null && !around.equals(otherAround);
  }
}
