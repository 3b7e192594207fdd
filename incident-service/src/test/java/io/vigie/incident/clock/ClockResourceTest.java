package io.vigie.incident.clock;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.HostileTexts;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ClockResourceTest {

  private static final String RESPONDER_TOKEN = Tokens.of(RESPONDER);
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final Instant NOTICED =
      Instant.now().minus(Duration.ofDays(9)).truncatedTo(ChronoUnit.SECONDS);
  private static final String CLOCKS = "/v1/notification-clocks";

  @Inject MovableClock clock;
  @Inject DataSource database;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static Response send(String token, String object, String what, Object body) {
    String etag = Rest.as(token).get(object).header("ETag");
    return Rest.as(token).header("If-Match", etag).body(body).post(object + "/" + what);
  }

  /** An incident that occurred ten days ago. */
  private static String incident() {
    return incident("A disk is gone");
  }

  private static String incident(String title) {
    String event =
        Rest.as(RESPONDER_TOKEN)
            .body(
                Map.of(
                    "title",
                    title,
                    "description",
                    "With mails on it",
                    "place",
                    "The office in Lyon",
                    "noticedAt",
                    NOTICED.toString(),
                    "occurredAt",
                    Instant.now().minus(Duration.ofDays(10)).toString()))
            .post("/v1/security-events")
            .path("id");
    return "/v1/incidents/"
        + send(
                RESPONDER_TOKEN,
                "/v1/security-events/" + event,
                "promotion",
                Map.of("category", "OTHER", "impact", "HIGH", "urgency", "HIGH"))
            .path("id");
  }

  private static Response classify(
      String incident, Instant awareAt, Object clients, String... ids) {
    Map<String, Object> body = new HashMap<>();
    body.put("regimes", List.of(ids));
    body.put("awareAt", awareAt.toString());
    if (clients != null) {
      body.put("clients", clients);
    }
    return send(RESPONDER_TOKEN, incident, "classification", body);
  }

  private static String one(Response classified) {
    return CLOCKS + "/" + classified.then().statusCode(200).extract().path("clocks[0].id");
  }

  @Test
  void aClassificationStartsClocksThatHoldTheIncidentOpenUntilSomebodyWasTold() {
    String incident = incident();
    Instant aware = Instant.now().minusSeconds(3_600);

    Response classified = classify(incident, aware, null, "nis2-23-4");

    classified
        .then()
        .statusCode(200)
        .header("ETag", notNullValue())
        .body("clocks.step", contains("early-warning", "notification"))
        .body("clocks[0].dueAt", equalTo(micros(aware.plus(Duration.ofHours(24)))))
        .body("clocks[1].dueAt", equalTo(micros(aware.plus(Duration.ofHours(72)))));
    Rest.as(RESPONDER_TOKEN).get(incident).then().body("regimes", contains("nis2-23-4"));
    classify(incident, aware, null, "agency", "nis2-23-4")
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:notification-clock-started"));
    List<String> ids = classified.path("clocks.id");
    Rest.as(CISO_TOKEN).get("/v1/tasks?limit=200").then().body("items.id", hasItems(ids.toArray()));
    for (String step :
        List.of("triage", "investigation", "containment", "eradication", "recovery", "review")) {
      send(RESPONDER_TOKEN, incident, step, Map.of("note", "x")).then().statusCode(200);
    }
    send(RESPONDER_TOKEN, incident, "closure", Map.of("note", "x"))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-clocks-running"));

    // When everybody was told, the final report is due a month after
    String notification = CLOCKS + "/" + ids.get(1);
    send(RESPONDER_TOKEN, notification, "notification", Map.of("reference", "CSIRT 17/2026"))
        .then()
        .statusCode(200)
        .body("state", equalTo("NOTIFIED"))
        .body("reference", equalTo("CSIRT 17/2026"));
    Rest.as(RESPONDER_TOKEN)
        .get(CLOCKS + "?state=RUNNING&incident=" + incident.replaceAll(".*/", ""))
        .then()
        .body("items.step", contains("early-warning", "final-report"));
    Rest.as(CISO_TOKEN)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.id", not(hasItem(ids.get(1))));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(2, about(ids.get(1)));
      assertEquals(
          List.of("notification-clock.started.v1", "notification-clock.notified.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  @Test
  void anotherAwarenessStartsAnotherClockAndOverwritesNone() {
    // Given clocks of a client with a contract of its own, from a time that was wrong
    String incident = incident();
    Instant aware = Instant.now().minusSeconds(3_600).truncatedTo(ChronoUnit.MICROS);
    Object client = toNotify(client(36));
    String one = one(classify(incident, aware, List.of(client), "gdpr-33-2"));
    Instant indeed = aware.minus(Duration.ofDays(1));
    Map<String, ?> correction = Map.of("awareAt", indeed.toString(), "reason", "They had called");

    // When
    send(RESPONDER_TOKEN, one, "correction", correction).then().statusCode(403);
    Map<String, ?> before =
        Map.of("awareAt", Instant.now().minus(Duration.ofDays(11)).toString(), "reason", "x");
    problem(send(CISO_TOKEN, one, "correction", before), 422, "incident-aware-too-early");
    Map<String, ?> same = Map.of("awareAt", aware.toString(), "reason", "x");
    problem(send(CISO_TOKEN, one, "correction", same), 422, "notification-clock-same");
    String other =
        send(CISO_TOKEN, one, "correction", correction)
            .then()
            .statusCode(200)
            .body("state", equalTo("SUPERSEDED"))
            .body("reason", equalTo("They had called"))
            .body("awareAt", equalTo(aware.toString()))
            .body("dueAt", equalTo(aware.plus(Duration.ofHours(36)).toString()))
            .extract()
            .path("supersededBy");

    // Then
    Rest.as(RESPONDER_TOKEN)
        .get(CLOCKS + "?state=RUNNING&incident=" + incident.replaceAll(".*/", ""))
        .then()
        .body("items.id", contains(other))
        .body("items.dueAt", contains(indeed.plus(Duration.ofHours(36)).toString()));
    problem(send(CISO_TOKEN, one, "correction", correction), 409, "notification-clock-ended");
    problem(
        classify(incident, indeed, List.of(client), "gdpr-33-2"),
        409,
        "notification-clock-started");
    try (Topic topic = Topic.named("vigie.incident.events")) {
      assertEquals(
          List.of("notification-clock.started.v1", "notification-clock.superseded.v1"),
          topic.await(2, about(one.replaceAll(".*/", ""))).stream()
              .map(record -> header(record, "ce_type"))
              .toList());
      assertEquals(1, topic.await(1, about(other)).size());
    }
  }

  @Test
  void whatIsCountedFromANotificationIsNotCorrected() {
    String incident = incident();
    String management = one(classify(incident, Instant.now().minusSeconds(60), null, "agency"));
    send(RESPONDER_TOKEN, management, "notification", Map.of("reference", "call"))
        .then()
        .statusCode(200);
    String account =
        CLOCKS
            + "/"
            + Rest.as(RESPONDER_TOKEN)
                .get(CLOCKS + "?state=RUNNING&incident=" + incident.replaceAll(".*/", ""))
                .path("items[0].id");

    Map<String, ?> earlier =
        Map.of("awareAt", Instant.now().minusSeconds(120).toString(), "reason", "x");
    problem(send(CISO_TOKEN, account, "correction", earlier), 422, "notification-clock-follows");
  }

  private static String micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS).toString();
  }

  @Test
  void thatNobodyIsToldIsADecisionOfTheCisoWithAReason() {
    String one = one(classify(incident(), Instant.now(), null, "gdpr-33-1"));

    send(RESPONDER_TOKEN, one, "non-notification", Map.of("reason", "x")).then().statusCode(403);
    send(CISO_TOKEN, one, "non-notification", Map.of()).then().statusCode(400);
    send(CISO_TOKEN, one, "non-notification", Map.of("reason", "The disk was encrypted"))
        .then()
        .statusCode(200)
        .body("state", equalTo("NOT_NOTIFIED"))
        .body("reason", equalTo("The disk was encrypted"));
    send(RESPONDER_TOKEN, one, "notification", Map.of("reference", "C-1"))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:notification-clock-ended"));
  }

  @Test
  void eachClientIsToldWithinTheHoursOfItsContractAndNobodyElse() {
    UUID changed = client(48);
    tell("client.changed.v1", changed, 24);
    UUID other = client(36);
    UUID unknown = UUID.randomUUID();
    Instant aware = Instant.now().minusSeconds(60);
    await()
        .untilAsserted(
            () ->
                classify(incident(), aware, List.of(toNotify(changed)), "gdpr-33-2")
                    .then()
                    .body("clocks[0].dueAt", equalTo(micros(aware.plus(Duration.ofHours(24))))));
    String incident = incident();

    problem(
            classify(incident, aware, List.of(toNotify(changed), toNotify(unknown)), "gdpr-33-2"),
            422,
            "unknown-reference")
        .body("errors.field", contains("clients[1].client"))
        .body("errors.message", contains("is no client of access-service"));
    classify(incident, aware, List.of(toNotify(changed), toNotify(other)), "gdpr-33-2")
        .then()
        .statusCode(200)
        .body("clocks.client", contains(changed.toString(), other.toString()))
        .body("clocks[0].dueAt", equalTo(micros(aware.plus(Duration.ofHours(24)))))
        .body("clocks[1].dueAt", equalTo(micros(aware.plus(Duration.ofHours(36)))));
    classify(incident, aware, List.of(toNotify(changed)), "gdpr-33-1").then().statusCode(422);
    classify(incident, aware, null, "gdpr-33-2").then().statusCode(422);
    classify(incident, aware.minus(Duration.ofDays(30)), null, "gdpr-33-1")
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:incident-aware-too-early"));
  }

  /** A client whose contract has it told within so many hours, once that is known here. */
  private static UUID client(int hours) {
    UUID client = UUID.randomUUID();
    tell("client.registered.v1", client, hours);
    await()
        .until(
            () ->
                classify(incident(), Instant.now(), List.of(toNotify(client)), "gdpr-33-2")
                        .statusCode()
                    == 200);
    return client;
  }

  private static void tell(String type, UUID client, int hours) {
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          type,
          "client/" + client,
          client.toString(),
          """
          {"aggregateId":"%s","fields":[],"notificationDelayHours":%d,"assets":[],
           "at":"2026-01-02T03:04:05Z","changes":{}}"""
              .formatted(client, hours));
    }
  }

  private static Map<String, Object> toNotify(UUID client) {
    return Map.of("client", client);
  }

  @Test
  void respondersAreRemindedAndTheCisoIsToldWhenItIsMissed() {
    String one = one(classify(incident(), Instant.now(), null, "gdpr-33-1"));
    String id = one.replaceAll(".*/", "");

    clock.move(Duration.ofHours(49));
    await().untilAsserted(() -> assertEquals(List.of("responder"), told("clock-due", id)));
    clock.move(Duration.ofHours(18));
    await()
        .untilAsserted(
            () -> assertEquals(List.of("responder", "responder"), told("clock-due", id)));
    assertEquals(List.of(), told("clock-overdue", id));
    clock.move(Duration.ofHours(6));
    await().untilAsserted(() -> assertEquals(List.of("ciso"), told("clock-overdue", id)));
    assertEquals(List.of("ciso"), told(Tokens.of(SYSADMIN), "clock-overdue", id));

    Rest.as(RESPONDER_TOKEN).get(one).then().body("missedAt", notNullValue());
    try (Topic topic = Topic.named("vigie.incident.events")) {
      ConsumerRecord<String, byte[]> missed = topic.await(2, about(id)).get(1);
      assertEquals("notification-clock.missed.v1", header(missed, "ce_type"));
      assertEquals("system:incident", header(missed, "ce_actor"));
    }
  }

  @Test
  void ofARestrictedIncidentTheCisoIsRemindedAndNotAllResponders() {
    UUID ben = UUID.randomUUID();
    String incident = incident();
    String id = one(classify(incident, Instant.now(), null, "gdpr-33-1")).replaceAll(".*/", "");
    Rest.as(CISO_TOKEN)
        .header("If-Match", "*")
        .body(Map.of("accounts", List.of(ben)))
        .put(incident + "/restriction")
        .then()
        .statusCode(200);

    clock.move(Duration.ofHours(49));

    await().untilAsserted(() -> assertEquals(List.of("ciso"), told("clock-due", id)));
    for (String role : List.of(SYSADMIN, AUDITOR)) {
      assertEquals(List.of(), told(Tokens.of(role), "clock-due", id), role + " is told of it");
    }
  }

  @Test
  void aDraftHasWhatWasKnownAtAwarenessAndNothingThatWasFoundOutSince() throws IOException {
    String incident = incident();
    work(incident, "assessment", "impact", "HIGH", "urgency", "HIGH", "category", "FRAUD");
    List<UUID> people = List.of(UUID.randomUUID(), UUID.randomUUID());
    try (Topic access = Topic.named("vigie.access.events")) {
      people.forEach(
          person ->
              access.publish(
                  "person.joined.v1",
                  "person/" + person,
                  person.toString(),
                  "{\"aggregateId\":\"%s\"}".formatted(person)));
    }
    await().untilAsserted(() -> work(incident, "affected", "people", people));
    String wrong = note(incident, "A disk & a <b>key</b> are gone\u0001", null);
    Instant aware = clock.instant();
    clock.move(Duration.ofMinutes(1));
    note(incident, "Only a disk is gone", wrong);
    note(incident, "It was encrypted", null);
    work(incident, "assessment", "impact", "LOW", "urgency", "LOW", "category", "OTHER");
    work(incident, "affected", "people", List.of());
    send(RESPONDER_TOKEN, incident, "triage", Map.of("note", "x")).then().statusCode(200);
    String draft = one(classify(incident, aware, null, "gdpr-33-1")) + "/draft";

    Rest.as(RESPONDER_TOKEN)
        .get(draft)
        .then()
        .statusCode(200)
        .body("source", equalTo("Regulation (EU) 2016/679, article 33(1)"))
        .body("title.fr", equalTo("Violation de données personnelles, à l'autorité"))
        .body("awareAt", equalTo(aware.toString()))
        .body("dueAt", equalTo(aware.plus(Duration.ofHours(72)).toString()))
        .body("known.knownAt", equalTo(aware.toString()))
        .body("known.title", equalTo("A disk is gone"))
        .body("known.place", equalTo("The office in Lyon"))
        .body("known.noticedAt", equalTo(NOTICED.toString()))
        .body("known.state", equalTo("DETECTED"))
        .body("known.category", equalTo("FRAUD"))
        .body("known.severity", equalTo(4))
        .body("known.affectedPeopleCount", equalTo(2))
        .body("known.facts.text", contains("A disk & a <b>key</b> are gone\u0001"));

    byte[] pdf =
        Rest.as(RESPONDER_TOKEN)
            .get(draft + "/pdf")
            .then()
            .statusCode(200)
            .header("Content-Type", equalTo("application/pdf"))
            .extract()
            .asByteArray();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      String text = new PDFTextStripper().getText(document);
      assertTrue(text.contains("A disk & a <b>key</b> are gone"), text);
      assertTrue(text.contains("article 33(1)"), text);
      assertTrue(text.contains("The office in Lyon") && text.contains(NOTICED.toString()), text);
      assertFalse(text.contains("encrypted"), text);
    }
  }

  @ParameterizedTest
  @FieldSource("io.vigie.testkit.HostileTexts#ALL")
  void whatPeopleWroteIsInertInADraft(String hostile) throws IOException {
    // Given
    String incident = incident(hostile);
    note(incident, hostile + ", noted", null);
    String one = one(classify(incident, clock.instant(), null, "gdpr-33-1"));

    // When
    byte[] pdf =
        Rest.as(RESPONDER_TOKEN)
            .get(one + "/draft/pdf")
            .then()
            .statusCode(200)
            .contentType("application/pdf")
            .extract()
            .asByteArray();

    // Then it is text, each time
    try (PDDocument document = Loader.loadPDF(pdf)) {
      String text = new PDFTextStripper().getText(document);
      assertTrue(text.contains("Facts / Faits"), text);
      if (HostileTexts.isPrintable(hostile)) {
        assertTrue(closedUp(text).contains(closedUp("Objet " + hostile + " Description")), text);
        assertTrue(closedUp(text).contains(closedUp(hostile + ", noted")), text);
      }
      assertNull(document.getDocumentCatalog().getOpenAction());
      for (PDPage page : document.getPages()) {
        assertEquals(List.of(), page.getAnnotations());
      }
    }
  }

  private static String closedUp(String text) {
    return text.replaceAll("\\s", "");
  }

  @Test
  void beforeAnythingWasRecordedNothingWasKnown() {
    String one = one(classify(incident(), Instant.now().minusSeconds(86_400), null, "gdpr-33-1"));

    Rest.as(CISO_TOKEN)
        .get(one + "/draft")
        .then()
        .statusCode(200)
        .body("regime", equalTo("gdpr-33-1"))
        .body("known.title", nullValue())
        .body("known.state", nullValue())
        .body("known.facts", hasSize(0));
    Rest.as(CISO_TOKEN).get(one + "/draft/pdf").then().statusCode(200);
  }

  private static void work(String incident, String what, Object... values) {
    Map<String, Object> body = new HashMap<>();
    if (what.equals("assessment")) {
      body.put("tlp", "AMBER");
    }
    for (int i = 0; i < values.length; i += 2) {
      body.put((String) values[i], values[i + 1]);
    }
    Rest.as(RESPONDER_TOKEN)
        .header("If-Match", "*")
        .body(body)
        .put(incident + "/" + what)
        .then()
        .statusCode(200);
  }

  private static String note(String incident, String text, String supersedes) {
    Map<String, Object> body = new HashMap<>(Map.of("kind", "FACT", "text", text));
    if (supersedes != null) {
      body.put("supersedes", supersedes);
    }
    return send(RESPONDER_TOKEN, incident, "timeline", body)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** The roles that were to be told of this clock by this template. */
  private static List<String> told(String template, String id) {
    return told(CISO_TOKEN, template, id);
  }

  private static List<String> told(String token, String template, String id) {
    List<Map<String, Object>> notices =
        Rest.as(token).get("/v1/notices?limit=200&template=" + template).path("items");
    return notices.stream()
        .filter(notice -> ((Map<?, ?>) notice.get("parameters")).get("clock").equals(id))
        .map(notice -> (String) notice.get("role"))
        .toList();
  }

  @Test
  void nothingMovesADueTimeNotEvenTheServicesOwnDatabaseRole() throws SQLException {
    for (String column :
        List.of("due_at", "starts_at", "aware_at", "regime", "client", "within", "zone")) {
      try (Connection connection = database.getConnection();
          Statement sql = connection.createStatement()) {
        SQLException refusal =
            assertThrows(
                SQLException.class,
                () -> sql.execute("update notification_clock set " + column + " = null"));
        assertEquals("42501", refusal.getSQLState(), column);
      }
    }
  }

  @Test
  void theRegimesAreTold() {
    Rest.as(RESPONDER_TOKEN)
        .get("/v1/notification-regimes")
        .then()
        .statusCode(200)
        .body("items.id", hasItems("gdpr-33-1", "gdpr-33-2", "nis2-23-4", "agency"))
        .body("items.find { it.id == 'nis2-23-4' }.steps", hasSize(3))
        .body("items.find { it.id == 'nis2-23-4' }.zone", equalTo("Europe/Paris"));
  }
}
