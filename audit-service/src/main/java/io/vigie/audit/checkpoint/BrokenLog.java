package io.vigie.audit.checkpoint;

/**
 * The database does not hold the log that was published. The message says so to an operator, and
 * what to do.
 */
final class BrokenLog extends RuntimeException {

  BrokenLog(String what) {
    this(
        what,
        "Restore a database that holds the published log;"
            + " if there is none, begin a new log: ./vigie log succeed");
  }

  /**
   * @param remedy what to do where a new log is none
   */
  BrokenLog(String what, String remedy) {
    super(what + " Nothing is appended nor signed. " + remedy);
  }
}
