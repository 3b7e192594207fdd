package io.vigie.access.person;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

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

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is held of somebody is told them, and forgotten when they ask, or when its time is over. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ErasureTest {

  @Inject MovableClock clock;
  @Inject DataSource database;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private void execute(String statement) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private static Response erase(String person) {
    return Api.change(
        Tokens.of(CISO),
        "POST",
        "/v1/people/" + person,
        "/erasure",
        Map.of("reason", "they asked for it", "reference", "DPO-2026-014"));
  }

  private static Response person(String id) {
    return Rest.as(Tokens.of(STAFF)).get("/v1/people/" + id);
  }

  private static List<ConsumerRecord<String, byte[]>> erased(String person) {
    try (Topic topic = Topic.named("vigie.access.events")) {
      return topic.await(1, about(person).and(ofType("person.erased.v1")));
    }
  }

  @Test
  void whoLeftIsForgottenAndWhoWorksHereIsNot() {
    // Given
    UUID account = UUID.randomUUID();
    String id = Api.join(account);
    String right = Api.requestFor(id);
    String email = person(id).path("email");
    problem(erase(id), 409, "still-here");
    Api.leave(id).then().statusCode(200);

    // When
    erase(id)
        .then()
        .statusCode(200)
        .body("givenName", equalTo("—"))
        .body("erasedAt", notNullValue());

    // Then nothing names them, and what they had is still theirs
    person(id)
        .then()
        .body("familyName", equalTo("—"))
        .body("email", equalTo(id + "@erased.invalid"))
        .body("employeeNumber", nullValue())
        .body("subject", equalTo(account.toString()))
        .body("state", equalTo("LEFT"));
    assertEquals("REVOKED", Api.stateOf(right));
    String told = new String(erased(id).get(0).value());
    assertTrue(told.contains("\"reference\":\"DPO-2026-014\""), told);
    assertFalse(told.contains("Lovelace") || told.contains(email), told);

    // And once is enough
    String version = person(id).header("ETag");
    erase(id).then().statusCode(200).header("ETag", equalTo(version));
  }

  @Test
  void whoHasABadgeStillIsForgottenOnceItIsBack() {
    // Given
    String id = Api.join(UUID.randomUUID());
    String badge =
        Rest.as(Api.TOKEN)
            .body(Map.of("number", "B-" + UUID.randomUUID(), "person", id))
            .post("/v1/badges")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Api.leave(id).then().statusCode(200);

    // When
    problem(erase(id), 409, "not-given-back");
    person(id).then().body("familyName", equalTo("Lovelace")).body("erasedAt", nullValue());
    Api.change(Api.TOKEN, "POST", "/v1/badges/" + badge, "/return", Map.of())
        .then()
        .statusCode(200);

    // Then
    erase(id).then().statusCode(200);
  }

  @Test
  void whoseAccountIsLookedIntoIsForgottenOnceThatIsDecided() throws SQLException {
    // Given
    UUID account = UUID.randomUUID();
    String id = Api.join(account);
    Api.leave(id).then().statusCode(200);
    execute(
        """
        insert into drift (id, version, event_number, published_state, kind, account, person_id,
          what, state, found_at)
        values ('%1$s', 0, 0, '{}', 'LEAVER_ENABLED', '%1$s', '%2$s', '', 'OPEN', now())"""
            .formatted(account, id));

    // When
    problem(erase(id), 409, "account-findings-open");
    execute("update drift set state = 'ENDED', ended_at = now() where id = '" + account + "'");

    // Then
    erase(id).then().statusCode(200);
  }

  @Test
  void whoLeftLongAgoIsForgottenByTheClock() {
    String id = Api.join(UUID.randomUUID());
    String here = Api.join(UUID.randomUUID());
    Api.leave(id).then().statusCode(200);

    clock.move(Duration.ofDays(3 * 365 - 2));
    person(id).then().body("erasedAt", nullValue());
    clock.move(Duration.ofDays(5));

    await()
        .untilAsserted(
            () ->
                person(id)
                    .then()
                    .body("familyName", equalTo("—"))
                    .body("erasedAt", notNullValue()));
    ConsumerRecord<String, byte[]> told = erased(id).get(0);
    assertEquals("system:access", header(told, "ce_actor"));
    assertTrue(new String(told.value()).contains("\"reference\":\"people-retention\""));
    person(here).then().body("erasedAt", nullValue()).body("familyName", equalTo("Lovelace"));
  }

  @Test
  void whatIsHeldOfSomebodyIsReadByIdAndAccountWithTheReasonWhyItStaysAndIsInTheLog() {
    // Given somebody who has something, and who decided something for somebody else
    UUID account = UUID.randomUUID();
    String id = Api.join(account);
    Api.requestFor(id);
    String other = Api.join(null);
    UUID ciso = UUID.randomUUID();
    String path = "/v1/data-subjects/" + id + "?account=" + account + "&limit=1";

    // When it is read page by page
    Response first = Rest.as(Tokens.of(ciso, CISO)).get(path);
    Response rest =
        Rest.as(Tokens.of(ciso, CISO))
            .get(path.replace("limit=1", "limit=200&after=" + first.path("items[0].id")));

    // Then
    first.then().statusCode(200).body("items.size()", equalTo(1)).header("Link", notNullValue());
    Response all = Rest.as(Tokens.of(ciso, CISO)).get(path.replace("limit=1", "limit=200"));
    all.then()
        .statusCode(200)
        .body("items.table", hasItems("person", "access_right"))
        .body("items.find { it.table == 'person' }.row.email", notNullValue())
        .body("items.find { it.table == 'person' }.erased", notNullValue())
        .body("items.find { it.table == 'access_right' }.kept.until", notNullValue())
        .body("items.row.id", everyItem(not(equalTo(other))));
    rest.then().statusCode(200).body("items.id", not(hasItem(first.<String>path("items[0].id"))));
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> read =
          topic.await(
              3,
              ofType("person-data.read.v1").and(record -> new String(record.value()).contains(id)));
      assertEquals(ciso.toString(), header(read.get(0), "ce_actor"));
      String told = new String(read.get(0).value());
      assertTrue(told.contains("\"accounts\":[\"" + account + "\"]"), told);
    }
  }
}
