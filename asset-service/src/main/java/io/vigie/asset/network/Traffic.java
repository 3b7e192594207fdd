package io.vigie.asset.network;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;

/**
 * What tools have seen. Addresses become zones and assets; what is seen again and again is one row,
 * and {@link Findings} judges it.
 */
@ApplicationScoped
class Traffic {

  /** One line of a report. */
  record Sighting(
      String source,
      String destination,
      Flow.Protocol protocol,
      int port,
      Instant firstSeen,
      Instant lastSeen,
      long count) {}

  /**
   * Where an address is; no zone where it is nobody's, as those of a group or of one machine alone.
   *
   * @param databases the ports of the databases there, 0 for one that does not say its port
   */
  record Place(UUID zone, String purpose, UUID asset, Set<Integer> databases) {

    private static Place of(Object[] row) {
      String ports = (String) row[4];
      return new Place(
          (UUID) row[1],
          (String) row[2],
          (UUID) row[3],
          ports == null
              ? Set.of()
              : Stream.of(ports.split(",")).map(Integer::valueOf).collect(Collectors.toSet()));
    }

    boolean isUnknown() {
      return zone == null || NetworkRules.UNKNOWN.equals(purpose);
    }

    /** Whether a database listens at this port, or at one that nobody knows. */
    boolean hasDatabaseAt(int port) {
      return databases.contains(port) || databases.contains(0);
    }
  }

  /**
   * What a report came to.
   *
   * @param unresolved the lines with an address that no zone declares and the internet has not
   * @param opened the findings that it began
   * @param widened those that it added ports to
   */
  record Taken(int lines, int unresolved, int flows, List<UUID> opened, List<UUID> widened) {}

  record Seen(Place from, Place to, Instant first, Instant last, long count) {
    Seen and(Seen other) {
      return new Seen(
          from,
          to,
          first.isBefore(other.first) ? first : other.first,
          last.isAfter(other.last) ? last : other.last,
          count + other.count);
    }
  }

  private final Findings findings;
  private final NetworkRules rules;
  private final Outbox outbox;
  private final ObjectMapper json;
  private final Clock clock;

  Traffic(Findings findings, NetworkRules rules, Outbox outbox, ObjectMapper json, Clock clock) {
    this.findings = findings;
    this.rules = rules;
    this.outbox = outbox;
    this.json = json;
    this.clock = clock;
  }

  Uni<Taken> take(List<Sighting> sightings) {
    Set<String> addresses = new TreeSet<>();
    sightings.forEach(
        sighting -> {
          addresses.add(sighting.source());
          addresses.add(sighting.destination());
        });
    return Findings.alone()
        .chain(() -> places(addresses))
        .chain(
            places -> {
              Map<Observed, Seen> seen = new HashMap<>();
              int unresolved = 0;
              for (Sighting sighting : sightings) {
                Place from = places.get(sighting.source());
                Place to = places.get(sighting.destination());
                if (from.isUnknown() || to.isUnknown()) {
                  unresolved++;
                }
                if (from.zone() != null
                    && to.zone() != null
                    && !Objects.equals(from.zone(), to.zone())) {
                  seen.merge(
                      new Observed(
                          new Way(from.zone(), to.zone(), to.asset(), sighting.protocol()),
                          sighting.port()),
                      new Seen(
                          from, to, sighting.firstSeen(), sighting.lastSeen(), sighting.count()),
                      Seen::and);
                }
              }
              int unknown = unresolved;
              return keep(seen)
                  .chain(() -> findings.judge(seen))
                  .map(
                      found ->
                          new Taken(
                              sightings.size(),
                              unknown,
                              seen.size(),
                              found.opened(),
                              found.widened()));
            });
  }

  /**
   * The longest range counts. A public address in none is of the internet, a private one of the
   * unknown networks, whether somebody declared a zone for these or not.
   */
  private Uni<Map<String, Place>> places(Set<String> addresses) {
    return rows(addresses)
        .chain(
            rows -> {
              Set<String> lacking = new TreeSet<>();
              for (Object[] row : rows) {
                if (row[1] == null && row[5] != null) {
                  lacking.add((String) row[5]);
                }
              }
              return lacking.isEmpty()
                  ? Uni.createFrom().item(rows)
                  : declare(lacking).chain(() -> rows(addresses));
            })
        .map(
            rows -> {
              Map<String, Place> places = new HashMap<>();
              for (Object[] row : rows) {
                places.put((String) row[0], Place.of(row));
              }
              return places;
            });
  }

  /**
   * Address, its zone with the purpose, the asset, the ports of databases, and what it is without a
   * range.
   */
  private static Uni<List<Object[]>> rows(Set<String> addresses) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select a.address, z.id, z.purpose, s.id, d.ports, u.purpose as otherwise
                        from unnest(cast(?1 as text[])) a(address)
                        cross join lateral
                          (select case
                             when cast(a.address as inet) <<= any (
                               '{0.0.0.0/8,127.0.0.0/8,169.254.0.0/16,224.0.0.0/3,::/127,fe80::/10,ff00::/8}'::cidr[])
                               then null
                             when cast(a.address as inet) <<= any (
                               '{10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7}'::cidr[])
                               then 'UNKNOWN'
                             else 'INTERNET'
                           end as purpose) u
                        left join lateral
                          (select zone_id from zone_range r where r.range >>= cast(a.address as inet)
                           order by masklen(r.range) desc limit 1) r on true
                        left join lateral
                          (select zone.id, zone.purpose from zone
                           where zone.id = r.zone_id or r.zone_id is null and not zone.retired
                             and zone.purpose = u.purpose
                           order by zone.id limit 1) z on true
                        left join lateral
                          (select asset.id from asset
                           where cast(attributes as jsonb) ->> 'ipAddress' = a.address
                             and state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED')
                           order by asset.id limit 1) s on true
                        left join lateral
                          (select string_agg(distinct
                             coalesce(cast(attributes as jsonb) ->> 'port', '0'), ',') as ports
                           from asset
                           where cast(attributes as jsonb) ->> 'ipAddress' = a.address
                             and asset.kind = 'DATABASE'
                             and state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED')
                           ) d on true""",
                        Object[].class)
                    .setParameter(1, addresses.toArray(String[]::new))
                    .getResultList());
  }

  /** A zone without ranges for each: what is in no range is in it. */
  private Uni<Void> declare(Set<String> purposes) {
    return Multi.createFrom()
        .iterable(purposes)
        .onItem()
        .transformToUniAndConcatenate(
            purpose -> {
              String title = rules.title(purpose);
              return Zone.count("lower(name) = lower(?1) and retired = false", title)
                  .map(
                      taken ->
                          new Zone(
                              taken == 0 ? title : title + " " + Ids.next(),
                              purpose,
                              null,
                              List.of(),
                              clock.instant()))
                  .call(zone -> outbox.append(zone, zone.declared()));
            })
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> keep(Map<Observed, Seen> seen) {
    List<Map<String, Object>> rows = new ArrayList<>();
    seen.forEach(
        (flow, times) -> {
          Map<String, Object> row = new HashMap<>();
          row.put("from_zone", flow.way().fromZone());
          row.put("to_zone", flow.way().toZone());
          row.put("to_asset", flow.way().toAsset());
          row.put("protocol", flow.way().protocol());
          row.put("port", flow.port());
          row.put("first_seen", times.first());
          row.put("last_seen", times.last());
          row.put("count", times.count());
          rows.add(row);
        });
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into observed_flow as o
                          (from_zone, to_zone, to_asset, protocol, port, first_seen, last_seen, count)
                        select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as n(
                          from_zone uuid, to_zone uuid, to_asset uuid, protocol text, port int,
                          first_seen timestamptz, last_seen timestamptz, count bigint)
                        on conflict (from_zone, to_zone, to_asset, protocol, port) do update set
                          first_seen = least(o.first_seen, excluded.first_seen),
                          last_seen = greatest(o.last_seen, excluded.last_seen),
                          count = o.count + excluded.count""")
                    .setParameter(1, text(rows))
                    .executeUpdate())
        .replaceWithVoid();
  }

  private String text(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
