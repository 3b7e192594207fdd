package io.vigie.kernel.outbox;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/** A fact as it goes into the table. */
record OutboxRow(
    UUID eventId,
    String type,
    String subject,
    String key,
    Long number,
    String payload,
    String actor,
    Instant at,
    String traceparent) {

  private static final String INSERT =
      """
      insert into outbox
        (event_id, type, subject, message_key, event_number, payload, actor, occurred_at, traceparent)
      """;

  Uni<Integer> insert(Mutiny.Session session) {
    return session
        .createNativeQuery(INSERT + "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .setParameter(1, eventId)
        .setParameter(2, type)
        .setParameter(3, subject)
        .setParameter(4, key)
        .setParameter(5, number)
        .setParameter(6, payload)
        .setParameter(7, actor)
        .setParameter(8, OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
        .setParameter(9, traceparent)
        .executeUpdate();
  }

  /** Inserts many in their order; {@code rows} is a JSON array of them. */
  static Uni<Integer> insert(Mutiny.Session session, String rows) {
    return session
        .createNativeQuery(
            INSERT
                + """
                select "eventId", type, subject, key, number, payload, actor, at, traceparent
                from rows from (json_to_recordset(cast(cast(?1 as text) as json)) as (
                  "eventId" uuid, type text, subject text, key text, number bigint, payload text,
                  actor text, at timestamptz, traceparent text)) with ordinality
                order by ordinality""")
        .setParameter(1, rows)
        .executeUpdate();
  }
}
