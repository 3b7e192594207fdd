package io.vigie.audit.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.LogDatabase.number;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ReevaluationResourceTest {

  private static final String PATH = "/v1/re-evaluations";
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final Duration QUARTER = Duration.ofDays(93);

  @Inject ReevaluationClock planning;
  @Inject Catalogue catalogue;
  @Inject MovableClock clock;

  @BeforeEach
  void everyRuleHasOneToCome() throws Throwable {
    VertxContextSupport.subscribeAndAwait(planning::plan);
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static String open(String rule) {
    return PATH
        + "/"
        + list("rule=" + rule + "&stage=OPEN")
            .body("items", hasSize(1))
            .extract()
            .path("items[0].id");
  }

  /** One of which nobody has heard yet. */
  private static String justPlanned(String rule) {
    String before = open(rule);
    answer(CISO_TOKEN, before, etag(before), answer()).then().statusCode(200);
    return open(rule);
  }

  private static ValidatableResponse list(String filter) {
    return Rest.as(CISO_TOKEN).get(PATH + "?limit=200&" + filter).then().statusCode(200);
  }

  private static Map<String, Object> answer() {
    return new HashMap<>(
        Map.of(
            "threats", "none",
            "risks", "Doe",
            "law", "the same",
            "scope", "whole",
            "decision", "KEPT",
            "reason", "Mr Doe is content"));
  }

  private static Response answer(String token, String path, String etag, Map<String, Object> body) {
    return Rest.as(token).header("If-Match", etag).body(body).post(path + "/answer");
  }

  private static String etag(String path) {
    return Rest.as(CISO_TOKEN).get(path).header("ETag");
  }

  private static List<String> tasks(String token, String path) {
    return Rest.as(token)
        .get("/v1/tasks?limit=200")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("items.findAll { it.href == '" + path + "/answer' }.kind");
  }

  @Test
  void everyRuleHasOneThatIsDueWithinItsIntervalAndNoSecondOne() throws Throwable {
    // When
    VertxContextSupport.subscribeAndAwait(planning::plan);

    // Then
    assertEquals(
        catalogue.all().size(),
        number("select count(distinct rule) from re_evaluation where stage = 'OPEN'"));
    for (String rule : List.of("R3.3", "R15.1")) {
      String path = open(rule);
      Response planned = Rest.as(CISO_TOKEN).get(path);
      Instant due = Instant.parse(planned.path("dueAt"));
      Instant first = Instant.parse(planned.path("plannedAt"));
      Duration interval = rule.equals("R3.3") ? QUARTER : Duration.ofDays(366);
      assertFalse(due.isAfter(first.plus(interval)), due + " is too late");
      assertFalse(due.isBefore(first.plus(interval).minus(Duration.ofDays(5))), "too early");
    }
  }

  @Test
  void oneThatFallsDueIsATaskUntilItIsAnsweredAndTheNextOneIsPlanned() {
    // Given
    String path = justPlanned("R3.3");
    assertEquals(List.of(), tasks(CISO_TOKEN, path));
    list("rule=R3.3&overdue=true").body("items", empty());

    // When
    clock.move(QUARTER);

    // Then
    assertEquals(List.of("re-evaluation.answer"), tasks(CISO_TOKEN, path));
    assertEquals(List.of(), tasks(Tokens.of(SYSADMIN), path));
    list("rule=R3.3&overdue=true").body("items", hasSize(1));
    answer(CISO_TOKEN, path, etag(path), answer())
        .then()
        .statusCode(200)
        .body("stage", is("ANSWERED"))
        .body("decision", is("KEPT"))
        .body("answer.law", is("the same"));
    assertEquals(List.of(), tasks(CISO_TOKEN, path));
    list("rule=R3.3&overdue=true").body("items", empty());
    String next = open("R3.3");
    Rest.as(Tokens.of(AUDITOR)).get(next).then().body("answer", nullValue());
    list("rule=R3.3&decision=KEPT").body("items.stage", everyItem(is("ANSWERED")));
    list("rule=R3.3&overdue=false").body("items", not(empty()));
    List<ConsumerRecord<String, byte[]>> told = told(path);
    assertEquals(List.of("re-evaluation.planned.v1", "re-evaluation.answered.v1"), types(told));
    String answered = new String(told.get(1).value(), StandardCharsets.UTF_8);
    assertTrue(answered.contains("\"late\":true"), answered);
    assertFalse(answered.contains("Doe"), answered);
  }

  /** The two events of one. */
  private static List<ConsumerRecord<String, byte[]>> told(String path) {
    try (Topic topic = Topic.named("vigie.audit.events")) {
      return topic.await(2, about(path.substring(PATH.length() + 1)));
    }
  }

  private static List<String> types(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().map(record -> header(record, "ce_type")).toList();
  }

  @Test
  void reevaluationsArePublishedAgainOnDemand() {
    // Given
    String path = justPlanned("R4.1");

    // When
    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(not(is(403)));

    // Then
    assertEquals(
        List.of("re-evaluation.planned.v1", "re-evaluation.snapshot.v1"), types(told(path)));
  }

  @Test
  void anAnswerIsGivenOnceByTheCisoWhoHasReadTheQuestionAndAnswersAllOfIt() {
    // Given
    String path = open("R10.4");
    String first = etag(path);
    Map<String, Object> incomplete = answer();
    incomplete.remove("law");

    // When and then
    problem(answer(Tokens.of(AUDITOR), path, first, answer()), 403, "forbidden");
    problem(answer(CISO_TOKEN, path, first, incomplete), 400, "validation")
        .body("errors.field", hasItem("law"));
    problem(
        Rest.as(CISO_TOKEN).body(answer()).post(path + "/answer"), 428, "precondition-required");
    answer(CISO_TOKEN, path, first, answer()).then().statusCode(200);
    problem(answer(CISO_TOKEN, path, first, answer()), 412, "stale");
    problem(answer(CISO_TOKEN, path, etag(path), answer()), 409, "re-evaluation-answered");
  }

  @Test
  void theRuleAboutThemIsRedWhileOneIsOverdue() {
    // Given
    String path = justPlanned("R4.4");
    String id = path.substring(PATH.length() + 1);
    awaitVerdict(id, true);

    // When
    clock.move(QUARTER);

    // Then
    awaitVerdict(id, false);
    Rest.as(CISO_TOKEN).get("/v1/controls/R15.1").then().body("control.state", is("RED"));
    answer(CISO_TOKEN, path, etag(path), answer()).then().statusCode(200);
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                number("select count(*) from verdict where rule = 'R15.1' and id = '" + id + "'")
                    == 0);
    awaitVerdict(open("R4.4").substring(PATH.length() + 1), true);
  }

  private static void awaitVerdict(String id, boolean holds) {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                number(
                        "select count(*) from verdict where rule = 'R15.1' and id = '%s' and holds = %s"
                            .formatted(id, holds))
                    == 1);
  }

  @Test
  void thePolicySaysWhenTheyBecomeTasks() throws IOException {
    assertEquals(
        Set.of(),
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(policy("re-evaluations.schema.json"))
            .validate(policy("re-evaluations.json")));
  }

  private static JsonNode policy(String file) throws IOException {
    Path policy = Path.of(System.getProperty("vigie.root"), "contracts", "policy", file);
    return new ObjectMapper().readTree(policy.toFile());
  }
}
