package io.vigie.console.register;

import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;

/** Filters of registers to which people gave names, each for themself. */
@ApplicationScoped
class SavedViews {

  /**
   * @param register by its name
   * @param query its filters, as in the register's address
   */
  record View(String register, String name, String query) {}

  /** Of one person, in all registers. */
  static final int MOST = 50;

  private static final String TABLE =
      """
      create table if not exists saved_view (
        account text not null, register text not null, name text not null, query text not null,
        primary key (account, register, name))""";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Pool database;

  SavedViews(Pool database) {
    this.database = database;
  }

  void makeTable(@Observes StartupEvent start) {
    database.query(TABLE).execute().await().atMost(PATIENCE);
  }

  /** All of an account, by name. */
  Uni<List<View>> of(String account) {
    return database
        .preparedQuery(
            "select register, name, query from saved_view where account = $1 order by lower(name), name, register")
        .execute(Tuple.of(account))
        .map(
            rows -> StreamSupport.stream(rows.spliterator(), false).map(SavedViews::view).toList());
  }

  private static View view(Row row) {
    return new View(row.getString("register"), row.getString("name"), row.getString("query"));
  }

  /**
   * Keeps it, in place of the one that has its name in the register.
   *
   * @return whether there was room for it
   */
  Uni<Boolean> save(String account, View view) {
    return database
        .preparedQuery(
            """
            insert into saved_view (account, register, name, query) select $1, $2, $3, $4
            where $5 > (select count(*) from saved_view
              where account = $1 and (register, name) <> ($2, $3))
            on conflict (account, register, name) do update set query = excluded.query""")
        .execute(Tuple.of(account, view.register(), view.name(), view.query(), (long) MOST))
        .map(rows -> rows.rowCount() > 0);
  }

  Uni<Void> delete(String account, String register, String name) {
    return database
        .preparedQuery("delete from saved_view where account = $1 and register = $2 and name = $3")
        .execute(Tuple.of(account, register, name))
        .replaceWithVoid();
  }
}
