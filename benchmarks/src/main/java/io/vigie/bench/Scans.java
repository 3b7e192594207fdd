package io.vigie.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A SARIF log of 50,000 results over REST, as many as are taken, in a heap of 512 MiB: of an asset
 * of which nothing is known, and again in other bytes, which changes nothing. Beside the rows of
 * the first alone, by one statement for each table. Each begins when all that was before is told.
 */
final class Scans implements Benchmark {

  private static final String SERVICE = "incident";
  private static final int RESULTS = 50_000;

  /** Stands above what the command line says. */
  private static final Map<String, String> SMALL_HEAP = Map.of("_JAVA_OPTIONS", "-Xmx512m");

  private static final String TABLES =
      """
      create table if not exists bench_finding (like scan_finding including all);
      create table if not exists bench_outbox (like outbox including all)""";

  /** What a scan leaves, in the sizes of its texts. */
  private static final String ROWS =
      """
      begin;
      insert into bench_finding (id, version, event_number, published_state, asset, tool, rule, fingerprint,
        place, message, severity, state, found_at, state_since, due_at, reopened)
      select uuidv7(), 0, 1, repeat('s', 420), '%1$s', 'bench', 'rule-' || n, md5(n::text) || md5(n::text),
        'src/File' || n || '.java:1', repeat('x', 200), 'MEDIUM', 'OPEN', now(), now(), now() + interval '90 days', 0
      from generate_series(1, %2$d) n;
      insert into bench_outbox
        (event_id, type, subject, message_key, event_number, payload, actor, occurred_at)
      select uuidv7(), 'scan-finding.found.v1', repeat('i', 49), repeat('i', 36), 1, repeat('p', 750),
        repeat('a', 36), now()
      from generate_series(1, %2$d) n;
      commit""";

  @Override
  public String name() {
    return "scans";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    int results = bed.quick() ? RESULTS / 10 : RESULTS;
    bed.only();
    bed.start(SERVICE, SMALL_HEAP);
    try (Connection database = bed.stack().superuser(SERVICE);
        Statement statement = database.createStatement()) {
      statement.execute(TABLES);
      Caller caller = new Caller(bed, SERVICE, "sysadmin");
      take(caller, UUID.randomUUID(), results / 5, "warm-up", results / 5);
      Sides first = new Sides(bed.rounds());
      Sides again = new Sides(bed.rounds());
      for (int round = 0; round < bed.rounds(); round++) {
        UUID asset = UUID.randomUUID();
        Bed.await(statement, Bed.TOLD);
        double taken = take(caller, asset, results, "first", results);
        Bed.await(statement, Bed.TOLD);
        double same = take(caller, asset, results, "again", 0);
        Bed.await(statement, Bed.TOLD);
        first.set(round, taken, rows(statement, asset, results));
        again.set(round, same, taken);
      }
      List<Row> rows =
          List.of(
              first.row(
                  name() + "-first",
                  "s, 50,000 results",
                  "their rows, one statement for each table",
                  Goal.atMost(60, "s")),
              again.row(
                  name() + "-again", "s, the same again", "the first time", Goal.ratioAtMost(0.5)));
      return bed.quick()
          ? rows.stream().map(row -> row.notJudged("the goal is for the whole size")).toList()
          : rows;
    } finally {
      bed.stop(SERVICE);
    }
  }

  /** How many seconds it took; all of them were taken in, and so many were new. */
  private static double take(Caller caller, UUID asset, int results, String message, int news)
      throws Exception {
    String document = sarif(results, message);
    long start = System.nanoTime();
    JsonNode answer = caller.post("/v1/scans?asset=" + asset, "application/sarif+json", document);
    double seconds = (System.nanoTime() - start) / 1e9;
    JsonNode scan = answer.path("scans").path(0).path("scan");
    if (scan.path("results").asInt() != results
        || scan.path("found").asInt() != news
        || scan.path("reopened").asInt() + scan.path("gone").asInt() != 0) {
      throw new IllegalStateException(results + " results were taken as " + answer);
    }
    return seconds;
  }

  private static String sarif(int results, String message) {
    String text = message + " " + "x".repeat(200);
    return """
    {"version":"2.1.0","runs":[{"tool":{"driver":{"name":"bench"}},"results":[%s]}]}"""
        .formatted(
            IntStream.range(0, results)
                .mapToObj(
                    i ->
                        """
                        {"ruleId":"rule-%d","message":{"text":"%s"},"locations":[{"physicalLocation":
                        {"artifactLocation":{"uri":"src/File%d.java"},"region":{"startLine":1}}}]}"""
                            .formatted(i, text, i))
                .collect(Collectors.joining(",")));
  }

  private static double rows(Statement statement, UUID asset, int results) throws SQLException {
    long start = System.nanoTime();
    statement.execute(ROWS.formatted(asset, results));
    return (System.nanoTime() - start) / 1e9;
  }
}
