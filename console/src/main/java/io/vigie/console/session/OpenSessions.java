package io.vigie.console.session;

import java.time.Clock;
import java.time.ZoneOffset;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;

/** Whether a session is still open: for answers that go on after the request was let in. */
@ApplicationScoped
public class OpenSessions {

  private final Pool database;
  private final Clock clock;

  OpenSessions(Pool database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** The name of the session that a cookie opens, which opens nothing; null where it is none. */
  public String id(String cookie) {
    SessionKey key = cookie == null ? null : SessionKey.of(cookie);
    return key == null ? null : key.id();
  }

  /** Whether it goes on under this name; with new tokens it gets a new one half a minute later. */
  public Uni<Boolean> isOpen(String id) {
    return database
        .preparedQuery("select from session where id = $1 and ends_at > $2")
        .execute(Tuple.of(id, clock.instant().atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.size() > 0);
  }
}
