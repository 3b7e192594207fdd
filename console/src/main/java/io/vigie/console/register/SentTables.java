package io.vigie.console.register;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;

/**
 * The last table that each person sent to each register, and what became of it. It is in the
 * database, so that each console shows it and none forgets it; the table itself only until the
 * service took or refused it. All of it is deleted after half a day: services keep keys for a day.
 */
@ApplicationScoped
class SentTables {

  enum State {
    UNDER_WAY,
    /** Who waited for the service's answer is gone. */
    INTERRUPTED,
    /** The service did not answer, or was not done with it. */
    UNANSWERED,
    /** What was well when it was looked at is refused now, and nothing was taken. */
    CHANGED,
    REFUSED,
    TAKEN
  }

  /**
   * @param state never {@code INTERRUPTED} in the database: time alone makes it so
   * @param until when it is deleted
   * @param came what the service said of it; null where it said nothing yet
   */
  record Sent(String key, State state, Instant at, Instant until, String came) {}

  /**
   * What is sent to the service.
   *
   * @param key sent twice under it, the table is taken once
   * @param leaveOut whether what is refused is left out; otherwise it keeps all out
   * @param content in Base64
   */
  record Table(String key, boolean leaveOut, String content) {}

  private static final String TABLE =
      """
      create table if not exists sent_table (
        account text not null, register text not null, key text not null, leave_out boolean not null,
        content text, state text not null, sent_at timestamptz not null, kept_until timestamptz not null,
        came text, primary key (account, register))""";

  /** Longer than a request for it is waited for. */
  private static final String IS_LATE =
      "sent_table.state = 'UNDER_WAY' and sent_table.sent_at < now() - interval '150 seconds'";

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration DELETED_EACH = Duration.ofMinutes(10);

  private static final Logger LOG = Logger.getLogger(SentTables.class);

  private final Pool database;

  SentTables(Pool database) {
    this.database = database;
  }

  void makeTable(@Observes StartupEvent start) {
    database.query(TABLE).execute().await().atMost(PATIENCE);
    Multi.createFrom()
        .ticks()
        .every(DELETED_EACH)
        .onOverflow()
        .drop()
        .onItem()
        .transformToUniAndConcatenate(tick -> deleteOld())
        .subscribe()
        .with(done -> {});
  }

  private Uni<Void> deleteOld() {
    return database
        .query("delete from sent_table where kept_until < now()")
        .execute()
        .replaceWithVoid()
        .onFailure()
        .invoke(failure -> LOG.warnf("old tables are not deleted: %s", failure))
        .onFailure()
        .recoverWithNull();
  }

  /** Null where there is none. */
  Uni<Sent> last(String account, String register) {
    return database
        .preparedQuery(
            """
            select key, case when %s then 'INTERRUPTED' else state end as state, sent_at, kept_until, came
            from sent_table where account = $1 and register = $2 and kept_until > now()"""
                .formatted(IS_LATE))
        .execute(Tuple.of(account, register))
        .map(rows -> rows.size() == 0 ? null : sent(rows.iterator().next()));
  }

  private static Sent sent(Row row) {
    return new Sent(
        row.getString("key"),
        State.valueOf(row.getString("state")),
        instant(row, "sent_at"),
        instant(row, "kept_until"),
        row.getString("came"));
  }

  private static Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time.toInstant();
  }

  /**
   * Keeps a table that is to be sent, in place of the one before.
   *
   * @return whether it is to be sent: not while one is under way, nor where this one was taken
   */
  Uni<Boolean> begin(String account, String register, Table table) {
    return database
        .preparedQuery(
            """
            insert into sent_table (account, register, key, leave_out, content, state, sent_at, kept_until)
            values ($1, $2, $3, $4, $5, 'UNDER_WAY', now(), now() + interval '12 hours')
            on conflict (account, register) do update set
              key = excluded.key, leave_out = excluded.leave_out, content = excluded.content, state = excluded.state,
              sent_at = excluded.sent_at, kept_until = excluded.kept_until, came = null
            where (sent_table.state <> 'UNDER_WAY' or %s)
              and not (sent_table.state = 'TAKEN' and sent_table.key = excluded.key)"""
                .formatted(IS_LATE))
        .execute(Tuple.of(account, register, table.key(), table.leaveOut(), table.content()))
        .map(rows -> rows.rowCount() > 0);
  }

  /** The table of which nobody can say whether it was taken, to be sent again; null for none. */
  Uni<Table> again(String account, String register) {
    return database
        .preparedQuery(
            """
            update sent_table set state = 'UNDER_WAY', sent_at = now()
            where account = $1 and register = $2 and kept_until > now() and (state = 'UNANSWERED' or %s)
            returning key, leave_out, content"""
                .formatted(IS_LATE))
        .execute(Tuple.of(account, register))
        .map(SentTables::table);
  }

  /** The table of which rows are refused since it was looked at, in Base64; null for none. */
  Uni<Table> changed(String account, String register) {
    return database
        .preparedQuery(
            """
            select key, leave_out, content from sent_table
            where account = $1 and register = $2 and kept_until > now() and state = 'CHANGED'""")
        .execute(Tuple.of(account, register))
        .map(SentTables::table);
  }

  private static Table table(RowSet<Row> rows) {
    if (rows.size() == 0) {
      return null;
    }
    Row row = rows.iterator().next();
    return new Table(row.getString("key"), row.getBoolean("leave_out"), row.getString("content"));
  }

  /**
   * Says what became of the table that was sent under the key.
   *
   * @param came what the service said of it; null where it said nothing
   */
  Uni<Void> end(String account, String register, String key, State state, String came) {
    boolean isOver = state == State.TAKEN || state == State.REFUSED;
    return database
        .preparedQuery(
            """
            update sent_table set state = $4, came = $5, content = case when $6 then null else content end
            where account = $1 and register = $2 and key = $3 and state = 'UNDER_WAY'""")
        .execute(Tuple.of(account, register, key, state.name(), came, isOver))
        .replaceWithVoid();
  }
}
