package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Whoever vouches for the log in public: asked before a batch is written, told after it was
 * committed.
 */
public interface Seal {

  /**
   * Makes sure that the log still extends what was published of it, as the first thing in the
   * transaction of a batch. Leaves the head's row locked, and the transaction such that the
   * database ends it once it is idle for 10 s.
   *
   * @throws RuntimeException when it does not: nothing may be appended, the records wait
   * @throws SQLException when the database is away
   */
  void requireUnbroken(Connection connection) throws SQLException;

  /** Says that a batch was committed. Never fails: what could not be done now is done later. */
  void logGrew();
}
