package io.vigie.asset.posture;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.asset.posture.Endpoints.ANNA;
import static io.vigie.asset.posture.Endpoints.TOOL_TOKEN;
import static io.vigie.asset.posture.Endpoints.change;
import static io.vigie.asset.posture.Endpoints.decide;
import static io.vigie.asset.posture.Endpoints.declare;
import static io.vigie.asset.posture.Endpoints.exempt;
import static io.vigie.asset.posture.Endpoints.good;
import static io.vigie.asset.posture.Endpoints.inService;
import static io.vigie.asset.posture.Endpoints.posture;
import static io.vigie.asset.posture.Endpoints.report;
import static io.vigie.asset.posture.Endpoints.verdict;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PostureResourceTest {

  private static final String BEN = Tokens.of(UUID.randomUUID(), SYSADMIN);
  private static final String CARLA = Tokens.of(UUID.randomUUID(), CISO);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void aMachineFallsOutOfComplianceComesBackAndLeavesAndEachIsPublished() {
    // Given a laptop that no tool has reported
    String id = inService("LAPTOP");
    posture(id).then().body("compliant", equalTo(true)).body("facts", equalTo(Map.of()));
    assertEquals("IN_GRACE", verdict(id, "antivirus-running"));

    // When a tool reports that all is well, then that the firewall is off, and it is retired
    report(id, clock.instant(), good())
        .then()
        .statusCode(200)
        .body("rules.verdict", everyItem(equalTo("COMPLIANT")))
        .body("facts.signIn.value", equalTo("BIOMETRICS"));
    report(id, clock.instant(), Map.of("firewallOn", false)).then().statusCode(200);
    change(id, "POST", "retirement", Map.of("reason", "broken")).then().statusCode(200);

    // Then
    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> firewall =
          topic.await(4, about("posture/" + id).and(record -> of(record, "firewall-on")));
      assertEquals(
          List.of(
              "posture.breached.v1",
              "posture.restored.v1",
              "posture.breached.v1",
              "posture.restored.v1"),
          firewall.stream().map(record -> header(record, "ce_type")).toList());
      JsonPath never = new JsonPath(new String(firewall.get(0).value()));
      assertEquals("R11.1", never.getString("policy"));
      assertNull(never.getString("found"), "nothing was known");
      assertEquals("false", new JsonPath(new String(firewall.get(2).value())).getString("found"));
      JsonPath left = new JsonPath(new String(firewall.get(3).value()));
      assertEquals("OUT_OF_SERVICE", left.getString("reason"));
      assertTrue(left.getLong("brokenSeconds") >= 0);
    }
    posture(id).then().body("inService", equalTo(false)).body("rules", empty());
    problem(report(id, clock.instant(), Map.of("firewallOn", true)), 409, "asset-not-held");
  }

  private static boolean of(ConsumerRecord<String, byte[]> record, String rule) {
    return new String(record.value()).contains("\"rule\":\"" + rule + "\"");
  }

  @Test
  void anOlderReportIsAnsweredAndChangesNothing() {
    String id = inService("LAPTOP");
    Instant now = clock.instant();
    Response first = report(id, now, good());

    Response older = report(id, now.minusSeconds(60), Map.of("firewallOn", false));

    older.then().statusCode(200).body("facts.firewallOn.value", equalTo(true));
    assertEquals(first.header("ETag"), older.header("ETag"));
    report(id, now.plusSeconds(86_400), Map.of("rebootPending", true))
        .then()
        .body("facts.rebootPending.value", equalTo(true))
        .body("facts.firewallOn.observedAt", equalTo(now.toString()));
    report(id, clock.instant(), Map.of("rebootPending", false))
        .then()
        .body("facts.rebootPending.value", equalTo(false));
  }

  @Test
  void openPortsAreHeldAgainstTheDeclaredOnes() {
    String id = inService("SERVER");
    Map<String, Object> facts = new HashMap<>(good());
    facts.put("openPorts", List.of(443, 22));
    report(id, clock.instant(), facts)
        .then()
        .body("rules.find { it.rule == 'ports-declared' }.found", equalTo("22, 443"));
    assertEquals("IN_GRACE", verdict(id, "ports-declared"));

    problem(
        Rest.as(ANNA).body(Map.of("ports", List.of(22))).put(path(id, "declared-ports")),
        428,
        "precondition-required");
    declare(id, List.of(22)).then().statusCode(200).body("declaredPorts", contains(22));
    assertEquals("IN_GRACE", verdict(id, "ports-declared"));
    declare(id, List.of(443, 22)).then().statusCode(200).body("declaredPorts", contains(22, 443));
    assertEquals("COMPLIANT", verdict(id, "ports-declared"));
    declare(id, List.of(22, 443)).then().statusCode(200);
    problem(
        Rest.as(ANNA)
            .header("If-Match", "\"0\"")
            .body(Map.of("ports", List.of()))
            .put(path(id, "declared-ports")),
        412,
        "stale");

    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          2,
          topic
              .await(2, about("posture/" + id).and(Topic.ofType("posture.ports-declared.v1")))
              .size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATABASE", "APPLICATION"})
  void howOneSignsInToWhatIsInProductionIsDeclared(String kind) {
    // Given one that says nothing of it
    Map<String, Object> details = new HashMap<>();
    details.putAll(Map.of("name", "orders", "kind", kind, "production", false));
    String id = inService(details);
    posture(id).then().body("rules.rule", not(hasItem("authentication-declared")));
    Instant soon = clock.instant().plus(Duration.ofDays(1));
    problem(exempt(ANNA, id, "authentication-declared", soon), 422, "rule-of-other-kinds");

    // When it is put in production, open to anybody, and closed in the end
    details.put("production", true);
    describe(id, details);
    await().untilAsserted(() -> authentication(id, "verdict", "IN_GRACE"));
    details.put("attributes", Map.of("authentication", "NONE"));
    describe(id, details);
    await().untilAsserted(() -> authentication(id, "found", "NONE"));
    details.put("attributes", Map.of("authentication", "PASSWORD"));
    describe(id, details);
    await().untilAsserted(() -> authentication(id, "verdict", "COMPLIANT"));

    // Then each is published
    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> told =
          topic.await(
              3, about("posture/" + id).and(record -> of(record, "authentication-declared")));
      assertEquals(
          List.of("posture.breached.v1", "posture.breached.v1", "posture.restored.v1"),
          told.stream().map(record -> header(record, "ce_type")).toList());
      JsonPath never = new JsonPath(new String(told.get(0).value()));
      assertEquals("R10.1", never.getString("policy"));
      assertNull(never.getString("found"), "nothing was declared");
      assertEquals("COMPLIES", new JsonPath(new String(told.get(2).value())).getString("reason"));
    }
  }

  private static void authentication(String id, String what, String value) {
    posture(id)
        .then()
        .body("rules.findAll { it.rule == 'authentication-declared' }." + what, contains(value));
  }

  private static void describe(String id, Map<String, ?> details) {
    Calls.put(ANNA, "/v1/assets/" + id, details).then().statusCode(200);
  }

  @Test
  void anExemptionIsApprovedByAnotherPersonAndEndsWhenItIsWithdrawn() {
    // Given a phone whose breach counts
    String id = inService("PHONE");
    Map<String, Object> facts = new HashMap<>(good());
    facts.put("diskEncrypted", false);
    report(id, clock.instant(), facts).then().statusCode(200);
    clock.move(Duration.ofDays(7).plusMinutes(1));
    assertEquals("BREACHED", verdict(id, "disk-encrypted"));
    assertTrue(tasks(ANNA, "asset/" + id).contains("posture.restore"));
    assertFalse(tasks(BEN, "asset/" + id).contains("posture.restore"));

    // When its exemption is asked for
    Instant endsAt = clock.instant().plus(Duration.ofDays(20));
    Response asked = exempt(ANNA, id, "disk-encrypted", endsAt);
    asked
        .then()
        .statusCode(201)
        .body("stage", equalTo("REQUESTED"))
        .body("found", equalTo("false"));
    String exemption = asked.path("id");
    problem(exempt(BEN, id, "disk-encrypted", endsAt), 409, "already-exists");

    // Then it waits for somebody else, and counts until then
    assertTrue(tasks(CARLA, "asset/" + id).contains("posture-exemption.decide"));
    assertFalse(tasks(ANNA, "asset/" + id).contains("posture-exemption.decide"));
    problem(decide(ANNA, exemption, "approval", Map.of()), 409, "own-request");
    assertEquals("BREACHED", verdict(id, "disk-encrypted"));
    decide(CARLA, exemption, "approval", Map.of())
        .then()
        .statusCode(200)
        .body("stage", equalTo("APPROVED"));
    assertEquals("EXEMPT", verdict(id, "disk-encrypted"));
    Rest.as(ANNA)
        .get("/v1/posture-exemptions?stage=APPROVED&rule=disk-encrypted&asset=" + id)
        .then()
        .body("items.id", contains(exemption));

    // And when it is withdrawn, the breach counts again
    decide(BEN, exemption, "withdrawal", Map.of("reason", "No excuse")).then().statusCode(200);
    assertEquals("BREACHED", verdict(id, "disk-encrypted"));
    problem(decide(BEN, exemption, "withdrawal", Map.of("reason", "again")), 409, "exemption-over");
    String second = exempt(BEN, id, "disk-encrypted", endsAt).path("id");
    decide(ANNA, second, "refusal", Map.of("reason", "No")).then().statusCode(200);

    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of(
              "posture-exemption.requested.v1",
              "posture-exemption.approved.v1",
              "posture-exemption.withdrawn.v1"),
          topic.await(3, about(exemption)).stream().map(r -> header(r, "ce_type")).toList());
    }
  }

  @Test
  void thoseWithABreachThatCountsAreListedAndCounted() {
    // Given three tablets: a good one, one in grace, one in breach
    JsonPath before = summary();
    String good = inService("TABLET");
    String late = inService("TABLET");
    String bad = inService("TABLET");
    report(good, clock.instant(), good()).then().statusCode(200);
    report(late, clock.instant(), good()).then().statusCode(200);
    report(bad, clock.instant(), good()).then().statusCode(200);
    report(bad, clock.instant(), Map.of("screenLock", false)).then().statusCode(200);
    clock.move(Duration.ofDays(4));
    report(late, clock.instant(), Map.of("screenLock", false)).then().statusCode(200);

    // Then
    List<String> all = listed("kind=TABLET");
    assertTrue(all.containsAll(List.of(good, late, bad)));
    assertTrue(listed("kind=TABLET&compliant=false").contains(bad));
    List<String> compliant = listed("kind=TABLET&compliant=true");
    assertTrue(compliant.containsAll(List.of(good, late)) && !compliant.contains(bad));
    List<String> breached = listed("rule=screen-locks&compliant=false&kind=TABLET");
    assertTrue(breached.contains(bad) && !breached.contains(good) && !breached.contains(late));
    assertTrue(listed("rule=screen-locks&compliant=true").containsAll(List.of(good, late)));
    assertTrue(listed("rule=patched&compliant=true&kind=TABLET").contains(bad));
    assertEquals(List.of(), listed("rule=ports-declared&kind=TABLET"));

    JsonPath after = summary();
    assertEquals(3, count(after, "assets") - count(before, "assets"));
    assertEquals(
        count(after, "assets"),
        count(after, "compliant")
            + count(after, "inGrace")
            + count(after, "breached")
            + count(after, "exempt")
            + count(after, "unknown"));
    assertTrue(count(after, "breached") >= 1 && count(after, "inGrace") >= 1);

    Response first = Rest.as(ANNA).get("/v1/postures?limit=1&kind=TABLET");
    first.then().body("items", hasSize(1));
    Rest.as(ANNA)
        .get(first.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.asset", not(hasItem(first.<String>path("items[0].asset"))));
  }

  @Test
  void aReadModelThatStartsFromNothingLearnsOfBreachesAndExemptions() {
    String broken = inService("LAPTOP");
    String exemption =
        exempt(ANNA, broken, "patched", clock.instant().plus(Duration.ofDays(1))).path("id");

    Rest.as(BEN).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.asset.events")) {
      String posture =
          new String(
              topic
                  .await(1, about("posture/" + broken).and(Topic.ofType("posture.snapshot.v1")))
                  .get(0)
                  .value());
      assertEquals("LAPTOP", new JsonPath(posture).getString("state.assetKind"));
      assertEquals(
          1,
          topic
              .await(1, about(exemption).and(Topic.ofType("posture-exemption.snapshot.v1")))
              .size());
    }
  }

  private static List<String> listed(String filter) {
    return Rest.as(ANNA)
        .get("/v1/postures?limit=200&" + filter)
        .then()
        .statusCode(200)
        .extract()
        .path("items.asset");
  }

  private static JsonPath summary() {
    return Rest.as(ANNA).get("/v1/postures/summary").jsonPath();
  }

  private static int count(JsonPath summary, String what) {
    return summary.getInt("rules.find { it.rule == 'screen-locks' }." + what);
  }

  @Test
  void whatCannotBeIsRefused() {
    String id = inService("LAPTOP");
    for (Map<String, ?> facts :
        List.of(
            Map.of("signIn", "SMELL"),
            Map.of("patchedOn", "2999-01-01"),
            Map.of("signaturesOn", "yesterday"),
            Map.of("openPorts", List.of(0)),
            Map.of("screenLockSeconds", -1),
            Map.of("colour", "red"))) {
      problem(report(id, clock.instant(), facts), 400, "validation");
    }
    problem(
        Rest.as(TOOL_TOKEN).body(Map.of("facts", Map.of())).put(path(id, "posture")),
        400,
        "validation");
    problem(report(UUID.randomUUID().toString(), clock.instant(), Map.of()), 404, "not-found");
    problem(Rest.as(ANNA).get("/v1/postures?rule=nonsense"), 400, "validation");
    problem(Rest.as(ANNA).get("/v1/postures?kind=SPACESHIP"), 400, "validation");
    problem(Rest.as(ANNA).get("/v1/postures?compliant=perhaps"), 400, "validation");
    Instant later = clock.instant().plus(Duration.ofDays(181));
    problem(exempt(ANNA, id, "patched", later), 422, "exemption-too-long");
    problem(exempt(ANNA, id, "patched", clock.instant()), 422, "exemption-too-long");
    Instant soon = clock.instant().plus(Duration.ofDays(1));
    problem(exempt(ANNA, id, "nonsense", soon), 400, "validation");
    problem(exempt(ANNA, id, "ports-declared", soon), 422, "rule-of-other-kinds");
    problem(exempt(ANNA, UUID.randomUUID().toString(), "patched", soon), 404, "not-found");
  }

  private static String path(String id, String what) {
    return "/v1/assets/" + id + "/" + what;
  }
}
