package io.vigie.audit.intake;

import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Supplier;

import io.vigie.audit.intake.Entry.Event;
import io.vigie.audit.intake.Entry.Position;
import io.vigie.audit.payload.DataSubjects.Person;
import io.vigie.audit.search.Findable;

/** A record of a topic, and what it turned out to be. */
sealed interface Arrival {

  Position position();

  /**
   * An event that keeps its contract.
   *
   * @param person whom it is about, null where that is nobody
   * @param found what searches find it by, beside its metadata
   * @param leaf what the log says of it, should it be logged without an alert
   * @param whole the record as it came, put together when asked for
   */
  record Sound(
      Position position,
      UUID id,
      Event event,
      String contentType,
      byte[] payload,
      Person person,
      Findable found,
      Leaf leaf,
      Supplier<byte[]> whole)
      implements Arrival {

    /** Whether it says exactly what {@code other} says, wherever the two stood. */
    boolean repeats(Sound other) {
      return event.equals(other.event)
          && contentType.equals(other.contentType)
          && Arrays.equals(payload, other.payload);
    }
  }

  /**
   * A source's word on how many events it has sent. Checked, not logged.
   *
   * @param sentUntil all that it committed before is among them; null where it does not say
   */
  record Heartbeat(Position position, String source, long lastNumber, Instant sentUntil)
      implements Arrival {}

  /** Anything else: the whole record, to be kept as it came, and why it was not understood. */
  record Unrecognised(Position position, String reason, byte[] raw) implements Arrival {}
}
