package io.vigie.backup.tool;

import java.time.Instant;

/**
 * A run as it is reported, and as it waits in the spool.
 *
 * @param form of {@code output}; null where the run is told in the platform's own form alone
 * @param run in the platform's own form, a JSON object on one line
 * @param output what the tool wrote; empty without a form
 */
record Report(String plan, Instant startedAt, Form form, String run, String output) {

  /** As text of at least two lines; the rest is the tool's. */
  String text() {
    return plan + " " + startedAt + (form == null ? "" : " " + form) + "\n" + run + "\n" + output;
  }

  /**
   * @throws RuntimeException when the text is no report
   */
  static Report parse(String text) {
    String[] lines = text.split("\n", 3);
    String[] head = lines[0].split(" ");
    return new Report(
        head[0],
        Instant.parse(head[1]),
        head.length > 2 ? Form.named(head[2]) : null,
        lines[1],
        lines[2]);
  }
}
