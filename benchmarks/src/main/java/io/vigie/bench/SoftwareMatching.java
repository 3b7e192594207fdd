package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.vigie.asset.software.InMemory;
import io.vigie.asset.software.Matcher;

/**
 * A thousand advisories, each about two packages, and a hundred thousand components, ten versions
 * of each package: all of it, and what one change costs. The other side has read both into memory
 * and loops over an index by name; versions are compared by the same code.
 */
final class SoftwareMatching implements Benchmark {

  private static final int COMPONENTS = 100_000;
  private static final int ADVISORIES = 1_000;

  /** Until the compiler has seen both sides. */
  private static final int WARM_UP = 20;

  /** As many components has each asset. */
  private static final int HELD = 1_000;

  private static final String FILL =
      """
      insert into asset (id, version, event_number, published_state, name, kind, serial_number,
        production, state, attributes, registered_at)
      select uuidv7(), 0, 1, '{}', 'asset-' || n, 'SERVER', gen_random_uuid(), true, 'IN_SERVICE', '{}', now()
      from generate_series(0, %1$d / 1000 - 1) n;
      insert into component (id, purl, type, namespace, name, version, distro)
      select uuidv7(), 'pkg:maven/org.example/package-' || n / 10 || '@1.' || n %% 10 || '.3', 'maven', 'org.example',
        'package-' || n / 10, '1.' || n %% 10 || '.3', ''
      from generate_series(0, %1$d - 1) n;
      insert into holding (id, asset_id, component_id, source)
      select uuidv7(), a.id, c.id, 'BOM'
      from (select id, row_number() over (order by id) - 1 as n from component) c
      join (select id, row_number() over (order by id) - 1 as n from asset) a on a.n = c.n / 1000;
      insert into advisory (id, version, event_number, published_state, format, publisher, identifier, title,
        modified_at, severity, aliases, links, packages, products_without_purl, received_at)
      select uuidv7(), 0, 1, '{}', 'OSV', 'bench', 'ADV-' || n, 'one', now(), 'HIGH', '[]', '[]', 2, 0, now()
      from generate_series(0, %2$d - 1) n;
      insert into flaw (id, advisory_id, name, severity)
      select uuidv7(), id, identifier, severity from advisory;
      insert into affected_package (id, flaw_id, type, namespace, name, distro, affected, unaffected)
      select uuidv7(), f.id, 'maven', 'org.example',
        'package-' || (hashtext(f.name || k) & 2147483647) %% (%1$d / 10), '',
        'vers:maven/>=1.1|<1.3.5' || chr(10) || 'vers:maven/>=1.6|<1.' || 7 + k || '.9', ''
      from flaw f, generate_series(0, 1) k;
      vacuum analyze asset, component, holding, advisory, flaw, affected_package""";

  @Override
  public String name() {
    return "matching";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only();
    int components = bed.quick() ? COMPONENTS / 10 : COMPONENTS;
    int advisories = bed.quick() ? ADVISORIES / 10 : ADVISORIES;
    List<Row> rows = new ArrayList<>();
    try (OwnDatabase large = new OwnDatabase(bed, "bench_matching", "asset");
        OwnDatabase small = new OwnDatabase(bed, "bench_matching_small", "asset");
        OwnDatabase least = new OwnDatabase(bed, "bench_matching_least", "asset")) {
      fill(large.connection(), components, advisories);
      fill(small.connection(), components / 10, advisories);
      fill(least.connection(), components / 100, advisories);
      rows.addAll(all(bed, large.connection()));
      rows.addAll(changes(bed, large.connection(), small.connection(), least.connection()));
    }
    return bed.quick()
        ? rows.stream().map(row -> row.notJudged("the goal is for the whole size")).toList()
        : rows;
  }

  private static void fill(Connection connection, int components, int advisories)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : FILL.formatted(components, advisories).split(";\n")) {
        statement.execute(each);
      }
    }
  }

  private List<Row> all(Bed bed, Connection connection) throws SQLException {
    Matcher matcher = new Matcher(connection);
    List<UUID> advisories = ids(connection, "select id from advisory order by id");
    InMemory memory = new InMemory(connection);
    int rounds = bed.quick() ? 3 : 33;
    double[] database = new double[rounds];
    double[] loop = new double[rounds];
    double[] reading = new double[rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      matcher.nanosReading();
      long start = System.nanoTime();
      int found = matcher.ofAdvisories(advisories);
      double queried = (System.nanoTime() - start) / 1e6;
      start = System.nanoTime();
      int expected = memory.match();
      double looped = (System.nanoTime() - start) / 1e6;
      if (found != expected || found == 0) {
        throw new IllegalStateException(found + " matches instead of " + expected);
      }
      if (round >= 0) {
        database[round] = queried;
        loop[round] = looped;
        reading[round] = matcher.nanosReading() / 1e6;
      }
    }
    return List.of(
        new Row(
            name() + "-all",
            medians(database),
            "ms",
            "a loop over an index in memory",
            medians(loop),
            Goal.ratioAtMost(3)),
        new Row(
                name() + "-all-read",
                medians(database),
                "ms",
                "the statements alone, their rows read",
                medians(reading),
                Goal.ratioAtMost(2))
            .notJudged("what is left where nothing is compared: a limit, not a goal"));
  }

  private List<Row> changes(Bed bed, Connection large, Connection small, Connection least)
      throws SQLException {
    int rounds = bed.quick() ? 5 : 40;
    List<UUID> advisories = ids(large, "select id from advisory order by id");
    List<UUID> others = ids(small, "select id from advisory order by id");
    List<UUID> ofLeast = ids(least, "select id from advisory order by id");
    UUID asset = ids(large, "select id from asset order by id limit 1").get(0);
    List<String> purls =
        texts(
            large,
            "select c.purl from holding h join component c on c.id = h.component_id where h.asset_id = '%s'"
                .formatted(asset));
    Matcher matcher = new Matcher(large);
    Matcher smallMatcher = new Matcher(small);
    Matcher leastMatcher = new Matcher(least);
    double[][] times = new double[7][rounds];
    for (int round = -rounds; round < rounds; round++) {
      int at = Math.max(0, round);
      int from = Math.floorMod(round, advisories.size() / 100) * 100;
      List<UUID> hundred = advisories.subList(from, from + 100);
      times[0][at] = micros(() -> matcher.ofAdvisories(hundred)) / 100;
      times[1][at] = micros(() -> matcher.ofAdvisories(hundred.subList(0, 10))) / 10;
      List<UUID> same = others.subList(from, from + 100);
      times[2][at] = micros(() -> smallMatcher.ofAdvisories(same)) / 100;
      times[3][at] = micros(() -> matcher.ofAsset(asset, purls)) / HELD;
      times[4][at] = micros(() -> matcher.ofAsset(asset, purls.subList(0, HELD / 10))) * 10 / HELD;
      times[5][at] = micros(() -> matcher.ofAdvisories(advisories)) / advisories.size();
      List<UUID> again = ofLeast.subList(from, from + 100);
      times[6][at] = micros(() -> leastMatcher.ofAdvisories(again)) / 100;
    }
    Samples hundred = medians(times[0]);
    return List.of(
        new Row(
            name() + "-advisories",
            hundred,
            "µs an advisory, 100 come",
            "10 come",
            medians(times[1]),
            Goal.ratioAtMost(1.2)),
        new Row(
            name() + "-advisories-many",
            medians(times[5]),
            "µs an advisory, %,d come".formatted(advisories.size()),
            "10 come",
            medians(times[1]),
            Goal.ratioAtMost(1.2)),
        new Row(
            name() + "-known",
            hundred,
            "µs an advisory, all components known",
            "a tenth known",
            medians(times[2]),
            Goal.ratioAtMost(1.2)),
        new Row(
            name() + "-known-hundredfold",
            hundred,
            "µs an advisory, all components known",
            "a hundredth known",
            medians(times[6]),
            Goal.ratioAtMost(1.44)), // 1.2 for each ten times
        new Row(
            name() + "-components",
            medians(times[3]),
            "µs a component, 1,000 come",
            "100 come",
            medians(times[4]),
            Goal.ratioAtMost(1.2)));
  }

  private interface Work {
    int run() throws SQLException;
  }

  private static double micros(Work work) throws SQLException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e3;
  }

  /** One turn is short, and any collection of the heap doubles it: a round is a third of them. */
  private static Samples medians(double[] turns) {
    return Samples.percentiles(turns, 0.5);
  }

  private static List<UUID> ids(Connection connection, String query) throws SQLException {
    return texts(connection, query).stream().map(UUID::fromString).toList();
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }
}
