package io.vigie.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The made-up company: as large as it is said to be, whole, and the same each time; and those who
 * call for it, who do not give up at once.
 */
class CompanyTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
  private static final LocalDate TODAY = LocalDate.parse("2026-03-02");

  private static Company company;
  private static List<Employee> people;
  private static List<CompanyAsset> assets;

  @BeforeAll
  static void theCompany() throws IOException {
    company = Company.read();
    people = Employee.of(company, TODAY);
    assets = CompanyAsset.of(company, people, TODAY);
  }

  @Test
  void itHas200PeopleAnd800Assets() {
    assertEquals(200, people.size());
    assertEquals(800, assets.size());
    assertEquals(200, distinct(people, Employee::number).size());
    assertEquals(200, distinct(people, Employee::email).size());
    assertEquals(800, distinct(assets, CompanyAsset::tag).size());
    List<CompanyAsset> serial = assets.stream().filter(asset -> asset.serial() != null).toList();
    assertEquals(serial.size(), distinct(serial, CompanyAsset::serial).size());
  }

  @Test
  void itIsTheSameEachTime() throws IOException {
    assertEquals(people, Employee.of(Company.read(), TODAY));
    assertEquals(assets, CompanyAsset.of(Company.read(), people, TODAY));
    assertEquals(runs(NOW), runs(NOW));
  }

  @Test
  void everybodyIsLedBySomebodyWhoIsThereAndOneLeadsAll() {
    Set<String> numbers = distinct(people, Employee::number);
    assertEquals(
        List.of(people.get(0)), people.stream().filter(one -> one.lead() == null).toList());
    people.stream()
        .filter(one -> one.lead() != null)
        .forEach(
            one -> assertTrue(numbers.contains(one.lead()) && !one.lead().equals(one.number())));
  }

  @Test
  void whoIsAContractorHasAHostAndAnEndAndNoLastDay() {
    String table = Employee.table(people, new HashMap<>());
    for (Employee one : people) {
      String[] cells = row(table, one.number());
      assertEquals(one.endsOn() == null ? "EMPLOYEE" : "CONTRACTOR", cells[5]);
      assertEquals(one.endsOn() == null ? "" : one.lead(), cells[7]);
      assertTrue(one.endsOn() == null || one.lastDay() == null, cells[0]);
    }
    assertTrue(people.stream().anyMatch(one -> one.endsOn() != null));
    assertTrue(people.stream().anyMatch(one -> one.lastDay() != null));
  }

  private static String[] row(String table, String number) {
    return table
        .lines()
        .filter(line -> line.startsWith(number + ";"))
        .findFirst()
        .orElseThrow()
        .split(";", -1);
  }

  @Test
  void everyRowOfATableHasACellForEachHeading() {
    for (String table :
        List.of(
            Employee.table(people, new HashMap<>()),
            CompanyAsset.table(assets, new HashMap<>(), new HashMap<>()))) {
      long cells = table.lines().findFirst().orElseThrow().split(";", -1).length;
      table
          .lines()
          .forEach(
              line -> {
                assertEquals(cells, line.split(";", -1).length, line);
                assertFalse(line.contains("\""), line);
              });
    }
  }

  @Test
  void whatItNamesIsThereAlsoWithOneSiteAlone() {
    for (Company.Part site : company.sites()) {
      assertNamesAreThere(company.only(site.code()));
    }
    assertNamesAreThere(company);
  }

  private static void assertNamesAreThere(Company one) {
    List<Employee> all = Employee.of(one, TODAY);
    Set<String> tags = distinct(CompanyAsset.of(one, all, TODAY), CompanyAsset::tag);
    Set<String> premises = distinct(all(one, Company.Part::premises), Company.Premises::key);
    Set<String> zones = distinct(all(one, Company.Part::zones), Company.Zone::key);
    Set<String> suppliers = distinct(one.suppliers(), Company.Supplier::key);
    Set<String> entitlements = distinct(one.entitlements(), Company.Entitlement::key);
    Set<String> profiles = distinct(all(company, Company.Part::teams), Company.Team::profile);
    Set<String> tapeSites =
        distinct(
            CompanyAsset.of(one, all, TODAY).stream().filter(CompanyAsset::isTape).toList(),
            tape -> tape.inService() ? tape.family().site() : null);
    assertTrue(tags.containsAll(one.servers().values()));
    assertTrue(tags.containsAll(distinct(one.entitlements(), Company.Entitlement::asset)));
    one.entitlements().forEach(any -> assertTrue(profiles.containsAll(any.profiles())));
    one.documents().forEach(any -> assertTrue(profiles.containsAll(any.profiles())));
    for (Company.Request request : one.requests()) {
      assertTrue(entitlements.contains(request.entitlement()), request.entitlement());
      assertTrue(profiles.contains(request.profile()), request.profile());
    }
    for (Company.Family family : all(one, Company.Part::families)) {
      assertTrue(premises.contains(family.site()), family.site());
      assertTrue(family.zone() == null || zones.contains(family.zone()), family.zone());
      assertTrue(family.supplier() == null || suppliers.contains(family.supplier()));
      assertTrue(family.names() == null || family.names().size() == family.count());
      if (family.backup() != null) {
        assertTrue(one.servers().containsKey(family.backup().disk()));
        assertTrue(
            family.backup().tape() == null || one.servers().containsKey(family.backup().tape()));
        assertTrue(family.backup().tape() == null || tapeSites.contains(family.backup().tape()));
      }
    }
    Stream.concat(
            all(one, Company.Part::events).stream().map(Company.Event::asset),
            all(one, Company.Part::alerts).stream().map(Company.Signal::asset))
        .filter(tag -> tag != null)
        .forEach(tag -> assertTrue(tags.contains(tag), tag));
  }

  private static <T> List<T> all(Company one, Function<Company.Part, List<T>> what) {
    return one.parts().stream().flatMap(part -> what.apply(part).stream()).toList();
  }

  private static <T, K> Set<K> distinct(List<T> items, Function<T, K> key) {
    return items.stream().map(key).collect(Collectors.toCollection(HashSet::new));
  }

  @Test
  void nobodysProfileBothKeepsTheBooksAndPays() {
    Map<String, List<String>> profiles =
        company.entitlements().stream()
            .collect(Collectors.toMap(Company.Entitlement::key, Company.Entitlement::profiles));
    Set<String> both = new HashSet<>(profiles.get("SOL-COM-BA-006 bookkeeper"));
    both.retainAll(profiles.get("SOL-COM-BA-003 payroll clerk"));
    assertEquals(Set.of(), both);
  }

  @Test
  void aQuarterOfRunsHasFailedOnesMissedOnesAndOnesThatStopped() {
    Map<String, List<CompanyRun>> runs = runs(NOW);
    Company.Backup shops =
        company.sites().get(0).families().stream()
            .filter(family -> family.code().equals("VM"))
            .findFirst()
            .orElseThrow()
            .backup();

    List<CompanyRun> first = runs.get("SOL-PAR-VM-001");
    assertTrue(first.size() < shops.days() && first.size() > 80, () -> "" + first.size());
    assertTrue(first.stream().anyMatch(run -> !run.succeeded()));
    assertEquals(TODAY, day(first.get(first.size() - 1)));
    // The last of the shops: its copies stopped coming.
    List<CompanyRun> last = runs.get("SOL-PAR-VM-005");
    assertEquals(TODAY.minusDays(4), day(last.get(last.size() - 1)));
    assertNull(runs.get("SOL-PAR-TST-001"));
  }

  @Test
  void eachSystemInProductionHasAQuarterOfRunsSomeBadAndAllTogetherAreSeededInTime() {
    Set<String> systems = Set.of("SERVER", "VIRTUAL_MACHINE", "DATABASE", "APPLICATION");
    Map<String, List<CompanyRun>> runs = runs(NOW);

    for (CompanyAsset asset : assets) {
      if (asset.inService()
          && asset.family().production()
          && systems.contains(asset.family().kind())) {
        List<CompanyRun> own = runs.get(asset.tag());
        assertTrue(own != null && own.size() > 80, asset::tag);
        assertEquals(TODAY.minusDays(90), day(own.get(0)), asset.tag());
        assertTrue(own.stream().anyMatch(run -> !run.succeeded()), asset::tag);
      }
    }
    for (String kind : systems) {
      assertTrue(
          assets.stream()
              .anyMatch(
                  asset -> asset.family().kind().equals(kind) && runs.containsKey(asset.tag())),
          kind);
    }
    // Each is a request, of the three minutes that the whole may take.
    assertTrue(runs.values().stream().mapToInt(List::size).sum() < 3_500, "too many runs");
  }

  @Test
  void noRunEndsInTheFutureAndNoneIsOlderThanAQuarter() {
    Instant night = Instant.parse("2026-03-02T00:25:00Z");
    runs(night)
        .values()
        .forEach(
            some ->
                some.forEach(
                    run -> {
                      assertTrue(run.endedAt().isBefore(night));
                      assertTrue(run.startedAt().isAfter(night.minus(Duration.ofDays(92))));
                      assertTrue(run.endedAt().isAfter(run.startedAt()));
                    }));
  }

  private static Map<String, List<CompanyRun>> runs(Instant now) {
    return assets.stream()
        .map(asset -> Map.entry(asset.tag(), CompanyRun.of(asset, company.seed(), now)))
        .filter(entry -> !entry.getValue().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static LocalDate day(CompanyRun run) {
    return LocalDate.ofInstant(run.startedAt(), ZoneOffset.UTC);
  }

  @Test
  void toolsFoundMostMachinesWellSomeNotAndSomeNever() {
    Map<String, CompanyAsset> byTag =
        assets.stream().collect(Collectors.toMap(CompanyAsset::tag, Function.identity()));

    Map<String, Object> well = facts(byTag.get("SOL-PAR-LT-001"));
    assertEquals(true, well.get("antivirusRunning"));
    assertEquals("2026-03-01", well.get("signaturesOn"));
    assertEquals("2026-02-11", facts(byTag.get("SOL-PAR-LT-011")).get("signaturesOn"));
    assertNull(facts(byTag.get("SOL-PAR-LT-023")));
    assertNull(facts(byTag.get("SOL-PAR-PR-001")));
    assertEquals(List.of(22, 443, 3306), facts(byTag.get("SOL-PAR-VM-004")).get("openPorts"));
  }

  private static Map<String, Object> facts(CompanyAsset asset) {
    return asset.facts(company.postures(), TODAY);
  }

  @Test
  void anotherSeedMakesOtherPeople() throws IOException {
    Company other =
        Http.JSON.treeToValue(
            Http.JSON.<ObjectNode>valueToTree(company).put("seed", 1), Company.class);
    assertNotEquals(people, Employee.of(other, TODAY));
  }

  @Test
  void whatGotNoAnswerOr503IsSentAgainUnderTheSameKey(@TempDir Path directory) throws Exception {
    try (Faltering asset = new Faltering(directory)) {
      Caller caller = asset.caller();

      assertEquals("1", caller.post("asset", "/v1/assets", Map.of(), "\"1\"").id());
      assertEquals("1", caller.post("asset", "/v1/assets", Map.of()).id());

      // No answer, 503, done; and done at once, as another request.
      assertEquals(4, asset.keys.size());
      assertEquals(1, new HashSet<>(asset.keys.subList(0, 3)).size());
      assertFalse(asset.keys.contains(""));
      assertNotEquals(asset.keys.get(2), asset.keys.get(3));
    }
  }

  @Test
  void whatOthersChangeMeanwhileIsPutAgainInItsNewVersion(@TempDir Path directory)
      throws Exception {
    try (Faltering asset = new Faltering(directory)) {
      asset.version.set(3);

      assertEquals(
          "1",
          asset
              .caller()
              .putAnyVersion("asset", "/v1/assets/1/declared-ports", Map.of(), "/v1/assets/1")
              .id());

      assertEquals(List.of("\"4\"", "\"5\""), asset.versions);
    }
  }

  /**
   * In the place of asset-service: it does not answer, then answers 503, then as it should; and
   * each time that it is read its object has changed once more, until the fifth version.
   */
  private static final class Faltering implements AutoCloseable {
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<String> versions = new CopyOnWriteArrayList<>();
    private final AtomicInteger version = new AtomicInteger();
    private final Stack stack;
    private final HttpServer server;

    Faltering(Path directory) throws IOException {
      stack = new Stack(new Site(directory, directory, directory, Stack.freeOffset()), "asset");
      server =
          HttpServer.create(new InetSocketAddress(Site.LOOPBACK, stack.url("asset").getPort()), 0);
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        if (version.get() > 0) {
          answerVersion(exchange);
          return;
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        keys.add(key == null ? "" : key);
        exchange.getRequestBody().readAllBytes();
        if (keys.size() > 1) {
          byte[] body = "{\"id\": \"1\"}".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Retry-After", "0");
          exchange.sendResponseHeaders(keys.size() == 2 ? 503 : 201, body.length);
          exchange.getResponseBody().write(body);
        }
      }
    }

    private void answerVersion(HttpExchange exchange) throws IOException {
      byte[] body = "{\"id\": \"1\"}".getBytes(StandardCharsets.UTF_8);
      int status = 200;
      if (exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("ETag", "\"" + version.incrementAndGet() + "\"");
      } else {
        exchange.getRequestBody().readAllBytes();
        versions.add(exchange.getRequestHeaders().getFirst("If-Match"));
        status = version.get() < 5 ? 412 : 200;
      }
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }

    Caller caller() {
      return new Caller(stack, "asset-manager", () -> "token");
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
