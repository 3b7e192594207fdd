package io.vigie.audit.detect;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.intake.ReadPosition;
import io.vigie.audit.payload.EventData;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Shows the rules every entry that a signed checkpoint covers, once, in the order of the log.
 *
 * <p>After a succession that is entry 0 of the new log, the succession, and then what it had not
 * seen of the entries that are left.
 *
 * <p>One replica at a time: who has the lock of the position's row works, the others pass by. The
 * position, what the rules remember and the alerts they raise commit together, so a crash at any
 * point leaves all of a batch or none of it.
 */
@ApplicationScoped
class Detector {

  private static final int BATCH = 1_000;
  private static final Set<String> OWN = Set.of("audit.alert-raised.v1", "audit.alert-over.v1");

  /** Where the rules have read to, and how far they may read. */
  private record Reach(ReadPosition position, long published) {

    boolean isMore() {
      return position.next() < published;
    }
  }

  /** What entries in their order mean to the rules, and where to read on. */
  private record Portion(Batch batch, long next) {}

  private static final String REACH =
      """
      select d.position, d.resume_at, (select coalesce(max(size), 0) from checkpoint)
      from detection d""";

  /** Payloads only of types that a rule looks into, and no more than about 4 MiB of them. */
  private static final String ENTRIES =
      """
      select * from (
        select e.index, e.source, e.type, e.subject, e.actor, e.event_time, e.logged_at, e.alert,
          case when p.index is not null then e.canonical end as canonical, p.person, p.key, p.body,
          coalesce(sum(octet_length(p.body)) over (
            order by e.index rows between unbounded preceding and 1 preceding), 0) as before
        from entry e left join payload p on p.index = e.index and e.type = any($3)
        where e.index >= $1 and e.index < $2 order by e.index limit $4) rows
      where before < 4194304 order by index""";

  private final Rules rules;
  private final Alerts alerts;
  private final Pool database;
  private final PersonKeys keys;
  private final Relay relay;
  private final ObjectMapper json;
  private final Clock clock;
  private final String[] typesRead;

  Detector(
      Rules rules,
      Alerts alerts,
      Pool database,
      PersonKeys keys,
      Relay relay,
      ObjectMapper json,
      Clock clock) {
    this.keys = keys;
    this.rules = rules;
    this.alerts = alerts;
    this.database = database;
    this.relay = relay;
    this.json = json;
    this.clock = clock;
    this.typesRead = rules.typesRead().toArray(String[]::new);
  }

  /**
   * Works batch by batch until nothing published is left. Looks first: the lock of the position's
   * row is a write that the disk would be waited for, once a second.
   */
  @Scheduled(
      every = "{vigie.detect.every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> detect() {
    return database
        .query(REACH)
        .execute()
        .map(rows -> reach(rows.iterator().next()).isMore())
        .chain(isMore -> isMore ? readOn() : Uni.createFrom().voidItem());
  }

  private Uni<Void> readOn() {
    return Multi.createBy()
        .repeating()
        .uni(this::step)
        .whilst(entries -> entries > 0)
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** One batch; returns how far the position moved. */
  Uni<Long> step() {
    return Panache.withTransaction(
            () ->
                Panache.getSession()
                    .chain(session -> reach(session).chain(to -> work(session, to))))
        .invoke(relay::wake);
  }

  private static Uni<Reach> reach(Mutiny.Session session) {
    return session
        .createNativeQuery(REACH + " for update of d skip locked", Object[].class)
        .getResultList()
        .map(
            rows ->
                rows.isEmpty()
                    ? new Reach(new ReadPosition(0, null), 0) // another replica is at work
                    : new Reach(
                        new ReadPosition((Long) rows.get(0)[0], (Long) rows.get(0)[1]),
                        (Long) rows.get(0)[2]));
  }

  private static Reach reach(Row row) {
    return new Reach(new ReadPosition(row.getLong(0), row.getLong(1)), row.getLong(2));
  }

  private Uni<Long> work(Mutiny.Session session, Reach reach) {
    ReadPosition from = reach.position;
    if (!reach.isMore()) {
      return Uni.createFrom().item(0L);
    }
    MemoryRows rows = new MemoryRows(session, json);
    return portion(from, reach.published)
        .chain(
            portion -> {
              if (portion.next == from.next()) {
                return Uni.createFrom().item(0L);
              }
              return rows.load(portion.batch)
                  .chain(
                      memory ->
                          alerts
                              .raise(portion.batch.run(memory))
                              .chain(() -> rows.store(memory, clock.instant())))
                  .chain(() -> ObjectGaps.find(session, from.next(), portion.next))
                  .chain(
                      () ->
                          session
                              .createNativeQuery(
                                  "update detection set position = ?1, resume_at = null")
                              .setParameter(1, from.reached(portion.next).next())
                              .executeUpdate())
                  .replaceWith(portion.next - from.next());
            });
  }

  private Uni<Portion> portion(ReadPosition from, long end) {
    return database
        .preparedQuery(ENTRIES)
        .execute(Tuple.of(from.next(), end, typesRead, from.atMost(BATCH)))
        .chain(rows -> VertxContextSupport.executeBlocking(() -> portion(rows, from.next())));
  }

  /**
   * Entries that somebody deleted do not stop the rules, nor does a checkpoint that somebody forged
   * lead them past entries to come. Reads people's keys, which are files: not for the event loop.
   */
  private Portion portion(RowSet<Row> rows, long from) {
    EventData told = new EventData(new Payloads(keys), json);
    List<Signal> signals = new ArrayList<>();
    long next = from;
    for (Row row : rows) {
      long index = row.getLong("index");
      signal(index, view(row, told), row.getOffsetDateTime("logged_at").toInstant())
          .ifPresent(signals::add);
      next = index + 1;
    }
    return new Portion(new Batch(rules.all(), signals), next);
  }

  /**
   * What the rules see of an entry. Nothing for an alert that they raised themselves: an alert
   * never leads to an alert, unless the log found that it is forged.
   *
   * @param view the entry as rules see it, its time included where it has one
   */
  static Optional<Signal> signal(long index, JsonNode view, Instant logged) {
    boolean isOwnAlert =
        !view.has("alert")
            && view.path("source").asText().equals("/vigie/audit")
            && OWN.contains(view.path("type").asText());
    if (isOwnAlert) {
      return Optional.empty();
    }
    Instant happened = view.has("time") ? Instant.parse(view.get("time").textValue()) : logged;
    return Optional.of(new Signal(index, view, happened.isAfter(logged) ? logged : happened));
  }

  private JsonNode view(Row row, EventData told) {
    ObjectNode view = json.createObjectNode();
    for (String member : List.of("source", "type", "subject", "actor", "alert")) {
      if (row.getString(member) != null) {
        view.put(member, row.getString(member));
      }
    }
    OffsetDateTime happened = row.getOffsetDateTime("event_time");
    if (happened != null) {
      view.put("time", happened.toInstant().toString());
    }
    JsonNode data = told.of(row);
    if (data.isObject()) {
      view.set("data", data);
    }
    return view;
  }
}
