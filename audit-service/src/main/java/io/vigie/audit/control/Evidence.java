package io.vigie.audit.control;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.room.Rooms;
import io.vigie.audit.room.Scope;

/** How many events the log has that prove a rule, and which is the last of them. */
@ApplicationScoped
class Evidence {

  /** Where counting ends. */
  static final int MOST = 10_000;

  /** An entry of the log, and what its tree hashes of it. */
  record Receipt(long index, byte[] leafHash) {

    /** As people write it, and verifiers read it. */
    public String hash() {
      return Base64.getEncoder().encodeToString(leafHash);
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
  record Found(long count, Receipt last) {}

  /** $1 and $2 rules and types of events that prove them, pair by pair; $3 the size of the log. */
  private static final String OF_RULES =
      """
      with proves as (select * from unnest($1::text[], $2::text[]) p (rule, type))
      select r.rule,
        (select count(*) from (
          select from proves q cross join lateral (
            select from entry e where e.type = q.type and e.index < $3 and %1$s limit %2$s) of_type
          where q.rule = r.rule limit %2$s) counted) as count,
        last.index, last.leaf
      from (select distinct rule from proves) r left join lateral (
        select of_type.index, of_type.leaf from proves q cross join lateral (
          select e.index, e.leaf from entry e where e.type = q.type and e.index < $3 and %1$s
          order by e.type desc, e.index desc limit 1) of_type
        where q.rule = r.rule order by of_type.index desc limit 1) last on true""";

  private static final String IN_ALL =
      "select count(*) from (select from entry e where %s limit %s) counted";

  private final Rooms rooms;
  private final Pool database;

  Evidence(Rooms rooms, Pool database) {
    this.rooms = rooms;
    this.database = database;
  }

  /** By rule, its evidence among the first {@code size} entries; no rule without any event type. */
  Uni<Map<String, Found>> among(Collection<String> rules, long size) {
    return find(rules, size, values -> "true");
  }

  /** By rule of the scope, its evidence that is covered. */
  Uni<Map<String, Found>> in(Scope scope) {
    return find(scope.rules(), Long.MAX_VALUE, values -> scope.sql("e", values));
  }

  private Uni<Map<String, Found>> find(
      Collection<String> rules, long size, Function<List<Object>, String> condition) {
    List<String> proven = new ArrayList<>();
    List<String> types = new ArrayList<>();
    for (String rule : rules) {
      for (String type : rooms.provenBy(rule)) {
        proven.add(rule);
        types.add(type);
      }
    }
    List<Object> values =
        new ArrayList<>(List.of(proven.toArray(String[]::new), types.toArray(String[]::new), size));
    return database
        .preparedQuery(OF_RULES.formatted(condition.apply(values), MOST))
        .execute(Tuple.tuple(values))
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

  /** How many entries are covered, up to {@value #MOST}. */
  Uni<Long> count(Scope scope) {
    List<Object> values = new ArrayList<>();
    return database
        .preparedQuery(IN_ALL.formatted(scope.sql("e", values), MOST))
        .execute(Tuple.tuple(values))
        .map(rows -> rows.iterator().next().getLong(0));
  }
}
