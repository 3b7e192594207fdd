package io.vigie.audit.control;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import io.vigie.audit.log.LogReader;
import io.vigie.audit.log.Search.Span;
import io.vigie.audit.room.Rooms;
import io.vigie.audit.room.Scope;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How many events the log has that prove a rule, and which is the last of them. */
@ApplicationScoped
class Evidence {

  /** Where counting ends. */
  static final int MOST = 10_000;

  /** An entry of the log, and what its tree hashes of it. */
  @Schema(name = "EvidenceEntry")
  record Receipt(long index, byte[] leafHash) {

    /** As people write it, and verifiers read it. */
    public String hash() {
      return Base64.getEncoder().encodeToString(leafHash);
    }

    /** For tables: in base64 some begin as formulas do. */
    String hex() {
      return HexFormat.of().formatHex(leafHash);
    }

    /** Null where the row has none. */
    static Receipt of(Row row) {
      Long index = row.getLong("index");
      return index == null ? null : new Receipt(index, row.getBuffer("leaf").getBytes());
    }
  }

  /**
   * @param count up to {@value #MOST}
   * @param last null where there is none
   */
  @Schema(name = "EvidenceFound")
  record Found(long count, Receipt last) {}

  /**
   * @param count how many entries are covered, up to {@value #MOST}
   * @param byRule by rule of the scope, its evidence that is covered
   */
  record Covered(long count, Map<String, Found> byRule) {}

  /**
   * $1 and $2 rules and types of events that prove them, pair by pair; $3 and $4 a span of the log.
   * Many rules share types: each is counted once.
   */
  private static final String OF_RULES =
      """
      with proves as (select * from unnest($1::text[], $2::text[]) p (rule, type)),
      found as materialized (
        select t.type, last.index, last.leaf,
          (select count(*) from (
            select from entry e where e.type = t.type and e.index >= $3 and e.index < $4 and %1$s limit %2$s) counted) as count
        from (select distinct type from proves) t left join lateral (
          select e.index, e.leaf from entry e
          where e.type = any(array[t.type]) and e.index >= $3 and e.index < $4 and %1$s
          order by e.type desc, e.index desc limit 1) last on true)
      select p.rule, least(sum(f.count), %2$s)::bigint as count,
        (array_agg(f.index order by f.index desc nulls last))[1] as index,
        (array_agg(f.leaf order by f.index desc nulls last))[1] as leaf
      from proves p join found f using (type) group by p.rule""";

  private static final String IN_ALL =
      "select count(*) from (select from entry e where e.index >= $1 and e.index < $2 and %s limit %s) counted";

  /** As long as the database works on one answer at most. */
  private static final String TIME = "2s";

  private static final String CANCELED = "57014";

  private final Rooms rooms;
  private final LogReader log;
  private final Pool database;

  Evidence(Rooms rooms, LogReader log, Pool database) {
    this.rooms = rooms;
    this.log = log;
    this.database = database;
  }

  /** By rule, its evidence among the first {@code size} entries; no rule without any event type. */
  Uni<Map<String, Found>> among(Collection<String> rules, long size) {
    return find(rules, new Span(0, size), values -> "true");
  }

  /**
   * What is covered of a scope, among the entries that its period may have; 503 where counting it
   * takes longer than two seconds.
   */
  Uni<Covered> in(Scope scope) {
    return log.during(scope.from(), scope.until())
        .chain(
            span ->
                count(scope, span)
                    .chain(
                        count ->
                            find(scope.rules(), span, values -> scope.sql("e", values))
                                .map(found -> new Covered(count, found))));
  }

  /** By index, those of these entries that a scope covers. */
  Uni<Map<Long, Receipt>> of(Scope scope, Collection<Long> entries) {
    List<Object> values = new ArrayList<>();
    values.add(entries.toArray(Long[]::new));
    return ask(
            "select e.index, e.leaf from entry e where e.index = any($1::bigint[]) and "
                + scope.sql("e", values),
            values)
        .map(
            rows -> {
              Map<Long, Receipt> receipts = new HashMap<>();
              rows.forEach(row -> receipts.put(row.getLong("index"), Receipt.of(row)));
              return receipts;
            });
  }

  private Uni<Long> count(Scope scope, Span span) {
    List<Object> values = new ArrayList<>(List.of(span.first(), span.end()));
    return ask(IN_ALL.formatted(scope.sql("e", values), MOST), values)
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private Uni<Map<String, Found>> find(
      Collection<String> rules, Span span, Function<List<Object>, String> condition) {
    List<String> proven = new ArrayList<>();
    List<String> types = new ArrayList<>();
    for (String rule : rules) {
      for (String type : rooms.provenBy(rule)) {
        proven.add(rule);
        types.add(type);
      }
    }
    List<Object> values =
        new ArrayList<>(
            List.of(
                proven.toArray(String[]::new),
                types.toArray(String[]::new),
                span.first(),
                span.end()));
    return ask(OF_RULES.formatted(condition.apply(values), MOST), values)
        .map(
            rows -> {
              Map<String, Found> found = new HashMap<>();
              rows.forEach(
                  row ->
                      found.put(
                          row.getString("rule"), new Found(row.getLong("count"), Receipt.of(row))));
              return found;
            });
  }

  private Uni<RowSet<Row>> ask(String query, List<Object> values) {
    return database
        .withTransaction(
            connection ->
                connection
                    .query("set local statement_timeout = '" + TIME + "'")
                    .execute()
                    .chain(() -> connection.preparedQuery(query).execute(Tuple.tuple(values))))
        .onFailure(
            failure ->
                failure instanceof PgException refused && CANCELED.equals(refused.getSqlState()))
        .transform(
            failure ->
                Problem.unavailable("Evidence cannot be counted in time now; try again later."));
  }
}
