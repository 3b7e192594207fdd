package io.vigie.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Rows of an outbox as a service writes them: facts about many objects in turn, the events of each
 * numbered from 1, with a payload of {@value #PAYLOAD} bytes.
 */
final class Facts {

  static final int PAYLOAD = 300;

  private static final int OBJECTS = 5_000;
  private static final int A_TRANSACTION = 1_000;

  private static final String FRAME =
      """
      {"aggregateId":"%s","kind":"SERVER","production":true,"at":"2026-01-02T03:04:05Z",\
      "changes":{"name":"%s","kind":"SERVER","production":true,"state":"IN_STOCK"}}""";

  private static final String INSERT =
      """
      insert into outbox
        (event_id, type, subject, message_key, event_number, payload, actor, occurred_at)
      select gen_random_uuid(), 'asset.registered.v1', 'asset/' || key, key, number,
        format(?, key, ?::text), '11111111-2222-3333-4444-555555555555', now()
      from generate_series(?, ?) i,
        lateral (select md5(? || i % ?)::uuid::text as key, i / ? + 1 as number) object
      order by i""";

  private Facts() {}

  /** The payload of one fact about an object. */
  static String payload(String object) {
    return FRAME.formatted(object, filling());
  }

  /** Inserts that many rows, a thousand a transaction, about objects that were never there. */
  static void insert(Connection outbox, int count) throws SQLException {
    String batch = UUID.randomUUID().toString();
    try (PreparedStatement insert = outbox.prepareStatement(INSERT)) {
      for (int first = 0; first < count; first += A_TRANSACTION) {
        insert.setString(1, FRAME);
        insert.setString(2, filling());
        insert.setInt(3, first);
        insert.setInt(4, Math.min(first + A_TRANSACTION, count) - 1);
        insert.setString(5, batch);
        insert.setInt(6, OBJECTS);
        insert.setInt(7, OBJECTS);
        insert.executeUpdate();
      }
    }
  }

  private static String filling() {
    return "x".repeat(PAYLOAD - FRAME.length() + 4 - 36);
  }
}
