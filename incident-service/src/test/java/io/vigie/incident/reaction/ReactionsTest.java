package io.vigie.incident.reaction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vigie.incident.reaction.ReactionRules.Rule;
import io.vigie.incident.reaction.ReactionRules.Trigger;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What other services' events open and close, by each rule of the table and its examples. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ReactionsTest {

  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RESPONDER_TOKEN = Tokens.of(RESPONDER);
  private static final String BEGUN = "2026-01-02T03:04:05Z";
  private static final String BETWEEN = "2026-01-02T03:34:05Z";
  private static final String OVER = "2026-01-02T04:04:05Z";
  private static final String LATER = "2026-01-02T04:34:05Z";

  private final Map<String, Topic> topics = new HashMap<>();

  @AfterEach
  void close() {
    topics.values().forEach(Topic::close);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(180, SECONDS);
  }

  /** An event of another service that a test sends. */
  private record Sent(UUID id, String type, String subject, String key, ObjectNode data) {

    /**
     * The type's example, so that the rule counts it and knows what it is about.
     *
     * @param about the texts that the rule's pointers find in it
     * @param at when it happened, and was told
     */
    static Sent by(Trigger trigger, List<String> about, String at) {
      ObjectNode data = example(trigger.event());
      IntStream.range(0, about.size()).forEach(i -> put(data, trigger.key().get(i), about.get(i)));
      if (trigger.where() != null) {
        trigger.where().forEach((pointer, value) -> data.set(pointer.substring(1), value));
      }
      if (trigger.order() != null) {
        put(data, trigger.order(), at);
      }
      return of(trigger.event(), data.put("at", at));
    }

    static Sent of(String type, ObjectNode data) {
      String id = data.get("aggregateId").textValue();
      String kind = type.substring(0, type.indexOf('.'));
      return new Sent(UUID.randomUUID(), type, kind + "/" + id, id, data);
    }

    static ObjectNode example(String type) {
      try {
        return (ObjectNode)
            JSON.readTree(CONTRACTS.resolve("events/" + type + ".example.json").toFile());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Sent toldAt(String at) {
      return new Sent(id, type, subject, key, data.deepCopy().put("at", at));
    }

    Sent keyed(String other) {
      return new Sent(id, type, subject, other, data);
    }
  }

  private static void put(ObjectNode data, String pointer, String text) {
    data.put(pointer.substring(1), text);
  }

  private void send(Sent event) {
    topics
        .computeIfAbsent(topicOf(event.type()), Topic::named)
        .publish(event.id(), event.type(), event.subject(), event.key(), event.data().toString());
  }

  /** The topic that the description of the events has the type on. */
  private static String topicOf(String type) {
    String address = null;
    try {
      for (String line : Files.readAllLines(CONTRACTS.resolve("asyncapi.yaml"))) {
        if (line.strip().startsWith("address:")) {
          address = line.strip().substring("address:".length()).strip();
        } else if (line.startsWith("      " + type + ":")) {
          return address;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no topic has " + type);
  }

  /** Each rule with each event that opens it, and each that ends it, at least once. */
  static Stream<Arguments> rules() {
    return ReactionRules.read().reactions().stream()
        .filter(rule -> rule.ends())
        .flatMap(
            rule ->
                IntStream.range(0, Math.max(rule.when().size(), rule.until().size()))
                    .mapToObj(
                        i ->
                            Arguments.of(
                                rule.code(), i % rule.when().size(), i % rule.until().size())));
  }

  @ParameterizedTest(name = "{0}, opened by {1}, ended by {2}")
  @MethodSource("rules")
  void aRuleOpensOnceAndEndsOnce(String code, int when, int until) {
    // Given
    Rule rule = rule(code);
    List<String> about =
        rule.when().get(when).key().stream().map(pointer -> UUID.randomUUID().toString()).toList();
    Trigger trigger = rule.when().get(when);
    Sent opening = Sent.by(trigger, about, BEGUN);
    UUID asset = UUID.randomUUID();
    if (trigger.asset() != null && !trigger.key().contains(trigger.asset())) {
      put(opening.data(), trigger.asset(), asset.toString());
    }
    Sent end = Sent.by(rule.until().get(until), about, OVER);

    // When
    send(opening);
    send(opening);

    // Then
    if (rule.opens().alert() == null) {
      isReportedAndDismissed(rule, trigger, opening, end);
    } else {
      firesAndIsResolved(rule, trigger, about, opening, end);
    }
  }

  private void firesAndIsResolved(
      Rule rule, Trigger trigger, List<String> about, Sent opening, Sent end) {
    String mark = String.join(" ", about);
    await().untilAsserted(() -> assertEquals(List.of("FIRING"), of(alerts(rule, mark), "state")));
    Map<String, Object> alert = alerts(rule, mark).get(0);
    assertEquals("vigie", alert.get("source"));
    assertEquals(rule.opens().alert().name(), alert.get("severity"));
    assertEquals(rule.title().en(), alert.get("summary"));
    assertEquals(opening.id().toString(), alert.get("causeEvent"));
    assertEquals(opening.subject(), alert.get("causeSubject"));
    assertEquals(trigger.since(opening.data()).toString(), alert.get("startedAt"));
    assertEquals(
        trigger.asset() == null ? null : opening.data().at(trigger.asset()).textValue(),
        alert.get("asset"));

    send(end);
    send(end);

    await().untilAsserted(() -> assertEquals(List.of("RESOLVED"), of(alerts(rule, mark), "state")));
    Map<String, Object> over = alerts(rule, mark).get(0);
    assertEquals("SOURCE", over.get("resolution"));
    assertEquals(1, over.get("occurrences"));
    try (Topic published = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> told = published.await(2, about(alert.get("id")));
      assertEquals(
          List.of("monitoring-alert.fired.v1", "monitoring-alert.resolved.v1"),
          told.stream().map(record -> header(record, "ce_type")).toList());
      assertTrue(text(told.get(0)).contains("\"causeEvent\":\"" + opening.id()));
      assertTrue(text(told.get(0)).contains("\"causeSubject\":\"" + opening.subject()));
      assertTrue(text(told.get(1)).contains("\"causeEvent\":\"" + end.id()));
    }
  }

  private void isReportedAndDismissed(Rule rule, Trigger trigger, Sent opening, Sent end) {
    String asset = opening.data().at(trigger.asset()).textValue();
    await()
        .untilAsserted(
            () ->
                reportsOn(asset)
                    .body("items.state", contains("REPORTED"))
                    .body("items.category", contains(rule.opens().securityEvent().name()))
                    .body("items.title", contains(rule.title().en()))
                    .body("items.reporter", contains("system:incident"))
                    .body("items.causeEvent", contains(opening.id().toString()))
                    .body("items.causeSubject", contains(opening.subject())));

    send(end);
    send(end);

    await().untilAsserted(() -> reportsOn(asset).body("items.state", contains("DISMISSED")));
    reportsOn(asset).body("items[0].dismissalReason", containsString(end.id().toString()));
  }

  /** Each event that opens what only a person ends. */
  static Stream<Arguments> endless() {
    return ReactionRules.read().reactions().stream()
        .filter(rule -> !rule.ends())
        .flatMap(
            rule ->
                IntStream.range(0, rule.when().size()).mapToObj(i -> Arguments.of(rule.code(), i)));
  }

  @ParameterizedTest(name = "{0}, opened by {1}")
  @MethodSource("endless")
  void whatHasNoEndIsASecurityEventThatWaitsForAPerson(String code, int when) {
    // Given
    Rule rule = rule(code);
    Trigger trigger = rule.when().get(when);
    List<String> about =
        trigger.key().stream().map(pointer -> UUID.randomUUID().toString()).toList();
    Sent opening = Sent.by(trigger, about, BEGUN);

    // When
    send(opening);
    send(opening);

    // Then
    try (Topic published = Topic.named("vigie.incident.events")) {
      ConsumerRecord<String, byte[]> reported =
          published
              .await(1, each -> text(each).contains("\"causeEvent\":\"" + opening.id()))
              .get(0);
      String told = trigger.description(opening.data());
      assertEquals("security-event.reported.v1", header(reported, "ce_type"));
      Rest.as(RESPONDER_TOKEN)
          .get("/v1/security-events/" + reported.key())
          .then()
          .statusCode(200)
          .body("state", equalTo("REPORTED"))
          .body("title", equalTo(rule.title().en()))
          .body("description", equalTo(told == null ? rule.explanation().en() : told))
          .body("category", equalTo(rule.opens().securityEvent().name()))
          .body("occurredAt", equalTo(trigger.since(opening.data()).toString()))
          .body("reporter", equalTo("system:incident"))
          .body("causeSubject", equalTo(opening.subject()));
    }
  }

  @Test
  void aCopyThatAToolDeletedIsASecurityEventOnlyWhereItsPlanKeptItLonger() {
    // Given two copies, of two assets
    String inTime = UUID.randomUUID().toString();
    String early = UUID.randomUUID().toString();
    Sent pruned = pruned(inTime, "RETENTION");

    // When
    send(pruned);
    send(pruned(early, "BEFORE_RETENTION").keyed(pruned.key()));

    // Then
    await()
        .untilAsserted(
            () ->
                reportsOn(early)
                    .body("items.state", contains("REPORTED"))
                    .body("items.title", contains("A copy was deleted before its time"))
                    .body("items.occurredAt", contains("2026-01-02T03:00:00Z")));
    reportsOn(inTime).body("items", hasSize(0));
  }

  @Test
  void aStolenAssetIsASecurityEventWithItsStoryAndStaysOneWhenItIsBack() {
    // Given
    String asset = UUID.randomUUID().toString();
    Sent stolen =
        lost(asset, true, BEGUN, example -> example.put("circumstances", "From Mr Doe's car"));

    // When
    send(stolen);

    // Then
    await()
        .untilAsserted(
            () ->
                reportsOn(asset)
                    .body("items.state", contains("REPORTED"))
                    .body("items.category", contains("INFORMATION_CONTENT_SECURITY"))
                    .body("items.title", contains("An asset was stolen"))
                    .body("items.description", contains("From Mr Doe's car"))
                    .body("items.occurredAt", contains("2026-01-01T18:30:00Z"))
                    .body("items.reportedAt", contains(BEGUN)));
    String id = reportsOn(asset).extract().path("items[0].id");
    try (Topic published = Topic.named("vigie.incident.events")) {
      ConsumerRecord<String, byte[]> reported = published.await(1, about(id)).get(0);
      assertEquals("security-event.reported.v1", header(reported, "ce_type"));
      assertEquals("system:incident", header(reported, "ce_actor"));
      assertTrue(text(reported).contains("\"causeEvent\":\"" + stolen.id()));
      assertFalse(text(reported).contains("Doe"));
    }

    // When it is back, and stolen once more
    send(recovered(asset, BETWEEN));
    send(lost(asset, true, OVER, example -> example));

    // Then that is another one
    await()
        .untilAsserted(
            () -> reportsOn(asset).body("items.state", contains("REPORTED", "REPORTED")));
  }

  @Test
  void whatSomebodyDecidedOnStandsAndTheNextLossIsAnotherSecurityEvent() {
    // Given a loss that a responder dismissed
    String asset = UUID.randomUUID().toString();
    send(lost(asset, false, BEGUN, example -> example));
    await().untilAsserted(() -> reportsOn(asset).body("items", hasSize(1)));
    dismiss("/v1/security-events/" + reportsOn(asset).extract().path("items[0].id"));

    // When
    send(recovered(asset, BETWEEN));
    send(lost(asset, false, OVER, example -> example));

    // Then
    await()
        .untilAsserted(
            () -> reportsOn(asset).body("items.state", contains("DISMISSED", "REPORTED")));
    reportsOn(asset)
        .body("items[0].dismissalReason", equalTo("It was empty"))
        .body("items[1].dismissalReason", nullValue());
  }

  @Test
  void whatFailsAgainBeforeItPassesIsAnotherSecurityEventOnceSomebodyHasDecided() {
    // Given a plan of which a test failed, and a responder who dismissed what was reported
    Rule rule = rule("restore-failed");
    Trigger failed = rule.when().get(0);
    List<String> plan = List.of(UUID.randomUUID().toString());
    String asset = UUID.randomUUID().toString();
    send(test(failed, plan, asset, BEGUN));
    await().untilAsserted(() -> reportsOn(asset).body("items.state", contains("REPORTED")));
    dismiss("/v1/security-events/" + reportsOn(asset).extract().path("items[0].id"));

    // When the next one fails, and the one after
    send(test(failed, plan, asset, BETWEEN));
    send(test(failed, plan, asset, OVER));

    // Then that is another one, which ends with the test that passes
    await()
        .untilAsserted(
            () -> reportsOn(asset).body("items.state", contains("DISMISSED", "REPORTED")));
    send(run(rule.until().get(0), plan, LATER).keyed(plan.get(0)));
    await()
        .untilAsserted(
            () -> reportsOn(asset).body("items.state", contains("DISMISSED", "DISMISSED")));
    reportsOn(asset).body("items[0].dismissalReason", equalTo("It was empty"));
  }

  @Test
  void aRestoreThatPassedBeforeAnotherFailedEndsNothingThoughItIsToldAfterIt() {
    // Given a plan of which a test failed
    Rule rule = rule("restore-failed");
    Trigger failed = rule.when().get(0);
    Trigger passed = rule.until().get(0);
    List<String> plan = List.of(UUID.randomUUID().toString());
    String asset = UUID.randomUUID().toString();
    send(test(failed, plan, asset, BETWEEN).toldAt(OVER));
    await()
        .untilAsserted(
            () ->
                reportsOn(asset)
                    .body("items.state", contains("REPORTED"))
                    .body("items.occurredAt", contains(BETWEEN))
                    .body("items.reportedAt", contains(OVER)));

    // When one is verified that had passed before, and behind it fails one of another plan
    List<String> otherPlan = List.of(UUID.randomUUID().toString());
    String otherAsset = UUID.randomUUID().toString();
    send(run(passed, plan, BEGUN).toldAt(LATER).keyed(plan.get(0)));
    send(test(failed, otherPlan, otherAsset, BEGUN).keyed(plan.get(0)));

    // Then it stays until one passes that was made after it
    await().untilAsserted(() -> reportsOn(otherAsset).body("items", hasSize(1)));
    reportsOn(asset).body("items.state", contains("REPORTED"));
    send(run(passed, plan, OVER).keyed(plan.get(0)));
    await().untilAsserted(() -> reportsOn(asset).body("items.state", contains("DISMISSED")));
  }

  private static Sent test(Trigger trigger, List<String> plan, String asset, String at) {
    Sent test = run(trigger, plan, at);
    put(test.data(), trigger.asset(), asset);
    return test.keyed(plan.get(0));
  }

  private static void dismiss(String event) {
    String etag = Rest.as(RESPONDER_TOKEN).get(event).header("ETag");
    Rest.as(RESPONDER_TOKEN)
        .header("If-Match", etag)
        .body(Map.of("reason", "It was empty"))
        .post(event + "/dismissal")
        .then()
        .statusCode(200);
  }

  @Test
  void anOlderEventThatComesLateUndoesNothing() {
    // Given a plan whose run failed and whose next one did not
    Rule rule = rule("backup-failed");
    Trigger failed = rule.when().get(0);
    List<String> plan = List.of(UUID.randomUUID().toString());
    send(run(failed, plan, BEGUN));
    await().untilAsserted(() -> assertEquals(List.of("FIRING"), of(alerts(rule, plan), "state")));
    send(run(rule.until().get(0), plan, OVER));
    await().untilAsserted(() -> assertEquals(List.of("RESOLVED"), of(alerts(rule, plan), "state")));

    // When one between them is told late, and behind it one of another plan
    String key = UUID.randomUUID().toString();
    List<String> other = List.of(UUID.randomUUID().toString());
    send(run(failed, plan, BETWEEN).keyed(key));
    send(run(failed, other, BEGUN).keyed(key));

    // Then
    await().untilAsserted(() -> assertEquals(List.of("FIRING"), of(alerts(rule, other), "state")));
    assertEquals(List.of("RESOLVED"), of(alerts(rule, plan), "state"));
    assertEquals(List.of(0), of(alerts(rule, plan), "flaps"));
    send(run(rule.until().get(0), other, OVER));
    await()
        .untilAsserted(() -> assertEquals(List.of("RESOLVED"), of(alerts(rule, other), "state")));
  }

  @Test
  void noCallEndsWhatAnEventOpened() {
    // Given
    Rule rule = rule("orphan-account");
    List<String> account = List.of(UUID.randomUUID().toString());
    send(Sent.by(rule.when().get(0), account, BEGUN));
    await()
        .untilAsserted(() -> assertEquals(List.of("FIRING"), of(alerts(rule, account), "state")));

    // When a tool says the same in the same name
    Rest.as(Tokens.of(TOOL))
        .body(
            Map.of(
                "source",
                "vigie",
                "rule",
                rule.code(),
                "status",
                "RESOLVED",
                "labels",
                Map.of("about", account.get(0))))
        .post("/v1/alerts")
        .then()
        .statusCode(200)
        .body("unknown", equalTo(1));

    // Then
    assertEquals(List.of("FIRING"), of(alerts(rule, account), "state"));
    send(Sent.by(rule.until().get(0), account, OVER));
    await()
        .untilAsserted(() -> assertEquals(List.of("RESOLVED"), of(alerts(rule, account), "state")));
  }

  @Test
  void otherNewsOfAnAssetOpensNothing() {
    String retired = UUID.randomUUID().toString();
    String lostLater = UUID.randomUUID().toString();
    ObjectNode data = Sent.example("asset.retired.v1").put("aggregateId", retired);

    send(Sent.of("asset.retired.v1", data));
    send(lost(lostLater, false, BEGUN, example -> example).keyed(retired));

    await().untilAsserted(() -> reportsOn(lostLater).body("items", hasSize(1)));
    reportsOn(retired).body("items", hasSize(0));
  }

  private static Rule rule(String code) {
    return ReactionRules.read().reactions().stream()
        .filter(rule -> rule.code().equals(code))
        .findFirst()
        .orElseThrow();
  }

  /** A run of a plan: each is an object of its own, and so on a key of its own. */
  private static Sent run(Trigger trigger, List<String> plan, String at) {
    Sent sent = Sent.by(trigger, plan, at);
    return Sent.of(sent.type(), sent.data().put("aggregateId", UUID.randomUUID().toString()));
  }

  private static Sent pruned(String asset, String reason) {
    ObjectNode data = Sent.example("backup-run.pruned.v1");
    data.put("aggregateId", UUID.randomUUID().toString());
    return Sent.of("backup-run.pruned.v1", data.put("asset", asset).put("reason", reason));
  }

  private static Sent lost(
      String asset, boolean stolen, String at, UnaryOperator<ObjectNode> further) {
    ObjectNode data = Sent.example("asset.lost.v1");
    data.put("aggregateId", asset).put("stolen", stolen).put("at", at);
    return Sent.of("asset.lost.v1", further.apply(data));
  }

  private static Sent recovered(String asset, String at) {
    return Sent.of(
        "asset.recovered.v1",
        Sent.example("asset.recovered.v1").put("aggregateId", asset).put("at", at));
  }

  private static List<Map<String, Object>> alerts(Rule rule, List<String> about) {
    return alerts(rule, String.join(" ", about));
  }

  private static List<Map<String, Object>> alerts(Rule rule, String about) {
    List<Map<String, Object>> found =
        Rest.as(RESPONDER_TOKEN)
            .get("/v1/alerts?limit=200&source=vigie&rule=" + rule.code())
            .then()
            .statusCode(200)
            .extract()
            .path("items");
    return found.stream()
        .filter(
            alert -> {
              Object named = ((Map<?, ?>) alert.get("labels")).get("about");
              return about.equals(named == null ? "" : named);
            })
        .toList();
  }

  private static List<Object> of(List<Map<String, Object>> alerts, String member) {
    return alerts.stream().map(alert -> alert.get(member)).toList();
  }

  private static ValidatableResponse reportsOn(String asset) {
    return Rest.as(RESPONDER_TOKEN)
        .get("/v1/security-events?asset=" + asset)
        .then()
        .statusCode(200);
  }

  private static String text(ConsumerRecord<String, byte[]> record) {
    return new String(record.value());
  }
}
