package io.vigie.kernel;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.stream.Stream;

import io.smallrye.mutiny.CompositeException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;

/** Tells "the database cannot right now" from every other failure. */
public final class DatabaseAway {

  private static final String CANCELLED = "57014";

  private DatabaseAway() {}

  /**
   * Whether {@code failure}, or what caused it, is one that passes when the database is back, or
   * when another transaction is over that it met. Of several failures one is enough: where a
   * transaction could not be rolled back for that, whatever ended it may be said again.
   */
  public static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CompositeException several) {
        return several.getCauses().stream().anyMatch(DatabaseAway::is);
      }
      if (cause instanceof PgException pg) {
        return pg.getSqlState() == null || isAway(pg.getSqlState());
      }
      if (cause instanceof SQLException sql) {
        return sql.getSQLState() != null && isAway(sql.getSQLState());
      }
      if (cause instanceof SocketException
          || cause instanceof ClosedChannelException
          || cause instanceof io.vertx.core.VertxException
          || cause instanceof org.hibernate.exception.JDBCConnectionException
          || isReset(cause)
          || isGone(cause)) {
        return true;
      }
      if (cause.getCause() == cause) {
        return false;
      }
    }
    return false;
  }

  /** A connection that was reset while something came or went by it: it has no class of its own. */
  private static boolean isReset(Throwable failure) {
    String message = failure.getMessage();
    return failure.getClass() == IOException.class
        && message != null
        && (message.startsWith("Connection reset") || message.startsWith("Broken pipe"));
  }

  /**
   * What the client says of a connection that it lost before, which has no class of its own either.
   */
  private static boolean isGone(Throwable failure) {
    String message = failure.getMessage();
    return failure instanceof NoStackTraceThrowable
        && message != null
        && (message.startsWith("Connection is not active")
            || message.startsWith("Pending requests failed to be sent"));
  }

  /**
   * PostgreSQL, appendix A: the connection broke (class 08), it has no room for us (53), it is a
   * standby (25006), it stops, starts or crashed (57P0x); or it undid this transaction for the sake
   * of another (40001, and 40P01, a deadlock), which it waited for too long (55P03) or which waited
   * too long for what is next (25P03).
   */
  private static boolean isAway(String state) {
    return Stream.of("08", "53", "25006", "25P03", "57P0", "40001", "40P01", "55P03")
        .anyMatch(state::startsWith);
  }

  /**
   * Whether the database gave a statement up for the time that it took (57014). That passes where
   * the database was slow, and never where the statement is: who repeats it stops at some point.
   */
  public static boolean gaveUp(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException pg) {
        return CANCELLED.equals(pg.getSqlState());
      }
      if (cause instanceof SQLException sql) {
        return CANCELLED.equals(sql.getSQLState());
      }
      if (cause.getCause() == cause) {
        return false;
      }
    }
    return false;
  }
}
