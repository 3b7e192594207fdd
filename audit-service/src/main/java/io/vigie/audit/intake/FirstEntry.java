package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import io.vigie.audit.intake.Admission.NewEntry;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.search.Findable;
import io.vigie.kernel.DomainEvent;

/**
 * The entry that a log begins with when it succeeds another. The log makes it itself: no record of
 * a topic stands behind it, and its position says so.
 */
public final class FirstEntry {

  private static final Entry.Position POSITION = new Entry.Position("vigie.log.succession", 0, 0);

  private FirstEntry() {}

  /** Stores the event as entry 0, with its payload and its id, in the caller's transaction. */
  public static void insert(
      Connection connection,
      Payloads payloads,
      DomainEvent event,
      String subject,
      String actor,
      byte[] payload)
      throws SQLException {
    Instant now = event.at();
    Entry.Event attributes =
        new Entry.Event(
            event.aggregateId(),
            "/vigie/audit",
            event.type(),
            now.toString(),
            now,
            actor,
            subject,
            null,
            null,
            "urn:vigie:schema:" + event.type());
    Leaf leaf = Leaf.of(null, attributes, POSITION, "application/json", payload);
    NewEntry entry = new NewEntry(0, null, null, attributes, leaf, payload, null, Findable.NOTHING);
    EntryRows.insert(connection, List.of(entry), payloads, now);
  }
}
