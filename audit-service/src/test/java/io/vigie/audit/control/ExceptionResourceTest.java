package io.vigie.audit.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
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

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Who may ask for and decide about exceptions; what they do to controls is PostureTest's. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ExceptionResourceTest {

  private static final String EXCEPTIONS = "/v1/control-exceptions";
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final Map<String, Object> REASON = Map.of("reason", "Mr Doe left");

  @Inject MovableClock clock;

  private final UUID askerId = UUID.randomUUID();
  private final String asker = Tokens.of(askerId, SYSADMIN);
  private final String object = "asset/" + UUID.randomUUID();

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private Map<String, Object> exception(Duration length) {
    return new TreeMap<>(
        Map.of(
            "rule",
            "R12.1",
            "object",
            object,
            "reason",
            "Mr Doe moves it",
            "endsAt",
            clock.instant().plus(length).toString()));
  }

  private String asked(String token) {
    String id =
        Rest.as(token)
            .body(exception(Duration.ofDays(30)))
            .post(EXCEPTIONS)
            .then()
            .statusCode(201)
            .body("stage", is("REQUESTED"))
            .body("object", is(object))
            .extract()
            .path("id");
    return EXCEPTIONS + "/" + id;
  }

  private static Response change(String token, String exception, String what, Object body) {
    String etag = Rest.as(CISO_TOKEN).get(exception).header("ETag");
    return post(token, etag, exception + "/" + what, body);
  }

  private static Response post(String token, String etag, String path, Object body) {
    RequestSpecification request = Rest.as(token);
    if (etag != null) {
      request.header("If-Match", etag);
    }
    return (body == null ? request : request.body(body)).post(path);
  }

  private static Response approve(String token, String exception) {
    return change(token, exception, "approval", null);
  }

  private static Response withdraw(String token, String exception) {
    return change(token, exception, "withdrawal", REASON);
  }

  private static List<String> tasks(String token, String exception) {
    return Rest.as(token)
        .get("/v1/tasks?limit=200")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("items.findAll { it.href == '" + exception + "' }.kind");
  }

  private static List<String> types(String exception, int count) {
    try (Topic topic = Topic.named("vigie.audit.events")) {
      List<ConsumerRecord<String, byte[]>> records =
          topic.await(count, about(exception.substring(EXCEPTIONS.length() + 1)));
      records.forEach(
          record ->
              assertFalse(new String(record.value(), StandardCharsets.UTF_8).contains("Doe")));
      return records.stream().map(record -> header(record, "ce_type")).toList();
    }
  }

  @Test
  void anExceptionIsAskedForByOneApprovedByAnotherAndGivenUp() {
    // Given
    String exception = asked(asker);
    assertEquals(List.of("control-exception.decide"), tasks(CISO_TOKEN, exception));
    assertEquals(List.of(), tasks(asker, exception));

    // When and then
    approve(CISO_TOKEN, exception)
        .then()
        .statusCode(200)
        .body("stage", is("APPROVED"))
        .body("requestedBy", is(askerId.toString()))
        .body("reason", is("Mr Doe moves it"));
    assertEquals(List.of(), tasks(CISO_TOKEN, exception));
    problem(approve(CISO_TOKEN, exception), 409, "exception-decided");
    problem(change(CISO_TOKEN, exception, "refusal", REASON), 409, "exception-decided");
    withdraw(asker, exception)
        .then()
        .statusCode(200)
        .body("stage", is("WITHDRAWN"))
        .body("endReason", is("Mr Doe left"));
    problem(withdraw(CISO_TOKEN, exception), 409, "exception-over");
    assertEquals(
        List.of(
            "control-exception.requested.v1",
            "control-exception.approved.v1",
            "control-exception.withdrawn.v1"),
        types(exception, 3));
  }

  @Test
  void nobodyDecidesAboutTheirOwnRequest() {
    // Given
    String exception = asked(CISO_TOKEN);
    String other = Tokens.of(CISO);

    // When and then
    problem(approve(CISO_TOKEN, exception), 409, "own-request");
    problem(change(CISO_TOKEN, exception, "refusal", REASON), 409, "own-request");
    assertEquals(List.of(), tasks(CISO_TOKEN, exception));
    assertEquals(List.of("control-exception.decide"), tasks(other, exception));
    change(other, exception, "refusal", REASON)
        .then()
        .statusCode(200)
        .body("stage", is("REFUSED"))
        .body("endReason", is("Mr Doe left"));
    problem(withdraw(CISO_TOKEN, exception), 409, "exception-over");
    assertEquals(
        List.of("control-exception.requested.v1", "control-exception.refused.v1"),
        types(exception, 2));
  }

  @Test
  void whoHasNotReadAnExceptionAsItIsChangesNothing() {
    // Given
    String exception = asked(asker);
    String first = Rest.as(asker).get(exception).header("ETag");

    // When and then
    problem(post(CISO_TOKEN, null, exception + "/approval", null), 428, "precondition-required");
    post(CISO_TOKEN, first, exception + "/approval", null).then().statusCode(200);
    problem(post(asker, first, exception + "/withdrawal", REASON), 412, "stale");
  }

  @Test
  void othersThanTheCisoAndAuditorsSeeAndGiveUpWhatTheyAskedForAlone() {
    // Given
    String exception = asked(asker);
    String id = exception.substring(EXCEPTIONS.length() + 1);
    String other = Tokens.of(SYSADMIN);
    String ofObject = EXCEPTIONS + "?object=" + object;

    // When and then
    for (String token : List.of(asker, CISO_TOKEN, Tokens.of(AUDITOR))) {
      Rest.as(token).get(exception).then().statusCode(200);
      Rest.as(token).get(ofObject).then().statusCode(200).body("items.id", contains(id));
    }
    problem(Rest.as(other).get(exception), 404, "not-found");
    Rest.as(other).get(ofObject).then().statusCode(200).body("items", empty());
    problem(withdraw(other, exception), 404, "not-found");
    problem(Rest.as(Tokens.of(STAFF)).get(exception), 403, "forbidden");
    problem(approve(asker, exception), 403, "forbidden");
  }

  @Test
  void anExceptionIsInForceFromItsApprovalUntilItsEnd() {
    // Given
    String exception = asked(asker);
    String late = asked(asker);
    String id = exception.substring(EXCEPTIONS.length() + 1);
    String inForce = EXCEPTIONS + "?rule=R12.1&object=" + object + "&inForce=";
    Rest.as(asker).get(inForce + true).then().body("items", empty());

    // When
    approve(CISO_TOKEN, exception).then().statusCode(200);

    // Then
    Rest.as(asker).get(inForce + true + "&stage=APPROVED").then().body("items.id", contains(id));
    Rest.as(asker).get(inForce + false).then().body("items.id", not(hasItem(id)));
    clock.move(Duration.ofDays(30));
    Rest.as(asker).get(inForce + true).then().body("items", empty());
    Rest.as(asker).get(inForce + false).then().body("items.id", hasItem(id));
    problem(withdraw(asker, exception), 409, "exception-over");
    problem(approve(CISO_TOKEN, late), 409, "exception-decided");
    assertEquals(List.of(), tasks(CISO_TOKEN, late));
  }

  @Test
  void anExceptionHasARuleThatAQueryDecidesAnObjectThatItMayJudgeAndAnEndWithinAYear() {
    // When and then
    ask(exception(Duration.ofDays(365))).then().statusCode(201);
    problem(ask(exception(Duration.ofDays(366))), 422, "exception-too-long");
    problem(ask(exception(Duration.ZERO)), 422, "exception-too-long");
    for (String rule : List.of("R99.1", "R10.4")) {
      problem(ask(with("rule", rule)), 400, "validation").body("errors.field", hasItem("rule"));
    }
    for (String none : List.of("asset/web-1", "person/" + askerId)) {
      problem(ask(with("object", none)), 400, "validation").body("errors.field", hasItem("object"));
    }
    problem(ask(with("reason", " ")), 400, "validation");
    ask(with("object", null)).then().statusCode(201).body("object", nullValue());
  }

  @Test
  void exceptionsAreSortedByTheirRulesAsThePolicyHasThem() {
    // Given
    for (String rule : List.of("R11.13", "R12.1", "R4.2", "R11.2")) {
      Map<String, Object> asked = with("rule", rule);
      asked.put("object", null);
      ask(asked).then().statusCode(201);
    }

    // Then
    Rest.as(asker)
        .get(EXCEPTIONS + "?sort=rule")
        .then()
        .statusCode(200)
        .body("items.rule", contains("R4.2", "R11.2", "R11.13", "R12.1"));
    Rest.as(asker)
        .get(EXCEPTIONS + "?sort=-rule")
        .then()
        .statusCode(200)
        .body("items.rule", contains("R12.1", "R11.13", "R11.2", "R4.2"));
  }

  private Map<String, Object> with(String field, String value) {
    Map<String, Object> asked = exception(Duration.ofDays(1));
    asked.put(field, value);
    return asked;
  }

  private Response ask(Map<String, Object> body) {
    return Rest.as(asker).body(body).post(EXCEPTIONS);
  }

  @Test
  void exceptionsArePublishedAgainOnDemand() {
    // Given
    String exception = asked(asker);

    // When
    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(not(is(403)));

    // Then
    assertEquals(
        List.of("control-exception.requested.v1", "control-exception.snapshot.v1"),
        types(exception, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P1D", "P90D", "P366D"})
  void thePolicySaysHowFarAheadAnEndIsWithinAYear(String longest) throws IOException {
    assertEquals(Set.of(), violations(policy("control-exceptions.json")));
    assertEquals(Set.of(), violations(policy("control-exceptions.json").put("longest", longest)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P0D", "P367D", "P400D", "P1000D", "P1Y"})
  void noPolicyAllowsMoreThanAYear(String longest) throws IOException {
    JsonNode table = policy("control-exceptions.json").put("longest", longest);
    assertEquals(1, violations(table).size());
  }

  private static Set<?> violations(JsonNode table) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(policy("control-exceptions.schema.json"))
        .validate(table);
  }

  private static ObjectNode policy(String file) throws IOException {
    Path policy = Path.of(System.getProperty("vigie.root"), "contracts", "policy", file);
    return (ObjectNode) new ObjectMapper().readTree(policy.toFile());
  }
}
