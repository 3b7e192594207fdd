package io.vigie.backup.continuity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.backup.Plans;
import io.vigie.testkit.HostileTexts;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ContinuityResourceTest {

  private static final String FUNCTIONS = "/v1/critical-functions";
  private static final String PLANS = "/v1/continuity-plans";
  private static final String EXERCISES = "/v1/continuity-exercises";
  private static final String ADMIN = Tokens.of(SYSADMIN);
  private static final String CISO_TOKEN = Tokens.of(CISO);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static String declare() {
    return Rest.as(ADMIN)
        .body(
            Map.of(
                "name",
                "Hosting " + UUID.randomUUID(),
                "owner",
                UUID.randomUUID(),
                "description",
                "Mr Doe's sites"))
        .post(FUNCTIONS)
        .then()
        .statusCode(201)
        .body("dependsOn", empty())
        .extract()
        .path("id");
  }

  /** An asset of which asset-service has told. */
  private static UUID known(UUID... dependsOn) {
    UUID asset = UUID.randomUUID();
    tell(
        "asset.registered.v1",
        asset,
        "{\"kind\":\"NETWORK_DEVICE\",\"production\":true,\"state\":\"IN_STOCK\",\"dependsOn\":%s}"
            .formatted(ids(dependsOn)));
    await().untilAsserted(() -> Rest.as(ADMIN).get("/v1/coverage/" + asset).then().statusCode(200));
    return asset;
  }

  private static void tell(String type, UUID asset, String changes) {
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(
          type,
          "asset/" + asset,
          asset.toString(),
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\",\"changes\":%s}"
              .formatted(asset, changes));
    }
  }

  private static String ids(UUID... assets) {
    return Stream.of(assets)
        .map(asset -> "\"" + asset + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static ValidatableResponse underlying(String function) {
    return Rest.as(Tokens.of(RESPONDER))
        .get(function + "/underlying-assets")
        .then()
        .statusCode(200)
        .body("complete", is(true));
  }

  private static String redundant(UUID asset) {
    return "items.find { it.asset == '" + asset + "' }.redundant";
  }

  private static Response change(
      String token, String method, String object, String what, Map<String, ?> body) {
    String etag = Rest.as(ADMIN).get(object).header("ETag");
    var request = Rest.as(token).header("If-Match", etag);
    return (body == null ? request : request.body(body)).request(method, object + "/" + what);
  }

  private static Response post(String token, String object, String what, Map<String, ?> body) {
    return change(token, "POST", object, what, body);
  }

  private static Map<String, Object> procedure(int rto, int rpo) {
    return Map.of(
        "rtoSeconds", rto, "rpoSeconds", rpo, "steps", List.of("Call Mr Doe", "Fail over"));
  }

  private static String write(String function) {
    return write(function, "Paris is lost");
  }

  private static String write(String function, String title) {
    return Rest.as(ADMIN)
        .body(
            Map.of(
                "criticalFunction",
                function,
                "title",
                title,
                "procedure",
                procedure(14_400, 3_600)))
        .post(PLANS)
        .then()
        .statusCode(201)
        .body("inForce", nullValue())
        .extract()
        .path("id");
  }

  private Map<String, Object> test(UUID asset, boolean passed) {
    Map<String, Object> test =
        Map.of("asset", asset, "testedAt", clock.instant().toString(), "passed", passed);
    if (!passed) {
      return test;
    }
    Map<String, Object> withTime = new java.util.HashMap<>(test);
    withTime.put("takeoverSeconds", 40);
    return withTime;
  }

  private static List<String> tasks(String token) {
    return Rest.as(token)
        .get("/v1/tasks?limit=200")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("items.collect { it.kind + ' ' + it.subject }");
  }

  private static List<String> types(String id, int count) {
    try (Topic topic = Topic.named("vigie.backup.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(count, about(id));
      records.forEach(
          record ->
              assertFalse(new String(record.value(), StandardCharsets.UTF_8).contains("Doe")));
      return records.stream().map(record -> header(record, "ce_type")).toList();
    }
  }

  @Test
  void aPeerThatIsRetiredTakesOverFromNothing() {
    // Given
    String id = declare();
    String function = FUNCTIONS + "/" + id;
    UUID firewall = known();
    UUID peer = known();
    Map<String, Object> onPeer = Map.of("kind", "FIREWALL", "peer", peer);
    change(ADMIN, "PUT", function, "dependencies/" + firewall, onPeer).then().statusCode(200);
    post(ADMIN, function, "failover-tests", test(firewall, true))
        .then()
        .statusCode(200)
        .body("dependsOn.redundant", contains(true));

    // When
    tell("asset.retired.v1", peer, "{\"state\":\"RETIRED\"}");

    // Then
    await()
        .untilAsserted(
            () -> Rest.as(ADMIN).get(function).then().body("dependsOn.redundant", contains(false)));
    Rest.as(ADMIN).get(function).then().body("dependsOn.peer", contains(nullValue()));
    assertTrue(
        Plans.tasks(ADMIN).contains("critical-function.prove-redundancy critical-function/" + id));
    Rest.as(ADMIN)
        .get(FUNCTIONS + "?redundant=false&asset=" + firewall)
        .then()
        .body("items.id", contains(id));
    assertEquals(
        List.of(
            "critical-function.declared.v1",
            "critical-function.dependency-set.v1",
            "critical-function.failover-tested.v1",
            "critical-function.dependency-set.v1"),
        types(id, 4));
    problem(change(ADMIN, "PUT", function, "dependencies/" + firewall, onPeer), 422, "asset-gone");
  }

  @Test
  void anAssetOfWhichNothingWasToldIsNoDependencyAndNoPeer() {
    String function = FUNCTIONS + "/" + declare();
    UUID unknown = UUID.randomUUID();
    problem(
        change(ADMIN, "PUT", function, "dependencies/" + unknown, Map.of("kind", "UPS")),
        422,
        "unknown-asset");
    problem(
        change(
            ADMIN,
            "PUT",
            function,
            "dependencies/" + known(),
            Map.of("kind", "UPS", "peer", unknown)),
        422,
        "unknown-asset");
    Rest.as(ADMIN).get(function).then().body("dependsOn", empty());
  }

  @Test
  void whatADependencyAndItsPeerBothNeedIsFoundHoweverFarBelow() {
    // Given a firewall and its proven peer, which get their power from the same place
    UUID power = known();
    UUID rack = known(power);
    UUID firewall = known(rack);
    UUID peer = known(power);
    String id = declare();
    String function = FUNCTIONS + "/" + id;
    underlying(function).body("items", empty());
    change(
            ADMIN,
            "PUT",
            function,
            "dependencies/" + firewall,
            Map.of("kind", "FIREWALL", "peer", peer))
        .then()
        .statusCode(200);
    underlying(function).body(redundant(power), is(false)).body(redundant(rack), is(false));

    // When the peer takes over in a test
    post(ADMIN, function, "failover-tests", test(firewall, true)).then().statusCode(200);

    // Then the rack may fail, and the power may not
    underlying(function)
        .body("items.asset", containsInAnyOrder(power.toString(), rack.toString()))
        .body("items.neededBy", everyItem(contains(firewall.toString())))
        .body(redundant(rack), is(true))
        .body(redundant(power), is(false));
    String plan = write(id);
    Rest.as(ADMIN)
        .get(PLANS + "/" + plan + "/gap")
        .then()
        .body("underlying.items.size()", is(2))
        .body("underlying." + redundant(power), is(false));
    page(PLANS + "/" + plan);

    // When the peer has power of its own
    tell("asset.dependencies-changed.v1", peer, "{\"dependsOn\":%s}".formatted(ids(known())));

    // Then
    await().untilAsserted(() -> underlying(function).body(redundant(power), is(true)));

    // When the peer needs what it takes over from
    tell("asset.dependencies-changed.v1", peer, "{\"dependsOn\":%s}".formatted(ids(firewall)));

    // Then it makes up for nothing below that
    await()
        .untilAsserted(
            () ->
                underlying(function)
                    .body(redundant(rack), is(false))
                    .body(redundant(power), is(false)));

    // When it does no more, and the power comes to need the peer
    tell("asset.dependencies-changed.v1", peer, "{\"dependsOn\":[]}");
    await().untilAsserted(() -> underlying(function).body(redundant(power), is(true)));
    tell("asset.dependencies-changed.v1", power, "{\"dependsOn\":%s}".formatted(ids(peer)));

    // Then
    await().untilAsserted(() -> underlying(function).body(redundant(peer), is(false)));

    // When the function declares the power itself
    change(ADMIN, "PUT", function, "dependencies/" + power, Map.of("kind", "SERVER_POWER"))
        .then()
        .statusCode(200);

    // Then it is judged there, and what is below it through it
    underlying(function)
        .body("items.asset", hasItem(rack.toString()))
        .body("items.asset", not(hasItem(power.toString())))
        .body(
            "items.find { it.asset == '%s' }.neededBy".formatted(peer), contains(power.toString()));
  }

  @Test
  void nothingIsRedundantBelowAnAssetOfWhichNobodyToldWhatItDependsOn() {
    // Given a power of which nobody told, below a dependency with a proven peer
    UUID power = UUID.randomUUID();
    UUID firewall = known(power);
    UUID peer = known();
    String function = FUNCTIONS + "/" + declare();
    change(
            ADMIN,
            "PUT",
            function,
            "dependencies/" + firewall,
            Map.of("kind", "FIREWALL", "peer", peer))
        .then()
        .statusCode(200);
    post(ADMIN, function, "failover-tests", test(firewall, true)).then().statusCode(200);
    partly(function).body(redundant(power), is(false));

    // When it is told, and not what it depends on
    tell("asset.registered.v1", power, "{\"kind\":\"SERVER\",\"state\":\"IN_STOCK\"}");
    await().untilAsserted(() -> Rest.as(ADMIN).get("/v1/coverage/" + power).then().statusCode(200));

    // Then
    partly(function).body(redundant(power), is(false));

    // When that is told too
    tell("asset.dependencies-changed.v1", power, "{\"dependsOn\":[]}");

    // Then
    await().untilAsserted(() -> underlying(function).body(redundant(power), is(true)));

    // When the peer comes to depend on what nobody told of
    tell(
        "asset.dependencies-changed.v1",
        peer,
        "{\"dependsOn\":%s}".formatted(ids(UUID.randomUUID())));

    // Then
    await().untilAsserted(() -> partly(function).body(redundant(power), is(false)));
  }

  private static ValidatableResponse partly(String function) {
    return Rest.as(Tokens.of(RESPONDER))
        .get(function + "/underlying-assets")
        .then()
        .statusCode(200)
        .body("complete", is(false));
  }

  @Test
  void aFunctionIsRedundantOnceAPeerOfEachDependencyTookOverInATest() {
    // Given
    String id = declare();
    String function = FUNCTIONS + "/" + id;
    String prove = "critical-function.prove-redundancy critical-function/" + id;
    UUID firewall = known();
    UUID peer = known();
    assertFalse(tasks(ADMIN).contains(prove));

    // When nothing takes over
    change(ADMIN, "PUT", function, "dependencies/" + firewall, Map.of("kind", "FIREWALL"))
        .then()
        .statusCode(200)
        .body("dependsOn.redundant", contains(false));

    // Then
    assertTrue(tasks(ADMIN).contains(prove));
    assertTrue(tasks(CISO_TOKEN).contains(prove));
    problem(post(ADMIN, function, "failover-tests", test(firewall, true)), 409, "no-peer");

    // When a peer takes over in a test
    change(
            ADMIN,
            "PUT",
            function,
            "dependencies/" + firewall,
            Map.of("kind", "FIREWALL", "peer", peer))
        .then()
        .statusCode(200);
    post(ADMIN, function, "failover-tests", test(firewall, false)).then().statusCode(200);
    assertTrue(tasks(ADMIN).contains(prove));
    clock.move(Duration.ofMinutes(1));
    post(ADMIN, function, "failover-tests", test(firewall, true))
        .then()
        .statusCode(200)
        .body("dependsOn.redundant", contains(true))
        .body("dependsOn.takeoverSeconds", contains(40));

    // Then
    assertFalse(tasks(ADMIN).contains(prove));
    Rest.as(Tokens.of(RESPONDER))
        .get(FUNCTIONS + "?redundant=true&retired=false&asset=" + peer)
        .then()
        .body("items.id", contains(id));
    Rest.as(ADMIN)
        .get(function + "/failover-tests?asset=" + firewall)
        .then()
        .body("items.passed", contains(false, true));
    clock.move(Duration.ofDays(184));
    Rest.as(ADMIN)
        .get(FUNCTIONS + "?redundant=false&asset=" + firewall)
        .then()
        .body("items.id", contains(id));
    assertTrue(tasks(ADMIN).contains(prove));
    post(ADMIN, function, "dependencies/" + firewall + "/removal", null)
        .then()
        .statusCode(200)
        .body("proofDueAt", nullValue());
    assertEquals(
        List.of(
            "critical-function.declared.v1",
            "critical-function.dependency-set.v1",
            "critical-function.dependency-set.v1",
            "critical-function.failover-tested.v1",
            "critical-function.failover-tested.v1",
            "critical-function.dependency-removed.v1"),
        types(id, 6));
  }

  @Test
  void aPlanIsApprovedByAnotherExercisedAndItsGapIsOnOnePage() {
    // Given
    String function = declare();
    String id = write(function);
    String plan = PLANS + "/" + id;
    String decide = "continuity-plan.decide continuity-plan/" + id;
    assertTrue(tasks(CISO_TOKEN).contains(decide));
    problem(post(ADMIN, plan, "approval", null), 422, "self-approval");
    problem(
        Rest.as(ADMIN)
            .body(Map.of("plan", id, "method", "FULL_SCALE", "scenario", "Power fails"))
            .post(EXERCISES),
        409,
        "continuity-plan-not-approved");
    post(CISO_TOKEN, plan, "return", Map.of("reason", "which Doe?")).then().statusCode(200);
    post(ADMIN, plan, "versions", procedure(14_400, 7_200)).then().statusCode(200);
    post(CISO_TOKEN, plan, "approval", null)
        .then()
        .statusCode(200)
        .body("inForce", is(2))
        .body("rpoSeconds", is(7_200));
    assertFalse(tasks(CISO_TOKEN).contains(decide));
    Rest.as(ADMIN)
        .get(plan + "/versions")
        .then()
        .body("items.decision", contains("RETURNED", "APPROVED"));
    clock.move(Duration.ofDays(366));
    String overdue = PLANS + "?overdue=true&criticalFunction=" + function;
    Rest.as(ADMIN).get(overdue).then().body("items.id", contains(id));
    assertTrue(tasks(ADMIN).contains("continuity-plan.exercise continuity-plan/" + id));

    // When
    String exerciseId =
        Rest.as(ADMIN)
            .body(Map.of("plan", id, "method", "FULL_SCALE", "scenario", "Mr Doe pulls the plug"))
            .post(EXERCISES)
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String exercise = EXERCISES + "/" + exerciseId;
    problem(
        post(ADMIN, exercise, "steps", Map.of("step", 1, "outcome", "SKIPPED")), 400, "validation");
    problem(post(ADMIN, exercise, "steps", Map.of("step", 3, "outcome", "DONE")), 404, "not-found");
    post(ADMIN, exercise, "steps", Map.of("step", 2, "outcome", "DONE")).then().statusCode(200);
    post(
            ADMIN,
            exercise,
            "steps",
            Map.of("step", 1, "outcome", "SKIPPED", "reason", "Mr Doe was away"))
        .then()
        .statusCode(200);
    Instant now = clock.instant();
    post(
            ADMIN,
            exercise,
            "conclusion",
            Map.of(
                "disruptedAt", now.minusSeconds(9_000).toString(),
                "restoredAt", now.minusSeconds(1_800).toString(),
                "recoveryPointAt", now.minusSeconds(19_800).toString()))
        .then()
        .statusCode(200)
        .body("outcome", is("RESTORED"));

    // Then
    Rest.as(ADMIN).get(exercise + "/steps").then().body("items.state", contains("SKIPPED", "DONE"));
    Rest.as(ADMIN).get(overdue).then().body("items", empty());
    Rest.as(Tokens.of(RESPONDER))
        .get(plan + "/gap")
        .then()
        .statusCode(200)
        .body("rtoMeasuredSeconds", is(7_200))
        .body("rtoGapSeconds", is(7_200))
        .body("rpoMeasuredSeconds", is(10_800))
        .body("rpoGapSeconds", is(-3_600))
        .body("exerciseOverdue", is(false));
    String page = page(plan);
    for (String said :
        List.of("Paris is lost, version", "RTO 4 h 0 min 2 h 0 min 2 h 0 min", "-1 h 0 min")) {
      assertTrue(page.contains(said), page);
    }
    assertEquals(
        List.of(
            "continuity-plan.submitted.v1",
            "continuity-plan.returned.v1",
            "continuity-plan.submitted.v1",
            "continuity-plan.approved.v1",
            "continuity-plan.exercised.v1"),
        types(id, 5));
    assertEquals(
        List.of(
            "continuity-exercise.begun.v1",
            "continuity-exercise.step-settled.v1",
            "continuity-exercise.step-settled.v1",
            "continuity-exercise.concluded.v1"),
        types(exerciseId, 4));
  }

  @Test
  void theGapIsOnOnePageHoweverMuchIsUnproven() {
    // Given
    String id =
        Rest.as(ADMIN)
            .body(
                Map.of(
                    "name", "Payments ".repeat(18) + UUID.randomUUID(), "owner", UUID.randomUUID()))
            .post(FUNCTIONS)
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String function = FUNCTIONS + "/" + id;
    UUID[] below = Stream.generate(UUID::randomUUID).limit(12).toArray(UUID[]::new);
    UUID peer = known();
    for (int i = 0; i < 12; i++) {
      UUID asset = known(below);
      Map<String, Object> dependency = Map.of("kind", "FIREWALL", "peer", peer);
      change(ADMIN, "PUT", function, "dependencies/" + asset, dependency).then().statusCode(200);
      post(ADMIN, function, "failover-tests", test(asset, false)).then().statusCode(200);
    }

    // When
    String page = page(PLANS + "/" + write(id));

    // Then the first of each list are on it
    assertEquals(3, page.split("12 of/sur 12", -1).length, page);
    assertEquals(3, page.split("and 6 more / et 6 de plus", -1).length, page);
    assertEquals(6, Stream.of(below).filter(asset -> page.contains(asset.toString())).count());
    assertEquals(7, page.split("\\+ 10", -1).length, page);
  }

  @ParameterizedTest
  @FieldSource("io.vigie.testkit.HostileTexts#ALL")
  void whatPeopleWroteIsInertOnThePageOfTheGap(String hostile) {
    // Given
    String name = hostile + UUID.randomUUID();
    String function =
        Rest.as(ADMIN)
            .body(Map.of("name", name, "owner", UUID.randomUUID(), "description", hostile))
            .post(FUNCTIONS)
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    // When
    String page = page(PLANS + "/" + write(function, hostile));

    // Then it is text, each time
    assertTrue(page.contains("Objectives and measures"), page);
    if (HostileTexts.isPrintable(hostile)) {
      assertTrue(closedUp(page).contains(closedUp(name)), page);
      assertTrue(closedUp(page).contains(closedUp(hostile + ", no version approved")), page);
    }
  }

  private static String closedUp(String text) {
    return text.replaceAll("\\s", "");
  }

  /** What is on the one page of the plan's gap, where there is nothing to follow or to run. */
  private static String page(String plan) {
    Response pdf = Rest.as(ADMIN).get(plan + "/gap/pdf");
    pdf.then().statusCode(200).contentType("application/pdf");
    try (PDDocument document = Loader.loadPDF(pdf.asByteArray())) {
      assertEquals(1, document.getNumberOfPages());
      assertNull(document.getDocumentCatalog().getOpenAction());
      assertEquals(List.of(), document.getPage(0).getAnnotations());
      return new PDFTextStripper().getText(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatAnExerciseTaughtIsATaskOfItsOwnerUntilItIsFollowedUp() {
    // Given
    String plan = write(declare());
    post(CISO_TOKEN, PLANS + "/" + plan, "approval", null).then().statusCode(200);
    String id =
        Rest.as(CISO_TOKEN)
            .body(Map.of("plan", plan, "method", "TABLETOP", "scenario", "Ransomware"))
            .post(EXERCISES)
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String exercise = EXERCISES + "/" + id;
    UUID ownerId = UUID.randomUUID();
    String owner = Tokens.of(ownerId, STAFF);

    // When
    post(
            ADMIN,
            exercise,
            "lessons",
            Map.of(
                "text",
                "Mr Doe's number was old",
                "owner",
                ownerId,
                "dueAt",
                Instant.now().plus(Duration.ofDays(30)).toString()))
        .then()
        .statusCode(200)
        .body("lessons", is(1));

    // Then
    String task = "continuity-exercise.follow-up continuity-exercise/" + id;
    assertEquals(List.of(task), tasks(owner));
    Rest.as(ADMIN).get(PLANS + "/" + plan + "/gap").then().body("openLessons", is(1));
    Rest.as(Tokens.of(STAFF)).get(exercise + "/lessons").then().body("items", empty());
    String lesson = Rest.as(owner).get(exercise + "/lessons").path("items[0].id");
    String followUp = exercise + "/lessons/" + lesson + "/follow-up";
    Map<String, ?> result = Map.of("result", "checked each month");
    problem(Rest.as(ADMIN).body(result).post(followUp), 403, "forbidden");
    Rest.as(owner).body(result).post(followUp).then().statusCode(200);
    problem(Rest.as(owner).body(result).post(followUp), 409, "lesson-followed-up");
    assertEquals(List.of(), tasks(owner));
  }

  @Test
  void aFunctionHasOnePlanWhichEndsWithItAndEverythingIsPublishedAgain() {
    // Given
    String id = declare();
    String plan = write(id);
    Map<String, ?> again =
        Map.of("criticalFunction", id, "title", "x", "procedure", procedure(1, 0));
    problem(Rest.as(ADMIN).body(again).post(PLANS), 409, "already-exists");
    problem(
        Rest.as(ADMIN)
            .body(
                Map.of(
                    "criticalFunction",
                    UUID.randomUUID(),
                    "title",
                    "x",
                    "procedure",
                    procedure(1, 0)))
            .post(PLANS),
        422,
        "no-such-function");

    // When
    post(CISO_TOKEN, FUNCTIONS + "/" + id, "retirement", Map.of("reason", "sold"))
        .then()
        .statusCode(200);

    // Then
    Rest.as(ADMIN).get(PLANS + "/" + plan).then().body("pendingSince", nullValue());
    problem(post(CISO_TOKEN, PLANS + "/" + plan, "approval", null), 409, "continuity-plan-ended");
    problem(
        change(
            ADMIN, "PUT", FUNCTIONS + "/" + id, "dependencies/" + known(), Map.of("kind", "UPS")),
        409,
        "function-retired");
    Rest.as(ADMIN)
        .get(FUNCTIONS + "?retired=false&limit=200")
        .then()
        .body("items.id", not(hasItem(id)));
    Rest.as(ADMIN).post("/v1/snapshots").then().statusCode(200);
    assertEquals(
        List.of(
            "critical-function.declared.v1",
            "critical-function.retired.v1",
            "critical-function.snapshot.v1"),
        types(id, 3));
    assertEquals(
        List.of(
            "continuity-plan.submitted.v1",
            "continuity-plan.ended.v1",
            "continuity-plan.snapshot.v1"),
        types(plan, 3));
  }

  @Test
  void whatIsNoProcedureIsRefusedWithTheFieldsThatAreWrong() {
    String function = declare();

    problem(
            Rest.as(ADMIN)
                .body(
                    Map.of(
                        "criticalFunction",
                        function,
                        "title",
                        "x",
                        "procedure",
                        Map.of("rtoSeconds", 0, "rpoSeconds", -1, "steps", List.of("a\nb"))))
                .post(PLANS),
            400,
            "validation")
        .body(
            "errors.field",
            hasItems(
                is("procedure.rtoSeconds"),
                is("procedure.rpoSeconds"),
                startsWith("procedure.steps[0]")));
  }
}
