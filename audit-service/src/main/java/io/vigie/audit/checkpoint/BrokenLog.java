package io.vigie.audit.checkpoint;

/** The database does not hold the log that was published. The message says so to an operator. */
final class BrokenLog extends RuntimeException {

  BrokenLog(String what) {
    super(
        what
            + " Nothing is appended nor signed until a database that holds the published log is restored.");
  }
}
