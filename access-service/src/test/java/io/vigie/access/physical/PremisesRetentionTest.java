package io.vigie.access.physical;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.unique;
import static io.vigie.access.physical.Premises.zone;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code contracts/policy/premises-retention.json}: where people were is not kept for ever. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PremisesRetentionTest {

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static Response tell(String source, String door, Instant at) {
    return Rest.as(Tokens.of(TOOL))
        .body(
            Map.of(
                "passages",
                List.of(
                    Map.of(
                        "source",
                        source,
                        "sequence",
                        1,
                        "number",
                        unique("X"),
                        "door",
                        door,
                        "direction",
                        "IN",
                        "passedAt",
                        at.toString(),
                        "granted",
                        false))))
        .post("/v1/passages");
  }

  private static void assertPassages(String zone, int passages) {
    Rest.as(TOKEN)
        .get("/v1/passages?zone=" + zone)
        .then()
        .statusCode(200)
        .body("items", hasSize(passages));
  }

  @Test
  void whatADoorToldIsDeletedAfterItsTimeWithAnEventThatCountsItAndIsNotTakenAgain() {
    // Given
    String source = unique("gate");
    String door = unique("door");
    String zone = zone(door);
    Instant passedAt = clock.instant();
    tell(source, door, passedAt).then().statusCode(200).body("fresh", equalTo(1));

    // When it is nearly over, and when it is
    clock.move(Duration.ofDays(89));
    assertPassages(zone, 1);
    clock.move(Duration.ofDays(2));

    // Then
    await().untilAsserted(() -> assertPassages(zone, 0));
    try (Topic topic = Topic.named("vigie.access.events")) {
      JsonPath purged =
          JsonPath.from(
              new String(
                  topic
                      .await(
                          1,
                          ofType("passage.purged.v1")
                              .and(record -> isAfter(record.value(), passedAt)))
                      .get(0)
                      .value()));
      assertTrue(purged.getLong("passages") >= 1);
    }
    tell(source, door, passedAt)
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("within the last 90 days"));
  }

  private static boolean isAfter(byte[] purged, Instant passedAt) {
    return Instant.parse(JsonPath.from(new String(purged)).getString("before")).isAfter(passedAt);
  }

  @Test
  void whoAVisitorWasIsForgottenAfterItsTimeAndTheVisitStays() {
    // Given one who came and went, and one who is still there
    String zone = zone();
    String gone = visit(zone);
    String there = visit(zone);
    step(TOKEN, gone, "departure", Map.of()).then().statusCode(200);

    // When
    clock.move(Duration.ofDays(181));

    // Then
    await()
        .untilAsserted(
            () ->
                Rest.as(TOKEN)
                    .get(gone)
                    .then()
                    .statusCode(200)
                    .body("visitor", nullValue())
                    .body("company", nullValue())
                    .body("state", equalTo("LEFT"))
                    .body("purpose", equalTo("meeting")));
    Rest.as(TOKEN).get(there).then().body("visitor", equalTo("Grace Hopper"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String forgotten =
          new String(
              topic
                  .await(
                      1,
                      about(gone.substring(gone.lastIndexOf('/') + 1))
                          .and(ofType("visit.visitor-forgotten.v1")))
                  .get(0)
                  .value());
      assertFalse(forgotten.matches(".*(Hopper|Compilers).*"), forgotten);
    }
  }

  /** A visitor who came; returns the path of the visit. */
  private static String visit(String zone) {
    UUID host = UUID.randomUUID();
    String path = "/v1/visits/" + VisitResourceTest.plan(TOKEN, join(host), zone);
    step(Tokens.of(host), path, "approval", Map.of()).then().statusCode(200);
    step(TOKEN, path, "arrival", Map.of()).then().statusCode(200);
    return path;
  }
}
