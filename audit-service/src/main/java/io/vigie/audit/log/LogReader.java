package io.vigie.audit.log;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.checkpoint.Published;
import io.vigie.audit.log.Search.Span;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;
import io.vigie.audit.payload.PersonKeys;

/** Reads the log's tables. Fails as the reactive client does when the database is away. */
@ApplicationScoped
public class LogReader {

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

  /**
   * What a search found, in the order in which it looked.
   *
   * @param goesOnFrom the index that the search has come to, where there may be more behind it;
   *     null at the end
   */
  record Page(List<Stored> entries, Long goesOnFrom) {

    private Page opened(Payloads payloads) {
      return new Page(entries.stream().map(entry -> entry.opened(payloads)).toList(), goesOnFrom);
    }

    static Page of(List<Step> steps, boolean up, int limit) {
      List<Stored> entries = new ArrayList<>();
      Long goesOnFrom = null;
      for (Step step : steps) {
        if (entries.size() == limit) {
          return new Page(entries, entries.get(limit - 1).index());
        }
        if (step.entry != null) {
          entries.add(step.entry);
        }
        goesOnFrom = null;
        if (step.more) {
          goesOnFrom = step.entry.index();
        } else if (step.number == Search.STEPS) {
          goesOnFrom = step.at + (up ? -1 : 1);
        }
      }
      return new Page(entries, goesOnFrom);
    }
  }

  /**
   * A step of a search.
   *
   * @param entry what was found there; null where the search stopped without
   * @param at where it would have looked next
   * @param more whether there are steps behind this one that were left out of the page
   */
  private record Step(Stored entry, long at, int number, boolean more) {

    static Step of(Row row) {
      boolean isFound = row.getLong("index") != null;
      int more = row.getColumnIndex("more");
      return new Step(
          isFound ? Stored.of(row) : null,
          row.getLong("at"),
          row.getInteger("step"),
          more >= 0 && isFound && row.getBoolean(more));
    }
  }

  /**
   * An entry as stored, and what the columns that searches use say of it: by the names that the
   * entry's members have, without those that are null. The time is in UTC.
   *
   * @param isMatch whether the filter lets it through; if not, it comes without payload
   */
  record Exported(Stored entry, Map<String, String> columns, boolean isMatch) {

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
      return new Exported(Stored.of(row), columns, row.getBoolean("is_match"));
    }

    private Exported opened(Payloads payloads) {
      return new Exported(entry.opened(payloads), columns, isMatch);
    }

    private static void put(Map<String, String> columns, String name, Object value) {
      if (value != null) {
        columns.put(name, value.toString());
      }
    }
  }

  /** A checkpoint: the size and the root that were signed, and the signed note. */
  record Signed(long size, byte[] root, String note) {}

  /** So many entries are counted by a statement, which may not take long. */
  private static final long COUNTED = 1_000_000;

  private static final Span EVERYTHING = new Span(0, Long.MAX_VALUE);

  /**
   * The times of logging never decrease along the log, so halving finds the first entry that was
   * logged at a time or later: no index is needed, and none has to be kept with each append. Entry
   * 0 of a log that succeeded another was logged after those behind it: it is looked at by itself.
   */
  private static final String SPAN =
      """
      with recursive
        edge (name, time) as (values
          ('from', $1::timestamptz - interval '5 minutes'), ('to', $2::timestamptz + interval '1 hour')),
        halving (name, time, low, high) as (
          select name, time, 0::bigint, (select size from head) from edge
          union all
          select name, time,
            case when probe.logged_at < time then probe.index + 1 else low end,
            case when probe.logged_at < time then high else middle end
          from halving cross join lateral (select (low + high) / 2 as middle) m
            left join lateral (select e.index, e.logged_at from entry e
              where e.index >= middle and e.index < high order by e.index limit 1) probe on true
          where low < high),
        found (name, index) as (select name, low from halving where low >= high),
        succession (index) as (
          select e.index from entry e where e.index = 0 and exists (select from log_origin)
            and (e.event_time >= $1) is not false and (e.event_time < $2) is not false)
      select
        least(
          (select index from found where name = 'from'),
          (select min(index) from (select index from entry
            where event_time - logged_at > interval '5 minutes' and event_time >= $1 offset 0) early),
          (select index from succession)) as first,
        greatest(
          (select index from found where name = 'to'),
          (select max(index) + 1 from (select index from entry
            where logged_at - event_time > interval '1 hour' and event_time < $2 offset 0) late),
          (select index + 1 from succession)) as end""";

  private final Pool database;
  private final PersonKeys keys;
  private final Checkpoints checkpoints;

  LogReader(Pool database, PersonKeys keys, Checkpoints checkpoints) {
    this.database = database;
    this.keys = keys;
    this.checkpoints = checkpoints;
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

  /** A page of what a search finds. */
  Uni<Page> find(Search search, Span span, boolean up, int limit) {
    return rows(search.sql(span, up, limit + 1), search.values(), Step::of)
        .map(steps -> Page.of(steps, up, limit));
  }

  /** The entry at an index: one or none. */
  Uni<List<Stored>> at(long index) {
    return list("select index, canonical, leaf from entry where index = $1", List.of(index));
  }

  /**
   * The indexes that entries may have whose events happened at {@code from} or later and before
   * {@code to}; either may be null. What else is in there is for the search to tell apart.
   *
   * <p>An event is logged after it happened, within the hour and by clocks that agree to five
   * minutes. For those of which this does not hold there is an index. Entry 0 of a log that
   * succeeded another, where it is asked for, leads through all that stands between.
   */
  public Uni<Span> during(Instant from, Instant to) {
    if (from == null && to == null) {
      return Uni.createFrom().item(EVERYTHING);
    }
    return rows(
            SPAN,
            Arrays.asList(utc(from), utc(to)),
            row ->
                new Span(
                    from == null ? EVERYTHING.first() : row.getLong("first"),
                    to == null ? EVERYTHING.end() : row.getLong("end")))
        .map(spans -> spans.get(0));
  }

  private static OffsetDateTime utc(Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
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
   * A page of what a search finds, with what the entries commit to but without the salts. It ends
   * where it has about 8 MiB of payload, but has at least one entry.
   */
  Uni<Page> findWithBody(Search search, Span span, boolean up, int limit) {
    Uni<Page> found =
        rows(
                """
             select * from (
               select found.*, person, key, body, lead(step) over (order by step) is not null as more,
                 coalesce(sum(octet_length(body)) over (
                   order by step rows between unbounded preceding and 1 preceding), 0) as before
               from (%s) found left join payload using (index)) rows
             where before < 8388608 order by step"""
                    .formatted(search.sql(span, up, limit + 1)),
                search.values(),
                Step::of)
            .map(steps -> Page.of(steps, up, limit));
    return opened(found.map(List::of), Page::opened).map(pages -> pages.get(0));
  }

  /**
   * Entries from {@code from} on and below {@code end}, those that the filter lets through with
   * their payloads: up to 500, and no more than about 4 MiB of payload, but at least one.
   */
  Uni<List<Exported>> chunk(long from, long end, ExportFilter filter) {
    List<Object> values = new ArrayList<>(List.of(from, Math.min(end, from + 500)));
    Uni<List<Exported>> chunk =
        rows(
            """
        select * from (
          select e.*, m.is_match, p.person, p.key, p.salt, p.body,
            coalesce(sum(octet_length(p.body)) over (
              order by e.index rows between unbounded preceding and 1 preceding), 0) as before
          from entry e cross join lateral (select coalesce(%s, false) as is_match) m
            left join payload p on p.index = e.index and m.is_match
          where e.index >= $1 and e.index < $2 order by e.index limit 500) rows
        where before < 4194304 order by index"""
                .formatted(filter.sql(values)),
            values,
            Exported::of);
    return opened(chunk, Exported::opened);
  }

  /** How many entries of a range a filter lets through. */
  Uni<Long> count(Span range, ExportFilter filter) {
    return Multi.createFrom()
        .iterable(
            LongStream.iterate(range.first(), at -> at < range.end(), at -> at + COUNTED)::iterator)
        .onItem()
        .transformToUniAndConcatenate(
            at -> countIn(new Span(at, Math.min(at + COUNTED, range.end())), filter))
        .collect()
        .with(Collectors.summingLong(count -> count));
  }

  private Uni<Long> countIn(Span range, ExportFilter filter) {
    List<Object> values = new ArrayList<>(List.of(range.first(), range.end()));
    return rows(
            "select count(*) from entry e where e.index >= $1 and e.index < $2 and "
                + filter.sql(values),
            values,
            row -> row.getLong(0))
        .map(counts -> counts.get(0));
  }

  /**
   * What the log signed last, with the cosignatures that it has by now, or null when it has signed
   * nothing. A failure (503) where no key of the log signed what the table has.
   */
  Uni<Signed> newestCheckpoint() {
    return rows(
            """
            select size, note, coalesce(
              (select string_agg(s.line || E'\\n', '' order by s.witness) from cosignature s where s.size = c.size),
              '') as cosignatures
            from checkpoint c order by size desc limit 1""",
            List.of(),
            row -> {
              Published signed =
                  checkpoints.requireSigned(row.getLong("size"), row.getString("note"));
              return new Signed(
                  signed.size(), signed.root(), signed.note() + row.getString("cosignatures"));
            })
        .map(signed -> signed.isEmpty() ? null : signed.get(0));
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
