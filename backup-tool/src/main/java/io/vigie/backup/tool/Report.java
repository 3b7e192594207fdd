package io.vigie.backup.tool;

import java.time.Instant;
import java.util.Set;

/**
 * A run, a test of a restore, or copies that were deleted, as it is reported, and as it waits in
 * the spool.
 *
 * @param about what it is, below {@code /v1}
 * @param form of {@code output}; null where the run is told in the platform's own form alone
 * @param run in the platform's own form, a JSON object on one line
 * @param output what the tool wrote; empty without a form
 */
record Report(String about, String plan, Instant startedAt, Form form, String run, String output) {

  static final String RUN = "runs";
  static final String RESTORE_TEST = "restore-tests/reports";
  static final String PRUNING = "prunings";

  Report(String plan, Instant startedAt, Form form, String run, String output) {
    this(RUN, plan, startedAt, form, run, output);
  }

  /** As text of at least two lines; the rest is the tool's. */
  String text() {
    String what = about.equals(RUN) ? (form == null ? "" : " " + form) : " " + about;
    return plan + " " + startedAt + what + "\n" + run + "\n" + output;
  }

  /**
   * @throws RuntimeException when the text is no report
   */
  static Report parse(String text) {
    String[] lines = text.split("\n", 3);
    String[] head = lines[0].split(" ");
    boolean isNoRun = head.length > 2 && Set.of(RESTORE_TEST, PRUNING).contains(head[2]);
    return new Report(
        isNoRun ? head[2] : RUN,
        head[0],
        Instant.parse(head[1]),
        head.length > 2 && !isNoRun ? Form.named(head[2]) : null,
        lines[1],
        lines[2]);
  }
}
