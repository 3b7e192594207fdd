package io.vigie.access.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.MANAGER;
import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.access.client.Clients.FILE;
import static io.vigie.access.client.Clients.INSTRUCTION_FILE;
import static io.vigie.access.client.Clients.TODAY;
import static io.vigie.access.client.Clients.act;
import static io.vigie.access.client.Clients.approved;
import static io.vigie.access.client.Clients.isAllowed;
import static io.vigie.access.client.Clients.profile;
import static io.vigie.access.client.Clients.purpose;
import static io.vigie.access.client.Clients.register;
import static io.vigie.access.client.Clients.request;
import static io.vigie.access.client.Clients.requested;
import static io.vigie.access.client.Clients.stateOf;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ClientAccessResourceTest {

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void anAccessGoesFromItsPurposeToItsRevocationAndEachEventNamesTheClient() {
    // Given
    String client = register();
    String person = join(UUID.randomUUID());
    UUID approver = UUID.randomUUID();

    // When
    String access = requested(client, person, 5);
    assertFalse(isAllowed(client, person));
    String decidedAt =
        act(Tokens.of(approver, ACCESS_MANAGER), access, "approval", Map.of())
            .then()
            .statusCode(200)
            .body("state", equalTo("APPROVED"))
            .body("decidedBy", equalTo(approver.toString()))
            .extract()
            .path("decidedAt");
    assertTrue(isAllowed(client, person));
    act(TOKEN, access, "revocation", Map.of("reason", "it is done"))
        .then()
        .statusCode(200)
        .body("revokedBy", equalTo(MANAGER.toString()))
        .body("revocation", equalTo("it is done"));
    assertFalse(isAllowed(client, person));

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(access));
      assertEquals(
          List.of(
              "client-access.requested.v1",
              "client-access.approved.v1",
              "client-access.revoked.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      for (ConsumerRecord<String, byte[]> record : records) {
        String text = new String(record.value());
        assertTrue(text.contains("\"client\":\"" + client + "\""), text);
        assertTrue(text.contains("\"person\":\"" + person + "\""), text);
      }
      String approved = new String(records.get(1).value());
      assertTrue(approved.contains("\"reference\":\"their mail\""));
      assertTrue(approved.contains("\"decidedAt\":\"" + decidedAt + "\""), approved);
    }
  }

  @Test
  void whoeverMayTouchAClientsDataKeepsTheirAccount() {
    // Given
    String person = join(null);
    String access = requested(register(), person, 5);
    Map<String, Object> withAccount = Api.profile(UUID.randomUUID());

    // Then
    problem(
        Api.change(TOKEN, "PUT", "/v1/people/" + person, "", withAccount),
        409,
        "account-has-rights");

    // Until the access has ended
    act(TOKEN, access, "withdrawal", Map.of()).then().statusCode(200);
    Api.change(TOKEN, "PUT", "/v1/people/" + person, "", withAccount).then().statusCode(200);
  }

  @Test
  void withoutAPurposeThereIsNoAccess() {
    Map<String, Object> body = purpose(register(), join(null), 5);
    body.remove("purpose");
    request(body).then().statusCode(400).body("errors.field", contains("purpose"));

    body.put("purpose", Map.of("ground", "INSTRUCTION", "reference", "they rang"));
    request(body).then().statusCode(400).body("errors.field", contains("purpose.file"));
    body.put("purpose", Map.of("ground", "CLAUSE", "reference", " "));
    request(body).then().statusCode(400).body("errors.field", contains("purpose.reference"));
    body.put("purpose", Map.of("ground", "CURIOSITY", "reference", "x"));
    request(body).then().statusCode(400).body("errors.field", contains("purpose.ground"));

    body.put("purpose", Map.of("ground", "CLAUSE", "reference", "article 5"));
    request(body).then().statusCode(201).body("purpose.file", equalTo(FILE));
  }

  @Test
  void anAccessHasAnEndAndIsForSomebodyWhoIsHereToTheDataOfSomebodyKnown() {
    String client = register();
    String person = join(null);
    Map<String, Object> body = purpose(client, person, 5);
    body.remove("validUntil");
    request(body).then().statusCode(400).body("errors.field", contains("validUntil"));
    request(purpose(client, person, 400))
        .then()
        .statusCode(400)
        .body("errors.field", contains("validUntil"));
    problem(request(purpose(UUID.randomUUID().toString(), person, 5)), 422, "unknown-client");
    problem(request(purpose(client, UUID.randomUUID().toString(), 5)), 422, "unknown-person");
    leave(person).then().statusCode(200);
    problem(request(purpose(client, person, 5)), 422, "person-left");
  }

  @Test
  void anEndIsAheadAfterTheBeginningAndWithinTheContractWhereAClauseAllowsIt() {
    String client = register();
    String person = join(null);
    Map<String, Object> body = purpose(client, person, 5);

    for (int days : new int[] {-1, 0}) {
      body.put("validUntil", Instant.now().plus(Duration.ofDays(days)).toString());
      request(body).then().statusCode(400).body("errors.field", contains("validUntil"));
    }
    body.put("validUntil", Instant.now().plus(Duration.ofDays(2)).toString());
    body.put("validFrom", Instant.now().plus(Duration.ofDays(3)).toString());
    request(body).then().statusCode(400).body("errors.field", contains("validUntil"));
    body.put("validFrom", Instant.now().minus(Duration.ofDays(1)).toString());
    request(body).then().statusCode(400).body("errors.field", contains("validFrom"));
    body.remove("validFrom");

    // A clause allows nothing after the last day of its contract
    Map<String, Object> profile = profile(UUID.randomUUID());
    profile.put(
        "contract",
        Map.of(
            "reference",
            "2026-015",
            "startsOn",
            TODAY.minusYears(1).toString(),
            "endsOn",
            TODAY.plusDays(10).toString(),
            "file",
            FILE));
    body.put("client", register(profile));
    body.put("purpose", Map.of("ground", "CLAUSE", "reference", "article 5"));
    body.put("validUntil", Instant.now().plus(Duration.ofDays(12)).toString());
    problem(request(body), 422, "beyond-contract");
    body.put("validUntil", Instant.now().plus(Duration.ofDays(9)).toString());
    request(body).then().statusCode(201);
  }

  @Test
  void theFileOfAPurposeIsTheHashOfWhatSaysSo() {
    Map<String, Object> body = purpose(register(), join(null), 5);

    for (String wrong : List.of("", "x", "z".repeat(64), INSTRUCTION_FILE.substring(1))) {
      body.put(
          "purpose", Map.of("ground", "INSTRUCTION", "reference", "their mail", "file", wrong));
      request(body).then().statusCode(400).body("errors.field", contains("purpose.file"));
    }
    body.put(
        "purpose", Map.of("ground", "CLAUSE", "reference", "article 5", "file", INSTRUCTION_FILE));
    request(body).then().statusCode(400).body("errors.field", contains("purpose.file"));
  }

  @Test
  void whatNobodyApprovedInTimeIsApprovedNoMoreAndLetsNobodyIn() {
    // Given
    String client = register();
    String person = join(null);
    String access = requested(client, person, 5);

    // When
    clock.move(Duration.ofDays(6));

    // Then its end is written down, and approving it is refused before and after
    Response approval = act(Tokens.of(ACCESS_MANAGER), access, "approval", Map.of());
    assertTrue(List.of(409, 412).contains(approval.statusCode()), approval.asString());
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(access)));
    problem(
        act(Tokens.of(ACCESS_MANAGER), access, "approval", Map.of()),
        409,
        "client-access-not-requested");
    assertFalse(isAllowed(client, person));
  }

  @Test
  void neitherTheRequesterNorTheRecipientApproves() {
    UUID recipient = UUID.randomUUID();
    String access = requested(register(), join(recipient), 5);

    for (String token : List.of(TOKEN, Tokens.of(recipient, ACCESS_MANAGER))) {
      problem(act(token, access, "approval", Map.of()), 422, "self-approval");
    }
    act(Tokens.of(ACCESS_MANAGER), access, "refusal", Map.of("reason", "not covered"))
        .then()
        .statusCode(200)
        .body("refusal", equalTo("not covered"));
    problem(
        act(Tokens.of(ACCESS_MANAGER), access, "approval", Map.of()),
        409,
        "client-access-not-requested");
  }

  @Test
  void aRequestIsTakenBackByWhoMadeIt() {
    String access = requested(register(), join(null), 5);

    act(Tokens.of(ACCESS_MANAGER), access, "withdrawal", Map.of()).then().statusCode(403);
    act(TOKEN, access, "withdrawal", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("WITHDRAWN"));
  }

  @Test
  void anAccessThatBeginsLaterLetsNobodyInBefore() {
    String client = register();
    String person = join(null);
    Map<String, Object> body = purpose(client, person, 5);
    body.put("validFrom", Instant.now().plusSeconds(3_600).toString());
    String access = request(body).then().statusCode(201).extract().path("id");
    act(Tokens.of(ACCESS_MANAGER), access, "approval", Map.of()).then().statusCode(200);

    assertFalse(isAllowed(client, person));
    clock.move(Duration.ofHours(2));
    assertTrue(isAllowed(client, person));
  }

  @Test
  void aPermissionNamesItsPurposeAndStaffAskForThemselvesAlone() {
    UUID subject = UUID.randomUUID();
    String client = register();
    String person = join(subject);
    String other = join(UUID.randomUUID());
    approved(client, person, 2);
    String longest = approved(client, person, 9);
    String path = "/v1/clients/" + client + "/permission";

    for (String query : List.of("", "?person=" + person, "?account=" + subject)) {
      Rest.as(Tokens.of(subject))
          .get(path + query)
          .then()
          .statusCode(200)
          .body("allowed", equalTo(true))
          .body("person", equalTo(person))
          .body("access", equalTo(longest))
          .body("purpose.ground", equalTo("INSTRUCTION"));
    }
    for (String query : List.of("?person=" + other, "?account=" + UUID.randomUUID())) {
      Rest.as(Tokens.of(subject)).get(path + query).then().statusCode(403);
      for (String role : List.of(ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR)) {
        Rest.as(Tokens.of(role))
            .get(path + query)
            .then()
            .statusCode(200)
            .body("allowed", equalTo(false))
            .body("access", nullValue());
      }
    }
    Rest.as(Tokens.of(STAFF)).get(path).then().body("allowed", equalTo(false));
    Rest.as(TOKEN).get(path + "?person=" + person + "&account=x").then().statusCode(400);
    Rest.as(TOKEN).get("/v1/clients/" + UUID.randomUUID() + "/permission").then().statusCode(404);
  }

  @Test
  void privilegedReadersSeeAllAccessesAndOtherStaffTheirOwn() {
    UUID subject = UUID.randomUUID();
    String client = register();
    String own = requested(client, join(subject), 5);
    String other = requested(client, join(null), 5);

    for (String role : List.of(ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR)) {
      list(Tokens.of(role), "client=" + client).then().body("items.id", contains(own, other));
    }
    list(Tokens.of(subject), "client=" + client).then().body("items.id", contains(own));
    list(Tokens.of(ASSET_MANAGER), "client=" + client).then().body("items", hasSize(0));
    Rest.as(Tokens.of(subject)).get("/v1/client-accesses/" + own).then().statusCode(200);
    Rest.as(Tokens.of(subject)).get("/v1/client-accesses/" + other).then().statusCode(403);
    list(TOKEN, "state=REQUESTED&limit=1&client=" + client).then().body("items.id", contains(own));
    list(TOKEN, "state=APPROVED&client=" + client).then().body("items", hasSize(0));
  }

  @Test
  void requestsWaitForThoseWhoMayDecide() {
    UUID recipient = UUID.randomUUID();
    String access = requested(register(), join(recipient), 5);
    String subject = "client-access/" + access;

    tasks(Tokens.of(ACCESS_MANAGER)).then().body("items.subject", hasItem(subject));
    for (String token : List.of(TOKEN, Tokens.of(recipient, ACCESS_MANAGER), Tokens.of(STAFF))) {
      tasks(token).then().body("items.subject", not(hasItem(subject)));
    }
  }

  @Test
  void aStepNamesTheVersionItChanges() {
    String path = "/v1/client-accesses/" + requested(register(), join(null), 5);

    for (String step : List.of("approval", "refusal", "withdrawal", "revocation")) {
      String body = step.matches("approval|withdrawal") ? "" : "{\"reason\":\"x\"}";
      Rest.as(TOKEN).body(body).post(path + "/" + step).then().statusCode(428);
      Rest.as(TOKEN)
          .header("If-Match", "\"9\"")
          .body(body)
          .post(path + "/" + step)
          .then()
          .statusCode(412);
    }
  }

  private static Response list(String token, String query) {
    return Rest.as(token).get("/v1/client-accesses?" + query);
  }

  private static Response tasks(String token) {
    return Rest.as(token).get("/v1/tasks?limit=200");
  }
}
