package io.vigie.system;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.vigie.stack.Demo;
import io.vigie.stack.Site;
import io.vigie.stack.Stack;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The upgrade and the rollback of docs/operations.md: this release on what the previous one left,
 * and that one again on what both left. The system property {@code vigie.previous} names a checkout
 * of the previous release, whose own commands build it, start it and fill it.
 */
@EnabledIfSystemProperty(
    named = "vigie.previous",
    matches = ".+",
    disabledReason = "it builds another release first; run it by deploy/check-upgrade.sh")
class UpgradeTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> SERVICES =
      List.of("asset", "access", "incident", "backup", "audit");

  private static final List<Register> REGISTERS =
      List.of(
          new Register("asset-manager", "asset", "/v1/assets"),
          new Register("access-manager", "access", "/v1/people"),
          new Register("access-manager", "access", "/v1/entitlements"),
          new Register("access-manager", "access", "/v1/rights"),
          new Register("responder", "incident", "/v1/security-events"),
          new Register("responder", "incident", "/v1/incidents"),
          new Register("sysadmin", "backup", "/v1/plans"),
          new Register("sysadmin", "backup", "/v1/runs"),
          new Register("asset-manager", "asset", "/v1/documents"),
          new Register("asset-manager", "asset", "/v1/suppliers"),
          new Register("asset-manager", "asset", "/v1/advisories"),
          new Register("asset-manager", "asset", "/v1/vulnerabilities"),
          new Register("access-manager", "access", "/v1/campaigns"),
          new Register("responder", "incident", "/v1/alerts?source=upgrade"),
          new Register("sysadmin", "backup", "/v1/critical-functions"),
          new Register("sysadmin", "backup", "/v1/continuity-plans"),
          new Register("sysadmin", "backup", "/v1/continuity-exercises"));

  /** A list of objects, which may be filtered, and an account that may read all of it. */
  private record Register(String account, String service, String path) {}

  /**
   * A release that runs on the state.
   *
   * @param ending what follows the name of a demo account in its password
   */
  private record Release(Stack stack, String ending) {

    RequestSpecification as(String account, String service) {
      String token =
          RestAssured.given()
              .formParams(
                  Map.of(
                      "grant_type",
                      "password",
                      "client_id",
                      "vigie-cli",
                      "username",
                      account,
                      "password",
                      account + ending))
              .post(stack.url("keycloak") + "/realms/vigie/protocol/openid-connect/token")
              .then()
              .statusCode(200)
              .extract()
              .path("access_token");
      return Platform.bearing(token, stack.url(service).toString());
    }

    /** Makes an asset; its id. */
    String register() {
      return create(
          "asset-manager",
          "asset",
          "/v1/assets",
          Map.of("name", "upgrade", "kind", "SERVER", "production", false));
    }

    private String create(String account, String service, String path, Map<String, ?> body) {
      return as(account, service).body(body).post(path).then().statusCode(201).extract().path("id");
    }

    private String first(String account, String service, String path) {
      return as(account, service).get(path).then().statusCode(200).extract().path("items[0].id");
    }

    /** Puts something into each register that the demo leaves empty; nothing of it moves after. */
    void fill() {
      create(
          "asset-manager",
          "asset",
          "/v1/documents",
          Map.of(
              "titleFr",
              "Mise à niveau",
              "titleEn",
              "Upgrade",
              "kind",
              "PROCEDURE",
              "owner",
              first("access-manager", "access", "/v1/people"),
              "rules",
              List.of("R1.1"),
              "audience",
              Map.of("everyone", true, "profiles", List.of()),
              "reviewMonths",
              12));
      create(
          "asset-manager",
          "asset",
          "/v1/suppliers",
          Map.of(
              "name",
              "upgrade",
              "services",
              "develops",
              "activities",
              List.of("DEVELOPS"),
              "criticality",
              "MODERATE",
              "handlesClientData",
              false,
              "countries",
              List.of("FR"),
              "contactName",
              "Ada Upgrade",
              "contactEmail",
              "ada@supplier.example"));
      as("sysadmin", "incident")
          .body(
              Map.of(
                  "source", "upgrade", "rule", "Upgrade", "status", "FIRING", "severity", "INFO"))
          .post("/v1/alerts")
          .then()
          .statusCode(201);
      beVulnerable();
      review();
      exercise();
    }

    /** An asset with a package that an advisory is about. */
    private void beVulnerable() {
      as("asset-manager", "asset")
          .body(
              Map.of(
                  "bomFormat",
                  "CycloneDX",
                  "specVersion",
                  "1.6",
                  "components",
                  List.of(
                      Map.of(
                          "type",
                          "library",
                          "name",
                          "upgrade",
                          "version",
                          "1.0.0",
                          "purl",
                          "pkg:npm/upgrade@1.0.0"))))
          .put("/v1/assets/" + register() + "/bom")
          .then()
          .statusCode(200);
      as("asset-manager", "asset")
          .body(
              Map.of(
                  "id",
                  "UPGRADE-1",
                  "modified",
                  "2026-01-01T00:00:00Z",
                  "summary",
                  "Anybody may do anything.",
                  "severity",
                  List.of(
                      Map.of(
                          "type",
                          "CVSS_V3",
                          "score",
                          "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")),
                  "affected",
                  List.of(
                      Map.of(
                          "package",
                          Map.of("ecosystem", "npm", "name", "upgrade"),
                          "ranges",
                          List.of(
                              Map.of(
                                  "type",
                                  "SEMVER",
                                  "events",
                                  List.of(Map.of("introduced", "0"), Map.of("fixed", "2.0.0"))))))))
          .post("/v1/advisories")
          .then()
          .statusCode(201);
      eventually()
          .untilAsserted(
              () ->
                  as("asset-manager", "asset")
                      .get("/v1/vulnerabilities")
                      .then()
                      .body("items", hasSize(1)));
    }

    /** A campaign about the right that the demo gave, which opens by the clock. */
    private void review() {
      create(
          "access-manager",
          "access",
          "/v1/campaigns",
          Map.of(
              "name",
              "upgrade",
              "scope",
              Map.of(
                  "entitlements", List.of(first("access-manager", "access", "/v1/entitlements"))),
              "reviewers",
              "OWNER",
              "everyMonths",
              0));
      eventually()
          .untilAsserted(
              () ->
                  as("access-manager", "access")
                      .get("/v1/campaigns")
                      .then()
                      .body("items.find { it.name == 'upgrade' }.state", equalTo("OPEN")));
    }

    /** An exercise of a plan for a critical function. */
    private void exercise() {
      String function =
          create(
              "sysadmin",
              "backup",
              "/v1/critical-functions",
              Map.of("name", "upgrade", "owner", "upgrade"));
      String plan =
          create(
              "sysadmin",
              "backup",
              "/v1/continuity-plans",
              Map.of(
                  "criticalFunction",
                  function,
                  "title",
                  "upgrade",
                  "procedure",
                  Map.of("rtoSeconds", 3_600, "rpoSeconds", 60, "steps", List.of("restore"))));
      as("ciso", "backup")
          .header("If-Match", "*")
          .post("/v1/continuity-plans/" + plan + "/approval")
          .then()
          .statusCode(200);
      create(
          "sysadmin",
          "backup",
          "/v1/continuity-exercises",
          Map.of("plan", plan, "method", "FUNCTIONAL", "scenario", "upgrade"));
    }

    /** All that the registers say, by where each object is. */
    Map<String, JsonNode> registers() throws IOException {
      Map<String, JsonNode> objects = new TreeMap<>();
      for (Register register : REGISTERS) {
        JsonNode items =
            JSON.readTree(
                    as(register.account(), register.service())
                        .queryParam("limit", 200)
                        .get(register.path())
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString())
                .path("items");
        assertNotEquals(0, items.size(), register::toString);
        assertTrue(items.size() < 200, () -> register + " has more than one page");
        items.forEach(item -> objects.put(register.path() + "/" + item.path("id").asText(), item));
      }
      return objects;
    }

    /** That every fact of a service reached the broker. */
    void assertNothingWaits(String service) {
      as("sysadmin", service)
          .get("/v1/operator/outbox")
          .then()
          .statusCode(200)
          .body("waiting", equalTo(0));
    }

    /** That the log has the registration of an asset, and nothing else of it. */
    void assertLoggedOnce(String asset) {
      eventually()
          .untilAsserted(
              () ->
                  as("auditor", "audit")
                      .get("/v1/objects/asset/" + asset + "/history")
                      .then()
                      .statusCode(200)
                      .body("items.type", equalTo(List.of("asset.registered.v1"))));
    }
  }

  @TempDir Path folder;
  private final Path previous = Path.of(System.getProperty("vigie.previous"));
  private final int offset = Stack.freeOffset();

  @Test
  void whatThePreviousReleaseLeftGoesOnInThisOneAndInThePreviousOneAgain() throws Exception {
    // Given the previous release after its demo, with something in every register
    new Stack(site(previous)).wipe();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> new Stack(site(previous)).stop()));
    vigie("demo");
    Release before = new Release(new Stack(site(previous)), "-demo");
    before.fill();
    Path published = checkpoint(before);

    // with a fact that the log has not taken in, and one that has not left its service
    before.stack().stop("audit");
    String unlogged = before.register();
    eventually().untilAsserted(() -> before.assertNothingWaits("asset"));
    before.stack().stop("kafka");
    String unsent = before.register();
    Map<String, JsonNode> then = before.registers();
    vigie("down");

    // When this release starts on what is there
    Release now = new Release(new Stack(site(ROOT)), "-demo-only");
    now.stack().start(UpgradeTest::say);

    // Then every object is as it was, no fact is lost, and work goes on with what the other one
    // made
    assertAllIsSaid(then, now.registers());
    now.assertLoggedOnce(unlogged);
    now.assertLoggedOnce(unsent);
    Demo.run(site(ROOT), now.stack(), Clock.systemUTC());
    now.assertLoggedOnce(now.register());
    assertWhole(now, published);
    assertVerified(now);

    // When the previous one takes its place again
    Map<String, JsonNode> written = now.registers();
    Path extended = checkpoint(now);
    now.stack().stop();
    Release again = new Release(passingOverMigrations(site(previous)), "-demo-only");
    again.stack().start(UpgradeTest::say);

    // Then it has what both wrote, as far as it knows of it, and goes on
    Map<String, JsonNode> known = again.registers();
    assertEquals(written.keySet(), known.keySet());
    assertAllIsSaid(known, written);
    Demo.run(site(previous), again.stack(), Clock.systemUTC());
    again.assertLoggedOnce(again.register());
    assertWhole(again, extended);
  }

  /** The programs of a checkout on the one state, which is that of the previous release. */
  private Site site(Path checkout) {
    Path state = previous.resolve(".vigie");
    return new Site(checkout, state, state.resolve("cache"), offset);
  }

  /** A command of the previous release, by its own script, to its end. */
  private void vigie(String command) throws IOException, InterruptedException {
    Path said = Path.of(previous + ".log");
    ProcessBuilder process =
        new ProcessBuilder(previous.resolve("vigie").toString(), command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(said.toFile()));
    process.environment().put("VIGIE_PORT_OFFSET", Integer.toString(offset));
    say("vigie", command + " of the previous release");
    assertEquals(0, process.start().waitFor(), () -> command + " failed: see " + said);
  }

  /** From the first release on services pass over what they do not know by themselves. */
  private static Stack passingOverMigrations(Site site) {
    Stack stack = new Stack(site);
    for (String service : SERVICES) {
      stack.adjust(
          service,
          process ->
              process
                  .environment()
                  .put("QUARKUS_FLYWAY_IGNORE_MIGRATION_PATTERNS", "*:missing,*:future"));
    }
    return stack;
  }

  /** Each look signs in anew, so there is a second between two. */
  private static ConditionFactory eventually() {
    return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofSeconds(1));
  }

  private static void say(String component, String what) {
    System.out.println(component + " " + what);
  }

  /** What the log has signed by now, in a file. */
  private Path checkpoint(Release release) throws IOException {
    String note =
        RestAssured.given()
            .baseUri(release.stack().url("audit").toString())
            .get("/log/checkpoint")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    return Files.writeString(Files.createTempFile(folder, "log", ".checkpoint"), note);
  }

  /**
   * Every fact has left its service, no listener gave one up, and the log verifies offline: it
   * extends what was published before, and no number that a service gave an event is missing.
   */
  private void assertWhole(Release release, Path published) {
    eventually()
        .untilAsserted(
            () -> {
              SERVICES.forEach(release::assertNothingWaits);
              for (String service : SERVICES) {
                release
                    .as("sysadmin", service)
                    .get("/v1/operator/parked")
                    .then()
                    .statusCode(200)
                    .body("items", empty());
              }
              Path export = Files.createTempFile(folder, "export", ".ndjson");
              try (InputStream body =
                  release.as("auditor", "audit").get("/v1/log/export").asInputStream()) {
                Files.copy(body, export, StandardCopyOption.REPLACE_EXISTING);
              }
              Platform.Verdict verdict =
                  Platform.verifier(
                      "export",
                      export.toString(),
                      "--vkey",
                      release.as("auditor", "audit").get("/log/vkey").asString(),
                      "--checkpoint",
                      published.toString());
              assertEquals(0, verdict.exit(), verdict::output);
            });
  }

  /** The service itself finds the log as it was logged, with all that leads to its entries. */
  private static void assertVerified(Release release) {
    Instant since = Instant.now();
    eventually()
        .untilAsserted(
            () -> {
              release.as("auditor", "audit").post("/v1/log/verifications").then().statusCode(202);
              JsonPath last =
                  release
                      .as("auditor", "audit")
                      .get("/v1/log/verifications/last")
                      .then()
                      .statusCode(200)
                      .extract()
                      .jsonPath();
              assertTrue(Instant.parse(last.getString("finishedAt")).isAfter(since), "not yet");
              assertTrue(last.getBoolean("intact"), last::prettify);
            });
  }

  /** Each of these objects is there, and says all that it says here. */
  private static void assertAllIsSaid(Map<String, JsonNode> said, Map<String, JsonNode> there) {
    List<String> otherwise = new ArrayList<>();
    said.forEach(
        (path, object) -> {
          JsonNode found = there.getOrDefault(path, MissingNode.getInstance());
          if (!says(found, object)) {
            otherwise.add("%s: %s%nis not in: %s".formatted(path, object, found));
          }
        });
    assertEquals(List.of(), otherwise);
  }

  /** Whether the one says all that the other says; it may have members that the other lacks. */
  private static boolean says(JsonNode one, JsonNode other) {
    if (other.isObject()) {
      return other.properties().stream()
          .allMatch(member -> says(one.path(member.getKey()), member.getValue()));
    }
    if (other.isArray()) {
      return one.size() == other.size()
          && IntStream.range(0, other.size()).allMatch(i -> says(one.get(i), other.get(i)));
    }
    return one.equals(other);
  }
}
