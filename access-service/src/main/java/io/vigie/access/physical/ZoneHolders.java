package io.vigie.access.physical;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Who can get into a zone: by right, by badge, by key (R6.3). */
@ApplicationScoped
class ZoneHolders {

  /**
   * Somebody who may enter a zone, or could.
   *
   * @param entitled whether they have a right on the zone now
   * @param badge the badge of theirs that opens doors, or null
   * @param keys how many keys to the zone they have in hand
   */
  @Schema(name = "PhysicalZoneHolder")
  record Holder(UUID person, boolean entitled, UUID badge, int keys) {}

  private static final String HOLDERS =
      """
      select h.person_id, bool_or(h.entitled), b.id, sum(h.keys) from
        (select r.person_id, true as entitled, 0 as keys from %s r
         where r.zone_id = ?1 and r.since <= ?2 and (r.until is null or r.until > ?2)
         union all
         select k.holder, false, 1 from physical_key k
         where k.state = 'HANDED_OUT' and k.zones @> array[cast(?1 as uuid)]) h
      left join badge b on b.person_id = h.person_id and b.state = 'ACTIVE'
      where h.person_id > ?3
      group by h.person_id, b.id order by h.person_id"""
          .formatted(RightsOnZones.GRANTED);

  private final Clock clock;

  ZoneHolders(Clock clock) {
    this.clock = clock;
  }

  /**
   * The first {@code limit} by the id of the person, behind {@code after} (null: from the first).
   */
  Uni<List<Holder>> of(UUID zone, UUID after, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(HOLDERS, Object[].class)
                    .setParameter(1, zone)
                    .setParameter(2, clock.instant().atOffset(ZoneOffset.UTC))
                    .setParameter(3, after == null ? new UUID(0, 0) : after)
                    .setMaxResults(limit)
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Holder(
                                (UUID) row[0],
                                (Boolean) row[1],
                                (UUID) row[2],
                                ((Number) row[3]).intValue()))
                    .toList());
  }
}
