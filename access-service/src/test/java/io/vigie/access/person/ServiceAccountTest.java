package io.vigie.access.person;

import java.time.Duration;
import java.util.HashMap;
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

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.access.Api.profile;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ServiceAccountTest {

  @Inject MovableClock clock;

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @Test
  void whenWhoAnswersForAnAccountLeavesItWaitsUntilSomebodyTakesItOver() {
    // Given
    String leaver = join(null);
    String successor = join(null);
    String id = register(account(leaver)).then().statusCode(201).extract().path("id");
    String task = "service-account/" + id;
    tasks().then().body("items.subject", not(hasItem(task)));

    // When
    leave(leaver).then().statusCode(200);

    // Then
    String registeredAt =
        get(id)
            .then()
            .body("state", equalTo("ACTIVE"))
            .body("orphanedAt", notNullValue())
            .extract()
            .path("registeredAt");
    Rest.as(TOKEN)
        .get("/v1/service-accounts?orphaned=true&responsible=" + leaver)
        .then()
        .body("items.id", contains(id));
    tasks().then().body("items.subject", hasItem(task));
    problem(takeOver(id, leaver), 422, "person-left");

    // Until somebody else does
    takeOver(id, successor)
        .then()
        .statusCode(200)
        .body("responsible", equalTo(successor))
        .body("orphanedAt", nullValue());
    tasks().then().body("items.subject", not(hasItem(task)));
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(id));
      assertEquals(
          List.of(
              "service-account.registered.v1",
              "service-account.orphaned.v1",
              "service-account.taken-over.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      String registered = new String(records.get(0).value());
      assertTrue(registered.contains("\"registeredAt\":\"" + registeredAt + "\""), registered);
    }
  }

  @Test
  void anAccountIsAPersonsOrAProgramsAndNeverOfTwo() {
    UUID subject = UUID.randomUUID();
    String person = join(subject);
    Map<String, Object> taken = account(person);
    taken.put("subject", subject.toString());
    problem(register(taken), 409, "account-of-person");

    Map<String, Object> own = account(person);
    register(own).then().statusCode(201);
    problem(register(own), 409, "already-exists");
    Map<String, Object> newcomer = profile(UUID.fromString((String) own.get("subject")));
    problem(Rest.as(TOKEN).body(newcomer).post("/v1/people"), 409, "account-of-service");
    problem(
        Api.change(TOKEN, "PUT", "/v1/people/" + join(null), "", newcomer),
        409,
        "account-of-service");
  }

  @Test
  void anAccountEndsByHandOrWhenItsTimeIsOver() {
    String person = join(null);
    String endless = register(account(person)).path("id");
    Map<String, Object> brief = account(person);
    brief.put("validUntil", clock.instant().plus(Duration.ofDays(1)).toString());
    String id = register(brief).path("id");

    change(endless, "POST", "/end", Map.of("reason", "replaced"))
        .then()
        .statusCode(200)
        .body("state", equalTo("ENDED"))
        .body("endReason", equalTo("replaced"));
    problem(takeOver(endless, join(null)), 409, "account-ended");
    clock.move(Duration.ofDays(2));

    await().untilAsserted(() -> assertEquals("ENDED", get(id).path("state")));
    Rest.as(TOKEN)
        .get("/v1/service-accounts?state=ACTIVE&responsible=" + person)
        .then()
        .body("items", hasSize(0));
  }

  @Test
  void whatIsKnownOfAnAccountChanges() {
    String id = register(account(join(null))).path("id");
    Map<String, String> change = Map.of("name", "agent", "purpose", "Reports all backups");

    change(id, "PUT", "", change)
        .then()
        .statusCode(200)
        .body("purpose", equalTo("Reports all backups"))
        .header("ETag", equalTo("\"1\""));
    change(id, "PUT", "", change).then().statusCode(200).header("ETag", equalTo("\"1\""));
    Rest.as(Tokens.of(STAFF)).get("/v1/service-accounts/" + id).then().statusCode(200);
    Map<String, Object> past = new HashMap<>(change);
    past.put("validUntil", "2020-01-01T00:00:00Z");
    problem(change(id, "PUT", "", past), 400, "validation")
        .body("errors.field", contains("validUntil"));
  }

  private static Map<String, Object> account(String responsible) {
    return new HashMap<>(
        Map.of(
            "subject",
            UUID.randomUUID().toString(),
            "name",
            "backup agent",
            "purpose",
            "Reports the runs of backups",
            "responsible",
            responsible));
  }

  private static Response register(Map<String, Object> account) {
    return Rest.as(TOKEN).body(account).post("/v1/service-accounts");
  }

  private static Response get(String id) {
    return Rest.as(TOKEN).get("/v1/service-accounts/" + id);
  }

  private static Response takeOver(String id, String person) {
    return change(id, "PUT", "/responsible", Map.of("person", person));
  }

  private static Response change(String id, String method, String what, Map<String, ?> body) {
    return Api.change(TOKEN, method, "/v1/service-accounts/" + id, what, body);
  }

  private static Response tasks() {
    return Rest.as(TOKEN).get("/v1/tasks?limit=200");
  }
}
