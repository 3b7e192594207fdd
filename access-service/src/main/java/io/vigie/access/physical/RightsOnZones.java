package io.vigie.access.physical;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.EntitlementType;

/** Rights whose asset is a zone. */
@ApplicationScoped
class RightsOnZones implements ZoneRights {

  private static final String OF_TYPE =
      """
      (select r.person_id, r.asset_id as zone_id, r.decided_at as since,
         least(r.valid_until, r.revoked_at, r.suspended_at) as until
       from access_right r join entitlement e on e.id = r.entitlement_id and e.type = '%s'
       where r.state in ('APPROVED', 'SUSPENDED', 'REVOKED', 'EXPIRED') and r.decided_at is not null)
      """;

  /**
   * Rights to enter as rows (person_id, zone_id, since, until), ended ones included; until is null
   * where a right has no end yet.
   */
  static final String GRANTED = OF_TYPE.formatted(EntitlementType.PHYSICAL_ZONE);

  /** The same of rights to have a key. */
  static final String KEYS = OF_TYPE.formatted(EntitlementType.KEY);

  /** The same of rights to have a badge, on whatever asset they are. */
  static final String BADGES = OF_TYPE.formatted(EntitlementType.BADGE);

  private static final String HELD =
      """
      select exists (select from %s r where r.person_id = ?1 and r.zone_id = ?2
        and r.since <= ?3 and (r.until is null or r.until > ?3))"""
          .formatted(GRANTED);

  private final Clock clock;

  RightsOnZones(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Uni<Boolean> mayEnter(UUID person, UUID zone) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(HELD, Boolean.class)
                    .setParameter(1, person)
                    .setParameter(2, zone)
                    .setParameter(3, clock.instant().atOffset(ZoneOffset.UTC))
                    .getSingleResult());
  }
}
