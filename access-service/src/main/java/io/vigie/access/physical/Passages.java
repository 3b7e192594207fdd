package io.vigie.access.physical;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;

/**
 * Keeps what doors tell, each once by its source and sequence, and judges it as of when it was: the
 * badge must have been active, and its holder must have had a right on the zone. A badge that a
 * visitor wears gives the right of the visit, from arrival to the end of the plan.
 */
@ApplicationScoped
class Passages {

  /** One statement for all: there may be 20,000. */
  private static final String KEEP =
      """
      with told as (
        select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as t(
          id uuid, source text, sequence bigint, number text, door text, direction text,
          passed_at timestamptz, granted boolean)),
      known as (
        select t.*, d.zone_id, b.id as badge_id, b.person_id, v.id as visit_id,
          case
            when b.id is null and v.id is null then 'UNKNOWN_BADGE'
            when t.passed_at < b.issued_at or t.passed_at >= b.ended_at
              or t.passed_at >= v.left_at then 'NOT_ACTIVE'
            when b.id is not null and not exists
              (select from %s r where r.person_id = b.person_id and r.zone_id = d.zone_id
                 and r.since <= t.passed_at and (r.until is null or r.until > t.passed_at))
              then 'NO_RIGHT'
            when not d.zone_id = any (v.zones) or t.passed_at >= v.planned_until then 'NO_RIGHT'
          end as misuse
        from told t
        join physical_zone_door d on d.door = t.door
        left join badge b on lower(b.number) = lower(t.number)
        left join lateral
          (select * from visit
           where b.id is null and lower(visit.badge) = lower(t.number)
             and visit.arrived_at <= t.passed_at
           order by visit.arrived_at desc limit 1) v on true)
      insert into passage
        (id, source, sequence, number, door, zone_id, direction, passed_at, granted, badge_id,
         visit_id, person_id, misuse, taken_at)
      select id, source, sequence, number, door, zone_id, direction, passed_at, granted, badge_id,
        visit_id, person_id, misuse, ?2 from known
      on conflict (source, sequence) do nothing
      returning id, misuse, number, badge_id, visit_id, person_id, zone_id, door, direction,
        granted, passed_at"""
          .formatted(RightsOnZones.GRANTED);

  private final Outbox outbox;
  private final Actor actor;
  private final ObjectMapper json;
  private final Clock clock;

  Passages(Outbox outbox, Actor actor, ObjectMapper json, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.json = json;
    this.clock = clock;
  }

  /** What became of what was told. */
  record Kept(int fresh, int misused) {}

  /** Those of {@code doors} that lead nowhere. */
  Uni<Set<String>> unknown(Set<String> doors) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select told.door from unnest(cast(?1 as text[])) as told(door)
                        where not exists
                          (select from physical_zone_door d where d.door = told.door)""",
                        String.class)
                    .setParameter(1, doors.toArray(String[]::new))
                    .getResultList())
        .map(HashSet::new);
  }

  /** Keeps what is new of it, whose doors are known. */
  Uni<Kept> keep(List<Sighting> sightings) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(KEEP, Object[].class)
                    .setParameter(1, text(sightings))
                    .setParameter(2, clock.instant().atOffset(ZoneOffset.UTC))
                    .getResultList())
        .chain(
            rows -> {
              List<BadgeEvent.Misused> misused =
                  rows.stream().filter(row -> row[1] != null).map(this::misused).toList();
              return Multi.createFrom()
                  .iterable(misused)
                  .onItem()
                  .transformToUniAndConcatenate(this::publish)
                  .collect()
                  .last()
                  .replaceWith(new Kept(rows.size(), misused.size()));
            });
  }

  private Uni<Void> publish(BadgeEvent.Misused misused) {
    return outbox.appendFact("passage", misused.number(), actor.id(), misused);
  }

  private BadgeEvent.Misused misused(Object[] row) {
    return new BadgeEvent.Misused(
        (UUID) row[0],
        BadgeMisuse.valueOf((String) row[1]),
        (String) row[2],
        (UUID) row[3],
        (UUID) row[4],
        (UUID) row[5],
        (UUID) row[6],
        (String) row[7],
        PassageDirection.valueOf((String) row[8]),
        (Boolean) row[9],
        row[10] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[10],
        clock.instant());
  }

  private String text(List<Sighting> sightings) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Sighting told : sightings) {
      Map<String, Object> row = new HashMap<>();
      row.put("id", Ids.next());
      row.put("source", told.source());
      row.put("sequence", told.sequence());
      row.put("number", told.number());
      row.put("door", told.door());
      row.put("direction", told.direction());
      row.put("passed_at", told.passedAt());
      row.put("granted", told.granted());
      rows.add(row);
    }
    try {
      return json.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
