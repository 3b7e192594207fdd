package io.vigie.access.physical;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * Keys that their holder must hand in: they may not enter a zone that the key opens, or had a right
 * to a key to one of these when they got it, and have none any more (R6.3, R6.4).
 */
@ApplicationScoped
public class KeysToRecover {

  /** Somebody can get into a zone with such a key. */
  public record InHand(UUID person, UUID zone) {}

  /** Whether {@code k} is one, at the time {@code ?1}. */
  static final String IS_TO_RECOVER =
      """
      k.state = 'HANDED_OUT' and exists (select from unnest(k.zones) as zone where
        not exists (select from %1$s r where r.person_id = k.holder and r.zone_id = zone
          and r.since <= ?1 and (r.until is null or r.until > ?1))
        or exists (select from %2$s r where r.person_id = k.holder and r.zone_id = zone
            and r.until > k.changed_at and r.until <= ?1)
          and not exists (select from %2$s r where r.person_id = k.holder and r.zone_id = zone
            and r.since <= ?1 and (r.until is null or r.until > ?1)))"""
          .formatted(RightsOnZones.GRANTED, RightsOnZones.KEYS);

  private static final String IN_HAND =
      """
      select distinct k.holder, zone from physical_key k cross join unnest(k.zones) as zone
      where k.holder = any(cast(cast(?2 as text[]) as uuid[])) and %s"""
          .formatted(IS_TO_RECOVER);

  private final Clock clock;

  KeysToRecover(Clock clock) {
    this.clock = clock;
  }

  /** The zones that these people can get into with keys that they must hand in. */
  public Uni<Set<InHand>> of(Collection<UUID> people) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(IN_HAND, Object[].class)
                    .setParameter(1, clock.instant().atOffset(ZoneOffset.UTC))
                    .setParameter(2, people.stream().map(UUID::toString).toArray(String[]::new))
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .map(row -> new InHand((UUID) row[0], (UUID) row[1]))
                    .collect(Collectors.toSet()));
  }
}
