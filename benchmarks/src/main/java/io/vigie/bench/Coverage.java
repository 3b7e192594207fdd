package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

/**
 * Five thousand assets with three copies each and a year of daily runs: pages of their coverage,
 * how fast runs are taken in, beside the statements of that alone, and what the clock needs for
 * runs that did not come, beside a tenth of the runs.
 */
final class Coverage implements Benchmark {

  private static final String SERVICE = "backup";
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int DAYS = 365;

  private static final String ASSETS =
      """
      insert into asset_coverage (id, version, event_number, published_state, facts, asset_kind,
        asset_state, status, shortfalls, since, judged_by)
      select uuidv7(), 0, 1, '{}', '{"kind":"SERVER","production":true,"state":"IN_SERVICE"}', 'SERVER',
        'IN_SERVICE', 'FALLS_SHORT', ',OFF_SITE,TAPE_OFF_SITE,', now(), ''
      from generate_series(1, %d) n;
      """;

  /** Of those assets alone: the service hears of what other benchmarks registered, too. */
  private static final String PLANS =
      """
      insert into backup_plan (id, version, event_number, published_state, asset, name, site, run_every,
        tolerance, medium, protection, state, next_due_at, overdue_at, last_success_at, created_at)
      select md5('plan' || row_number() over ())::uuid, 0, 1, '{}', c.id, m, 'bench', 'PT24H', 'PT24H', m, 'NONE', 'ACTIVE',
        now() + interval '1 day', now() + interval '2 days', now() - interval '1 hour', now() - interval '1 year'
      from asset_coverage c, unnest(array['DISK', 'OBJECT_STORE', 'TAPE']) m
      where c.event_number = 1 and c.published_state = '{}';
      """;

  private static final String RUNS =
      """
      insert into backup_run (id, version, event_number, published_state, plan, asset, started_at, ended_at,
        outcome, bytes, recovery_point, tool, reported_by, reported_at)
      select uuidv7(), 0, 1, '{}', p.id, p.asset, d, d + interval '5 minutes', 'SUCCEEDED', 1000000,
        'UNVERIFIED', 'restic', 'bench', d
      from generate_series(now() - interval '%d days', now() - interval '1 day', interval '1 day') d,
        backup_plan p
      """;

  /** What one run leaves, in the sizes of its texts. */
  private static final String ONE_RUN =
      """
      select asset from backup_plan where id = md5('plan' || (:n + %1$d)::int)::uuid for update;
      insert into backup_run (id, version, event_number, published_state, plan, asset, started_at, ended_at,
        outcome, bytes, recovery_point, tool, reported_by, reported_at)
      values (uuidv7(), 0, 1, repeat('s', 330), md5('plan' || (:n + %1$d)::int)::uuid, gen_random_uuid(), clock_timestamp(), clock_timestamp(),
        'SUCCEEDED', 1000000, 'UNVERIFIED', 'restic', repeat('a', 36), now());
      insert into outbox
        (event_id, type, subject, message_key, event_number, payload, actor, occurred_at)
      values
        (uuidv7(), 'backup-run.reported.v1', repeat('i', 47), repeat('i', 36), 1, repeat('p', 700), repeat('a', 36), now());
      update backup_plan set last_success_at = now() where id = md5('plan' || (:n + %1$d)::int)::uuid;
      """;

  /** Some plans were owed a run yesterday. */
  private static final String OWE =
      """
      update backup_plan set next_due_at = now() - interval '25 hours', overdue_at = now() - interval '1 hour'
      where id in (select id from backup_plan order by id limit %d)""";

  private static final String OVERDUE =
      "select count(*) from backup_plan where state = 'ACTIVE' and overdue_at < now()";

  /** So many are told at once, by a backup server of so many plans. */
  private static final int NIGHT = 100;

  /** The clock's, a second apart. */
  private static final Map<String, String> LOOKS = Map.of("VIGIE_BACKUP_LOOK_EVERY", "1s");

  /** Requests a second, every other of which is for a page. */
  private static final int RATE = 100;

  private final Random random = new Random(1);

  @Override
  public String name() {
    return "coverage";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    WriteLimit.requireProgram();
    bed.only();
    bed.start(SERVICE, bed.quick() ? LOOKS : Map.of());
    int assets = bed.quick() ? 100 : 5_000;
    int days = bed.quick() ? DAYS / 10 : DAYS;
    String fill = ASSETS.formatted(assets) + PLANS;
    try (Connection database = bed.stack().superuser(SERVICE);
        Statement statement = database.createStatement()) {
      database.setNetworkTimeout(Runnable::run, 0); // millions of rows take minutes
      statement.execute(fill);
      statement.execute(RUNS.formatted(days));
      statement.execute("vacuum analyze");
      await(statement, "select count(*) from asset_coverage where judged_by = ''");
      List<Row> rows = new ArrayList<>();
      rows.add(pages(bed));
      rows.addAll(intake(bed, database, fill + RUNS.formatted(days)));
      rows.add(overdue(bed, statement, days));
      return bed.quick()
          ? rows.stream().map(row -> row.notJudged("the goal is for the whole size")).toList()
          : rows;
    } finally {
      bed.stop(SERVICE);
    }
  }

  /** From any place on. */
  private Row pages(Bed bed) throws Exception {
    List<UUID> places;
    try (Connection database = bed.stack().superuser(SERVICE);
        Statement statement = database.createStatement()) {
      places = ids(statement, "select id from asset_coverage");
    }
    Caller caller = new Caller(bed, SERVICE, "ciso");
    int requests = bed.quick() ? 150 : 3_000;
    double[] idle = new double[requests];
    double[] pages = new double[requests];
    caller.pace(RATE);
    for (int i = -requests / 3; i < requests; i++) {
      UUID place = places.get(random.nextInt(places.size()));
      double nothing = caller.get("/v1/coverage?status=UNCOVERED&kind=NONE&limit=1");
      double page = caller.get("/v1/coverage?status=FALLS_SHORT&limit=50&after=" + place);
      if (i >= 0) {
        idle[i] = nothing;
        pages[i] = page;
      }
    }
    return new Row(
        name() + "-page-p99",
        Samples.percentiles(pages, 0.99),
        "ms at %d/s".formatted(RATE),
        "an empty list, p99",
        Samples.percentiles(idle, 0.99),
        Goal.atMost(100, "ms"));
  }

  /**
   * Runs told one by one, and a hundred at once, once the compiler rests. The statements alone find
   * as many runs before them.
   */
  private List<Row> intake(Bed bed, Connection database, String fill) throws Exception {
    try (Statement statement = database.createStatement();
        Load load = new Load(bed.stack().url(SERVICE))) {
      List<UUID> plans = ids(statement, "select id from backup_plan");
      WriteLimit limit = new WriteLimit(bed, SERVICE, fill);
      AtomicInteger next = new AtomicInteger();
      Supplier<Load.Request> one = () -> run(plans.get(random.nextInt(plans.size())));
      Supplier<Load.Request> night =
          () -> night(plans, next.getAndIncrement() % (plans.size() / NIGHT) * NIGHT);
      String begin = "\\set n random(1, %d)%nbegin;%n".formatted(plans.size());
      // Each client has plans of its own, as each backup server has.
      String own =
          "\\set n 1 + :client_id %% %d * %d%nbegin;%n\\startpipeline%n"
              .formatted(plans.size() / NIGHT, NIGHT);
      return List.of(
          intake(bed, database, load, one, 1, limit, begin + script(1) + "commit;\n")
              .row(
                  name() + "-intake-single",
                  "1/s, told one by one",
                  "the same statements by pgbench",
                  Goal.ratioAtLeast(0.4)),
          intake(
                  bed,
                  database,
                  load,
                  night,
                  NIGHT,
                  limit,
                  own + script(NIGHT) + "\\endpipeline\ncommit;\n")
              .row(
                  name() + "-intake",
                  "1/s, a hundred told at once",
                  "the same statements by pgbench, a hundred runs in a transaction and in one go",
                  Goal.ratioAtLeast(0.4)));
    }
  }

  /** What a run that did not come costs the service, however many did. */
  private Row overdue(Bed bed, Statement statement, int days) throws Exception {
    int owed = bed.quick() ? 75 : 1_500;
    if (!bed.quick()) {
      bed.start(SERVICE, LOOKS);
      new Processor(statement.getConnection(), bed.service(SERVICE).pid())
          .warmUp(() -> look(statement, owed));
    }
    Samples all = looks(bed, statement, owed);
    statement.execute("truncate backup_run cascade");
    statement.execute(RUNS.formatted(days / 10));
    statement.execute("vacuum analyze backup_run");
    return new Row(
        name() + "-overdue",
        all,
        "ms a run that did not come, runs of %d days beside it".formatted(days),
        "a tenth of them",
        looks(bed, statement, owed),
        Goal.ratioAtMost(1.2));
  }

  /** The first of them may find more that changed. */
  private static Samples looks(Bed bed, Statement statement, int owed) throws SQLException {
    double[] millis = new double[bed.rounds()];
    for (int round = bed.quick() ? 0 : -1; round < millis.length; round++) {
      millis[Math.max(0, round)] = look(statement, owed);
    }
    return new Samples(millis);
  }

  /** A look of the clock, from the first plan that it has dealt with until the last. */
  private static double look(Statement statement, int owed) throws SQLException {
    int plans = statement.executeUpdate(OWE.formatted(owed));
    Bed.await(statement, "select (%s) < %d".formatted(OVERDUE, plans));
    long start = System.nanoTime();
    await(statement, OVERDUE);
    double millis = (System.nanoTime() - start) / 1e6;
    await(statement, "select count(*) from outbox");
    return millis / plans;
  }

  private static String script(int runs) {
    return IntStream.range(0, runs).mapToObj(ONE_RUN::formatted).collect(Collectors.joining());
  }

  private Sides intake(
      Bed bed,
      Connection database,
      Load load,
      Supplier<Load.Request> requests,
      int runs,
      WriteLimit limit,
      String script)
      throws Exception {
    Duration time = Duration.ofSeconds(bed.quick() ? 1 : 10);
    Sides sides = new Sides(bed.rounds());
    load.use(bed.token("sysadmin"));
    if (!bed.quick()) {
      new Processor(database, bed.service(SERVICE).pid()).warmUp(() -> load.closed(requests, time));
    }
    try (Statement statement = database.createStatement()) {
      for (int round = 0; round < bed.rounds(); round++) {
        load.use(bed.token("sysadmin"));
        long start = System.nanoTime();
        long taken = load.closed(requests, time) * runs;
        await(statement, "select count(*) from outbox");
        double ours = taken / ((System.nanoTime() - start) / 1e9);
        sides.set(round, ours, limit.rate(script, time) * runs);
      }
    }
    return sides;
  }

  private static Load.Request run(UUID plan) {
    return new Load.Request(
        HttpMethod.POST, "/v1/runs?plan=" + plan, Buffer.buffer(report(Instant.now())), 201);
  }

  private static Load.Request night(List<UUID> plans, int from) {
    Instant now = Instant.now();
    String runs =
        plans.subList(from, from + NIGHT).stream()
            .map(plan -> "{\"plan\":\"%s\",\"run\":%s}".formatted(plan, report(now)))
            .collect(Collectors.joining(",", "{\"runs\":[", "]}"));
    return new Load.Request(HttpMethod.POST, "/v1/runs/reports", Buffer.buffer(runs), 200);
  }

  private static String report(Instant now) {
    Instant start = now.minusSeconds(60);
    return """
        {"startedAt":"%s","endedAt":"%s","outcome":"SUCCEEDED","bytes":1000000,"tool":"restic"}"""
        .formatted(start, start.plusSeconds(30));
  }

  private static List<UUID> ids(Statement statement, String query) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        ids.add(row.getObject(1, UUID.class));
      }
    }
    return ids;
  }

  /** Until nothing is left of it. */
  private static void await(Statement statement, String count) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try (ResultSet row = statement.executeQuery(count)) {
        row.next();
        if (row.getLong(1) == 0) {
          return;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("never 0: " + count);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }
}
