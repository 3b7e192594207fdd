package io.vigie.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.sun.net.httpserver.HttpExchange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Registers taken away as tables, with services that list page by page. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(user = "sacha", roles = "staff")
class ExportPagesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST = "0199a000-0000-7000-8000-000000000001";
  private static final String SECOND = "0199a000-0000-7000-8000-000000000002";
  private static final String ZONE = "0199a000-0000-7000-8000-000000000003";
  private static final String NOTHING = "{\"items\": []}";

  @Inject Downloads downloads;

  @TestHTTPResource("/")
  URL console;

  private final List<String> asked = new CopyOnWriteArrayList<>();

  @BeforeEach
  void servicesThatHaveNothing() {
    Services.reset();
    Services.say("asset/v1/assets", 200, NOTHING);
    Services.say("access/v1/people", 200, NOTHING);
  }

  private static RequestSpecification browser() {
    return RestAssured.given().redirects().follow(false).header("Accept", "text/html,*/*;q=0.8");
  }

  private static ObjectNode example(String service, String name) throws IOException {
    Path file = Path.of("..", "contracts", "examples", service + "-service.json");
    return (ObjectNode) JSON.readTree(file.toFile()).path(name);
  }

  private static String page(List<JsonNode> items) {
    return JsonNodeFactory.instance
        .objectNode()
        .set("items", JsonNodeFactory.instance.arrayNode().addAll(items))
        .toString();
  }

  /**
   * @param next what the next page begins after; null for the last
   */
  private void answer(HttpExchange exchange, int status, String body, String next)
      throws IOException {
    asked.add(exchange.getRequestURI().getRawQuery());
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (next != null) {
      exchange
          .getResponseHeaders()
          .add("Link", "<http://x.example/v1/list?after=" + next + ">; rel=\"next\"");
    }
    byte[] sent = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, sent.length);
    exchange.getResponseBody().write(sent);
  }

  /** A list of two pages with an object each. */
  private void twoPages(String path, JsonNode first, JsonNode second) {
    Services.say(
        path,
        exchange -> {
          boolean isSecond = exchange.getRequestURI().getRawQuery().endsWith("&after=" + FIRST);
          answer(exchange, 200, page(List.of(isSecond ? second : first)), isSecond ? null : FIRST);
        });
  }

  private static List<Map<String, String>> rows(String table) throws IOException {
    List<String[]> lines =
        new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .<String[]>readValues(table)
            .readAll();
    List<String> header = List.of(lines.get(0));
    assertEquals(header.size(), header.stream().distinct().count(), header::toString);
    return lines.stream()
        .skip(1)
        .map(
            cells -> {
              assertEquals(header.size(), cells.length, () -> List.of(cells).toString());
              return java.util.stream.IntStream.range(0, cells.length)
                  .boxed()
                  .collect(Collectors.toMap(header::get, i -> cells[i]));
            })
        .toList();
  }

  @Test
  void aRegisterIsATableOfAllItsPagesInTheOrderAndWithTheFiltersOfTheList() throws IOException {
    ObjectNode right = example("access", "Right");
    twoPages("access/v1/rights", right, right.deepCopy().put("id", SECOND));

    String query = "state=REVOKED&sort=-validUntil";
    browser()
        .get("/rights?" + query)
        .then()
        .statusCode(200)
        .body(containsString("href=\"/rights/export.csv?state=REVOKED&amp;sort=-validUntil\""));
    asked.clear();
    Response table = browser().get("/rights/export.csv?" + query + "&made-up=1");

    table
        .then()
        .statusCode(200)
        .contentType(startsWith("text/csv"))
        .header("Content-Disposition", "attachment; filename=\"rights.csv\"");
    assertEquals(
        List.of(query + "&limit=200", query + "&limit=200&after=" + FIRST), List.copyOf(asked));
    List<Map<String, String>> rows = rows(table.asString());
    assertEquals(
        List.of(right.path("id").asText(), SECOND),
        rows.stream().map(row -> row.get("id")).toList());
    // As the service writes it, whatever the language, and what is inside of others
    assertEquals("2026-12-31T22:59:59Z", rows.get(0).get("validUntil"));
    assertEquals("REVOKED", rows.get(0).get("state"));
    assertEquals("Approved for the profile", rows.get(0).get("decided.reason"));
    assertEquals(
        List.of("id", "person", "person.name", "asset", "asset.name"),
        List.of(table.asString().split(",")).subList(0, 5));
  }

  @Test
  void peopleAndAssetsHaveTheirNamesBesideTheirIdsAndAreAskedForOnce() throws IOException {
    ObjectNode right = example("access", "Right");
    ObjectNode person = example("access", "Person");
    ObjectNode asset = example("asset", "Asset");
    twoPages("access/v1/rights", right, right.deepCopy().put("person", ZONE));
    Services.say("access/v1/people", 200, page(List.of(person)));
    Services.say("asset/v1/assets", 200, page(List.of(asset)));

    List<Map<String, String>> rows = rows(browser().get("/rights/export.csv").asString());

    assertEquals(right.path("person").asText(), rows.get(0).get("person"));
    assertEquals("Ada Lovelace", rows.get(0).get("person.name"));
    assertEquals("Ada Lovelace", rows.get(0).get("requested.by.name"));
    assertEquals("web-1", rows.get(1).get("asset.name"));
    // And whom nobody knows has an id
    assertEquals(ZONE, rows.get(1).get("person"));
    assertEquals("", rows.get(1).get("person.name"));
    List<String> names =
        Services.asked().stream().filter(path -> !path.contains("rights")).sorted().toList();
    assertEquals(
        List.of(
            "access/v1/people?who="
                + String.join(
                    ",",
                    right.path("person").asText(),
                    right.path("requested").path("by").asText(),
                    right.path("decided").path("by").asText()),
            "access/v1/people?who=" + ZONE,
            "asset/v1/assets?limit=200&ids=" + right.path("asset").asText()),
        names);
  }

  @Test
  void zonesHaveTheirNamesAndWhereNobodyTellsNamesTheTableIsThereAllTheSame() throws IOException {
    ObjectNode flow = example("asset", "Flow").put("fromZone", ZONE).put("toZone", FIRST);
    Services.say("asset/v1/flows", 200, page(List.of(flow)));
    Services.say(
        "asset/v1/zones/" + ZONE, 200, "{\"id\": \"%s\", \"name\": \"DMZ\"}".formatted(ZONE));
    Services.say("access/v1/people", 503, "{}");

    Map<String, String> row = rows(browser().get("/flows/export.csv").asString()).get(0);

    assertEquals("DMZ", row.get("fromZone.name"));
    assertEquals("", row.get("toZone.name"));
    assertEquals("", row.get("requestedBy.name"));
    assertEquals(flow.path("requestedBy").asText(), row.get("requestedBy"));
    assertEquals("443,8000-8099", row.get("ports"));
  }

  @Test
  void aCellThatASpreadsheetWouldRunIsHarmless() throws IOException {
    ObjectNode flow = example("asset", "Flow").put("purpose", "=cmd|' /C calc'!A0");
    ObjectNode other = example("asset", "Flow").put("purpose", "a\n@b;-\"c\",d");
    Services.say("asset/v1/flows", 200, page(List.of(flow, other)));
    Services.say(
        "access/v1/people",
        200,
        page(List.of(example("access", "Person").put("givenName", "+Ada").put("familyName", ""))));

    String table = browser().get("/flows/export.csv").asString();

    List<Map<String, String>> rows = rows(table);
    assertEquals("'=cmd|' /C calc'!A0", rows.get(0).get("purpose"));
    assertEquals("a\n'@b;'-\"c\",d", rows.get(1).get("purpose"));
    assertFalse(table.matches("(?s).*(^|[,;\r\n])\"?[=+@].*"), table);
  }

  @Test
  void aTableWhoseServiceFailsHalfWayDoesNotLookWhole() throws Exception {
    ObjectNode flow = example("asset", "Flow");
    Services.say(
        "asset/v1/flows",
        exchange -> {
          boolean isFirst = asked.isEmpty();
          answer(
              exchange,
              isFirst ? 200 : 503,
              isFirst ? page(Collections.nCopies(200, flow)) : "{}",
              isFirst ? FIRST : null);
        });

    assertThrows(Exception.class, () -> browser().get("/flows/export.csv").asByteArray());
    assertEquals(List.of("limit=200", "limit=200&after=" + FIRST), List.copyOf(asked));
    downloads.awaitEnd();
  }

  @Test
  void aTableEndsAfterFiftyThousandRowsAndSaysSo() throws Exception {
    String page = page(Collections.nCopies(200, example("asset", "Flow")));
    Services.say(
        "asset/v1/flows", exchange -> answer(exchange, 200, page, UUID.randomUUID().toString()));

    List<String> lines =
        browser()
            .header("Accept-Language", "fr")
            .get("/flows/export.csv")
            .then()
            .statusCode(200)
            .extract()
            .asString()
            .lines()
            .toList();

    assertEquals(50_002, lines.size());
    assertTrue(lines.get(0).startsWith("id,"), lines.get(0));
    assertTrue(
        lines.get(50_001).matches("\"?Il y en a plus : ce tableau s'arrête après 50.000 lignes.*"),
        lines.get(50_001));
    assertEquals(250, asked.size());
  }

  @Test
  void whoStopsReadingIsNotAskedFor() throws Exception {
    String page =
        page(Collections.nCopies(200, example("asset", "Flow").put("purpose", "p".repeat(2_000))));
    AtomicInteger pages = new AtomicInteger();
    Services.say(
        "asset/v1/flows",
        exchange -> {
          pages.incrementAndGet();
          answer(exchange, 200, page, UUID.randomUUID().toString());
        });

    HttpRequest request =
        HttpRequest.newBuilder(URI.create(console + "flows/export.csv"))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    try (InputStream table =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body()) {
      assertEquals(100, table.readNBytes(100).length);
    }

    downloads.awaitEnd();
    assertTrue(pages.get() < 200, pages + " pages were asked for one");
  }

  @ParameterizedTest
  @CsvSource({"403,403", "503,503", "401,503", "429,503"})
  void whereThereIsNoTableAPageSaysWhy(int answer, int status) {
    Services.say("asset/v1/flows", answer, "{}");
    browser()
        .get("/flows/export.csv")
        .then()
        .statusCode(status)
        .contentType("text/html")
        .header("Content-Disposition", nullValue())
        .body(containsString("<h1"));
  }

  @Test
  void whatCannotBeAskedSoLeadsToTheListThatSaysWhy() {
    Services.say("asset/v1/flows", 400, "{\"title\": \"The request is not valid.\"}");
    browser()
        .get("/flows/export.csv?stage=APPROVED")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/flows?stage=APPROVED"));
    browser().get("/flows?stage=APPROVED").then().body(containsString("The request is not valid."));

    browser()
        .get("/flows/export.csv?stage=MADE_UP")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/flows?stage=MADE_UP"));
  }

  @Test
  void whoMayNotReadARegisterGetsNoTableOfIt() {
    for (String register :
        List.of("suppliers", "vulnerabilities", "incidents", "backup-accesses")) {
      browser()
          .get("/" + register + "/export.csv")
          .then()
          .statusCode(403)
          .body(containsString("This page is not for you"));
    }
    assertEquals(List.of(), Services.asked());
  }
}
