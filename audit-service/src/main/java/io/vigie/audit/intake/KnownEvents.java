package io.vigie.audit.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.audit.intake.Arrival.Sound;
import io.vigie.audit.intake.Entry.Position;
import io.vigie.audit.merkle.TreeHash;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;

/**
 * The events of a batch that are in the log already: whichever owns an id, and those that came
 * under the id of another.
 */
final class KnownEvents {

  /** No event is in the log. */
  static final KnownEvents NONE = new KnownEvents(Map.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Known(byte[] canonical, byte[] salt) {}

  private final Map<UUID, List<Known>> byId;

  private KnownEvents(Map<UUID, List<Known>> byId) {
    this.byId = byId;
  }

  static KnownEvents load(Connection connection, List<Arrival> arrivals, Payloads payloads)
      throws SQLException {
    List<Sound> events =
        arrivals.stream().filter(Sound.class::isInstance).map(Sound.class::cast).toList();
    Map<UUID, List<Known>> known = new HashMap<>();
    if (events.isEmpty()) {
      return new KnownEvents(known);
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            with asked as (select distinct * from unnest(?::uuid[], ?::bigint[]) as a (id, number)),
              found as (
                select i.id, i.index from asked join event_id i on i.id = asked.id
                union
                select e.event_id, e.index from asked join entry e
                  on e.event_id = asked.id and e.source_number = asked.number and e.alert = 'id-reused')
            select found.id, e.canonical, index, p.person, p.key, p.salt
            from found join entry e using (index) left join payload p using (index)""")) {
      select.setArray(
          1, connection.createArrayOf("uuid", events.stream().map(Sound::id).toArray()));
      select.setArray(
          2,
          connection.createArrayOf(
              "int8", events.stream().map(event -> event.event().sourceNumber()).toArray()));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          known
              .computeIfAbsent(rows.getObject(1, UUID.class), id -> new ArrayList<>())
              .add(new Known(rows.getBytes(2), salt(rows, payloads)));
        }
      }
    }
    return new KnownEvents(known);
  }

  private static byte[] salt(ResultSet row, Payloads payloads) throws SQLException {
    Kept kept = new Kept(row.getString(4), row.getObject(5, Integer.class), row.getBytes(6), null);
    return payloads.open(row.getLong(3), kept).salt();
  }

  boolean contains(UUID id) {
    return byId.containsKey(id);
  }

  /**
   * Whether a logged event of this id is the very same: were it logged in the same place with the
   * same salt, it would make the same entry.
   */
  boolean isRepeatedBy(Sound event, TreeHash hash) {
    return byId.getOrDefault(event.id(), List.of()).stream()
        .anyMatch(known -> isRepeated(known, event, hash));
  }

  private static boolean isRepeated(Known known, Sound event, TreeHash hash) {
    if (known.salt != null && known.salt.length != Leaf.SALT_BYTES) {
      return false; // changed since: what it makes of a payload may be another's commitment
    }
    JsonNode logged = read(known.canonical);
    Position position =
        new Position(
            logged.get("topic").textValue(),
            Integer.parseInt(logged.get("partition").textValue()),
            Long.parseLong(logged.get("offset").textValue()));
    Alert alert = logged.has("alert") ? Alert.of(logged.get("alert").textValue()) : null;
    byte[] commitment =
        known.salt == null
            ? Base64.getDecoder()
                .decode(
                    logged.get("commitment").textValue()) // erased: nothing left to compare with
            : hash.commitment(known.salt, event.payload());
    Entry again = new Entry(alert, event.event(), position, event.contentType(), commitment);
    return Arrays.equals(again.canonical(), known.canonical);
  }

  private static JsonNode read(byte[] canonical) {
    try {
      return JSON.readTree(canonical);
    } catch (IOException e) {
      throw new UncheckedIOException("a logged entry is no JSON any more: the log was changed", e);
    }
  }
}
