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
import static io.vigie.access.physical.Premises.definition;
import static io.vigie.access.physical.Premises.key;
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.unique;
import static io.vigie.access.physical.Premises.zone;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ZoneResourceTest {

  @Test
  void aDoorLeadsIntoOneZoneUntilTheZoneGivesItUp() {
    String door = unique("door");
    Map<String, Object> definition = definition(List.of("maintenance"), List.of(door));
    String first = Premises.created(Rest.as(TOKEN).body(definition).post("/v1/physical-zones"));

    problem(
        Rest.as(TOKEN).body(definition(List.of(), List.of(door))).post("/v1/physical-zones"),
        409,
        "already-exists");
    definition.put("doors", List.of());
    Api.change(TOKEN, "PUT", "/v1/physical-zones/" + first, "", definition)
        .then()
        .statusCode(200)
        .body("doors", empty())
        .header("ETag", equalTo("\"1\""));
    zone(door);
  }

  @Test
  void aNameIsOneZonesOfASiteWhileItIsInUse() {
    Map<String, Object> definition = definition(List.of(), List.of());
    String zone = Premises.created(Rest.as(TOKEN).body(definition).post("/v1/physical-zones"));

    problem(Rest.as(TOKEN).body(definition).post("/v1/physical-zones"), 409, "already-exists");
    step(TOKEN, "/v1/physical-zones/" + zone, "closure", Map.of())
        .then()
        .statusCode(200)
        .body("closed", equalTo(true));
    problem(step(TOKEN, "/v1/physical-zones/" + zone, "closure", Map.of()), 409, "zone-closed");
    String again = Premises.created(Rest.as(TOKEN).body(definition).post("/v1/physical-zones"));
    Rest.as(Tokens.of(STAFF))
        .get("/v1/physical-zones?closed=false&site=" + definition.get("site"))
        .then()
        .body("items.id", contains(again));
  }

  @Test
  void nobodyGetsARightOnAZoneThatIsClosed() {
    String zone = zone();
    String person = join(null);
    String waiting =
        Api.request(TOKEN, Api.request(person, UUID.fromString(zone)))
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    step(TOKEN, "/v1/physical-zones/" + zone, "closure", Map.of()).then().statusCode(200);

    problem(Api.approve(waiting), 422, "asset-retired");
  }

  @Test
  void aChangeThatChangesNothingMakesNoNewVersion() {
    Map<String, Object> definition = definition(List.of("b", "a"), List.of(unique("door")));
    String zone = Premises.created(Rest.as(TOKEN).body(definition).post("/v1/physical-zones"));

    Api.change(TOKEN, "PUT", "/v1/physical-zones/" + zone, "", definition)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"0\""))
        .body("purposes", contains("a", "b"));
  }

  @Test
  void theStateOfThePremisesCanBePublishedAgain() {
    String zone = zone();
    String badge = badge(unique("B"), join(null));
    String key = key(zone);
    String host = join(null);
    String visit = VisitResourceTest.plan(TOKEN, host, zone);
    String inspection = InspectionResourceTest.inspect(zone, host);

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.access.events")) {
      Map.of(
              "physical-zone", zone,
              "badge", badge,
              "key", key,
              "visit", visit,
              "inspection", inspection)
          .forEach(
              (kind, id) ->
                  assertEquals(
                      1,
                      topic.await(1, about(id).and(ofType(kind + ".snapshot.v1"))).size(),
                      kind));
      topic.await(1, ofType("inspection-finding.snapshot.v1")).get(0);
    }
  }

  @Test
  void anUnknownZoneIsNowhere() {
    problem(Rest.as(TOKEN).get("/v1/physical-zones/" + UUID.randomUUID()), 404, "not-found");
    problem(
        Rest.as(TOKEN).get("/v1/physical-zones/" + UUID.randomUUID() + "/holders"),
        404,
        "not-found");
  }
}
