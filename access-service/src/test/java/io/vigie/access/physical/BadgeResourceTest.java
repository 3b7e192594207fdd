package io.vigie.access.physical;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.physical.Premises.badge;
import static io.vigie.access.physical.Premises.issue;
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.tasks;
import static io.vigie.access.physical.Premises.unique;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class BadgeResourceTest {

  @Test
  void aPersonHasOneActiveBadgeAndANumberIsOneBadgesForEver() {
    String ada = join(null);
    String ben = join(null);
    String number = unique("b");
    String badge = badge(number, ada);

    problem(issue(unique("B"), ada), 409, "already-exists");
    problem(issue(number.toUpperCase(), ben), 409, "already-exists");
    step(TOKEN, "/v1/badges/" + badge, "return", Map.of()).then().statusCode(200);
    problem(issue(number, ben), 409, "already-exists");
    badge(unique("B"), ada);
  }

  @Test
  void whoeverLosesTheirBadgeSaysSoInOneCallAndItOpensNothingFromThenOn() {
    // Given
    UUID account = UUID.randomUUID();
    String person = join(account);
    String badge = badge(unique("B"), person);
    String path = "/v1/badges/" + badge;
    problem(step(Tokens.of(STAFF), path, "loss", Map.of()), 403, "forbidden");

    // When
    step(Tokens.of(account), path, "loss", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("LOST"))
        .body("endedBy", equalTo(account.toString()));

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      var lost = topic.await(2, about(badge)).get(1);
      assertEquals("badge.lost.v1", header(lost, "ce_type"));
      assertEquals(account.toString(), header(lost, "ce_actor"));
      assertTrue(new String(lost.value()).contains("\"person\":\"" + person + "\""));
    }
    problem(step(TOKEN, path, "revocation", Map.of("reason", "again")), 409, "badge-lost");
    badge(unique("B"), person);
    step(TOKEN, path, "return", Map.of()).then().statusCode(200).body("state", equalTo("RETURNED"));
  }

  @Test
  void aReplacementRevokesOneBadgeAndGivesAnotherInOneCallOrDoesNothing() {
    String person = join(null);
    String old = badge(unique("B"), person);
    String taken = unique("B");
    badge(taken, join(null));

    problem(
        step(
            TOKEN, "/v1/badges/" + old, "replacement", Map.of("number", taken, "reason", "broken")),
        409,
        "already-exists");
    Rest.as(TOKEN).get("/v1/badges/" + old).then().body("state", equalTo("ACTIVE"));

    String replacement =
        step(
                TOKEN,
                "/v1/badges/" + old,
                "replacement",
                Map.of("number", unique("B"), "reason", "broken"))
            .then()
            .statusCode(201)
            .body("replaces", equalTo(old))
            .body("person", equalTo(person))
            .extract()
            .path("id");

    Rest.as(TOKEN)
        .get("/v1/badges/" + old)
        .then()
        .body("state", equalTo("REVOKED"))
        .body("endedReason", equalTo("broken"));
    Rest.as(TOKEN)
        .get("/v1/badges?state=ACTIVE&person=" + person)
        .then()
        .body("items.id", contains(replacement));
    tasks(TOKEN).then().body("items.findAll { it.kind == 'badge.recover' }.id", hasItem(old));
    step(TOKEN, "/v1/badges/" + old, "return", Map.of()).then().statusCode(200);
    tasks(TOKEN).then().body("items.id", not(hasItem(old)));
  }

  @Test
  void nobodyGivesThemselfABadge() {
    UUID manager = UUID.randomUUID();
    String person = join(manager);

    problem(
        Rest.as(Tokens.of(manager, ACCESS_MANAGER))
            .body(Map.of("number", unique("B"), "person", person))
            .post("/v1/badges"),
        422,
        "own-badge");
  }

  @Test
  void staffSeeTheirOwnBadgeAndToolsAndRespondersAll() {
    UUID account = UUID.randomUUID();
    String number = unique("B");
    String badge = badge(number, join(account));
    String path = "/v1/badges/" + badge;

    Rest.as(Tokens.of(account)).get("/v1/badges").then().body("items.id", contains(badge));
    problem(Rest.as(Tokens.of(STAFF)).get(path), 403, "forbidden");
    Rest.as(Tokens.of(STAFF)).get("/v1/badges?number=" + number).then().body("items", hasSize(0));
    for (String token : List.of(Tokens.of(TOOL), Tokens.of(RESPONDER))) {
      Rest.as(token).get(path).then().statusCode(200).body("endedAt", nullValue());
      Rest.as(token)
          .get("/v1/badges?number=" + number.toUpperCase())
          .then()
          .body("items.id", contains(badge));
    }
  }

  @Test
  void aLeaverGetsNoBadge() {
    String person = join(null);
    Api.leave(person).then().statusCode(200);

    problem(issue(unique("B"), person), 422, "person-left");
  }
}
