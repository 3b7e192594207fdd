package io.vigie.audit.log;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;
import io.vigie.audit.payload.PersonKeys;

/** Reads the log's tables. Fails as the reactive client does when the database is away. */
@ApplicationScoped
class LogReader {

  /** An entry with what it commits to, which is all null where it was not asked for. */
  record Stored(long index, byte[] canonical, byte[] leaf, Kept kept) {

    static Stored of(Row row) {
      return new Stored(
          row.getLong("index"),
          row.getBuffer("canonical").getBytes(),
          row.getBuffer("leaf").getBytes(),
          row.getColumnIndex("body") < 0
              ? new Kept(null, null, null, null)
              : new Kept(
                  row.getString("person"),
                  row.getInteger("key"),
                  bytes(row, "salt"),
                  bytes(row, "body")));
    }

    byte[] salt() {
      return kept.salt();
    }

    byte[] body() {
      return kept.body();
    }

    private Stored opened(Payloads payloads) {
      return new Stored(index, canonical, leaf, payloads.open(index, kept));
    }

    private static byte[] bytes(Row row, String column) {
      Buffer buffer = row.getColumnIndex(column) < 0 ? null : row.getBuffer(column);
      return buffer == null ? null : buffer.getBytes();
    }
  }

  /** An entry that a search found, and whether it finds more behind this one. */
  record Found(Stored entry, boolean more) {
    private Found opened(Payloads payloads) {
      return new Found(entry.opened(payloads), more);
    }
  }

  /**
   * An entry as stored, and what the columns that searches use say of it: by the names that the
   * entry's members have, without those that are null. The time is in UTC.
   */
  record Exported(Stored entry, Map<String, String> columns) {

    static Exported of(Row row) {
      Map<String, String> columns = new LinkedHashMap<>();
      put(columns, "alert", row.getString("alert"));
      put(columns, "id", row.getUUID("event_id"));
      put(columns, "source", row.getString("source"));
      put(columns, "type", row.getString("type"));
      put(columns, "subject", row.getString("subject"));
      OffsetDateTime time = row.getOffsetDateTime("event_time");
      put(columns, "time", time == null ? null : time.toInstant());
      put(columns, "actor", row.getString("actor"));
      put(columns, "eventNumber", row.getLong("event_number"));
      put(columns, "sourceNumber", row.getLong("source_number"));
      return new Exported(Stored.of(row), columns);
    }

    private Exported opened(Payloads payloads) {
      return new Exported(entry.opened(payloads), columns);
    }

    private static void put(Map<String, String> columns, String name, Object value) {
      if (value != null) {
        columns.put(name, value.toString());
      }
    }
  }

  private final Pool database;
  private final PersonKeys keys;

  LogReader(Pool database, PersonKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  Uni<Head> head() {
    return database
        .query("select size, root, updated_at from head")
        .execute()
        .map(RowSet::iterator)
        .map(rows -> rows.next())
        .map(
            row ->
                new Head(
                    row.getLong("size"),
                    row.getBuffer("root").getBytes(),
                    row.getOffsetDateTime("updated_at").toInstant()));
  }

  /** Entries that a search finds, in the order of the log. */
  Uni<List<Stored>> find(Search search, int limit) {
    return list(
        "select index, canonical, leaf from entry"
            + search.where()
            + " order by index limit "
            + limit,
        search.values());
  }

  /** The entry at an index with its payload: one or none. */
  Uni<List<Stored>> whole(long index) {
    return opened(
        list(
            """
            select index, canonical, leaf, person, key, salt, body
            from entry left join payload using (index) where index = $1""",
            List.of(index)),
        Stored::opened);
  }

  /**
   * Entries that a search finds, in the order of the log, with what they commit to but without the
   * salts: up to {@code limit}, and no more than about 8 MiB of payload, but at least one.
   */
  Uni<List<Found>> findWithBody(Search search, int limit) {
    Uni<List<Found>> found =
        rows(
            """
        select index, canonical, leaf, person, key, body, more from (
          select index, canonical, leaf, person, key, body,
            coalesce(sum(octet_length(body)) over (
              order by index rows between unbounded preceding and 1 preceding), 0) as before,
            row_number() over (order by index) as place,
            lead(index) over (order by index) is not null as more
          from (
            select index, canonical, leaf, person, key, body
            from entry left join payload using (index)%s order by index limit %d) probe) rows
        where before < 8388608 and place <= %d order by index"""
                .formatted(search.where(), limit + 1, limit),
            search.values(),
            row -> new Found(Stored.of(row), row.getBoolean("more")));
    return opened(found, Found::opened);
  }

  /**
   * Entries from {@code from} on and below {@code end}, with their payloads: up to 500, and no more
   * than about 4 MiB of payload, but at least one.
   */
  Uni<List<Exported>> chunk(long from, long end) {
    Uni<List<Exported>> chunk =
        rows(
            """
        select * from (
          select e.*, p.person, p.key, p.salt, p.body,
            coalesce(sum(octet_length(p.body)) over (
              order by e.index rows between unbounded preceding and 1 preceding), 0) as before
          from entry e left join payload p using (index)
          where e.index >= $1 and e.index < $2 order by e.index limit 500) rows
        where before < 4194304 order by index""",
            List.of(from, Math.min(end, from + 500)),
            Exported::of);
    return opened(chunk, Exported::opened);
  }

  /** The index of the event with this id, or null. */
  Uni<Long> indexOf(UUID eventId) {
    return database
        .preparedQuery("select index from event_id where id = $1")
        .execute(Tuple.of(eventId))
        .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getLong(0));
  }

  /**
   * Keys are files: what was stored is opened beside the event loop, to which the answer returns.
   */
  private <T> Uni<List<T>> opened(Uni<List<T>> stored, BiFunction<T, Payloads, T> open) {
    return stored.chain(
        rows ->
            VertxContextSupport.executeBlocking(
                () -> {
                  Payloads payloads = new Payloads(keys);
                  return rows.stream().map(row -> open.apply(row, payloads)).toList();
                }));
  }

  private Uni<List<Stored>> list(String sql, List<Object> values) {
    return rows(sql, values, Stored::of);
  }

  /** Rows of any query, each as {@code shape} makes it. */
  <T> Uni<List<T>> rows(String sql, List<Object> values, Function<Row, T> shape) {
    return database
        .preparedQuery(sql)
        .execute(Tuple.tuple(values))
        .map(
            rows -> {
              List<T> list = new ArrayList<>(rows.size());
              rows.forEach(row -> list.add(shape.apply(row)));
              return list;
            });
  }
}
