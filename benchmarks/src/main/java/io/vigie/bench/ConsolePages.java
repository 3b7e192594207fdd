package io.vigie.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpClientResponse;
import io.vigie.stack.Company;
import io.vigie.stack.CompanyDemo;
import org.HdrHistogram.Histogram;

/**
 * Pages of the console as a CISO opens them, and a review as somebody whom it asks, in turn and at
 * a steady rate that waits for no answer, with the company of {@code ./vigie demo --company} in the
 * services, which run on the same machine; beside a page for which no service is asked, at the same
 * rate. They are signed in through Keycloak. Before, how long that command takes on a stack that is
 * up, whose services are as the stack starts them.
 */
final class ConsolePages implements Benchmark {

  /**
   * @param reader the account that opens it
   */
  private record Page(String name, String path, String reader) {

    Page(String name, String path) {
      this(name, path, READER);
    }
  }

  private static final String READER = "ciso";

  /** Who answers for what the company's review is of. */
  private static final String REVIEWER = "asset-manager";

  private static final double A_SECOND = 10;
  private static final Page IDLE = new Page("registers", "/registers");

  /** A system with rights and backups, and the site that it is at. */
  private static final String SYSTEM = "SOL-NAN-VM-001";

  private static final String SITE = "NAN";

  /** Of backups in a quick run. */
  private static final int FEW_DAYS = 3;

  /** People of a team, and assets of most families, in a quick run. */
  private static final int FEW = 2;

  /** Of what its sites share: runs are on some of the tapes, and rights are in each application. */
  private static final int FEW_SHARED = 6;

  /** The last of them that something happened to. */
  private static final int FEW_LAPTOPS = 9;

  /** What a page has in place of what a service did not tell. */
  private static final String MISSING = "alert-warning";

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "console-pages";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.up(); // nothing is there but the company
    Company company = bed.quick() ? small() : Company.read();
    Processor.Machine before = Processor.machine();
    long begun = System.nanoTime();
    CompanyDemo.run(bed.stack(), Clock.systemUTC(), company);
    double seeded = secondsSince(begun);
    double busySeeding = Processor.machine().busySince(before);
    awaitAccounts(bed);
    double settled = secondsSince(begun);
    double busySettling = Processor.machine().busySince(before);
    if (!bed.quick()) {
      bed.only();
      bed.everything();
    }
    try (Load load = new Load(bed.stack().url("console"))) {
      List<Page> pages = pages(bed);
      warmUp(bed, load, pages);
      List<Row> rows = new ArrayList<>();
      rows.add(
          new Row(
              name() + "-seeding",
              new Samples(seeded),
              "s, once",
              "the same until newcomers have accounts",
              new Samples(settled),
              Goal.atMost(180, "s")));
      rows.add(
          new Row(
                  name() + "-seeding-busy",
                  new Samples(busySeeding),
                  "% of all processors in use",
                  "the same until newcomers have accounts",
                  new Samples(busySettling),
                  Goal.ratioAtLeast(1))
              .notJudged("how much of the machine is left: a limit, not a goal"));
      rows.addAll(measure(bed, load, pages));
      return bed.quick()
          ? rows.stream().map(row -> row.notJudged("the goal is for the whole company")).toList()
          : rows;
    }
  }

  /** One site, with the backups of some days and few of who and what it has many of. */
  private static Company small() throws IOException {
    ObjectNode company = JSON.valueToTree(Company.read().only(SITE));
    for (JsonNode backup : company.findValues("backup")) {
      if (backup instanceof ObjectNode some) {
        some.put("days", FEW_DAYS);
      }
    }
    company.path("common").path("families").forEach(shared -> limit(shared, "count", FEW_SHARED));
    JsonNode site = company.path("sites").path(0);
    site.path("teams").forEach(team -> limit(team, "people", FEW));
    for (JsonNode family : site.path("families")) {
      boolean laptops = family.path("kind").asText().equals("LAPTOP");
      limit(family, "count", laptops ? FEW_LAPTOPS : FEW);
    }
    return JSON.treeToValue(company, Company.class);
  }

  private static void limit(JsonNode many, String what, int most) {
    ((ObjectNode) many).put(what, Math.min(most, many.path(what).asInt()));
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static List<Page> pages(Bed bed) throws Exception {
    String system =
        first(new Caller(bed, "asset", "asset-manager").read("/v1/assets?assetTag=" + SYSTEM));
    String review =
        first(new Caller(bed, "access", "access-manager").read("/v1/campaigns?state=OPEN"));
    return List.of(
        new Page("home", "/"),
        new Page("tasks", "/tasks"),
        new Page("my", "/my"),
        new Page("assets", "/assets"),
        new Page("asset", "/assets/" + system),
        new Page("timeline", "/objects/asset/" + system),
        new Page("incidents", "/incidents"),
        new Page("backup-plans", "/backup-plans"),
        new Page("rights", "/rights"),
        new Page("controls", "/controls"),
        new Page("rule", "/controls/R12.1"),
        new Page("statement", "/controls/statement"),
        new Page("trace", "/trace"),
        new Page("dashboard", "/dashboards/strategic"),
        new Page("steering", "/dashboards/steering"),
        new Page("operational", "/dashboards/operational"),
        new Page("figure", "/dashboards/figures/rules-green"),
        new Page("figure-days", "/dashboards/figures/rules-green/days"),
        new Page("review", "/campaigns/" + review + "/review", REVIEWER));
  }

  private static String first(JsonNode list) {
    return list.at("/items/0/id").asText();
  }

  /** Newcomers' accounts are made after the newcomers are there, and take the processors' time. */
  private static void awaitAccounts(Bed bed) throws Exception {
    Caller manager = new Caller(bed, "access", "access-manager");
    long deadline = System.nanoTime() + Bed.PATIENCE_NANOS;
    while (!manager.read("/v1/directory/changes").path("items").isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("newcomers' accounts are not made after ten minutes");
      }
      LockSupport.parkNanos(1_000_000_000);
    }
  }

  /** One page after the other, since cold ones fall behind; then at the rate, as measured. */
  private static void warmUp(Bed bed, Load load, List<Page> pages) throws Exception {
    for (List<Page> theirs : byReader(pages)) {
      Visitor visitor = Visitor.signIn(bed.stack().url("console"), theirs.get(0).reader());
      for (int i = 0; i < (bed.quick() ? 2 : 50); i++) {
        for (Page page : theirs) {
          visitor.get(page.path());
        }
      }
    }
    if (!bed.quick()) {
      try (Connection database = bed.stack().superuser("console")) {
        new Processor(database, bed.service("console").pid())
            .warmUp(() -> open(bed, load, pages, 5, new HashMap<>()));
      }
    }
  }

  private List<Row> measure(Bed bed, Load load, List<Page> pages) throws Exception {
    int times = bed.quick() ? 2 : 100;
    Sides all = new Sides(bed.rounds());
    Map<Page, Sides> each = new HashMap<>();
    pages.forEach(page -> each.put(page, new Sides(bed.rounds())));
    for (int round = 0; round < bed.rounds(); round++) {
      double idle = p99(open(bed, load, List.of(IDLE), 10 * times, new HashMap<>()));
      Map<String, Histogram> took = new HashMap<>();
      all.set(round, p99(open(bed, load, pages, times, took)), idle);
      for (Page page : pages) {
        each.get(page).set(round, p99(took.get(page.path())), idle);
      }
    }
    List<Row> rows = new ArrayList<>();
    rows.add(row("-p99", all));
    pages.forEach(page -> rows.add(row("-" + page.name() + "-p99", each.get(page))));
    return rows;
  }

  private Row row(String suffix, Sides sides) {
    return sides.row(
        name() + suffix, "ms", "a page that asks no service, same rate", Goal.atMost(150, "ms"));
  }

  /**
   * Opens each so many times, by a browser of its reader's that has just signed in: its session
   * stays as it is for the three minutes that the most of them take.
   *
   * @param took gets what each took, by its path
   */
  private static Histogram open(
      Bed bed, Load load, List<Page> pages, int times, Map<String, Histogram> took)
      throws Exception {
    Histogram all = new Histogram(3);
    for (List<Page> theirs : byReader(pages)) {
      load.useCookies(Visitor.signIn(bed.stack().url("console"), theirs.get(0).reader()).cookies());
      int[] next = {0};
      all.add(
          load.open(
              () -> Load.Request.get(theirs.get(next[0]++ % theirs.size()).path()),
              A_SECOND,
              Duration.ofMillis(Math.round(theirs.size() * times / A_SECOND * 1_000)),
              (asked, answer, nanos) -> {
                requireWhole(asked.path(), answer);
                took.computeIfAbsent(asked.path(), any -> new Histogram(3)).recordValue(nanos);
              }));
    }
    return all;
  }

  private static Collection<List<Page>> byReader(List<Page> pages) {
    return pages.stream().collect(Collectors.groupingBy(Page::reader)).values();
  }

  private static void requireWhole(String path, HttpClientResponse answer) {
    if (answer.body().result().toString(StandardCharsets.UTF_8).contains(MISSING)) {
      throw new IllegalStateException(path + " is not whole");
    }
  }

  private static double p99(Histogram times) {
    return times.getValueAtPercentile(99) / 1e6;
  }
}
