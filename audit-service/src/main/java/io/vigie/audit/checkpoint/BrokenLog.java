package io.vigie.audit.checkpoint;

/**
 * The database does not hold the log that was published. The message says so to an operator, and
 * what to do.
 */
final class BrokenLog extends RuntimeException {

  BrokenLog(String what) {
    super(
        what
            + " Nothing is appended nor signed. Restore a database that holds the published log;"
            + " if there is none, begin a new log: ./vigie log succeed");
  }
}
