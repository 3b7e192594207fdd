package io.vigie.audit.verification;

import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.audit.payload.PersonKeys.KeyId;

/**
 * Whether a payload that nobody can open was erased, or hidden. What was erased, the log tells: an
 * entry says that it was ordered, of whom, and another how many payloads the destroyed keys had
 * sealed. A key that no such order names was destroyed by somebody else; and when more payloads
 * than were counted stand under those that were, some were put there. Memory: the keys destroyed.
 */
final class DestroyedKeys {

  /** The keys of each erasure, and the payload of the entry of this type that the log has of it. */
  private static final String TOLD =
      """
      select x.id, x.people, x.key_numbers, p.body from erasure x
      join entry e on e.subject = 'erasure/' || x.id and e.source = '/vigie/audit' and e.alert is null and e.type = ?
      join payload p on p.index = e.index and p.key is null""";

  private static final String ON_ITS_WAY =
      """
      select exists (select from erasure x, unnest(x.people, x.key_numbers) k (person, number)
        where k.person = ? and k.number = ? and x.ordered_at between ? and ?)""";
  private static final String SEALED =
      """
      select count(*) from unnest(?, ?) k (person, number)
      join payload p on p.person = k.person and p.key = k.number""";

  /** For so long an order may be on its way into the log: its keys are destroyed at once. */
  private static final Duration ON_THE_WAY = Duration.ofMinutes(1);

  private final Connection database;
  private final ObjectMapper json;
  private final Clock clock;
  private final Set<KeyId> ordered = new HashSet<>();

  /** Takes a connection that sees what is committed, now and later. */
  DestroyedKeys(Connection database, ObjectMapper json, Clock clock) throws SQLException {
    this.database = database;
    this.json = json;
    this.clock = clock;
    load();
  }

  /**
   * Whether the log says that this key was to be destroyed. Waits for an order that was given a
   * moment ago to get there.
   */
  boolean isOrdered(KeyId key) throws SQLException {
    for (long left = ON_THE_WAY.toSeconds(); !ordered.contains(key); left--) {
      load();
      if (ordered.contains(key)) {
        return true;
      }
      if (left == 0 || !isOnItsWay(key)) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the verification was interrupted", e);
    }
  }

  private void load() throws SQLException {
    try (PreparedStatement select = database.prepareStatement(TOLD)) {
      select.setString(1, "audit.erasure-ordered.v1");
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          JsonNode order = told(row);
          Set<String> ids = new HashSet<>();
          order.path("ids").forEach(id -> ids.add(id.asText()));
          String[] people = (String[]) row.getArray(2).getArray();
          Integer[] numbers = (Integer[]) row.getArray(3).getArray();
          for (int i = 0; i < Math.min(people.length, numbers.length); i++) {
            if (ids.contains(people[i]) && numbers[i] != null) {
              ordered.add(new KeyId(people[i], numbers[i]));
            }
          }
        }
      }
    }
  }

  /** What the entry says; nothing where it is about another erasure, or was changed. */
  private JsonNode told(ResultSet row) throws SQLException {
    try {
      JsonNode told = json.readTree(row.getBytes(4));
      return row.getString(1).equals(told.path("aggregateId").asText()) ? told : json.missingNode();
    } catch (IOException e) {
      return json.missingNode(); // it does not match its commitment: that is found elsewhere
    }
  }

  private boolean isOnItsWay(KeyId key) throws SQLException {
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    try (PreparedStatement select = database.prepareStatement(ON_ITS_WAY)) {
      select.setString(1, key.person());
      select.setInt(2, key.number());
      select.setObject(3, now.minus(ON_THE_WAY));
      select.setObject(4, now);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /**
   * An erasure under whose keys more payloads stand than were counted when it was carried out, in
   * words; null where there is none.
   *
   * @param snapshot what is verified
   */
  String overfull(Connection snapshot) throws SQLException {
    try (PreparedStatement select = snapshot.prepareStatement(TOLD)) {
      select.setString(1, "audit.payload-erased.v1");
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          JsonNode counted = told(row).path("payloads");
          long sealed = sealed(snapshot, row.getArray(2), row.getArray(3));
          if (counted.isIntegralNumber() && sealed > counted.longValue()) {
            return "erasure %s made %d payloads unreadable, now %d are under its keys"
                .formatted(row.getString(1), counted.longValue(), sealed);
          }
        }
      }
    }
    return null;
  }

  private static long sealed(Connection snapshot, Array people, Array numbers) throws SQLException {
    try (PreparedStatement select = snapshot.prepareStatement(SEALED)) {
      select.setArray(1, people);
      select.setArray(2, numbers);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
