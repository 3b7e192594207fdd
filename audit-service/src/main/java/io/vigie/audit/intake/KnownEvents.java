package io.vigie.audit.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

/** The events of a batch that are in the log already. */
final class KnownEvents {

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Known(byte[] canonical, byte[] salt) {}

  private final Map<UUID, Known> byId;

  private KnownEvents(Map<UUID, Known> byId) {
    this.byId = byId;
  }

  static KnownEvents load(Connection connection, List<Arrival> arrivals) throws SQLException {
    UUID[] ids =
        arrivals.stream()
            .filter(Sound.class::isInstance)
            .map(event -> ((Sound) event).id())
            .toArray(UUID[]::new);
    Map<UUID, Known> known = new HashMap<>();
    if (ids.length == 0) {
      return new KnownEvents(known);
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select i.id, e.canonical, p.salt
            from unnest(?::uuid[]) asked join event_id i on i.id = asked
              join entry e on e.index = i.index left join payload p on p.index = i.index""")) {
      select.setArray(1, connection.createArrayOf("uuid", ids));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          known.put(rows.getObject(1, UUID.class), new Known(rows.getBytes(2), rows.getBytes(3)));
        }
      }
    }
    return new KnownEvents(known);
  }

  boolean contains(UUID id) {
    return byId.containsKey(id);
  }

  /**
   * Whether the logged event of this id is the very same: were it logged in the same place with the
   * same salt, it would make the same entry.
   */
  boolean isRepeatedBy(Sound event, TreeHash hash) {
    Known known = byId.get(event.id());
    if (known == null) {
      return false;
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
