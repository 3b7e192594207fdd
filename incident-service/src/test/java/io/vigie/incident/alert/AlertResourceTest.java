package io.vigie.incident.alert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.alert.AlertCalls.ALERTS;
import static io.vigie.incident.alert.AlertCalls.RESPONDER_ID;
import static io.vigie.incident.alert.AlertCalls.RESPONDER_TOKEN;
import static io.vigie.incident.alert.AlertCalls.TOOL_TOKEN;
import static io.vigie.incident.alert.AlertCalls.aRule;
import static io.vigie.incident.alert.AlertCalls.change;
import static io.vigie.incident.alert.AlertCalls.fire;
import static io.vigie.incident.alert.AlertCalls.get;
import static io.vigie.incident.alert.AlertCalls.list;
import static io.vigie.incident.alert.AlertCalls.number;
import static io.vigie.incident.alert.AlertCalls.resolve;
import static io.vigie.incident.alert.AlertCalls.tell;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** What sources tell, and what becomes of it. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AlertResourceTest {

  private static final AlertPolicy POLICY = AlertPolicy.read();

  @Inject MovableClock clock;
  @Inject DataSource database;

  @AfterEach
  void nothingFires() throws SQLException {
    AlertCalls.endAll(database);
    clock.backToNow();
  }

  private static String item(String rule, String status, String host) {
    return """
        {"status":"%s","labels":{"alertname":"%s","severity":"critical","instance":"%s"},
         "annotations":{"summary":"full"},"startsAt":"2026-01-02T03:04:05.123456789Z",
         "endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus/","fingerprint":"x"}"""
        .formatted(status, rule, host);
  }

  private static String webhook(List<String> items) {
    return """
        {"version":"4","groupKey":"{}","truncatedAlerts":0,"status":"firing","receiver":"vigie",
         "groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://am",
         "alerts":[%s]}"""
        .formatted(String.join(",", items));
  }

  private static ValidatableResponse send(List<String> items) {
    return Rest.as(TOOL_TOKEN)
        .body(webhook(items))
        .post(ALERTS + "/alertmanager")
        .then()
        .statusCode(200);
  }

  private static List<String> events(String id, int count) {
    try (Topic topic = Topic.named("vigie.incident.events")) {
      return topic.await(count, about(id)).stream()
          .map(record -> header(record, "ce_type"))
          .map(type -> type.replace("monitoring-alert.", "").replace(".v1", ""))
          .toList();
    }
  }

  @Test
  void aWebhookFiresRepeatsAndResolves() {
    String rule = aRule();
    send(List.of(item(rule, "firing", "a"), item(rule, "firing", "b")))
        .body("received", equalTo(2))
        .body("fired", equalTo(2));
    send(List.of(item(rule, "firing", "a"), item(rule, "resolved", "b")))
        .body("fired", equalTo(0))
        .body("repeated", equalTo(1))
        .body("resolved", equalTo(1));
    send(List.of(item(rule, "resolved", "b"), item(rule, "resolved", "nobody")))
        .body("unknown", equalTo(2));

    ValidatableResponse found =
        list("rule=" + rule)
            .body("items.labels.instance", contains("a", "b"))
            .body("items.state", contains("FIRING", "RESOLVED"))
            .body("items.severity", contains("CRITICAL", "CRITICAL"))
            .body("items[0].startedAt", equalTo("2026-01-02T03:04:05.123456Z"))
            .body("items.occurrences", contains(2, 1));
    List<String> ids = found.extract().path("items.id");
    assertEquals(List.of("fired", "resolved"), events(ids.get(1), 2));
  }

  @Test
  void aHundredThousandRepetitionsAreCountedAndLeaveNothingElse() throws SQLException {
    String rule = aRule();
    List<String> thousand =
        IntStream.range(0, 1_000).mapToObj(i -> item(rule, "firing", "host-" + i)).toList();
    send(thousand).body("fired", equalTo(1_000));
    List<String> tenThousand = new ArrayList<>();
    IntStream.range(0, 10).forEach(i -> tenThousand.addAll(thousand));

    for (int i = 0; i < 10; i++) {
      send(tenThousand).body("received", equalTo(10_000)).body("repeated", equalTo(1_000));
    }

    String of = " from alert where rule = '" + rule + "'";
    assertEquals(1_000, number(database, "select count(*)" + of));
    assertEquals(101_000, number(database, "select sum(occurrences)" + of));
    assertEquals(1, number(database, "select max(event_number)" + of));
    assertEquals(0, number(database, "select max(version)" + of));
    send(thousand.stream().map(item -> item.replace("firing", "resolved")).toList())
        .body("resolved", equalTo(1_000));
    assertEquals(2, number(database, "select max(event_number)" + of));
  }

  @Test
  void aThousandTimesTheSameIsOneAlertAndNoMoreMailThanItsPaceAllows() throws SQLException {
    // Given
    String rule = aRule();
    Instant begin = clock.instant();
    clock.stopAt(begin);
    send(List.of(item(rule, "firing", "a"))).body("fired", equalTo(1));
    String id = list("rule=" + rule).extract().path("items[0].id");
    String asked =
        "select count(*) from notice where channel = 'MAIL' and dedupe_key like 'alert/%s/%%'"
            .formatted(id);
    await().until(() -> number(database, asked) == 1);

    // When
    tellFiveHundredTimes(rule);

    // Then
    assertEquals(1, number(database, asked));

    // When the next mail is due
    clock.stopAt(begin.plus(POLICY.mail().every().get(Severity.CRITICAL)));
    await().until(() -> number(database, asked) == 2);
    tellFiveHundredTimes(rule);

    // Then
    assertEquals(2, number(database, asked));
    list("rule=" + rule)
        .body("items.id", contains(id))
        .body("items[0].occurrences", equalTo(1_001))
        .body("items[0].mails", equalTo(2));
  }

  /** A hundred times in each webhook; returns once mail that was due then has been asked for. */
  private static void tellFiveHundredTimes(String rule) {
    for (int i = 0; i < 5; i++) {
      send(Collections.nCopies(100, item(rule, "firing", "a"))).body("repeated", equalTo(1));
    }
    String fence = fire(aRule());
    await().untilAsserted(() -> get(fence).body("mails", equalTo(1)));
  }

  @Test
  void aWebhookOfMoreThanTenThousandIsRefusedWholeAndSaysSo() {
    String rule = aRule();
    List<String> tooMany =
        IntStream.rangeClosed(0, 10_000).mapToObj(i -> item(rule, "firing", "h" + i)).toList();

    Rest.as(TOOL_TOKEN)
        .body(webhook(tooMany))
        .post(ALERTS + "/alertmanager")
        .then()
        .statusCode(400)
        .body("type", equalTo("urn:vigie:problem:validation"))
        .body("errors.field", contains("alerts"))
        .body("errors.message", contains(containsString("10000")));
    list("rule=" + rule).body("items", empty());
  }

  @Test
  void twoThatTellTheSameAtTheSameTimeTellOfTheSameAlerts() throws SQLException {
    String rule = aRule();
    List<String> items =
        new ArrayList<>(
            IntStream.range(0, 200).mapToObj(i -> item(rule, "firing", "host-" + i)).toList());

    List<CompletableFuture<Void>> senders = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      List<String> order = new ArrayList<>(items);
      Collections.reverse(items);
      senders.add(CompletableFuture.runAsync(() -> send(order)));
    }
    senders.forEach(CompletableFuture::join);

    String of = " from alert where rule = '" + rule + "'";
    assertEquals(200, number(database, "select count(*)" + of));
    assertEquals(1_200, number(database, "select sum(occurrences)" + of));
  }

  @Test
  void whatComesBackSoonIsTheSameAlertAndWhatComesBackLateIsAnother() {
    String rule = aRule();
    String id = fire(rule);
    resolve(rule);
    tell(rule, "FIRING", "web-1").statusCode(200).body("firedAgain", equalTo(1));
    get(id).body("state", equalTo("FIRING")).body("flaps", equalTo(1));
    resolve(rule);

    clock.move(POLICY.sameWithin().plusSeconds(1));
    String later = fire(rule);

    list("rule=" + rule + "&open=true").body("items.id", contains(later));
    list("rule=" + rule + "&open=false").body("items.id", contains(id));
    assertEquals(List.of("fired", "resolved", "fired-again", "resolved"), events(id, 4));
  }

  @Test
  void whatFlapsIsToldOnceAndThenResolvedOnlyOnceItIsCalm() {
    String rule = aRule();
    String id = fire(rule);
    for (int i = 0; i < 20; i++) {
      resolve(rule);
      tell(rule, "FIRING", "web-1").statusCode(200);
    }
    get(id)
        .body("state", equalTo("FIRING"))
        .body("flapping", equalTo(true))
        .body("flaps", equalTo(20));

    resolve(rule);
    get(id).body("state", equalTo("FIRING"));
    clock.move(POLICY.sameWithin().plusSeconds(1));
    await().untilAsserted(() -> get(id).body("state", equalTo("RESOLVED")));

    List<String> expected = new ArrayList<>(List.of("fired"));
    for (int i = 0; i < POLICY.flapsToTell(); i++) {
      expected.addAll(List.of("resolved", "fired-again"));
    }
    expected.addAll(List.of("flapping", "resolved"));
    assertEquals(expected, events(id, expected.size()));
  }

  @Test
  void anAcknowledgementIsOfTheVersionReadAndHidesNoRecurrence() {
    String rule = aRule();
    String id = fire(rule);
    tell(rule, "FIRING", "web-1");
    Response without =
        Rest.as(RESPONDER_TOKEN)
            .body(Map.of("note", "I look"))
            .post(ALERTS + "/" + id + "/acknowledgement");
    Rest.problem(without, 428, "precondition-required");

    acknowledge(id)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""))
        .body("state", equalTo("ACKNOWLEDGED"))
        .body("acknowledgedBy", equalTo(RESPONDER_ID.toString()));
    Rest.problem(acknowledge(id), 409, "alert-not-firing");
    tell(rule, "FIRING", "web-1").statusCode(200);
    get(id).body("state", equalTo("ACKNOWLEDGED")).body("occurrences", equalTo(3));

    resolve(rule);
    tell(rule, "FIRING", "web-1").statusCode(200);
    get(id)
        .body("state", equalTo("FIRING"))
        .body("acknowledgedBy", nullValue())
        .body("occurrences", equalTo(4));
  }

  @Test
  void whatFiresWaitsForRespondersUntilOneAcknowledgesIt() {
    String id = fire(aRule());
    String subject = "monitoring-alert/" + id;

    tasks(RESPONDER_TOKEN).body("items.subject", hasItem(subject));
    tasks(Tokens.of(STAFF)).body("items", empty());
    acknowledge(id).then().statusCode(200);
    tasks(RESPONDER_TOKEN).body("items.subject", not(hasItem(subject)));
  }

  private static ValidatableResponse tasks(String token) {
    return Rest.as(token).get("/v1/tasks?limit=200").then().statusCode(200);
  }

  private static Response acknowledge(String id) {
    return change(ALERTS + "/" + id, "acknowledgement", Map.of("note", "I look, says Mr Doe"));
  }

  @Test
  void whatNobodyElseSaysIsOverAResponderDoes() {
    String id = wazuh("10", "firing").extract().path("items[0].id");

    change(ALERTS + "/" + id, "resolution", Map.of("note", "blocked"))
        .then()
        .statusCode(200)
        .body("state", equalTo("RESOLVED"))
        .body("resolution", equalTo("OPERATOR"))
        .body("resolvedBy", equalTo(RESPONDER_ID.toString()));
    Rest.problem(
        change(ALERTS + "/" + id, "resolution", Map.of("note", "again")), 409, "alert-resolved");
  }

  /** Tells of a rule of its own, and lists it. */
  private static ValidatableResponse wazuh(String level, String description) {
    String rule = "r" + UUID.randomUUID();
    Rest.as(TOOL_TOKEN)
        .body(
            """
            {"timestamp":"2026-03-02T08:40:00.123+0100","id":"1709367600.1",
             "rule":{"id":"%s","level":%s,"description":"%s","groups":["sshd"]},
             "agent":{"id":"003","name":"web-1","ip":"192.0.2.1"},"manager":{"name":"m"},
             "full_log":"sshd: failed for Mr Doe","data":{"dstuser":"doe"},"location":"/var/log"}"""
                .formatted(rule, level, description))
        .post(ALERTS + "/wazuh")
        .then()
        .statusCode(200)
        .body("fired", equalTo(1));
    return list("rule=" + rule);
  }

  @Test
  void wazuhTellsByRuleAndAgentWithoutTheLineOfTheLog() {
    ValidatableResponse alert =
        wazuh("12", "brute force")
            .body("items[0].severity", equalTo("CRITICAL"))
            .body("items[0].summary", equalTo("brute force"))
            .body("items[0].labels.agentname", equalTo("web-1"));

    assertFalse(alert.extract().asString().contains("Doe"));
    assertEquals(
        Instant.parse("2026-03-02T07:40:00.123Z"),
        Instant.parse(alert.extract().path("items[0].startedAt")));
  }

  @Test
  void aCloudEventIsAnAlertOfItsTypeAndSubject() {
    String type = "org.example." + UUID.randomUUID();
    for (String status : List.of("FIRING", "FIRING", "RESOLVED")) {
      Rest.as(TOOL_TOKEN)
          .contentType("application/cloudevents+json")
          .body(
              """
              {"specversion":"1.0","id":"%s","source":"/probes/1","type":"%s","subject":"www",
               "datacontenttype":"application/json","traceparent":"00-1",
               "data":{"status":"%s","severity":"low","labels":{"check":"tls"},"other":{"a":1}}}"""
                  .formatted(UUID.randomUUID(), type, status)
                  .getBytes(StandardCharsets.UTF_8))
          .post(ALERTS + "/cloudevents")
          .then()
          .statusCode(200);
    }

    list("rule=" + type)
        .body("items", hasSize(1))
        .body("items[0].source", equalTo("probes/1"))
        .body("items[0].severity", equalTo("INFO"))
        .body("items[0].occurrences", equalTo(2))
        .body("items[0].state", equalTo("RESOLVED"))
        .body("items[0].labels.subject", equalTo("www"));
  }

  @Test
  void theDelayOfDetectionIsMeasuredAndWhatPeopleWroteStaysHere() {
    String rule = aRule();
    String asset = UUID.randomUUID().toString();
    Rest.as(TOOL_TOKEN)
        .body(
            Map.of(
                "source",
                "test",
                "rule",
                rule,
                "labels",
                Map.of("user", "Mr Doe"),
                "summary",
                "Mr Doe's disk",
                "asset",
                asset,
                "startsAt",
                Instant.now().minus(Duration.ofMinutes(10)).toString()))
        .post(ALERTS)
        .then()
        .statusCode(201)
        .header("ETag", equalTo("\"0\""));

    ValidatableResponse alert = list("asset=" + asset).body("items", hasSize(1));
    assertEquals(600, alert.extract().<Integer>path("items[0].detectedAfterSeconds"), 30);
    String id = alert.extract().path("items[0].id");
    acknowledge(id).then().statusCode(200);
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(2, about(id));
      String published =
          records.stream().map(record -> new String(record.value())).collect(Collectors.joining());
      assertEquals(2, records.size());
      assertFalse(published.contains("Doe"), published);
      assertEquals("monitoring-alert/" + id, header(records.get(0), "ce_subject"));
    }
  }

  @Test
  void whatIsNotOverIsCountedByGroup() {
    String rule = aRule();
    String group = "test " + rule;
    String id = fire(rule);
    Stream.of("a", "b").forEach(host -> tell(rule, "FIRING", host).statusCode(201));
    acknowledge(id).then().statusCode(200);
    tell(rule, "RESOLVED", "b").statusCode(200);
    fire(aRule());

    String of = "items.find { it.group == '" + group + "' }.";
    groups("source=test&limit=200")
        .body(of + "firing", equalTo(1))
        .body(of + "acknowledged", equalTo(1))
        .body(of + "severity", equalTo("CRITICAL"))
        .body(of + "mailedTogetherSince", nullValue());
    groups("source=test&severity=INFO").body("items", empty());
    String first = groups("source=test&limit=1").extract().path("items[0].group");
    Rest.as(RESPONDER_TOKEN)
        .queryParam("after", first)
        .get(ALERTS + "/groups?source=test&limit=1")
        .then()
        .statusCode(200)
        .body("items.group", hasSize(1))
        .body("items.group", not(hasItem(first)));
    Rest.as(RESPONDER_TOKEN)
        .queryParam("group", group)
        .get(ALERTS)
        .then()
        .body("items", hasSize(3))
        .body("items.group", hasItem(group));
  }

  private static ValidatableResponse groups(String query) {
    return Rest.as(RESPONDER_TOKEN).get(ALERTS + "/groups?" + query).then().statusCode(200);
  }

  @Test
  void aForeignFormThatHasAMappingIsReadAndAnotherIsRefused() {
    String rule = aRule();
    String down =
        "{\"heartbeat\":{\"status\":0},\"monitor\":{\"id\":7,\"name\":\"%s\"},\"msg\":\"down\"}"
            .formatted(rule);

    form("uptime-kuma", down).then().statusCode(200).body("fired", equalTo(1));
    form("uptime-kuma", down).then().statusCode(200).body("repeated", equalTo(1));
    form("uptime-kuma", down.replace(":0}", ":1}"))
        .then()
        .statusCode(200)
        .body("resolved", equalTo(1));

    list("rule=" + rule)
        .body("items.source", contains("uptime-kuma"))
        .body("items[0].labels.monitor", equalTo("7"));
    Rest.problem(form("unheard-of", down), 404, "not-found");
    Rest.problem(form("uptime-kuma", "{"), 400, "bad-request");
    Rest.problem(form("uptime-kuma", "{}"), 400, "validation");
  }

  @Test
  void whatNoDatabaseKeepsIsLeftOutOfForeignTextsAndTheAlertIsNotLost() {
    String rule = aRule();
    String told =
        """
        {"heartbeat":{"status":0},"monitor":{"id":"7\\ud800","name":"%s\\u0000"},
         "msg":"a\\u0000b\\udc00 \\ud83d\\ude00"}"""
            .formatted(rule);

    form("uptime-kuma", told).then().statusCode(200).body("fired", equalTo(1));

    list("rule=" + rule)
        .body("items[0].summary", equalTo("ab \ud83d\ude00"))
        .body("items[0].labels.monitor", equalTo("7"));
  }

  private static Response form(String form, String body) {
    return Rest.as(TOOL_TOKEN).body(body).post(ALERTS + "/forms/" + form);
  }

  @Test
  void whatARealAlertmanagerSendsIsUnderstood() throws IOException {
    sample("firing").body("fired", equalTo(1));
    sample("firing").body("repeated", equalTo(1));
    sample("resolved").body("resolved", equalTo(1));
    sample("grouped").body("fired", equalTo(3));
    sample("truncated").body("received", equalTo(3)).body("fired", equalTo(3));
    sample("truncated").body("repeated", equalTo(3));

    list("source=alertmanager&rule=DiskFull")
        .body("items.labels.instance", contains("web-1:9100"))
        .body("items.state", contains("RESOLVED"))
        .body("items.severity", contains("CRITICAL"))
        .body("items.startedAt", contains("2026-01-02T03:04:05.123456Z"))
        .body("items.summary", contains("DiskFull on web-1:9100"));
    list("source=alertmanager&rule=AlertsTruncated")
        .body("items.labels.receiver", contains("vigie-two-at-most"))
        .body("items.state", contains("FIRING"))
        .body("items.severity", contains("CRITICAL"))
        .body("items.summary", contains("Alertmanager left 3 alerts out of a webhook"));
  }

  /** Recorded by {@code record.py} beside it. */
  private static ValidatableResponse sample(String name) throws IOException {
    String file = "/alertmanager/" + name + ".json";
    try (InputStream sample = AlertResourceTest.class.getResourceAsStream(file)) {
      return Rest.as(TOOL_TOKEN)
          .body(sample.readAllBytes())
          .post(ALERTS + "/alertmanager")
          .then()
          .statusCode(200);
    }
  }

  @Test
  void alertsAreListedByPageAndFiltered() {
    String rule = aRule();
    Stream.of("a", "b", "c").forEach(host -> tell(rule, "FIRING", host).statusCode(201));
    tell(rule, "RESOLVED", "b").statusCode(200);

    List<String> ids = list("rule=" + rule).body("items", hasSize(3)).extract().path("items.id");
    list("rule=" + rule + "&limit=1&after=" + ids.get(0)).body("items.id", contains(ids.get(1)));
    list("rule=" + rule + "&state=RESOLVED").body("items.id", contains(ids.get(1)));
    list("rule=" + rule + "&severity=INFO").body("items", empty());
    list("rule=" + rule + "&source=test&flapping=false&open=true").body("items", hasSize(2));
    String fingerprint = list("rule=" + rule).extract().path("items[2].fingerprint");
    list("fingerprint=" + fingerprint).body("items.id", contains(ids.get(2)));
    Rest.problem(Rest.as(RESPONDER_TOKEN).get(ALERTS + "?fingerprint=x"), 400, "validation");
  }
}
