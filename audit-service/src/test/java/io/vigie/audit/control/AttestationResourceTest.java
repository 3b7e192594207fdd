package io.vigie.audit.control;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.kernel.Sha256;
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
import static io.vigie.audit.LogDatabase.text;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AttestationResourceTest {

  private static final UUID ACCOUNT = UUID.randomUUID();
  private static final String CISO_TOKEN = Tokens.of(ACCOUNT, CISO);
  private static final Map<String, String> SAID =
      Map.of("basis", "Mr Doe's ledger", "statement", "Nothing was sold");

  @Inject ReevaluationClock planning;
  @Inject MovableClock clock;

  @BeforeEach
  void theServiceKnowsEveryRule() throws Throwable {
    VertxContextSupport.subscribeAndAwait(planning::plan);
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static String path(String rule) {
    return "/v1/controls/" + rule + "/attestations";
  }

  private static Response attest(String token, String rule) {
    return Rest.as(token).body(SAID).post(path(rule));
  }

  /** The path of one that was just given. */
  private static String attested(String rule) {
    return path(rule) + "/" + attest(CISO_TOKEN, rule).then().statusCode(201).extract().path("id");
  }

  private static ValidatableResponse get(String path) {
    return Rest.as(Tokens.of(AUDITOR)).get(path).then().statusCode(200);
  }

  private static Response withdraw(String path) {
    return Rest.as(CISO_TOKEN)
        .header("If-Match", Rest.as(CISO_TOKEN).get(path).header("ETag"))
        .body(Map.of("reason", "Not all was looked at"))
        .post(path + "/withdrawal");
  }

  /** What waits as to a rule, on all pages. */
  private static List<String> tasks(String token, String rule) {
    List<String> kinds = new ArrayList<>();
    String page = "/v1/tasks?limit=200";
    while (page != null) {
      Response tasks = Rest.as(token).urlEncodingEnabled(false).get(page);
      tasks.then().statusCode(200);
      kinds.addAll(
          tasks.jsonPath().getList("items.findAll { it.href == '" + path(rule) + "' }.kind"));
      page =
          tasks.headers().getValues("Link").stream()
              .filter(link -> link.endsWith("rel=\"next\""))
              .map(link -> link.substring(1, link.indexOf('>')))
              .findFirst()
              .orElse(null);
    }
    return kinds;
  }

  @Test
  void whoeverAttestsARuleStandsForItUntilItsIntervalIsOverAndBeforeThatItIsATask() {
    // When
    Instant now = clock.instant();
    String given = attested("R10.4");

    // Then
    get(given)
        .body("rule", is("R10.4"))
        .body("givenBy", is(ACCOUNT.toString()))
        .body("basis", is("Mr Doe's ledger"))
        .body("statement", is("Nothing was sold"))
        .body("endedAt", nullValue());
    get("/v1/controls/R10.4")
        .body("control.attested.by", is(ACCOUNT.toString()))
        .body("control.attested.at", notNullValue())
        .body("control.state", nullValue())
        .body("control.current", is(false));
    Instant until =
        Instant.parse(get("/v1/controls/R10.4").extract().path("control.attested.until"));
    assertFalse(until.isBefore(now.plus(Duration.ofDays(365))), until.toString());
    assertFalse(until.isAfter(now.plus(Duration.ofDays(367))), until.toString());
    get("/v1/controls")
        .body("find { it.rule == 'R10.4' }.attested.by", is(ACCOUNT.toString()))
        .body("findAll { it.attested != null }.rule", not(hasItem("R3.3")));
    assertEquals(List.of(), tasks(CISO_TOKEN, "R10.4"));

    // When it is nearly over
    clock.move(Duration.between(clock.instant(), until.minus(Duration.ofDays(30))));

    // Then there is time to attest it again
    assertEquals(List.of("control-attestation.give"), tasks(CISO_TOKEN, "R10.4"));
    get("/v1/controls/R10.4").body("control.attested.by", is(ACCOUNT.toString()));

    // When
    clock.move(Duration.between(clock.instant(), until));

    // Then
    get("/v1/controls/R10.4").body("control.attested", nullValue());
    assertEquals(List.of("control-attestation.give"), tasks(CISO_TOKEN, "R10.4"));
    assertEquals(List.of(), tasks(Tokens.of(SYSADMIN), "R10.4"));
  }

  @Test
  void theNextOneReplacesTheOneBeforeWhichTheLogIsToldWithoutWhatPeopleWrote() {
    // When
    String first = attested("R15.2");
    String second = attested("R15.2");

    // Then
    get(first).body("endedAt", notNullValue()).body("endReason", nullValue());
    get(second).body("endedAt", nullValue());
    get(path("R15.2") + "?limit=200")
        .body("items.id", hasItem(first.substring(first.lastIndexOf('/') + 1)))
        .body("items.findAll { it.endedAt == null }.size()", is(1));
    List<ConsumerRecord<String, byte[]>> told = told(first);
    assertEquals(
        List.of("control-attestation.given.v1", "control-attestation.ended.v1"),
        told.stream().map(record -> header(record, "ce_type")).toList());
    String given = new String(told.get(0).value(), StandardCharsets.UTF_8);
    assertTrue(given.contains(Sha256.hex("Mr Doe's ledger\nNothing was sold")), given);
    assertFalse(given.contains("Doe"), given);
    String ended = new String(told.get(1).value(), StandardCharsets.UTF_8);
    assertTrue(ended.contains("\"replaced\":true"), ended);
  }

  /** The two events of one. */
  private static List<ConsumerRecord<String, byte[]>> told(String path) {
    try (Topic topic = Topic.named("vigie.audit.events")) {
      return topic.await(2, about(path.substring(path.lastIndexOf('/') + 1)));
    }
  }

  @Test
  void oneThatIsWithdrawnCountsNoMoreAndIsNotWithdrawnTwice() {
    // Given
    String given = attested("R15.2");

    // When
    withdraw(given).then().statusCode(200).body("endReason", is("Not all was looked at"));

    // Then
    get("/v1/controls/R15.2").body("control.attested", nullValue());
    assertEquals(List.of("control-attestation.give"), tasks(CISO_TOKEN, "R15.2"));
    problem(withdraw(given), 409, "attestation-over");
    String late = attested("R15.2");
    clock.move(Duration.ofDays(93));
    problem(withdraw(late), 409, "attestation-over");
  }

  @Test
  void oneOfTwoThatAreGivenAtOnceStands() {
    List<CompletableFuture<Integer>> both =
        Stream.of(1, 2)
            .map(
                any ->
                    CompletableFuture.supplyAsync(() -> attest(CISO_TOKEN, "R10.4").statusCode()))
            .toList();

    assertEquals(List.of(201, 201), both.stream().map(CompletableFuture::join).toList());
    assertEquals(
        1,
        number(
            "select count(*) from control_attestation where rule = 'R10.4' and ended_at is null"));
  }

  @Test
  void nobodyAttestsWhatIsNotTheirsOrWhatAMachineDecides() {
    problem(attest(Tokens.of(SYSADMIN), "R10.4"), 403, "forbidden");
    problem(attest(Tokens.of(AUDITOR), "R10.4"), 403, "forbidden");
    problem(attest(CISO_TOKEN, "R3.3"), 409, "rule-not-attested");
    problem(attest(CISO_TOKEN, "R1.1"), 409, "rule-not-attested");
    problem(attest(CISO_TOKEN, "R99.9"), 404, "not-found");
    problem(
            Rest.as(CISO_TOKEN).body(Map.of("basis", " ", "statement", "x")).post(path("R10.4")),
            400,
            "validation")
        .body("errors.field", hasItem("basis"));
    String given = attested("R10.4");
    problem(Rest.as(CISO_TOKEN).get(given.replace("R10.4", "R15.2")), 404, "not-found");
    problem(
        Rest.as(CISO_TOKEN).body(Map.of("reason", "x")).post(given + "/withdrawal"),
        428,
        "precondition-required");
    problem(
        Rest.as(Tokens.of(SYSADMIN)).body(Map.of("reason", "x")).post(given + "/withdrawal"),
        403,
        "forbidden");
  }

  @Test
  void theReportSaysWhoAttestsARuleWithTheReceiptOfThat() {
    // Given
    String given = attested("R10.4");
    String id = given.substring(given.lastIndexOf('/') + 1);
    String entry =
        "select min(index)::text from entry where type = 'control-attestation.given.v1'"
            + " and subject = 'control-attestation/"
            + id
            + "'";
    await().atMost(Duration.ofMinutes(3)).until(() -> text(entry) != null);

    // When
    List<String> rows = get("/v1/controls/report?format=CSV").extract().asString().lines().toList();

    // Then
    String leaf = text("select encode(leaf, 'hex') from entry where index = " + text(entry));
    assertTrue(
        rows.stream()
            .anyMatch(
                row ->
                    row.startsWith("ATTESTATION,10,R10.4,")
                        && row.contains("," + id + ",," + ACCOUNT + ",,")
                        && row.contains("," + text(entry) + "," + leaf + ",")),
        () -> String.join("\n", rows));
    assertTrue(
        rows.stream()
            .anyMatch(row -> row.startsWith("RULE,10,R10.4,") && row.contains("ATTESTATION,,")),
        "shown as computed");
  }

  @Test
  void attestationsArePublishedAgainOnDemand() {
    // Given
    String given = attested("R10.4");

    // When
    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(not(equalTo(403)));

    // Then
    assertEquals(
        List.of("control-attestation.given.v1", "control-attestation.snapshot.v1"),
        told(given).stream().map(record -> header(record, "ce_type")).toList());
  }
}
