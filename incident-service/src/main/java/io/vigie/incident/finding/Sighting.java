package io.vigie.incident.finding;

import io.vigie.kernel.Sha256;

/**
 * One thing that a scan saw.
 *
 * @param place where, as people read it
 * @param key where, as it stays the same from scan to scan: without line numbers, where the tool
 *     gives fingerprints
 * @param message what the tool says of it, or null
 */
record Sighting(String rule, String place, String key, Severity severity, String message) {

  /** What of its texts is kept, in characters. */
  static final int LONGEST_PLACE = 1_000;

  static final int LONGEST_MESSAGE = 2_000;

  Sighting {
    place = cut(place, LONGEST_PLACE);
    message = message == null ? null : cut(message, LONGEST_MESSAGE);
  }

  /**
   * What tells a finding of this tool on one asset from others. No text that is read holds a NUL,
   * so that no two findings run into each other.
   */
  String fingerprint(String tool) {
    return Sha256.hex(String.join("\0", tool, rule, key));
  }

  /** The same thing, seen twice in one scan: the worse of both, whatever their order. */
  Sighting or(Sighting other) {
    return new Sighting(
        rule,
        place.compareTo(other.place) <= 0 ? place : other.place,
        key,
        severity.or(other.severity),
        message == null ? other.message : message);
  }

  /** The beginning of a text; half a character is none. */
  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }
}
