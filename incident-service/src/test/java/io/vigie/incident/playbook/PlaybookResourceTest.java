package io.vigie.incident.playbook;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PlaybookResourceTest {

  private static final String PLAYBOOKS = "/v1/playbooks";
  private static final String RUNS = "/v1/playbook-runs";
  private static final String AUTHOR = Tokens.of(RESPONDER);
  private static final String CISO_TOKEN = Tokens.of(CISO);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static Response change(String token, String object, String what, Map<String, ?> body) {
    String etag = Rest.as(AUTHOR).get(object).header("ETag");
    var request = Rest.as(token).header("If-Match", etag);
    return (body == null ? request : request.body(body)).post(object + "/" + what);
  }

  private static String write(String category) {
    return Rest.as(AUTHOR)
        .body(
            Map.of(
                "category",
                category,
                "title",
                "The shop is down",
                "steps",
                List.of("Call Mr Doe", "Put the notice up")))
        .post(PLAYBOOKS)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static void settle(String run, Map<String, ?> step) {
    change(AUTHOR, RUNS + "/" + run, "steps", step).then().statusCode(200);
  }

  @Test
  void aPlaybookIsApprovedByAnotherExercisedAndItsLessonsFollowedUp() {
    // Given
    String id = write("AVAILABILITY");
    String playbook = PLAYBOOKS + "/" + id;
    String staff = Tokens.of(STAFF);
    Rest.as(staff).get(playbook + "/versions").then().body("items", empty());
    problem(change(AUTHOR, playbook, "approval", null), 422, "self-approval");
    problem(Rest.as(AUTHOR).body(Map.of("playbook", id)).post(RUNS), 409, "playbook-not-approved");
    change(CISO_TOKEN, playbook, "return", Map.of("reason", "which Doe?")).then().statusCode(200);
    change(AUTHOR, playbook, "versions", Map.of("steps", List.of("Call", "Tell", "Mend")))
        .then()
        .statusCode(200);
    change(CISO_TOKEN, playbook, "approval", null).then().statusCode(200).body("inForce", is(2));
    Rest.as(staff).get(playbook + "/versions").then().body("items.number", contains(2));

    // When
    clock.move(Duration.ofDays(184));
    Rest.as(AUTHOR)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", hasItem("playbook/" + id));
    String run =
        Rest.as(AUTHOR)
            .body(Map.of("playbook", id))
            .post(RUNS)
            .then()
            .statusCode(201)
            .body("exercise", is(true))
            .extract()
            .path("id");
    problem(
            change(AUTHOR, RUNS + "/" + run, "steps", Map.of("step", 1, "outcome", "SKIPPED")),
            400,
            "validation")
        .body("errors.field", contains("reason"));
    problem(
        change(AUTHOR, RUNS + "/" + run, "steps", Map.of("step", 9, "outcome", "DONE")),
        404,
        "not-found");
    settle(run, Map.of("step", 1, "outcome", "DONE"));
    settle(run, Map.of("step", 3, "outcome", "SKIPPED", "reason", "Mr Doe was away"));
    settle(run, Map.of("step", 2, "outcome", "DONE"));

    // Then
    Rest.as(AUTHOR).get(RUNS + "/" + run).then().body("completedAt", notNullValue());
    Rest.as(AUTHOR)
        .get(RUNS + "/" + run + "/steps")
        .then()
        .body("items.state", contains("DONE", "DONE", "SKIPPED"))
        .body("items[2].reason", is("Mr Doe was away"));
    Rest.as(AUTHOR)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", not(hasItem("playbook/" + id)));

    // When
    UUID ownerId = UUID.randomUUID();
    String owner = Tokens.of(ownerId, STAFF);
    String due =
        clock.instant().plus(Duration.ofDays(300)).truncatedTo(ChronoUnit.SECONDS).toString();
    change(
            AUTHOR,
            RUNS + "/" + run,
            "lessons",
            Map.of("text", "Mr Doe's number was old", "owner", ownerId, "dueAt", due))
        .then()
        .statusCode(200)
        .body("lessons", is(1))
        .body("lessonDueAt", is(due));

    // Then
    Rest.as(owner).get("/v1/tasks").then().body("items.subject", contains("playbook-run/" + run));
    String lessons = RUNS + "/" + run + "/lessons";
    Rest.as(staff).get(lessons).then().body("items", empty());
    String lesson = Rest.as(owner).get(lessons).path("items[0].id");
    String followUp = lessons + "/" + lesson + "/follow-up";
    Map<String, ?> outcome = Map.of("outcome", "checked each month");
    problem(Rest.as(AUTHOR).body(outcome).post(followUp), 403, "forbidden");
    Rest.as(owner).body(outcome).post(followUp).then().statusCode(200);
    Rest.as(owner).get("/v1/tasks").then().body("items", empty());
    Rest.as(AUTHOR).get(RUNS + "/" + run).then().body("lessonDueAt", nullValue());
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(7, about(run));
      assertEquals(
          List.of(
              "playbook-run.begun.v1",
              "playbook-run.step-settled.v1",
              "playbook-run.step-settled.v1",
              "playbook-run.step-settled.v1",
              "playbook-run.completed.v1",
              "playbook-run.lesson-learnt.v1",
              "playbook-run.lesson-followed-up.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      records.forEach(record -> assertFalse(new String(record.value()).contains("Doe")));
      assertEquals(1, topic.await(1, about(id).and(ofType("playbook.exercised.v1"))).size());
    }
  }

  private static String approved(String category) {
    String id = write(category);
    change(CISO_TOKEN, PLAYBOOKS + "/" + id, "approval", null).then().statusCode(200);
    return id;
  }

  private static String incident() {
    String event =
        Rest.as(AUTHOR)
            .body(
                Map.of(
                    "title", "Odd mail",
                    "description", "x",
                    "occurredAt", "2026-01-02T03:04:05Z"))
            .post("/v1/security-events")
            .path("id");
    return Rest.as(AUTHOR)
        .header("If-Match", "*")
        .body(Map.of("category", "ABUSIVE_CONTENT", "severity", 1))
        .post("/v1/security-events/" + event + "/promotion")
        .path("id");
  }

  private static List<String> tasks(String token, String run) {
    List<Map<String, String>> tasks =
        Rest.as(token).get("/v1/tasks?limit=200").then().statusCode(200).extract().path("items");
    return tasks.stream()
        .filter(task -> task.get("subject").equals("playbook-run/" + run))
        .map(task -> task.get("kind"))
        .toList();
  }

  @Test
  void openStepsAreTasksOfWhoWorksTheIncidentAndElseOfWhoBeganTheChecklist() {
    UUID benId = UUID.randomUUID();
    String ben = Tokens.of(benId, RESPONDER);
    String playbook = approved("ABUSIVE_CONTENT");
    String incident = incident();
    String run =
        Rest.as(AUTHOR)
            .body(Map.of("playbook", playbook, "incident", incident))
            .post(RUNS)
            .then()
            .statusCode(201)
            .body("exercise", is(false))
            .extract()
            .path("id");
    String exercise = Rest.as(AUTHOR).body(Map.of("playbook", playbook)).post(RUNS).path("id");

    List<String> both = List.of("playbook-run.settle", "playbook-run.settle");
    assertEquals(both, tasks(AUTHOR, run));
    assertEquals(both, tasks(AUTHOR, exercise));
    Rest.as(AUTHOR)
        .header("If-Match", "*")
        .body(Map.of("assignee", benId))
        .put("/v1/incidents/" + incident + "/assignee")
        .then()
        .statusCode(200);
    assertEquals(List.of(), tasks(AUTHOR, run));
    assertEquals(both, tasks(ben, run));
    assertEquals(both, tasks(AUTHOR, exercise), "an exercise is of no incident");
    assertEquals(List.of(), tasks(ben, exercise));

    settle(run, Map.of("step", 2, "outcome", "DONE"));
    assertEquals(List.of("playbook-run.settle"), tasks(ben, run));
    settle(run, Map.of("step", 1, "outcome", "SKIPPED", "reason", "He called us"));
    assertEquals(List.of(), tasks(ben, run));
  }

  @Test
  void anExerciseStartsNoClockAndIsSaidToBeOne() {
    String exercise =
        Rest.as(AUTHOR).body(Map.of("playbook", approved("VULNERABLE"))).post(RUNS).path("id");
    settle(exercise, Map.of("step", 1, "outcome", "DONE"));
    settle(exercise, Map.of("step", 2, "outcome", "DONE"));

    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(4, about(exercise));
      assertEquals(
          List.of(
              "playbook-run.begun.v1",
              "playbook-run.step-settled.v1",
              "playbook-run.step-settled.v1",
              "playbook-run.completed.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      for (int i : List.of(0, 3)) {
        String event = new String(records.get(i).value());
        assertTrue(event.contains("\"exercise\":true"), event);
        assertFalse(event.contains("\"incident\""), event);
      }
    }
    Rest.as(AUTHOR)
        .get(RUNS + "?exercise=true&limit=200")
        .then()
        .body("items.id", hasItem(exercise));
    Rest.as(AUTHOR)
        .get(RUNS + "?exercise=false&limit=200")
        .then()
        .body("items.id", not(hasItem(exercise)));
  }

  @Test
  void stepsAreTakenFromADocumentThatIsInForce() {
    UUID document = UUID.randomUUID();
    Map<String, ?> body =
        Map.of(
            "category",
            "INFORMATION_GATHERING",
            "title",
            "Somebody looks around",
            "steps",
            List.of("Look back"),
            "document",
            document);
    problem(Rest.as(AUTHOR).body(body).post(PLAYBOOKS), 422, "playbook-document-not-in-force");

    tell("document.version-approved.v1", document, "\"number\":4");
    await().until(() -> Rest.as(AUTHOR).body(body).post(PLAYBOOKS).statusCode() == 201);
    String id =
        Rest.as(AUTHOR).get(PLAYBOOKS + "?category=INFORMATION_GATHERING").path("items[0].id");
    String playbook = PLAYBOOKS + "/" + id;
    Rest.as(AUTHOR)
        .get(playbook + "/versions")
        .then()
        .body("items.document", contains(document.toString()))
        .body("items.documentNumber", contains(4));
    tell("document.withdrawn.v1", document, "\"reason\":\"old\"");
    Map<String, ?> asked = Map.of("reason", "its document is withdrawn");
    await()
        .until(
            () ->
                Rest.as(AUTHOR)
                        .body(
                            Map.of(
                                "category",
                                "INTRUSION_ATTEMPTS",
                                "title",
                                "x",
                                "steps",
                                List.of("y"),
                                "document",
                                document))
                        .post(PLAYBOOKS)
                        .statusCode()
                    == 422);
    problem(change(CISO_TOKEN, playbook, "approval", null), 422, "playbook-document-not-in-force");
    change(CISO_TOKEN, playbook, "return", asked).then().statusCode(200);
    change(AUTHOR, playbook, "versions", Map.of("steps", List.of("x"))).then().statusCode(200);
    change(CISO_TOKEN, playbook, "approval", null).then().statusCode(200).body("inForce", is(2));

    try (Topic topic = Topic.named("vigie.incident.events")) {
      String submitted = new String(topic.await(1, about(id)).get(0).value());
      assertTrue(submitted.contains("\"document\":\"" + document + "\""), submitted);
    }
  }

  private static void tell(String type, UUID document, String what) {
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(
          type,
          "document/" + document,
          document.toString(),
          "{\"aggregateId\":\"%s\",%s}".formatted(document, what));
    }
  }

  @Test
  void aCategoryHasOnePlaybookAndWhatIsNoPlaybookIsRefused() {
    write("OTHER");
    problem(
        Rest.as(AUTHOR)
            .body(Map.of("category", "OTHER", "title", "x", "steps", List.of("y")))
            .post(PLAYBOOKS),
        409,
        "already-exists");
    for (List<String> steps : List.of(List.<String>of(), List.of(" "), List.of("a\nb"))) {
      problem(
          Rest.as(AUTHOR)
              .body(Map.of("category", "FRAUD", "title", "x", "steps", steps))
              .post(PLAYBOOKS),
          400,
          "validation");
    }
  }

  @Test
  void theRotaSaysWhoIsOnCallAndRefusesOverlaps() {
    Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1_000));
    Instant middle = start.plus(Duration.ofDays(7));
    Instant end = middle.plus(Duration.ofDays(7));
    String first = plan("ann", start, middle).then().statusCode(201).extract().path("id");
    problem(plan("bob", middle.minusSeconds(1), end), 409, "rota-overlaps");
    problem(
        plan("bob", start.minus(Duration.ofDays(7)), start.plusSeconds(1)), 409, "rota-overlaps");
    problem(plan("bob", middle, middle), 400, "validation");
    problem(plan("bob", middle, middle.plus(Duration.ofDays(15))), 400, "validation");
    plan("bob", middle, end).then().statusCode(201);

    String staff = Tokens.of(STAFF);
    Rest.as(staff).get("/v1/on-call?at=" + start).then().body("person", is("ann"));
    Rest.as(staff).get("/v1/on-call?at=" + middle).then().body("person", is("bob"));
    problem(Rest.as(staff).get("/v1/on-call?at=" + end), 404, "not-found");
    String gaps = "/v1/on-call/gaps?from=%s&until=%s".formatted(start, end.plusSeconds(60));
    Rest.as(AUTHOR).get(gaps).then().body("items.from", contains(end.toString()));

    change(AUTHOR, "/v1/rota/" + first, "withdrawal", Map.of("reason", "Mr Doe is ill"))
        .then()
        .statusCode(200);
    Rest.as(AUTHOR).get(gaps).then().body("items", hasSize(2));
    problem(
        change(AUTHOR, "/v1/rota/" + first, "withdrawal", Map.of("reason", "again")),
        409,
        "rota-over");
    plan("bob", start, middle).then().statusCode(201);

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(first));
      assertEquals(
          List.of("rota.planned.v1", "rota.withdrawn.v1", "rota.snapshot.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  @Test
  void whoWasOnCallUntilTheirShiftWasWithdrawnStillWas() {
    Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1_500));
    Instant ill = start.plus(Duration.ofDays(2));
    Instant end = start.plus(Duration.ofDays(7));
    String shift = plan("ann", start, end).then().statusCode(201).extract().path("id");
    clock.stopAt(ill);
    change(AUTHOR, "/v1/rota/" + shift, "withdrawal", Map.of("reason", "ill"))
        .then()
        .statusCode(200);
    problem(Rest.as(AUTHOR).get("/v1/on-call"), 404, "not-found");
    plan("bob", ill, end).then().statusCode(201);

    Rest.as(AUTHOR).get("/v1/on-call?at=" + start).then().body("person", is("ann"));
    Rest.as(AUTHOR).get("/v1/on-call").then().body("person", is("bob"));
  }

  @Test
  void aTimeWithoutAnybodyOnCallIsATaskOfTheCisoFromTwoWeeksBefore() {
    Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(2_000));
    Instant end = start.plus(Duration.ofDays(7));
    Instant next = end.plus(Duration.ofDays(1));
    plan("ann", start, end).then().statusCode(201);
    plan("bob", next, next.plus(Duration.ofDays(14))).then().statusCode(201);
    plan("ann", next.plus(Duration.ofDays(14)), next.plus(Duration.ofDays(28)))
        .then()
        .statusCode(201);

    clock.stopAt(end.minus(Duration.ofDays(14)).minusSeconds(1));
    assertFalse(gaps(CISO_TOKEN).contains(end.toString()));
    clock.stopAt(end.minus(Duration.ofDays(14)).plusSeconds(1));
    assertTrue(gaps(CISO_TOKEN).contains(end.toString()));
    assertEquals(List.of(), gaps(AUTHOR));
    clock.stopAt(end.plusSeconds(1));
    assertEquals(List.of(end.toString()), gaps(CISO_TOKEN), "it has begun");
    clock.stopAt(next);
    assertEquals(List.of(), gaps(CISO_TOKEN), "it is over");
    clock.stopAt(end.minusSeconds(1));
    plan("ben", end, next).then().statusCode(201);
    assertEquals(List.of(), gaps(CISO_TOKEN), "it is filled");
  }

  /** From when the tasks of the rota say that nobody is on call. */
  private static List<String> gaps(String token) {
    List<Map<String, String>> tasks =
        Rest.as(token).get("/v1/tasks?limit=200").then().statusCode(200).extract().path("items");
    return tasks.stream()
        .filter(task -> task.get("kind").equals("rota.fill"))
        .map(task -> task.get("due"))
        .toList();
  }

  private static Response plan(String person, Instant from, Instant until) {
    return Rest.as(AUTHOR)
        .body(Map.of("person", person, "from", from.toString(), "until", until.toString()))
        .post("/v1/rota");
  }
}
