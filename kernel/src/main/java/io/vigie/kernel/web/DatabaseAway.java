package io.vigie.kernel.web;

import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;

import io.vertx.pgclient.PgException;

/** Tells "the database is not there right now" from every other failure. */
final class DatabaseAway {

  /** Shutdown, crash, still starting, too many connections (PostgreSQL, appendix A). */
  private static final Set<String> STATES = Set.of("57P01", "57P02", "57P03", "53300");

  private DatabaseAway() {}

  static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException pg) {
        return pg.getSqlState() == null || STATES.contains(pg.getSqlState());
      }
      if (cause instanceof SocketException
          || cause instanceof ClosedChannelException
          || cause instanceof io.vertx.core.VertxException
          || cause instanceof org.hibernate.exception.JDBCConnectionException) {
        return true;
      }
      if (cause.getCause() == cause) {
        return false;
      }
    }
    return false;
  }
}
