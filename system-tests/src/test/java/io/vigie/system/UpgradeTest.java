package io.vigie.system;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.restassured.RestAssured;
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
          new Register("sysadmin", "backup", "/v1/runs"));

  /** A list of objects, and an account that may read all of it. */
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
      return as("asset-manager", "asset")
          .body(Map.of("name", "upgrade", "kind", "SERVER", "production", false))
          .post("/v1/assets")
          .then()
          .statusCode(201)
          .extract()
          .path("id");
    }

    /** All that the registers say, by where each object is. */
    Map<String, JsonNode> registers() throws IOException {
      Map<String, JsonNode> objects = new TreeMap<>();
      for (Register register : REGISTERS) {
        JsonNode items =
            JSON.readTree(
                    as(register.account(), register.service())
                        .get(register.path() + "?limit=200")
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
    // Given the previous release after its demo
    new Stack(site(previous)).wipe();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> new Stack(site(previous)).stop()));
    vigie("demo");
    Release before = new Release(new Stack(site(previous)), "-demo");
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
