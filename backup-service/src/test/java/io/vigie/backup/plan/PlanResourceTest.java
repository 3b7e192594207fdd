package io.vigie.backup.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.backup.Plans;
import io.vigie.testkit.ApiDescription;
import io.vigie.testkit.HostileRequests;
import io.vigie.testkit.Rest;
import io.vigie.testkit.RoleMatrix;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SortedLists;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.backup.Plans.change;
import static io.vigie.backup.Plans.create;
import static io.vigie.backup.Plans.daily;
import static io.vigie.backup.Plans.get;
import static io.vigie.backup.Plans.nightly;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PlanResourceTest {

  private static final Map<String, String> WHY = Map.of("reason", "storage is replaced");

  @Test
  void aPlanGoesFromCreationToItsEndAndEachDecisionIsPublishedInOrder() {
    // Given
    String id = daily(UUID.randomUUID());

    // When
    Map<String, String> twiceADay = Map.of("interval", "PT12H", "tolerance", "PT1H");
    change(id, "PUT", "schedule", twiceADay)
        .then()
        .statusCode(200)
        .body("schedule.interval", equalTo("PT12H"));
    change(id, "POST", "suspension", WHY).then().statusCode(200);
    change(id, "POST", "resumption", Map.of()).then().statusCode(200);
    change(id, "POST", "ending", WHY)
        .then()
        .statusCode(200)
        .body("state", equalTo("ENDED"))
        .body("version", equalTo(4));

    // Then
    try (Topic topic = Topic.named("vigie.backup.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(5, about(id));
      assertEquals(
          List.of(
              "backup-plan.created.v1",
              "backup-plan.rescheduled.v1",
              "backup-plan.suspended.v1",
              "backup-plan.resumed.v1",
              "backup-plan.ended.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals(
          List.of("1", "2", "3", "4", "5"),
          records.stream().map(record -> header(record, "ce_eventnumber")).toList());
      assertTrue(
          records.stream().allMatch(r -> Plans.ADMIN.toString().equals(header(r, "ce_actor"))));
      assertTrue(new String(records.get(4).value()).contains("\"changes\":{\"state\":\"ENDED\"}"));
    }
  }

  @Test
  void staffMayReadAPlanAndWhenItsNextRunIsDue() {
    UUID asset = UUID.randomUUID();

    Rest.as(Tokens.of(STAFF))
        .get("/v1/plans/" + daily(asset))
        .then()
        .statusCode(200)
        .body("asset", equalTo(asset.toString()))
        .body("schedule", equalTo(Plans.DAILY))
        .body("state", equalTo("ACTIVE"))
        .body("nextDueAt", containsString("T"))
        .body("lastSuccessAt", equalTo(null));
  }

  @Test
  void anAssetHasOnePlanOfANameUntilItEnds() {
    UUID asset = UUID.randomUUID();
    String first = daily(asset);
    Map<String, Object> again = new HashMap<>(nightly(asset));
    again.put("name", "NIGHTLY");

    create(again)
        .then()
        .statusCode(409)
        .contentType(containsString("application/problem+json"))
        .body("type", equalTo("urn:vigie:problem:already-exists"));

    change(first, "POST", "ending", WHY).then().statusCode(200);
    create(again).then().statusCode(201);
  }

  @Test
  void aListFiltersAndPagesWithoutRepeatingOrSkipping() {
    UUID asset = UUID.randomUUID();
    List<String> ids =
        List.of("a", "b", "c").stream()
            .map(
                name -> {
                  Map<String, Object> body = new HashMap<>(nightly(asset));
                  body.put("name", name);
                  return create(body).<String>path("id");
                })
            .toList();
    change(ids.get(1), "POST", "suspension", WHY).then().statusCode(200);

    Response first = Rest.as(Plans.TOOL_TOKEN).get("/v1/plans?limit=2&asset=" + asset);
    first.then().body("items.id", contains(ids.get(0), ids.get(1)));
    String next = first.header("Link").replaceAll("<(.*)>.*", "$1");
    Rest.as(Plans.TOOL_TOKEN)
        .get(next)
        .then()
        .statusCode(200)
        .body("items.id", contains(ids.get(2)))
        .header("Link", equalTo(null));
    Rest.as(Plans.TOOL_TOKEN)
        .get("/v1/plans?state=SUSPENDED&missed=false&asset=" + asset)
        .then()
        .body("items.id", contains(ids.get(1)));
    Rest.as(Plans.TOOL_TOKEN).get("/v1/plans?assets=" + asset).then().statusCode(400);
  }

  @ParameterizedTest
  @CsvSource({
    "PT4M59S, PT0S,   interval",
    "P367D,   PT0S,   interval",
    "P1M,     PT0S,   interval",
    "daily,   PT0S,   interval",
    "PT1H,    PT-1S,  tolerance",
    "PT1H,    PT61M,  tolerance",
  })
  void aScheduleOutsideItsLimitsIsRefusedAndItsFieldNamed(
      String interval, String tolerance, String field) {
    Map<String, String> schedule = Map.of("interval", interval, "tolerance", tolerance);
    Map<String, Object> body = new HashMap<>(nightly(UUID.randomUUID()));
    body.put("schedule", schedule);

    create(body)
        .then()
        .statusCode(400)
        .body("type", equalTo("urn:vigie:problem:validation"))
        .body("errors.field", hasItem(containsString(field)));
    change(daily(UUID.randomUUID()), "PUT", "schedule", schedule)
        .then()
        .statusCode(400)
        .body("errors.field", contains(field));
  }

  @Test
  void aBareNumberIsNoDurationForItsUnitWouldBeAGuess() {
    change(
            daily(UUID.randomUUID()),
            "PUT",
            "schedule",
            Map.of("interval", 86_400, "tolerance", "PT0S"))
        .then()
        .statusCode(400)
        .body("errors.field", contains("interval"));
  }

  @Test
  void allThatIsWrongWithABodyIsListed() {
    create(Map.of("name", " ", "site", "x".repeat(101)))
        .then()
        .statusCode(400)
        .body("errors.field", contains("asset", "name", "schedule", "site"));
    Map<String, Object> body = new HashMap<>(nightly(UUID.randomUUID()));
    body.put("colour", "red");
    create(body).then().statusCode(400).body("errors.field", contains("colour"));
  }

  @Test
  void aChangeNeedsTheVersionThatItsAuthorHasRead() {
    String id = daily(UUID.randomUUID());
    String path = "/v1/plans/" + id + "/schedule";

    Rest.as(Plans.SYSADMIN_TOKEN).body(Plans.DAILY).put(path).then().statusCode(428);
    change(id, "PUT", "schedule", Plans.DAILY).then().statusCode(200);
    Rest.as(Plans.SYSADMIN_TOKEN)
        .header("If-Match", "\"0\"")
        .body(Plans.DAILY)
        .put(path)
        .then()
        .statusCode(412)
        .body("type", equalTo("urn:vigie:problem:stale"));
  }

  @Test
  void aDecisionThatTheStateDoesNotAllowIsAConflict() {
    String id = daily(UUID.randomUUID());

    change(id, "POST", "resumption", Map.of())
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:plan-not-suspended"));
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    get(UUID.randomUUID().toString()).then().statusCode(404);
    get("nightly").then().statusCode(404);
  }

  @Test
  void aHistoryNeedsTheLog() {
    Rest.as(Plans.SYSADMIN_TOKEN)
        .get("/v1/plans/" + daily(UUID.randomUUID()) + "/history")
        .then()
        .statusCode(503)
        .header("Retry-After", equalTo("2"));
  }

  @Test
  void everyOperationIsOpenToItsDeclaredRolesAlone() {
    assertTrue(RoleMatrix.check("backup-service") > 0);
  }

  @Test
  void theApiDescriptionSaysAllThatACallerNeeds() {
    assertTrue(ApiDescription.check() > 5);
  }

  @Test
  void sqlAndTooMuchInAnyParameterOfAnyListFindsNothingAndBreaksNothing() {
    assertTrue(HostileRequests.inParameters() > 50);
  }

  @Test
  void aNameOfAFileElsewhereInAnyPathLeadsNowhere() {
    assertTrue(HostileRequests.inPaths() > 50);
  }

  @Test
  void aBodyThatIsNoneBreaksNothingAndNothingOfItIsLogged() {
    assertTrue(HostileRequests.inBodies() > 10);
  }

  @Test
  void eachListIsSortedByEachFieldThatItNamesFromEitherEnd() {
    assertTrue(SortedLists.check() > 30);
  }
}
