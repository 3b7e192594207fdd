package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One caller's registrations, assets by their id and pages of them, where ten and a hundred times
 * as many assets are registered: by the law all of them take as long. The register is filled anew
 * for each size of each round, so that sizes are taken in turn.
 */
final class RestGrowth implements Benchmark {

  private static final int ASSETS = 100_000;
  private static final int PAGE = 20;

  /** Reads a second; registrations are one after the other. */
  private static final int RATE = 100;

  private static final int[] PARTS = {1, 10, 100};
  private static final String[] ASKED = {"-register", "-id", "-page"};

  @Override
  public String name() {
    return "rest-growth";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only("asset");
    try (Register service = Register.ofService(bed)) {
      service.warmUp(); // what the compiler saves from round to round is more than what size costs
    }
    Caller caller = new Caller(bed, "asset", "asset-manager");
    int assets = bed.quick() ? ASSETS / 10 : ASSETS;
    double[][][] took = new double[ASKED.length][PARTS.length][bed.rounds()];
    for (int round = -1; round < bed.rounds(); round++) {
      for (int part = 0; part < PARTS.length; part++) {
        double[] each = medians(bed, caller, assets / PARTS[part]);
        for (int asked = 0; asked < ASKED.length; asked++) {
          took[asked][part][Math.max(0, round)] = each[asked];
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int asked = 0; asked < ASKED.length; asked++) {
      rows.add(row(ASKED[asked] + "-tenfold", took[asked], 1, assets, bed));
      rows.add(row(ASKED[asked] + "-hundredfold", took[asked], 0, assets, bed));
    }
    return rows;
  }

  private Row row(String suffix, double[][] took, int part, int assets, Bed bed) {
    Row row =
        new Row(
            name() + suffix,
            new Samples(took[part]),
            "ms, p50 of %,d assets".formatted(assets / PARTS[part]),
            "of %,d".formatted(assets / PARTS[2]),
            new Samples(took[2]),
            Goal.ratioAtMost(1.2));
    return bed.quick() ? row.notJudged("the goal is for the whole size") : row;
  }

  /** Of what is {@link #ASKED}, in that order, in ms. */
  private static double[] medians(Bed bed, Caller caller, int assets) throws Exception {
    List<UUID> ids = fill(bed, assets);
    int requests = bed.quick() ? 30 : 300;
    double[] registrations = new double[requests];
    double[] reads = new double[requests];
    double[] pages = new double[requests];
    for (int i = 0; i < requests; i++) {
      String asset =
          "{\"name\":\"machine\",\"kind\":\"SERVER\",\"serialNumber\":\"%s\",\"production\":true}"
              .formatted(UUID.randomUUID());
      long start = System.nanoTime();
      caller.post("/v1/assets", Caller.JSON, asset);
      registrations[i] = (System.nanoTime() - start) / 1e6;
    }
    String page = "/v1/assets?kind=SERVER&limit=" + PAGE;
    caller.pace(RATE);
    for (int i = 0; i < requests; i++) {
      UUID id = ids.get(i * 7919 % ids.size());
      UUID place = ids.get(i * 7919 % (ids.size() / 10)); // so early that each page is full
      reads[i] = caller.get("/v1/assets/" + id);
      pages[i] = caller.get(page + "&after=" + place);
    }
    if (caller.read(page + "&after=" + ids.get(ids.size() / 10)).path("items").size() != PAGE) {
      throw new IllegalStateException("a page is not full");
    }
    return new double[] {
      new Samples(registrations).median(), new Samples(reads).median(), new Samples(pages).median()
    };
  }

  /** Has the register hold these alone, written to disk; their ids, in order. */
  private static List<UUID> fill(Bed bed, int assets) throws SQLException {
    List<UUID> ids = new ArrayList<>(assets);
    try (Connection connection = bed.stack().superuser("asset");
        Statement statement = connection.createStatement()) {
      statement.execute("truncate asset cascade");
      AssetRegister.fill(statement, assets);
      statement.execute("checkpoint");
      try (ResultSet rows = statement.executeQuery("select id from asset order by id")) {
        while (rows.next()) {
          ids.add(rows.getObject(1, UUID.class));
        }
      }
    }
    return ids;
  }
}
