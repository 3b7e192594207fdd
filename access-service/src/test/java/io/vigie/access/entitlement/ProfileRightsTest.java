package io.vigie.access.entitlement;

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
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.approve;
import static io.vigie.access.Api.assign;
import static io.vigie.access.Api.bundle;
import static io.vigie.access.Api.entitlement;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.access.Api.profile;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Profiles give rights and take them. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ProfileRightsTest {

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final UUID asset = UUID.randomUUID();
  private final String mark = UUID.randomUUID().toString().substring(0, 8);
  private String read;
  private String write;
  private String root;
  private String developer;
  private String lead;

  @BeforeEach
  void aCatalogueWithTwoProfiles() {
    read = entitlement(asset, "read");
    write = entitlement(asset, "write");
    root = entitlement(asset, "root", "PRIVILEGED");
    developer = bundle("developer " + mark, read, write);
    lead = bundle("lead " + mark, read);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @Test
  void aProfileGivesItsRightsAtOnceAndEachHasItsEvent() {
    String person = join(null);

    String assignment = assign(person, developer);

    effective(person)
        .then()
        .body("items.name", containsInAnyOrder("read", "write"))
        .body("items[0].reasons.ground", contains("PROFILE"))
        .body("items[0].reasons[0].profile", equalTo(developer))
        .body("items[0].reasons[0].profileName", equalTo("developer " + mark))
        .body("items[0].reasons[0].assignment", equalTo(assignment))
        .body("items[0].reasons[0].assigned.by", equalTo(Api.MANAGER.toString()))
        .body("items[0].until", nullValue());
    List<String> rights = rights(person).path("items.id");
    String decidedAt = rights(person).path("items[0].decided.at");
    try (Topic topic = Topic.named("vigie.access.events")) {
      for (String right : rights) {
        ConsumerRecord<String, byte[]> granted = topic.await(1, about(right)).get(0);
        assertEquals("right.granted.v1", header(granted, "ce_type"));
        assertEquals("1", header(granted, "ce_eventnumber"));
        assertEquals(Api.MANAGER.toString(), header(granted, "ce_actor"));
        String text = new String(granted.value());
        assertTrue(text.contains("\"profile\":\"" + developer + "\""), text);
        assertTrue(text.contains("\"asset\":\"" + asset + "\""), text);
        assertTrue(text.contains("\"sensitivity\":\"NORMAL\""), text);
        assertTrue(text.contains("\"decidedAt\":\"" + decidedAt + "\""), text);
      }
    }
  }

  @Test
  void aMoverKeepsForAWhileWhatTheNewProfileLacks() {
    // Given a developer who has root, too
    String person = join(null);
    String dev = assign(person, developer);
    String admin = assign(person, bundle("admin " + mark, root));

    // When they become a lead
    assign(person, lead);
    end(dev).then().statusCode(200).body("state", equalTo("ENDED"));
    end(admin).then().statusCode(200);

    // Then what is privileged ends at once, and the rest after its grace, save what the lead has
    rights(person)
        .then()
        .body(
            "items.collect { it.entitlement + ' ' + it.state }",
            containsInAnyOrder("read APPROVED", "write APPROVED", "root REVOKED", "read APPROVED"));
    effective(person)
        .then()
        .body("items.find { it.name == 'write' }.until", notNullValue())
        .body("items.find { it.name == 'read' }.until", nullValue())
        .body("items.find { it.name == 'read' }.reasons", hasSize(2));
    String ending = right(person, "write");
    try (Topic topic = Topic.named("vigie.access.events")) {
      String event =
          new String(
              topic.await(1, about(ending).and(Topic.ofType("right.ending.v1"))).get(0).value());
      assertTrue(event.contains("\"changes\":{\"validUntil\":\""), event);
    }

    // When the grace is over
    clock.move(Duration.ofDays(15));

    // Then
    await().untilAsserted(() -> assertEquals("EXPIRED", Api.stateOf(ending)));
    effective(person).then().body("items.name", contains("read"));
  }

  @Test
  void whoGetsTheProfileBackInTimeKeepsWhatItGave() {
    String person = join(null);
    String right = gain(person);
    end(assignmentOf(person)).then().statusCode(200);
    get(right).then().body("validUntil", notNullValue());

    clock.move(Duration.ofDays(10));
    assign(person, lead);

    get(right).then().body("state", equalTo("APPROVED")).body("validUntil", nullValue());
    rights(person).then().body("items", hasSize(1));
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> events = topic.await(3, about(right));
      assertEquals(
          List.of("right.granted.v1", "right.ending.v1", "right.continued.v1"),
          events.stream().map(event -> header(event, "ce_type")).toList());
      assertEquals(
          List.of("1", "2", "3"),
          events.stream().map(event -> header(event, "ce_eventnumber")).toList());
      String continued = new String(events.get(2).value());
      assertTrue(continued.contains("\"changes\":{\"validUntil\":null}"), continued);
    }
  }

  @Test
  void whoGetsTheProfileBackTooLateGetsAnotherRight() {
    String person = join(null);
    String right = gain(person);
    end(assignmentOf(person)).then().statusCode(200);

    clock.move(Duration.ofDays(15));
    assign(person, lead);

    rights(person)
        .then()
        .body("items.state", contains("EXPIRED", "APPROVED"))
        .body("items[0].id", equalTo(right));
  }

  @Test
  void whatABundleGainsOrLosesItsHoldersGetOrLose() {
    String person = join(null);
    assign(person, lead);

    put(lead, "lead " + mark, write, root);

    await()
        .untilAsserted(
            () ->
                effective(person)
                    .then()
                    .body("items.name", containsInAnyOrder("read", "write", "root"))
                    .body("items.find { it.name == 'read' }.until", notNullValue())
                    .body("items.find { it.name == 'root' }.until", nullValue()));
    try (Topic topic = Topic.named("vigie.access.events")) {
      ConsumerRecord<String, byte[]> granted = topic.await(1, about(right(person, "root"))).get(0);
      assertEquals("system:access", header(granted, "ce_actor"));
    }

    change("/v1/business-profiles/" + lead, "POST", "/retirement", Map.of("reason", "merged"))
        .then()
        .statusCode(200);
    await()
        .untilAsserted(
            () ->
                Rest.as(TOKEN)
                    .get("/v1/profile-assignments?person=" + person)
                    .then()
                    .body("items.state", contains("ENDED"))
                    .body("items[0].ended.reason", equalTo("The profile was retired.")));
    effective(person).then().body("items.name", containsInAnyOrder("read", "write"));
  }

  @Test
  void whatIsRevokedStaysSoUntilTheProfileHasGivenItNoMore() {
    String person = join(null);
    String right = gain(person);

    Api.act(TOKEN, right, "revocation", Map.of("reason", "not needed")).then().statusCode(200);
    try (Topic topic = Topic.named("vigie.access.events")) {
      String revoked = new String(topic.await(2, about(right)).get(1).value());
      assertTrue(revoked.contains("\"changes\":{\"state\":\"REVOKED\",\"revokedBy\":"), revoked);
    }
    put(lead, "lead " + mark, read, write);
    await().untilAsserted(() -> effective(person).then().body("items.name", contains("write")));

    end(assignmentOf(person)).then().statusCode(200);
    assign(person, lead);
    effective(person).then().body("items.name", containsInAnyOrder("read", "write"));
  }

  @Test
  void whatProfilesGiveOnAnAssetEndsWhenThatGoesOutOfUse() throws SQLException {
    String person = join(null);
    String right = gain(person);
    String asked =
        Api.request(TOKEN, Map.of("person", person, "entitlement", write, "reason", "on call"))
            .path("id");
    approve(asked).then().statusCode(200);

    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("insert into retired_asset values ('%s', now(), null)".formatted(asset));
    }

    await().untilAsserted(() -> assertEquals("REVOKED", Api.stateOf(right)));
    get(right).then().body("revoked.reason", equalTo("The asset is out of use."));
    assertEquals("APPROVED", Api.stateOf(asked));
    String newcomer = join(null);
    assign(newcomer, lead);
    effective(newcomer).then().body("items", hasSize(0));
  }

  @Test
  void aLeaverLosesProfilesAndRights() {
    String person = join(null);
    String right = gain(person);

    leave(person).then().statusCode(200);

    assertEquals("REVOKED", Api.stateOf(right));
    effective(person).then().body("items", hasSize(0));
    Rest.as(TOKEN)
        .get("/v1/profile-assignments?person=" + person)
        .then()
        .body("items.state", contains("ENDED"));
    problem(
        Rest.as(TOKEN)
            .body(Map.of("person", person, "profile", lead))
            .post("/v1/profile-assignments"),
        422,
        "person-left");
  }

  private String gain(String person) {
    assign(person, lead);
    return right(person, "read");
  }

  private static String right(String person, String name) {
    return rights(person).path("items.find { it.entitlement == '%s' }.id".formatted(name));
  }

  private static String assignmentOf(String person) {
    return Rest.as(TOKEN)
        .get("/v1/profile-assignments?state=CURRENT&person=" + person)
        .path("items[0].id");
  }

  private static void put(String profile, String name, String... entitlements) {
    change(
            "/v1/business-profiles/" + profile,
            "PUT",
            "",
            Map.of("name", name, "entitlements", List.of(entitlements)))
        .then()
        .statusCode(200);
    Api.approveBundle(profile);
  }

  private static Response end(String assignment) {
    return change(
        "/v1/profile-assignments/" + assignment, "POST", "/end", Map.of("reason", "moved"));
  }

  private static Response change(String path, String method, String what, Map<String, ?> body) {
    return Api.change(TOKEN, method, path, what, body);
  }

  private static Response get(String right) {
    return Rest.as(TOKEN).get("/v1/rights/" + right);
  }

  private static Response rights(String person) {
    return Rest.as(TOKEN).get("/v1/rights?limit=200&person=" + person);
  }

  private static Response effective(String person) {
    return Rest.as(TOKEN).get("/v1/people/" + person + "/effective-rights");
  }
}
