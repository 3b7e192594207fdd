package io.vigie.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The asset register as an asset manager's tool uses it, with 100,000 assets of twenty attributes:
 * filtered lists, a table of 10,000 rows of twenty columns, the inventory of a machine with 3,000
 * programs that nobody else has, and advisories about packages that assets hold.
 */
final class AssetRegister implements Benchmark {

  private static final int ASSETS = 100_000;
  private static final int ROWS = 10_000;
  private static final int CLIENTS = 100;
  private static final int PROGRAMS = 3_000;

  /** As many packages are held by {@link #HOLDERS} assets each. */
  private static final int PACKAGES = 100;

  private static final int HOLDERS = 20;

  /** Until the compiler and the caches have seen what is measured. */
  private static final int WARM_UP_REPORTS = 10;

  /** Requests for lists a second, a third of which are for none. */
  private static final int RATE = 100;

  private static final String ATTRIBUTES =
      IntStream.range(0, 20)
          .mapToObj(i -> "'attribute%d', 'value ' || n %% %d".formatted(i, 100 + i))
          .collect(Collectors.joining(", "));

  private static final String ATTRIBUTE = "attributes.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> FILTERS =
      List.of(
          "kind=SERVER",
          "kind=LAPTOP&state=IN_SERVICE",
          "production=true&kind=SERVER",
          "name=machine-4711",
          "attribute=rack:B42",
          "attribute=rack:B7&kind=SERVER");

  @Override
  public String name() {
    return "assets";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only("asset");
    int assets = bed.quick() ? ASSETS / 10 : ASSETS;
    fill(bed, assets);
    Caller caller = new Caller(bed, "asset", "asset-manager");
    List<Row> rows = new ArrayList<>(lists(bed, caller));
    rows.add(table(bed, caller));
    rows.add(inventory(bed, caller));
    rows.add(matches(bed, caller));
    return bed.quick()
        ? rows.stream().map(row -> row.notJudged("the goal is for the whole size")).toList()
        : rows;
  }

  private static void fill(Bed bed, int assets) throws SQLException {
    try (Connection connection = bed.stack().superuser("asset");
        Statement statement = connection.createStatement()) {
      fill(statement, assets);
      statement.execute(
          """
          insert into known_client (client_id)
          select cast('00000000-0000-0001-0000-' || lpad(to_hex(n), 12, '0') as uuid)
          from generate_series(0, %d) n"""
              .formatted(CLIENTS - 1));
    }
  }

  /** Adds as many assets of twenty attributes each. */
  static void fill(Statement statement, int assets) throws SQLException {
    statement.execute(
        """
        insert into asset (id, version, event_number, published_state, name, kind, serial_number,
          production, state, attributes, registered_at)
        select uuidv7(), 0, 1, '{}', 'machine-' || n, (array['SERVER','LAPTOP','PHONE','TAPE'])[1 + n %% 4],
          gen_random_uuid(), n %% 3 = 0, (array['IN_STOCK','IN_SERVICE'])[1 + n %% 2],
          jsonb_build_object('rack', 'B' || n %% 500, %s)::text, now()
        from generate_series(1, %d) n"""
            .formatted(ATTRIBUTES, assets));
    statement.execute("vacuum analyze asset");
  }

  private List<Row> lists(Bed bed, Caller caller) throws Exception {
    List<UUID> places = places(bed);
    Random random = new Random(1);
    int requests = bed.quick() ? 150 : 3_000;
    double[] idle = new double[requests];
    double[] first = new double[requests];
    double[] late = new double[requests];
    caller.pace(RATE);
    for (int i = -requests / 3; i < requests; i++) {
      String list = "/v1/assets?limit=50&" + FILTERS.get(Math.floorMod(i, FILTERS.size()));
      String place = "&after=" + places.get(random.nextInt(places.size()));
      double nothing = caller.get("/v1/assets?limit=1&serialNumber=none");
      double page = caller.get(list);
      double other = caller.get(list + place);
      if (i >= 0) {
        idle[i] = nothing;
        first[i] = page;
        late[i] = other;
      }
    }
    return List.of(
        new Row(
            name() + "-list-p99",
            Samples.percentiles(first, 0.99),
            "ms at %d/s".formatted(RATE),
            "an empty list, p99",
            Samples.percentiles(idle, 0.99),
            Goal.atMost(30, "ms")),
        new Row(
            name() + "-list-late-p99",
            Samples.percentiles(late, 0.99),
            "ms at %d/s".formatted(RATE),
            "page 1, p99",
            Samples.percentiles(first, 0.99),
            Goal.atMost(30, "ms")),
        new Row(
            name() + "-list-any-page",
            Samples.percentiles(late, 0.5),
            "ms at %d/s, p50".formatted(RATE),
            "page 1",
            Samples.percentiles(first, 0.5),
            Goal.ratioAtMost(1.2)));
  }

  /** From all over the register. */
  private static List<UUID> places(Bed bed) throws SQLException {
    List<UUID> places = new ArrayList<>();
    try (Connection connection = bed.stack().superuser("asset");
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("select id from asset tablesample system (1)")) {
      while (row.next()) {
        places.add(row.getObject(1, UUID.class));
      }
    }
    return places;
  }

  /** A table of new assets, all or none, beside as many registrations one after the other. */
  private Row table(Bed bed, Caller caller) throws Exception {
    String site =
        caller
            .post(
                "/v1/assets",
                Caller.JSON,
                "{\"name\":\"Lyon\",\"kind\":\"PREMISES\",\"production\":false}")
            .path("id")
            .asText();
    int rows = bed.quick() ? ROWS / 20 : ROWS;
    int rounds = bed.quick() ? 1 : 5;
    double[] whole = new double[rounds];
    double[] each = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      String table = table(rows, site);
      long start = System.nanoTime();
      JsonNode answer = caller.post("/v1/assets/import", "text/csv", table);
      double imported = (System.nanoTime() - start) / 1e9;
      if (answer.path("created").asInt() != rows) {
        throw new IllegalStateException("not all rows were imported");
      }
      List<String> bodies =
          IntStream.range(0, rows / 10).mapToObj(i -> json(row(i, site))).toList();
      start = System.nanoTime();
      for (String body : bodies) {
        caller.post("/v1/assets", Caller.JSON, body);
      }
      double registered = (System.nanoTime() - start) / 1e9 * 10;
      if (round >= 0) {
        whole[round] = imported;
        each[round] = registered;
      }
    }
    return new Row(
        name() + "-import",
        new Samples(whole),
        "s",
        "as many single registrations",
        new Samples(each),
        Goal.atMost(20, "s"));
  }

  private static String table(int rows, String site) {
    return IntStream.range(0, rows)
        .mapToObj(i -> String.join(",", row(i, site).values()))
        .collect(Collectors.joining("\n", String.join(",", row(0, site).keySet()) + "\n", "\n"));
  }

  /** Twenty columns of an asset that is not there yet. */
  private static Map<String, String> row(int i, String site) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("name", "row " + i);
    row.put("kind", "SERVER");
    row.put("assetTag", UUID.randomUUID().toString());
    row.put("serialNumber", UUID.randomUUID().toString());
    row.put("machineId", UUID.randomUUID().toString());
    row.put("make", "HPE");
    row.put("model", "ProLiant DL360");
    row.put("site", site);
    row.put("client", new UUID(1, i % CLIENTS).toString());
    row.put("purchasedOn", "2025-01-31");
    row.put("warrantyUntil", "2028-01-31");
    row.put("production", "true");
    row.put(ATTRIBUTE + "hostname", "row-" + i + ".example");
    row.put(ATTRIBUTE + "ipAddress", "10.0.%d.%d".formatted(i / 250, 1 + i % 250));
    row.put(ATTRIBUTE + "macAddress", "02:00:00:00:%02x:%02x".formatted(i / 256, i % 256));
    row.put(ATTRIBUTE + "processors", "16");
    row.put(ATTRIBUTE + "memoryMiB", "65536");
    row.put(ATTRIBUTE + "storageGiB", "960");
    row.put(ATTRIBUTE + "operatingSystem", "Debian GNU/Linux 13");
    row.put(ATTRIBUTE + "rack", "B" + i % 500);
    return row;
  }

  /** The same as one registration says it. */
  private static String json(Map<String, String> row) {
    ObjectNode asset = JSON.createObjectNode();
    ObjectNode attributes = asset.putObject("attributes");
    row.forEach(
        (column, value) -> {
          if (!column.startsWith(ATTRIBUTE)) {
            asset.put(column, value);
          } else if (value.matches("[0-9]+")) {
            attributes.put(column.substring(ATTRIBUTE.length()), Integer.parseInt(value));
          } else {
            attributes.put(column.substring(ATTRIBUTE.length()), value);
          }
        });
    return asset.put("production", true).toString();
  }

  /** The first report of a machine, beside a repetition that changes nothing. */
  private Row inventory(Bed bed, Caller caller) throws Exception {
    int reports = bed.quick() ? 3 : 40;
    double[] first = new double[reports];
    double[] again = new double[reports];
    for (int i = bed.quick() ? -1 : -WARM_UP_REPORTS; i < reports; i++) {
      String report = report(UUID.randomUUID().toString());
      for (double[] times : List.of(first, again)) {
        long start = System.nanoTime();
        caller.post("/v1/inventories", Caller.JSON, report);
        times[Math.max(0, i)] = (System.nanoTime() - start) / 1e6;
      }
    }
    return new Row(
        name() + "-inventory",
        new Samples(first),
        "ms",
        "the same report again",
        new Samples(again),
        Goal.atMost(1_000, "ms"));
  }

  /** 1.4 MB; each program becomes a component, in a version that no other machine has. */
  private static String report(String serial) {
    return IntStream.range(0, PROGRAMS)
        .mapToObj(
            i ->
                "{\"name\":\"program-%d\",\"version\":\"1.%d+%s\",\"from\":\"deb\",\"comments\":\"%s\"}"
                    .formatted(i, i, serial, "x".repeat(370)))
        .collect(
            Collectors.joining(
                ",",
                ("{\"deviceid\":\"bench\",\"content\":{\"bios\":{\"ssn\":\"%s\"},"
                        + "\"operatingsystem\":{\"full_name\":\"Debian GNU/Linux 13\"},\"softwares\":[")
                    .formatted(serial),
                "]}}"));
  }

  /**
   * Advisories that come, with the vulnerabilities and events that follow from them: a tenth as
   * many take a tenth of the time. A turn is short, and now and then one takes several times as
   * long as the others: a round is a third of them.
   */
  private Row matches(Bed bed, Caller caller) throws Exception {
    hold(bed);
    int advisories = bed.quick() ? PACKAGES / 5 : PACKAGES;
    int turns = bed.quick() ? 3 : 33;
    double[] all = new double[turns];
    double[] tenth = new double[turns];
    for (int turn = -turns / 3; turn < turns; turn++) {
      all[Math.max(0, turn)] = publish(caller, advisories);
      tenth[Math.max(0, turn)] = publish(caller, advisories / 10) * 10;
    }
    return new Row(
        name() + "-matches",
        Samples.percentiles(all, 0.5),
        "ms for %,d matches".formatted(advisories * HOLDERS),
        "10 × %,d matches".formatted(advisories / 10 * HOLDERS),
        Samples.percentiles(tenth, 0.5),
        Goal.ratioAtMost(1.2));
  }

  private static void hold(Bed bed) throws SQLException {
    try (Connection connection = bed.stack().superuser("asset");
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into component (id, purl, type, namespace, name, version, distro)
          select uuidv7(), 'pkg:npm/held-' || n || '@1.0.0', 'npm', '', 'held-' || n, '1.0.0', ''
          from generate_series(0, %d) n"""
              .formatted(PACKAGES - 1));
      statement.execute(
          """
          insert into holding (id, asset_id, component_id, source)
          select uuidv7(), a.id, c.id, 'BOM' from component c
          cross join (select id from asset order by id limit %d) a
          where c.purl like 'pkg:npm/held-%%'"""
              .formatted(HOLDERS));
    }
  }

  /** How long it took to take so many new advisories, each about a package of its own, in ms. */
  private static double publish(Caller caller, int advisories) throws Exception {
    String lines =
        IntStream.range(0, advisories)
            .mapToObj(
                i ->
                    "{\"id\":\"BENCH-%s\",\"modified\":\"2026-01-01T00:00:00Z\",\"summary\":\"one\",\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"held-%d\"},\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"2.0.0\"}]}]}]}"
                        .formatted(UUID.randomUUID(), i))
            .collect(Collectors.joining("\n"));
    long start = System.nanoTime();
    JsonNode answer = caller.post("/v1/advisories/import", "application/x-ndjson", lines);
    double took = (System.nanoTime() - start) / 1e6;
    if (!answer.path("rows").path(0).path("outcome").asText().equals("RECEIVED")) {
      throw new IllegalStateException("the advisories were not taken: " + answer);
    }
    return took;
  }
}
