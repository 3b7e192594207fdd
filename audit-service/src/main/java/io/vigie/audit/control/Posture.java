package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.control.ObjectStates.Key;
import io.vigie.audit.control.ObjectStates.Told;
import io.vigie.audit.payload.EventData;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.PersonKeys;
import org.jboss.logging.Logger;

/**
 * Keeps the state of every control: reads the published log in batches, in its order, and judges
 * what an event changed, and what time may have changed.
 *
 * <p>One replica at a time: who has the lock of the position's row works, the others pass by. A
 * control whose query changed is judged in full once the end of the log is reached; when there are
 * other controls than before, or they read other members, objects are put together anew from its
 * beginning, and every control keeps its last state until then. So does one whose query fails; it
 * stops no other, and is judged in full once its query answers again.
 *
 * <p>Of two versions side by side the one that began last works: the other one finds that, and
 * stops until its next start.
 *
 * <p>Figure: {@code vigie_controls_behind}, how many published entries are not read yet.
 */
@ApplicationScoped
class Posture {

  private static final Logger LOG = Logger.getLogger(Posture.class);

  private static final int BATCH = 1_000;

  /** How many verdicts time changes in one transaction at most. */
  private static final int DUE = 1_000;

  /**
   * Where controls have read to, and how far they may read.
   *
   * @param reads which controls read so far, and what of objects; empty where all is to begin anew
   */
  private record Reach(long position, String reads, long published) {}

  /**
   * By which query a control is judged, and which one failed and is not to be asked yet.
   *
   * @param digest null where it was never judged
   * @param resting null where none is
   */
  private record Standing(String digest, String resting) {}

  /** Events of objects in their order, and where to read on. */
  private record Portion(List<Told> events, long next) {}

  private static final String BEHIND =
      """
      select greatest(coalesce(max(size), 0) - (select position from control_reading), 0) as behind
      from checkpoint""";

  /**
   * Whether a step would do anything. Parameters: what controls read, now, their rules, their
   * digests.
   */
  private static final String IS_MORE =
      """
      select reads <> $1::text or position < (select coalesce(max(size), 0) from checkpoint)
        or exists (
          select from verdict v join control c using (rule)
          where v.turns_at <= $2::timestamptz and c.digest = any($4::text[]))
        or exists (
          select from unnest($3::text[], $4::text[]) present (rule, digest)
            full join control c using (rule) full join control_failure f using (rule)
          where present.rule is null or present.digest is distinct from c.digest
            and not coalesce(present.digest = f.digest and f.retry_at > $2, false))
        as is_more
      from control_reading""";

  private static final String REACH =
      """
      select position, reads, (select coalesce(max(size), 0) from checkpoint) as published
      from control_reading for update skip locked""";

  /** Payloads only of objects that a control reads, and no more than about 4 MiB of them. */
  private static final String ENTRIES =
      """
      select * from (
        select e.index, e.event_id, e.source, e.type, e.subject, e.event_number,
          coalesce(e.event_time, e.logged_at) as at,
          case when p.index is not null then e.canonical end as canonical, p.person, p.key, p.body,
          coalesce(sum(octet_length(p.body)) over (
            order by e.index rows between unbounded preceding and 1 preceding), 0) as before
        from entry e left join payload p on p.index = e.index and e.alert is null
          and e.event_id is not null and split_part(e.subject, '/', 1) = any($3)
        where e.index >= $1 and e.index < $2 order by e.index limit $4) rows
      where before < 4194304 order by index""";

  private static final String TURNING =
      """
      select rule, array_agg(id) as ids, count(*) as verdicts from (
        select v.rule, v.id from verdict v join control c using (rule)
        where v.turns_at <= $1 and c.digest = any($2) order by v.turns_at limit $3) due
      group by rule""";

  /** Parameter: now. */
  private static final String STANDINGS =
      """
      select rule, c.digest, case when f.retry_at > $1 then f.digest end as resting
      from control c full join control_failure f using (rule)""";

  private static final String FORGET =
      """
      with forgotten as (delete from control where rule <> all($1) returning rule),
      mended as (delete from control_failure where rule <> all($1))
      delete from verdict where rule in (select rule from forgotten)""";

  private final Controls controls;
  private final Pool database;
  private final PersonKeys keys;
  private final ObjectMapper json;
  private final Clock clock;
  private final AtomicLong behind;

  /** Whether this version is, or was, the one that works. */
  private volatile boolean hasBegun;

  private volatile boolean hasStopped;

  Posture(
      Controls controls,
      Pool database,
      PersonKeys keys,
      ObjectMapper json,
      MeterRegistry registry,
      Clock clock) {
    this.controls = controls;
    this.database = database;
    this.keys = keys;
    this.json = json;
    this.clock = clock;
    this.behind = registry.gauge("vigie.controls.behind", new AtomicLong());
  }

  /**
   * Works batch by batch until nothing published is left, and nothing is due. Looks first: the lock
   * of the position's row is a write that the disk would be waited for, once a second.
   */
  @Scheduled(
      every = "{vigie.controls.every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> keep() {
    return isMore().chain(isMore -> isMore ? goOn() : Uni.createFrom().voidItem());
  }

  private Uni<Boolean> isMore() {
    if (!hasBegun) {
      return Uni.createFrom().item(true);
    }
    return database
        .preparedQuery(IS_MORE)
        .execute(
            Tuple.of(
                controls.reading(), clock.instant().atOffset(ZoneOffset.UTC), rules(), digests()))
        .map(rows -> rows.iterator().next().getBoolean("is_more"))
        .invoke(
            isMore -> {
              if (!isMore) {
                behind.set(0);
              }
            });
  }

  private Uni<Void> goOn() {
    return Multi.createBy()
        .repeating()
        .uni(this::step)
        .whilst(done -> done > 0)
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** One batch; returns how many entries it read and verdicts that were due it judged. */
  Uni<Long> step() {
    return database.withConnection(
        connection ->
            measure(connection)
                .chain(() -> run(connection, "begin"))
                .chain(() -> reach(connection))
                .chain(
                    reach ->
                        reach.isEmpty()
                            ? Uni.createFrom().item(0L) // another replica is at work
                            : work(connection, reach.get()))
                .call(() -> run(connection, "commit"))
                .onFailure()
                .call(() -> run(connection, "rollback")));
  }

  /** Whichever replica is at work, and if none is. */
  private Uni<Void> measure(SqlConnection connection) {
    return connection
        .query(BEHIND)
        .execute()
        .invoke(rows -> behind.set(rows.iterator().next().getLong("behind")))
        .replaceWithVoid();
  }

  /**
   * The client's own transactions end with the first failure, whatever is undone to a savepoint.
   */
  private static Uni<Void> run(SqlConnection connection, String statement) {
    return connection.query(statement).execute().replaceWithVoid();
  }

  /** Has objects put together anew, from the beginning of the log. */
  Uni<Void> rebuild() {
    return database.query("update control_reading set reads = ''").execute().replaceWithVoid();
  }

  private static Uni<Optional<Reach>> reach(SqlConnection connection) {
    return connection
        .query(REACH)
        .execute()
        .map(
            rows -> {
              if (rows.size() == 0) {
                return Optional.empty();
              }
              Row row = rows.iterator().next();
              return Optional.of(
                  new Reach(
                      row.getLong("position"), row.getString("reads"), row.getLong("published")));
            });
  }

  private Uni<Long> work(SqlConnection connection, Reach reach) {
    if (!reach.reads.equals(controls.reading())) {
      return hasBegun && !reach.reads.isEmpty() ? stop() : beginAnew(connection).replaceWith(1L);
    }
    hasBegun = true;
    hasStopped = false;
    Instant now = clock.instant();
    Verdicts verdicts = new Verdicts(connection, now);
    ObjectStates objects = new ObjectStates(controls.reads(), json);
    return portion(connection, objects, reach)
        .chain(
            portion ->
                objects
                    .take(connection, portion.events)
                    .chain(
                        changes -> judge(connection, verdicts, now, changes, portion.next, reach))
                    .chain(() -> turn(connection, verdicts, now))
                    .map(turned -> portion.next - reach.position + turned));
  }

  /** Would it begin anew too, the two would undo each other's work for ever. */
  private Uni<Long> stop() {
    if (!hasStopped) {
      LOG.warn(
          "Another version of the service has begun to judge controls: this one judges none until its"
              + " next start");
    }
    hasStopped = true;
    return Uni.createFrom().item(0L);
  }

  private Uni<Void> beginAnew(SqlConnection connection) {
    return connection
        .query("delete from object")
        .execute()
        .chain(() -> connection.query("update control set digest = ''").execute())
        .chain(
            () ->
                connection
                    .preparedQuery("update control_reading set position = 0, reads = $1")
                    .execute(Tuple.of(controls.reading())))
        .replaceWithVoid();
  }

  private Uni<Portion> portion(SqlConnection connection, ObjectStates objects, Reach reach) {
    if (reach.position >= reach.published) {
      return Uni.createFrom().item(new Portion(List.of(), reach.position));
    }
    String[] kinds = controls.reads().keySet().toArray(String[]::new);
    return connection
        .preparedQuery(ENTRIES)
        .execute(Tuple.of(reach.position, reach.published, kinds, BATCH))
        .chain(
            rows ->
                VertxContextSupport.executeBlocking(() -> portion(rows, objects, reach.position)));
  }

  /**
   * Entries that somebody deleted do not stop controls, nor does a checkpoint that somebody forged
   * lead them past entries to come. Reads people's keys, which are files: not for the event loop.
   */
  private Portion portion(RowSet<Row> rows, ObjectStates objects, long from) {
    EventData data = new EventData(new Payloads(keys), json);
    List<Told> events = new ArrayList<>();
    long next = from;
    for (Row row : rows) {
      Optional<Key> object = objects.object(row.getString("subject"));
      if (object.isPresent() && row.getBuffer("body") != null) {
        Long number = row.getLong("event_number");
        events.add(
            new Told(
                object.get(),
                row.getUUID("event_id"),
                row.getString("source"),
                row.getString("type"),
                number == null ? 0 : number,
                row.getOffsetDateTime("at"),
                data.of(row)));
      }
      next = row.getLong("index") + 1;
    }
    return new Portion(events, next);
  }

  /** A control that is not judged by its present query is, in full, at the end of the log. */
  private Uni<Void> judge(
      SqlConnection connection,
      Verdicts verdicts,
      Instant now,
      List<Change> changes,
      long next,
      Reach reach) {
    return standings(connection, now)
        .chain(
            standings ->
                Multi.createFrom()
                    .iterable(controls.all())
                    .onItem()
                    .transformToUniAndConcatenate(
                        control -> {
                          Standing standing =
                              standings.getOrDefault(control.rule(), new Standing(null, null));
                          if (control.digest().equals(standing.digest)) {
                            return verdicts.judge(control, control.affectedBy(changes));
                          }
                          return next < reach.published || control.digest().equals(standing.resting)
                              ? Uni.createFrom().voidItem()
                              : verdicts.judgeAll(control);
                        })
                    .collect()
                    .last()
                    .chain(() -> forget(connection, standings.keySet())))
        .chain(
            () ->
                next == reach.position
                    ? Uni.createFrom().voidItem()
                    : connection
                        .preparedQuery("update control_reading set position = $1")
                        .execute(Tuple.of(next))
                        .replaceWithVoid());
  }

  private static Uni<Map<String, Standing>> standings(SqlConnection connection, Instant now) {
    return connection
        .preparedQuery(STANDINGS)
        .execute(Tuple.of(now.atOffset(ZoneOffset.UTC)))
        .map(
            rows -> {
              Map<String, Standing> standings = new HashMap<>();
              rows.forEach(
                  row ->
                      standings.put(
                          row.getString("rule"),
                          new Standing(row.getString("digest"), row.getString("resting"))));
              return standings;
            });
  }

  /** Rules whose query was taken away have no state any more; their history stays. */
  private Uni<Void> forget(SqlConnection connection, Set<String> kept) {
    kept.removeAll(List.of(rules()));
    return kept.isEmpty()
        ? Uni.createFrom().voidItem()
        : connection.preparedQuery(FORGET).execute(Tuple.of((Object) rules())).replaceWithVoid();
  }

  private String[] rules() {
    return controls.all().stream().map(Control::rule).toArray(String[]::new);
  }

  private String[] digests() {
    return controls.all().stream().map(Control::digest).toArray(String[]::new);
  }

  private Uni<Long> turn(SqlConnection connection, Verdicts verdicts, Instant now) {
    return connection
        .preparedQuery(TURNING)
        .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), digests(), DUE))
        .chain(
            rows ->
                Multi.createFrom()
                    .iterable(rows)
                    .onItem()
                    .transformToUniAndConcatenate(
                        row ->
                            verdicts
                                .judge(
                                    controls.require(row.getString("rule")),
                                    row.getArrayOfUUIDs("ids"))
                                .replaceWith(row.getLong("verdicts")))
                    .collect()
                    .with(Collectors.summingLong(Long::longValue)));
  }
}
