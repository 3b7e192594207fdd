package io.vigie.audit.intake;

import java.util.Locale;

/** What the log can find wrong with a record. Such a record is logged all the same, and says so. */
enum Alert {
  /**
   * No CloudEvent, or one that breaks its contract or lies about its source: kept byte for byte,
   * not understood.
   */
  UNRECOGNISED,
  /** Another event with the same id and other content is in the log already. */
  ID_REUSED,
  /** Another event of the same source with the same source number is in the log already. */
  NUMBER_REUSED;

  /** As it stands in entries, queries and metrics. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads back what {@link #text()} wrote. */
  static Alert of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
