package io.vigie.asset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.asset.software.feed.Publisher;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.testkit.Rest.problem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What is malformed or means harm gets a problem that says what is wrong. Nothing of it is kept,
 * and no more memory is spent on it than on what is welcome.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class BadImportTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final int FIFTY_MEGABYTES = 50_000_000;
  private static final String DEEP = "[".repeat(100_000) + "]".repeat(100_000);

  /** Every table that an import may write to. */
  private static final List<String> TABLES =
      List.of(
          "asset",
          "inventory",
          "bom",
          "component",
          "holding",
          "advisory",
          "flaw",
          "affected_package",
          "vulnerability",
          "notice",
          "observed_flow",
          "network_finding");

  /** Where files come in: the most bytes that each takes, and a good one. */
  enum Import {
    ASSETS("POST", "/v1/assets/import", "text/csv", 16 << 20, "name,kind\ncafé,SERVER\n"),
    GLPI(
        "POST",
        "/v1/inventories",
        "application/json",
        16 << 20,
        "{\"deviceid\":\"café\",\"content\":{\"bios\":{\"ssn\":\"BAD-1\"},\"x\":[]}}"),
    OSQUERY(
        "POST",
        "/v1/inventories",
        "application/x-ndjson",
        16 << 20,
        "{\"name\":\"system_info\",\"action\":\"snapshot\",\"hostIdentifier\":\"café\","
            + "\"unixTime\":1,\"snapshot\":[{\"hardware_serial\":\"BAD-2\"}],\"x\":[]}\n"),
    INVENTORY(
        "PUT",
        "/v1/assets/{asset}/inventory",
        "application/json",
        16 << 20,
        "{\"collectedAt\":\"2026-01-02T03:04:05Z\",\"hostname\":\"café\",\"packages\":[]}"),
    BOM(
        "PUT",
        "/v1/assets/{asset}/bom",
        "application/json",
        16 << 20,
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":"
            + "[{\"name\":\"café\",\"purl\":\"pkg:npm/bad@1\"}],\"x\":[]}"),
    ADVISORY("POST", "/v1/advisories", "application/json", 8 << 20, advisory("BAD-1")),
    ADVISORIES(
        "POST", "/v1/advisories/import", "application/x-ndjson", 32 << 20, advisory("BAD-2")),
    FLOWS(
        "POST",
        "/v1/observed-flows",
        "application/x-ndjson",
        16 << 20,
        "{\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\",\"protocol\":\"TCP\",\"port\":1,"
            + "\"firstSeen\":\"2026-01-02T03:04:05Z\",\"lastSeen\":\"2026-01-02T03:04:05Z\","
            + "\"count\":1}\n"),
    MACHINES("POST", "/v1/inventories", "text/csv", 16 << 20, "serial,name\nBAD-3,café\n");

    private final String method;
    private final String path;
    private final String type;
    private final int limit;
    private final String good;

    Import(String method, String path, String type, int limit, String good) {
      this.method = method;
      this.path = path;
      this.type = type;
      this.limit = limit;
      this.good = good;
    }

    Response send(String asset, byte[] body) {
      RequestSpecification request = Rest.as(TOKEN).contentType(type).body(body);
      return (method.equals("PUT") ? request.header("If-Match", "*") : request)
          .request(method, path.replace("{asset}", asset));
    }
  }

  private String asset;
  private Map<String, Long> before;

  @BeforeEach
  void count() throws SQLException {
    asset = Calls.asset(TOKEN, "SERVER");
    before = rows();
  }

  /** Each test ends with the rows that it began with, but for those that it says. */
  @AfterEach
  void nothingWasKept() throws SQLException {
    assertEquals(before, rows());
  }

  /** What the others spoil is good. */
  @ParameterizedTest
  @EnumSource
  void whatIsGoodIsTaken(Import at) throws SQLException {
    Response answer = at.send(asset, at.good.getBytes(UTF_8));

    assertTrue(answer.statusCode() == 200 || answer.statusCode() == 201, answer.asString());
    if (at == Import.ADVISORIES) {
      answer.then().body("rows.outcome", everyItem(is(not("REFUSED"))));
    }
    before = rows();
  }

  @ParameterizedTest
  @EnumSource
  void fiftyMegabytesAreRefusedBeforeTheirFirstByteIsRead(Import at) throws IOException {
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      client.getOutputStream().write(head(at, "Content-Length: " + FIFTY_MEGABYTES));
      assertTooLarge(at.limit, client);
    }
  }

  /** Files that belong to something, too, whatever they are. */
  @Test
  void noEndpointThatTakesMoreThanUsualTakesFiftyMegabytes() throws IOException {
    Config config = ConfigProvider.getConfig();
    int tried = 0;
    for (String name : config.getPropertyNames()) {
      if (name.startsWith("vigie.body-limit.\"")) {
        tried++;
        String path = name.replaceAll("^[^\"]*\"|\"$", "").replaceAll("[{]id[}]", asset);
        try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
          client
              .getOutputStream()
              .write(head("POST", path, "text/plain", "Content-Length: " + FIFTY_MEGABYTES));
          assertTooLarge(config.getValue(name, MemorySize.class).asLongValue(), client);
        }
      }
    }
    assertTrue(tried >= 9, tried + " were found");
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOfUnannouncedLengthIsGivenUpAtTheLimit(Import at) throws IOException {
    byte[] chunk = new byte[1 << 16];
    Arrays.fill(chunk, (byte) ' ');
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      OutputStream out = client.getOutputStream();
      out.write(head(at, "Transfer-Encoding: chunked"));
      for (int sent = 0; sent <= at.limit; sent += chunk.length) {
        out.write((Integer.toHexString(chunk.length) + "\r\n").getBytes());
        out.write(chunk);
        out.write("\r\n".getBytes());
      }
      // the body goes on, and the answer is there
      assertTooLarge(at.limit, client);
    }
  }

  private byte[] head(Import at, String length) {
    return head(at.method, at.path.replace("{asset}", asset), at.type, length);
  }

  private static byte[] head(String method, String path, String type, String length) {
    return "%s %s HTTP/1.1\r\nHost: vigie\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n%s\r\n\r\n"
        .formatted(method, path, TOKEN, type, length)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void assertTooLarge(long limit, Socket client) throws IOException {
    client.setSoTimeout(60_000);
    InputStream in = client.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("}") < 0) {
      int next = in.read();
      assertTrue(next >= 0, answer.toString());
      answer.append((char) next);
    }
    assertTrue(answer.toString().startsWith("HTTP/1.1 413 "), answer.toString());
    assertTrue(answer.toString().contains("urn:vigie:problem:too-large"), answer.toString());
    assertTrue(answer.toString().contains("At most " + limit), answer.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"GLPI", "OSQUERY", "INVENTORY", "BOM", "ADVISORY", "ADVISORIES", "FLOWS"})
  void deepJsonIsRefused(Import at) {
    assertRefused(at, DEEP.getBytes(UTF_8));
    assertRefused(at, at.good.replaceFirst("\\{", "{\"y\":" + DEEP + ",").getBytes(UTF_8));
    if (at.good.contains("[]")) {
      assertRefused(at, at.good.replace("[]", DEEP).getBytes(UTF_8));
    }
  }

  @Test
  void deepJsonIsNoAttributeOfAnAsset() {
    for (String deep : List.of(DEEP, "[".repeat(300) + "]".repeat(300))) {
      Response answer =
          Rest.as(TOKEN)
              .body(
                  "{\"name\":\"x\",\"kind\":\"SERVER\",\"production\":true,\"attributes\":{\"rack\":%s}}"
                      .formatted(deep))
              .post("/v1/assets");
      answer.then().statusCode(400).contentType("application/problem+json");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOWS") // which have no texts
  void whatIsNotUtf8IsRefused(Import at) {
    assertRefused(at, at.good.getBytes(StandardCharsets.ISO_8859_1));
    byte[] cut = at.good.getBytes(UTF_8);
    cut[at.good.indexOf('é') + 1] = '"';
    assertRefused(at, cut);
  }

  /** JSON that is one document tells its own encoding. */
  @ParameterizedTest
  @EnumSource(names = {"ASSETS", "OSQUERY", "BOM", "ADVISORIES", "FLOWS", "MACHINES"})
  void aTableAndLinesAreInNoOtherUnicode(Import at) {
    for (String other : List.of("UTF-16", "UTF-16LE", "UTF-32")) {
      assertRefused(at, at.good.getBytes(Charset.forName(other)));
    }
  }

  /** 400 with a reason; where each line has an answer, the line's. */
  private void assertRefused(Import at, byte[] body) {
    Response answer = at.send(asset, body);
    if (at == Import.ADVISORIES && answer.statusCode() == 200) {
      answer
          .then()
          .body("rows.outcome", everyItem(is("REFUSED")))
          .body("rows", hasItem(notNullValue()));
    } else {
      assertEquals(400, answer.statusCode(), at + " " + answer.asString());
      answer.then().contentType("application/problem+json").body("detail", notNullValue());
    }
  }

  /** Tools read serial numbers from firmware, with what happens to stand there. */
  @ParameterizedTest
  @EnumSource(names = {"GLPI", "OSQUERY"})
  void whatNoDatabaseKeepsIsNotReadWithTheTextsOfATool(Import at) {
    String serial = UUID.randomUUID().toString();
    String report = at.good.replaceFirst("BAD-.", serial + "\\\\u0000\\\\ud800!");

    String machine =
        at.send(asset, report.getBytes(UTF_8)).then().statusCode(200).extract().path("asset");

    Calls.get(TOKEN, "/v1/assets/" + machine).then().body("serialNumber", equalTo(serial + "!"));
    at.send(asset, report.getBytes(UTF_8)).then().body("result", equalTo("UNCHANGED"));
    before.computeIfPresent("asset", (table, count) -> count + 1);
    before.computeIfPresent("inventory", (table, count) -> count + 1);
  }

  @Test
  void whatAReportSaysOfNothingIsPassedOver() {
    String serial = UUID.randomUUID().toString();
    String nothings =
        "{\"deviceid\":\"x\",\"content\":{\"bios\":{\"ssn\":\"%s\"},\"hardware\":{\"memory\":%d},"
                .formatted(serial, Long.MIN_VALUE)
            + "\"drives\":[null,{}],\"softwares\":[null,{}],\"cpus\":[null],\"networks\":[null,{}],"
            + "\"simcards\":[null],\"antivirus\":[null],\"firewalls\":[null,{}]}}";

    String machine =
        Import.GLPI
            .send(asset, nothings.getBytes(UTF_8))
            .then()
            .statusCode(200)
            .extract()
            .path("asset");

    Calls.get(TOKEN, "/v1/assets/" + machine + "/inventory")
        .then()
        .body("packages", hasSize(0))
        .body("memoryBytes", equalTo(null));
    before.computeIfPresent("asset", (table, count) -> count + 1);
    before.computeIfPresent("inventory", (table, count) -> count + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ten to the tenth", "a file", "a page", "a parameter", "depth"})
  void anXmlBombIsNotReadAndTheFeedGoesOn(String bomb) throws IOException {
    try (Publisher publisher = new Publisher()) {
      publisher.says(bomb(bomb));
      String feed = Calls.create(TOKEN, "/v1/feeds", Map.of("name", bomb, "url", publisher.url()));

      await()
          .untilAsserted(
              () ->
                  Calls.get(TOKEN, "/v1/feeds/" + feed)
                      .then()
                      .body("failure", containsString("no RSS or Atom")));

      Calls.get(TOKEN, "/v1/notices?feed=" + feed).then().body("items", hasSize(0));
      Rest.as(TOKEN)
          .header("If-Match", "*")
          .body(Map.of("reason", "It sends bombs."))
          .post("/v1/feeds/" + feed + "/ending")
          .then()
          .statusCode(200);
    }
  }

  private static String bomb(String kind) {
    StringBuilder entities = new StringBuilder("<!ENTITY e0 \"ha\">");
    for (int i = 1; i <= 10; i++) {
      entities.append("<!ENTITY e%d \"%s\">".formatted(i, "&e%d;".formatted(i - 1).repeat(10)));
    }
    String doctype =
        switch (kind) {
          case "ten to the tenth" -> entities.toString();
          case "a file" -> "<!ENTITY e10 SYSTEM \"file:///etc/passwd\">";
          case "a page" -> "<!ENTITY e10 SYSTEM \"http://127.0.0.1:1/\">";
          case "a parameter" -> "<!ENTITY % p SYSTEM \"file:///dev/zero\"> %p; <!ENTITY e10 \"x\">";
          default -> "";
        };
    String title = doctype.isEmpty() ? "<a>".repeat(5_000) + "</a>".repeat(5_000) : "&e10;";
    return (doctype.isEmpty() ? "" : "<!DOCTYPE rss [" + doctype + "]>")
        + "<rss version=\"2.0\"><channel><title>%1$s</title><item><title>%1$s</title></item></channel></rss>"
            .formatted(title);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"status\":\"final\"', '\"status\":\"unsure\"', document.tracking.status",
    "'\"csaf_version\":\"2.0\"', '\"csaf_version\":\"2.1\"', document.csaf_version",
    "'[\"known\"]', '[\"nobody\"]', vulnerabilities[0].product_status.known_affected[0]",
    "'\"vulnerabilities\":[', '\"vulnerabilities\":[7,', vulnerabilities[0]"
  })
  void aCsafDocumentThatBreaksItsSchemaIsRefusedWithThePlaceAndKeepsTheOthersOut(
      String text, String broken, String place) {
    String bad = CSAF.replace(text, broken);

    problem(Import.ADVISORY.send(asset, bad.getBytes(UTF_8)), 400, "validation")
        .body("errors.field", hasItem(place));
    Import.ADVISORIES
        .send(asset, (advisory("BAD-3") + "\n" + bad).getBytes(UTF_8))
        .then()
        .statusCode(200)
        .body("rows.outcome", equalTo(List.of("NOT_DONE", "REFUSED")))
        .body("rows[1].errors.field", hasItem(place));
  }

  @Test
  void aBillWhoseComponentsNeedEachOtherIsRefusedWithTheCycle() {
    String bill =
        """
        {"bomFormat":"CycloneDX","specVersion":"1.6","components":[
          {"name":"a","bom-ref":"a","purl":"pkg:npm/bad-a@1"},
          {"name":"b","bom-ref":"b","purl":"pkg:npm/bad-b@1"}],
         "dependencies":[{"ref":"a","dependsOn":["b"]},{"ref":"b","dependsOn":["nobody","a"]}]}""";

    problem(Import.BOM.send(asset, bill.getBytes(UTF_8)), 400, "validation")
        .body("errors.field", hasItem("dependencies"))
        .body("errors.message", hasItem(containsString("b needs a")));
  }

  @Test
  void aBillThatIsNestedWithoutEndIsRefused() {
    String nested = "[{\"name\":\"a\",\"components\":".repeat(50_000);
    assertRefused(Import.BOM, Import.BOM.good.replaceFirst("\\[.*", nested).getBytes(UTF_8));
  }

  private static Stream<Arguments> formulas() {
    return Stream.of(
        arguments("=1+1", "'=1+1"),
        arguments("+1", "'+1"),
        arguments("-1", "'-1"),
        arguments("@SUM(A1)", "'@SUM(A1)"),
        arguments("\t=1+1", "'\t=1+1"),
        arguments("\r=1+1", "\"'\r'=1+1\""),
        arguments("\n=1+1", "\"'\n'=1+1\""),
        arguments("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""),
        arguments("shop;=HYPERLINK(\"x\")", "\"shop;'=HYPERLINK(\"\"x\"\")\""));
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void aSpreadsheetTakesNothingOfAnExportForAFormula(String name, String cell) {
    String site =
        Calls.create(
            TOKEN, "/v1/assets", Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    String id =
        Calls.create(
            TOKEN,
            "/v1/assets",
            Map.of(
                "name",
                name,
                "kind",
                "SERVER",
                "production",
                true,
                "site",
                site,
                "make",
                name,
                "attributes",
                Map.of("rack", name)));
    before.computeIfPresent("asset", (table, count) -> count + 2);

    String exported = Calls.get(TOKEN, "/v1/assets/export/csv?site=" + site).asString();

    String row = exported.substring(exported.indexOf(id));
    assertEquals(4, row.split(Pattern.quote(cell), -1).length, row);
    String line = Calls.get(TOKEN, "/v1/assets/export?site=" + site).asString();
    assertEquals(name, JsonPath.from(line).getString("name"));
  }

  private static Map<String, Long> rows() throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      for (String table : TABLES) {
        try (ResultSet count = sql.executeQuery("select count(*) from " + table)) {
          count.next();
          rows.put(table, count.getLong(1));
        }
      }
    }
    return rows;
  }

  private static String advisory(String id) {
    return "{\"id\":\"%s\",\"modified\":\"2026-01-01T00:00:00Z\",\"summary\":\"café\",\"aliases\":[]}"
        .formatted(id);
  }

  private static final String CSAF =
      """
      {"document":{"category":"csaf_security_advisory","csaf_version":"2.0","title":"Bad",
       "publisher":{"category":"vendor","name":"x","namespace":"https://x.example"},
       "tracking":{"id":"BAD-CSAF","status":"final","version":"1","initial_release_date":"2026-01-01T00:00:00Z",
        "current_release_date":"2026-01-01T00:00:00Z",
        "revision_history":[{"date":"2026-01-01T00:00:00Z","number":"1","summary":"x"}]}},
       "product_tree":{"full_product_names":[{"name":"x","product_id":"known"}]},
       "vulnerabilities":[{"cve":"CVE-2026-1000","product_status":{"known_affected":["known"]}}]}"""
          .replace("\n", "");
}
