package io.vigie.verifier;

/** What a person reads. */
final class Terminal {

  private static final int MAX_QUOTED = 100;

  private Terminal() {}

  /** Foreign text for a person to read: short, and without anything a terminal would obey. */
  static String quoted(String foreign) {
    if (foreign == null) {
      return "none";
    }
    String printable = printable(foreign);
    return '"'
        + (printable.length() > MAX_QUOTED ? printable.substring(0, MAX_QUOTED) + "…" : printable)
        + '"';
  }

  /** Foreign text in full, without anything a terminal would obey. */
  static String printable(String foreign) {
    return foreign == null ? "none" : foreign.replaceAll("\\p{C}", "?");
  }
}
