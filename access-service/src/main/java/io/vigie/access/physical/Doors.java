package io.vigie.access.physical;

import java.util.List;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/** Which zone a door leads into. */
final class Doors {

  private Doors() {}

  /** Makes these the zone's doors; 409 when one leads into another zone. */
  static Uni<Void> replace(UUID zone, List<String> doors) {
    return Panache.getSession()
        .call(
            session ->
                session
                    .createNativeQuery("delete from physical_zone_door where zone_id = ?1")
                    .setParameter(1, zone)
                    .executeUpdate())
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into physical_zone_door (door, zone_id)
                        select door, cast(?1 as uuid) from unnest(cast(?2 as text[])) as door""")
                    .setParameter(1, zone.toString())
                    .setParameter(2, doors.toArray(String[]::new))
                    .executeUpdate())
        .replaceWithVoid();
  }
}
