package io.vigie.incident;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.kernel.MergePatch;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.incident.Calls.RESPONDER_ID;
import static io.vigie.incident.Calls.RESPONDER_TOKEN;
import static io.vigie.incident.Calls.aReport;
import static io.vigie.incident.Calls.change;
import static io.vigie.incident.Calls.incident;
import static io.vigie.incident.Calls.tell;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is known, said and done about an incident beside its steps. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class IncidentWorkTest {

  private static final Map<String, Object> PROMOTION =
      Map.of("category", "INTRUSIONS", "impact", "HIGH", "urgency", "MEDIUM");

  /** What access-service says of a new client that matters to clocks. */
  private static final String TERMS = ",\"notificationDelayHours\":72";

  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject DataSource database;

  private static String opened() {
    return "/v1/incidents/" + incident(aReport(), PROMOTION);
  }

  private static String add(String incident, String what, Map<String, Object> body) {
    return change("POST", incident, what, body).then().statusCode(201).extract().path("id");
  }

  @Test
  void severityFollowsFromImpactAndUrgencyAndNobodySetsAnother() {
    String event = "/v1/security-events/" + Calls.report(RESPONDER_TOKEN, aReport());
    Map<String, Object> asked =
        Map.of("category", "FRAUD", "impact", "HIGH", "urgency", "LOW", "severity", 4);

    change("POST", event, "promotion", asked)
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:incident-severity-not-of-table"));
    change("POST", event, "promotion", Map.of("category", "FRAUD", "impact", "HIGH"))
        .then()
        .statusCode(400)
        .body("errors.field", contains("urgency"));
    String incident =
        "/v1/incidents/"
            + change(
                    "POST",
                    event,
                    "promotion",
                    Map.of("category", "FRAUD", "impact", "HIGH", "urgency", "LOW"))
                .then()
                .statusCode(201)
                .body("severity", equalTo(2))
                .extract()
                .path("id");
    change(
            "PUT",
            incident,
            "assessment",
            Map.of("category", "INTRUSIONS", "impact", "HIGH", "urgency", "HIGH", "tlp", "RED"))
        .then()
        .statusCode(200)
        .body("severity", equalTo(4))
        .body("category", equalTo("INTRUSIONS"))
        .body("tlp", equalTo("RED"));
  }

  @Test
  void peopleWhomItAffectsAreNamedToWhoWorksItAndNowhereElse() {
    String incident = opened();
    UUID person = UUID.randomUUID();
    UUID client = UUID.randomUUID();
    tell("client.registered.v1", client, TERMS);
    tell("person.joined.v1", person, "");

    await()
        .untilAsserted(
            () ->
                affects(incident, Map.of("clients", List.of(client), "people", List.of(person)))
                    .then()
                    .statusCode(200)
                    .body("affectedAssets", empty())
                    .body("affectedClients", contains(client.toString()))
                    .body("affectedPeople", contains(person.toString())));

    try (Topic topic = Topic.named("vigie.incident.events")) {
      ConsumerRecord<String, byte[]> named =
          topic.await(2, about(incident.replaceAll(".*/", ""))).get(1);
      assertEquals("incident.affected-named.v1", header(named, "ce_type"));
      assertTrue(new String(named.value()).contains(client.toString()));
      assertFalse(new String(named.value()).contains(person.toString()));
    }
  }

  @Test
  void whatItAffectsIsWhatOtherServicesToldOfByKindAndNameAsThatWasKnown() {
    // Given
    String incident = opened();
    UUID asset = UUID.randomUUID();
    UUID client = UUID.randomUUID();
    UUID person = UUID.randomUUID();
    Map<String, Object> all =
        Map.of("assets", List.of(asset), "clients", List.of(client), "people", List.of(person));
    problem(affects(incident, all), 422, "unknown-reference")
        .body("detail", containsString("try again in a few seconds"))
        .body("detail", containsString("POST /v1/snapshots"))
        .body("errors.field", contains("assets[0]", "clients[0]", "people[0]"));

    // When
    tell("asset.registered.v1", asset, ",\"changes\":{\"name\":\"web-1\",\"kind\":\"SERVER\"}");
    tell("client.registered.v1", client, TERMS);
    tell("person.joined.v1", person, ",\"changes\":{\"kind\":\"EMPLOYEE\"}");

    // Then
    await().untilAsserted(() -> affects(incident, all).then().statusCode(200));
    Rest.as(RESPONDER_TOKEN)
        .get(incident)
        .then()
        .body(known(asset) + "type", equalTo("ASSET"))
        .body(known(asset) + "kind", equalTo("SERVER"))
        .body(known(asset) + "name", equalTo("web-1"))
        .body(known(client) + "type", equalTo("CLIENT"))
        .body(known(client) + "name", nullValue())
        .body(known(person) + "type", equalTo("PERSON"))
        .body(known(person) + "kind", equalTo("EMPLOYEE"));
    problem(affects(incident, Map.of("people", List.of(asset))), 422, "unknown-reference")
        .body("errors.field", contains("people[0]"));

    // When
    tell("client.ended.v1", client, "");
    tell("asset.described.v1", asset, ",\"changes\":{\"name\":\"web-2\"}");
    tell("asset.retired.v1", asset, ",\"changes\":{\"state\":\"RETIRED\"}");

    // Then
    String other = opened();
    await()
        .untilAsserted(
            () ->
                affects(other, all)
                    .then()
                    .statusCode(200)
                    .body(known(asset) + "kind", equalTo("SERVER"))
                    .body(known(asset) + "name", equalTo("web-2")));
    affects(incident, all).then().statusCode(200).body(known(asset) + "name", equalTo("web-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "asset.discovered.v1",
        "asset.snapshot.v1",
        "client.snapshot.v1",
        "person.snapshot.v1"
      })
  void whatIsToldOfInOtherWaysIsKnownToo(String type) {
    String incident = opened();
    UUID id = UUID.randomUUID();
    String said =
        "{\"kind\":\"PRINTER\",\"name\":\"p-1\",\"state\":\"ACTIVE\",\"notificationDelayHours\":72}";

    tell(type, id, ",\"%s\":%s".formatted(type.contains("snapshot") ? "state" : "changes", said));

    String list =
        Map.of("asset", "assets", "client", "clients", "person", "people")
            .get(type.replaceAll("\\..*", ""));
    await()
        .untilAsserted(() -> affects(incident, Map.of(list, List.of(id))).then().statusCode(200));
  }

  @Test
  void whatItAffectedOnceStaysAlsoWhereNobodyToldOfIt() throws SQLException {
    String incident = opened();
    UUID before = UUID.randomUUID();
    try (Connection connection = database.getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute(
          "update incident set affected_people = '%s' where id = '%s'"
              .formatted(before, last(incident)));
    }

    affects(incident, Map.of("people", List.of(before)))
        .then()
        .statusCode(200)
        .body("affectedPeople", contains(before.toString()));
    affects(incident, Map.of()).then().statusCode(200);
    problem(affects(incident, Map.of("people", List.of(before))), 422, "unknown-reference");
  }

  private static Response affects(String incident, Map<String, Object> all) {
    return change("PUT", incident, "affected", all);
  }

  /** The path to what is known of one, in the view of an incident. */
  private static String known(UUID id) {
    return "affectedAsKnown.find { it.id == '%s' }.".formatted(id);
  }

  @Test
  void aTaskWaitsForItsAssigneeAndHoldsTheIncidentOpen() {
    String incident = opened();
    UUID ada = UUID.randomUUID();
    String token = Tokens.of(ada, STAFF);
    Map<String, Object> task =
        Map.of("title", "Tell Mr Doe", "assignee", ada, "dueAt", "2030-01-01T00:00:00Z");
    String first = add(incident, "tasks", task);
    String second = add(incident, "tasks", task);

    Rest.as(token)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.id", contains(first, second))
        .body("items[0].kind", equalTo("incident.task"))
        .body("items[0].due", equalTo("2030-01-01T00:00:00Z"));

    List.of("triage", "investigation", "containment", "eradication", "recovery", "review")
        .forEach(
            step -> change("POST", incident, step, Map.of("note", "done")).then().statusCode(200));
    change("POST", incident, "closure", Map.of("note", "done"))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-tasks-open"));

    change("POST", incident, "tasks/" + first + "/completion", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("DONE"));
    change("POST", incident, "tasks/" + second + "/cancellation", Map.of()).then().statusCode(400);
    change("POST", incident, "tasks/" + second + "/cancellation", Map.of("reason", "He knows"))
        .then()
        .statusCode(200)
        .body("reason", equalTo("He knows"));
    change("POST", incident, "tasks/" + second + "/completion", Map.of()).then().statusCode(409);
    Rest.as(token).get("/v1/tasks?limit=200").then().body("items.id", not(hasItem(first)));
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/tasks?state=CANCELLED")
        .then()
        .body("items.id", contains(second));
    change("POST", incident, "closure", Map.of("note", "done")).then().statusCode(200);

    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/times")
        .then()
        .statusCode(200)
        .body("items", hasSize(7))
        .body("items[6].state", equalTo("IN_REVIEW"));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      topic
          .await(12, about(incident.replaceAll(".*/", "")))
          .forEach(record -> assertFalse(new String(record.value()).contains("Doe")));
    }
  }

  @Test
  void whoIsToDoATaskReadsItAndSaysThatItIsDoneAndNobodyElseOfTheStaff() {
    String incident = opened();
    UUID ada = UUID.randomUUID();
    String task =
        incident
            + "/tasks/"
            + add(
                incident,
                "tasks",
                Map.of("title", "Tell Mr Doe", "assignee", ada, "dueAt", "2030-01-01T00:00:00Z"));
    String other = Tokens.of(STAFF);
    Rest.as(other).get(task).then().statusCode(404);
    Rest.as(other).header("If-Match", "*").post(task + "/completion").then().statusCode(404);
    Rest.as(Tokens.of(AUDITOR))
        .header("If-Match", "*")
        .post(task + "/completion")
        .then()
        .statusCode(404);

    String etag =
        Rest.as(Tokens.of(ada, STAFF))
            .get(task)
            .then()
            .statusCode(200)
            .body("title", equalTo("Tell Mr Doe"))
            .extract()
            .header("ETag");
    Rest.as(Tokens.of(ada, STAFF))
        .header("If-Match", etag)
        .body(Map.of("reason", "x"))
        .post(task + "/cancellation")
        .then()
        .statusCode(403);
    Rest.as(Tokens.of(ada, STAFF))
        .header("If-Match", etag)
        .post(task + "/completion")
        .then()
        .statusCode(200)
        .body("state", equalTo("DONE"));
  }

  @Test
  void aChecklistHoldsTheIncidentOpenUntilEachStepIsDoneOrSkipped() {
    String incident = opened();
    String id = incident.replaceAll(".*/", "");
    Map<String, Object> start = Map.of("playbook", Calls.playbook("TEST"), "incident", id);
    String run =
        "/v1/playbook-runs/"
            + Rest.as(RESPONDER_TOKEN).body(start).post("/v1/playbook-runs").path("id");
    List.of("triage", "investigation", "containment", "eradication", "recovery", "review")
        .forEach(
            step -> change("POST", incident, step, Map.of("note", "done")).then().statusCode(200));
    change("POST", run, "steps", Map.of("step", 1, "outcome", "DONE")).then().statusCode(200);

    problem(
        change("POST", incident, "closure", Map.of("note", "done")),
        409,
        "incident-checklists-open");
    problem(
        change("POST", incident, "merge", Map.of("into", last(opened()), "note", "x")),
        409,
        "incident-checklists-open");

    change("POST", run, "steps", Map.of("step", 2, "outcome", "SKIPPED", "reason", "all is well"))
        .then()
        .statusCode(200);
    change("POST", incident, "closure", Map.of("note", "done")).then().statusCode(200);
    problem(Rest.as(RESPONDER_TOKEN).body(start).post("/v1/playbook-runs"), 409, "incident-closed");
  }

  @Test
  void aLessonOfItsChecklistHoldsTheIncidentOpenUntilSomebodySaysWhatCameOfIt() {
    // Given
    String incident = opened();
    Map<String, Object> start =
        Map.of("playbook", Calls.playbook("TEST"), "incident", last(incident));
    String run =
        "/v1/playbook-runs/"
            + Rest.as(RESPONDER_TOKEN).body(start).post("/v1/playbook-runs").path("id");
    for (int step : List.of(1, 2)) {
      change("POST", run, "steps", Map.of("step", step, "outcome", "DONE")).then().statusCode(200);
    }
    Map<String, Object> lesson =
        Map.of("text", "The number was old", "owner", "ada", "dueAt", "2030-01-01T00:00:00Z");
    change("POST", run, "lessons", lesson).then().statusCode(200);
    List.of("triage", "investigation", "containment", "eradication", "recovery", "review")
        .forEach(
            step -> change("POST", incident, step, Map.of("note", "done")).then().statusCode(200));

    // When, then
    problem(
        change("POST", incident, "closure", Map.of("note", "done")), 409, "incident-lessons-open");
    problem(
        change("POST", incident, "merge", Map.of("into", last(opened()), "note", "x")),
        409,
        "incident-lessons-open");

    // When
    String lessons = run + "/lessons";
    String id = Rest.as(RESPONDER_TOKEN).get(lessons).path("items[0].id");
    Rest.as(Tokens.of(CISO))
        .body(Map.of("outcome", "It is checked each month"))
        .post(lessons + "/" + id + "/follow-up")
        .then()
        .statusCode(200);

    // Then
    change("POST", incident, "closure", Map.of("note", "done")).then().statusCode(200);
    problem(change("POST", run, "lessons", lesson), 409, "incident-closed");
  }

  private static String last(String path) {
    return path.replaceAll(".*/", "");
  }

  @Test
  void ofTwoThatAreMergedIntoEachOtherAtOnceOneStaysOpen() throws Exception {
    String one = opened();
    String other = opened();
    List<String> statuses;
    try (Connection connection = database.getConnection();
        Connection look = database.getConnection();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute(
          "select 1 from incident where id in ('%s', '%s') for update"
              .formatted(last(one), last(other)));
      CompletableFuture<Response> first = merged(one, other);
      CompletableFuture<Response> second = merged(other, one);
      await().until(() -> waiting(look) >= 2);
      connection.rollback();
      statuses =
          Stream.of(first.get(), second.get())
              .map(Response::statusCode)
              .map(String::valueOf)
              .sorted()
              .toList();
    }

    assertEquals(List.of("200", "409"), statuses);
    assertEquals(
        1,
        Stream.of(one, other)
            .filter(each -> Rest.as(RESPONDER_TOKEN).get(each).path("state").equals("CLOSED"))
            .count());
  }

  private static CompletableFuture<Response> merged(String incident, String into) {
    String etag = Rest.as(RESPONDER_TOKEN).get(incident).header("ETag");
    return CompletableFuture.supplyAsync(
        () ->
            Rest.as(RESPONDER_TOKEN)
                .header("If-Match", etag)
                .body(Map.of("into", last(into), "note", "the same"))
                .post(incident + "/merge"),
        call -> new Thread(call).start()); // the common pool of a small machine has one thread
  }

  /** How many statements wait for a row that another transaction holds. */
  private static int waiting(Connection look) throws SQLException {
    try (Statement sql = look.createStatement();
        ResultSet count =
            sql.executeQuery(
                """
                select count(*) from pg_stat_activity where datname = current_database()
                  and wait_event_type = 'Lock' and wait_event <> 'advisory'""")) {
      count.next();
      return count.getInt(1);
    }
  }

  @Test
  void whatClientsAreToldIsATextOfTheStatusesThatStand() {
    String incident = opened();
    String wrong =
        add(
            incident,
            "timeline",
            Map.of("kind", "STATUS", "text", "The shop is dwon", "at", "2026-03-02T08:00:00Z"));
    add(
        incident,
        "timeline",
        Map.of(
            "kind", "STATUS",
            "text", "The shop is down",
            "at", "2026-03-02T08:00:00Z",
            "supersedes", wrong));
    add(incident, "timeline", Map.of("kind", "FACT", "text", "Mr Doe pulled the plug"));
    add(
        incident,
        "timeline",
        Map.of("kind", "STATUS", "text", "The shop is back", "at", "2026-03-02T10:00:00Z"));

    String page =
        Rest.as(RESPONDER_TOKEN)
            .get(incident + "/timeline/status-page")
            .then()
            .statusCode(200)
            .header("Content-Type", startsWith("text/plain"))
            .extract()
            .asString();

    assertEquals(
        "2026-03-02T10:00:00Z\nThe shop is back\n\n2026-03-02T08:00:00Z\nThe shop is down\n", page);
  }

  @Test
  void aCorrectionSupersedesAndBothStay() {
    String incident = opened();
    String wrong = add(incident, "timeline", Map.of("kind", "FACT", "text", "At 9 the host fell"));
    Map<String, Object> correction =
        Map.of("kind", "FACT", "text", "At 8", "supersedes", wrong, "at", "2026-03-02T08:00:00Z");

    String right = add(incident, "timeline", correction);

    change("POST", incident, "timeline", correction)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-entry-superseded"));
    change(
            "POST",
            incident,
            "timeline",
            Map.of("kind", "FACT", "text", "x", "supersedes", UUID.randomUUID()))
        .then()
        .statusCode(422);
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/timeline")
        .then()
        .statusCode(200)
        .body("items.id", contains(wrong, right))
        .body("items.text", contains("At 9 the host fell", "At 8"))
        .body("items[0].supersededBy", equalTo(right))
        .body("items[0].recordedBy", equalTo(RESPONDER_ID.toString()))
        .body("items[1].supersedes", equalTo(wrong))
        .body("items[1].supersededBy", nullValue())
        .body("items[1].at", equalTo("2026-03-02T08:00:00Z"));
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/timeline?superseded=false")
        .then()
        .body("items.id", contains(right));
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/timeline?superseded=true")
        .then()
        .body("items.id", contains(wrong));
  }

  @Test
  void whatIsKeptOfAnIncidentForDraftsIsWhatItsEventsToldTheLog() throws Exception {
    // Given
    String incident = opened();
    change("PUT", incident, "assignee", Map.of("assignee", RESPONDER_ID)).then().statusCode(200);
    add(incident, "timeline", Map.of("kind", "FACT", "text", "A host fell"));
    add(
        incident,
        "tasks",
        Map.of("title", "Call", "assignee", "ada", "dueAt", "2030-01-01T00:00:00Z"));
    change("POST", incident, "triage", Map.of("note", "real")).then().statusCode(200);
    change("POST", incident, "crisis", Map.of("decision", "All is down")).then().statusCode(200);
    change("PUT", incident, "assignee", Map.of("assignee", "ada")).then().statusCode(200);

    // Then
    try (Topic topic = Topic.named("vigie.incident.events")) {
      JsonNode told = JSON.createObjectNode();
      for (ConsumerRecord<String, byte[]> event : topic.await(7, about(last(incident)))) {
        JsonNode data = JSON.readTree(event.value());
        told = MergePatch.apply(told, data.get("changes"));
        JsonNode kept = kept(incident, data.get("at").textValue());
        assertEquals(withoutTasks(told), withoutTasks(kept), header(event, "ce_type"));
      }
    }
  }

  /** How many tasks are open is nothing that a draft tells. */
  private static JsonNode withoutTasks(JsonNode state) {
    return ((ObjectNode) state.deepCopy()).without("openTasks");
  }

  private JsonNode kept(String incident, String at) throws Exception {
    try (Connection connection = database.getConnection();
        PreparedStatement sql =
            connection.prepareStatement(
                """
                select state from incident_past where incident = cast(? as uuid)
                and recorded_at <= cast(? as timestamptz) order by recorded_at desc, id desc""")) {
      sql.setString(1, last(incident));
      sql.setString(2, at);
      ResultSet row = sql.executeQuery();
      assertTrue(row.next(), "nothing is kept at " + at);
      return JSON.readTree(row.getString(1));
    }
  }

  @Test
  void aMajorIncidentHasRolesALogOfDecisionsAndLessonsThatHoldItOpen() {
    String incident = opened();
    UUID ada = UUID.randomUUID();
    tell("person.joined.v1", ada, ",\"changes\":{}");
    Rest.as(RESPONDER_TOKEN).get(incident + "/crisis").then().statusCode(404);

    change("POST", incident, "crisis", Map.of("decision", "All is down, says Mr Doe"))
        .then()
        .statusCode(200)
        .body("majorSince", notNullValue());
    change("PUT", incident, "crisis/roles/LEAD", Map.of("person", UUID.randomUUID()))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:unknown-reference"))
        .body("errors.field", contains("person"));
    await()
        .until(
            () -> change("PUT", incident, "crisis/roles/LEAD", Map.of("person", ada)),
            answer -> answer.statusCode() != 422)
        .then()
        .statusCode(200)
        .body("roles.person", contains(ada.toString()));
    change("PUT", incident, "crisis/roles/KING", Map.of("person", ada)).then().statusCode(404);
    add(incident, "timeline", Map.of("kind", "STATUS", "text", "We are working on it"));
    add(
        incident,
        "tasks",
        Map.of(
            "kind", "LESSON",
            "title", "Test the backups",
            "assignee", ada,
            "dueAt", "2030-01-01T00:00:00Z"));

    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/timeline?kind=DECISION")
        .then()
        .body("items.text", contains("All is down, says Mr Doe"));
    Rest.as(RESPONDER_TOKEN)
        .get("/v1/incidents?major=true&limit=200")
        .then()
        .body("items.id", hasItem(incident.replaceAll(".*/", "")))
        .body("items.crisisRoles", hasItem(List.of("LEAD")));
    Rest.as(RESPONDER_TOKEN)
        .get("/v1/incidents?major=false&limit=200")
        .then()
        .body("items.id", not(hasItem(incident.replaceAll(".*/", ""))));
    List.of("triage", "investigation", "containment", "eradication", "recovery", "review")
        .forEach(
            step -> change("POST", incident, step, Map.of("note", "done")).then().statusCode(200));
    change("POST", incident, "closure", Map.of("note", "done"))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-tasks-open"));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records =
          topic.await(5, about(incident.replaceAll(".*/", "")));
      assertEquals("incident.declared-major.v1", header(records.get(1), "ce_type"));
      assertFalse(new String(records.get(1).value()).contains("Doe"));
      String given = new String(records.get(2).value());
      assertTrue(given.contains("\"person\":\"" + ada + "\""), given);
      assertTrue(given.contains("\"changes\":{\"crisisRoles\":[\"LEAD\"]}"), given);
    }
  }

  @Test
  void theSameTwiceBecomesOneAndTheOtherPointsToIt() {
    String incident = opened();
    String other = opened();
    String into = other.replaceAll(".*/", "");
    change("POST", incident, "triage", Map.of("note", "real")).then().statusCode(200);

    change("POST", incident, "merge", Map.of("into", UUID.randomUUID(), "note", "x"))
        .then()
        .statusCode(404);
    change("POST", incident, "merge", Map.of("into", into, "note", "the same mail"))
        .then()
        .statusCode(200)
        .body("state", equalTo("CLOSED"))
        .body("mergedInto", equalTo(into));

    Rest.as(RESPONDER_TOKEN)
        .get("/v1/incidents?mergedInto=" + into)
        .then()
        .body("items.id", contains(incident.replaceAll(".*/", "")));
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/steps")
        .then()
        .body("items.note", contains("real", "the same mail"));
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/times")
        .then()
        .body("items.state", contains("DETECTED", "TRIAGED"));
    change("POST", other, "merge", Map.of("into", incident.replaceAll(".*/", ""), "note", "x"))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-merged-into-closed"));
  }

  @Test
  void aRestrictedIncidentIsThereForItsAccountsAndTheCisoAlone() {
    String reporter = Tokens.of(UUID.randomUUID(), STAFF);
    String event = "/v1/security-events/" + Calls.report(reporter, aReport());
    String incident = "/v1/incidents/" + change("POST", event, "promotion", PROMOTION).path("id");
    String id = incident.replaceAll(".*/", "");
    UUID ben = UUID.randomUUID();
    String named = Tokens.of(ben, RESPONDER);
    String other = Tokens.of(UUID.randomUUID(), RESPONDER);
    change("PUT", incident, "assignee", Map.of("assignee", ben)).then().statusCode(200);
    String clock =
        change(
                "POST",
                incident,
                "classification",
                Map.of("regimes", List.of("agency"), "awareAt", Instant.now().toString()))
            .then()
            .statusCode(200)
            .extract()
            .path("clocks[0].id");

    change("PUT", incident, "restriction", Map.of("accounts", List.of(ben)))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:incident-restricted-without-you"));
    change("PUT", incident, "restriction", Map.of("accounts", List.of(ben, RESPONDER_ID)))
        .then()
        .statusCode(200)
        .body("restrictedTo", containsInAnyOrder(ben.toString(), RESPONDER_ID.toString()));

    for (String token : List.of(named, RESPONDER_TOKEN, Tokens.of(CISO))) {
      assertThere(token, incident, event, clock, 200);
      Rest.as(token).get("/v1/incidents?limit=200").then().body("items.id", hasItem(id));
    }
    for (String token : List.of(other, Tokens.of(AUDITOR))) {
      assertThere(token, incident, event, clock, 404);
      Rest.as(token).get("/v1/incidents?limit=200").then().body("items.id", not(hasItem(id)));
      Rest.as(token)
          .get("/v1/security-events?limit=200")
          .then()
          .body("items.incident", not(hasItem(id)));
      Rest.as(token).get("/v1/notification-clocks?incident=" + id).then().body("items", empty());
      Rest.as(token).get("/v1/tasks?limit=200").then().body("items.id", not(hasItem(clock)));
    }
    Rest.as(named).get("/v1/tasks?limit=200").then().body("items.id", hasItems(id, clock));
    Rest.as(reporter).get(event).then().statusCode(200);
    Rest.as(other)
        .header("If-Match", "*")
        .body(Map.of("note", "x"))
        .post(incident + "/triage")
        .then()
        .statusCode(404);

    change("PUT", incident, "restriction", Map.of("accounts", List.of(RESPONDER_ID)))
        .then()
        .statusCode(200);
    Rest.as(named).get("/v1/tasks?limit=200").then().body("items.id", not(hasItem(id)));
    Rest.as(Tokens.of(CISO))
        .header("If-Match", "*")
        .post(incident + "/restriction/lifting")
        .then()
        .statusCode(200);
    Rest.as(other).get(incident).then().statusCode(200).body("restrictedTo", nullValue());
    try (Topic topic = Topic.named("vigie.incident.events")) {
      topic
          .await(6, about(id))
          .forEach(
              record ->
                  assertFalse(
                      new String(record.value()).contains(RESPONDER_ID.toString()),
                      "who reads it is nobody's business"));
    }
  }

  private static void assertThere(
      String token, String incident, String event, String clock, int status) {
    for (String path :
        List.of(
            incident,
            incident + "/steps",
            incident + "/times",
            incident + "/tasks",
            incident + "/timeline",
            event,
            "/v1/notification-clocks/" + clock)) {
      Rest.as(token).get(path).then().statusCode(status);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update incident_entry set text = 'nothing'",
        "delete from incident_entry",
        "delete from incident_task"
      })
  void theServicesOwnDatabaseRoleCannotUndoWhatWasRecorded(String statement) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement sql = connection.createStatement()) {
      SQLException refusal = assertThrows(SQLException.class, () -> sql.execute(statement));
      assertEquals("42501", refusal.getSQLState(), "insufficient privilege");
    }
  }
}
