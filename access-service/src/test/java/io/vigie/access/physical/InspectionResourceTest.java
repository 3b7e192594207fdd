package io.vigie.access.physical;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
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
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.tasks;
import static io.vigie.access.physical.Premises.zone;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertFalse;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class InspectionResourceTest {

  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

  private static Map<String, Object> round(String zone, String assignee) {
    Map<String, Object> round = new HashMap<>();
    round.put("zone", zone);
    round.put("inspectedOn", TODAY.toString());
    round.put(
        "findings",
        List.of(
            Map.of(
                "category",
                "PAPER_LEFT_OUT",
                "description",
                "Contracts on the desk of Ada Lovelace",
                "assignee",
                assignee,
                "dueOn",
                TODAY.plusDays(7).toString())));
    return round;
  }

  /** A round with one finding for the assignee; returns its id. */
  static String inspect(String zone, String assignee) {
    return Premises.created(Rest.as(TOKEN).body(round(zone, assignee)).post("/v1/inspections"));
  }

  private static String findingOf(String inspection) {
    return Rest.as(TOKEN)
        .get("/v1/inspection-findings?inspection=" + inspection)
        .then()
        .body("items", hasSize(1))
        .extract()
        .path("items[0].id");
  }

  @Test
  void aFindingWaitsForItsAssigneeUntilItIsSetRight() {
    // Given
    UUID account = UUID.randomUUID();
    String finding = findingOf(inspect(zone(), join(account)));
    String path = "/v1/inspection-findings/" + finding;
    tasks(Tokens.of(account))
        .then()
        .body("items.findAll { it.kind == 'inspection-finding.resolve' }.id", hasItem(finding));
    Rest.as(Tokens.of(account))
        .get("/v1/inspection-findings?open=true")
        .then()
        .body("items.id", contains(finding));
    problem(Rest.as(Tokens.of(STAFF)).get(path), 403, "forbidden");
    problem(
        step(Tokens.of(STAFF), path, "resolution", Map.of("resolution", "x")), 403, "forbidden");

    // When
    step(Tokens.of(account), path, "resolution", Map.of("resolution", "put away"))
        .then()
        .statusCode(200)
        .body("resolvedBy", equalTo(account.toString()));

    // Then
    tasks(Tokens.of(account)).then().body("items.id", not(hasItem(finding)));
    problem(
        step(Tokens.of(account), path, "resolution", Map.of("resolution", "again")),
        409,
        "finding-resolved");
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic
          .await(2, about(finding))
          .forEach(
              record -> assertFalse(new String(record.value()).matches(".*(Lovelace|put away).*")));
    }
  }

  @Test
  void whatALeaverHadToSetRightWaitsForTheCiso() {
    String assignee = join(null);
    String finding = findingOf(inspect(zone(), assignee));
    tasks(Tokens.of(CISO)).then().body("items.id", not(hasItem(finding)));

    Api.leave(assignee).then().statusCode(200);

    String ciso = Tokens.of(CISO);
    tasks(ciso).then().body("items.id", hasItem(finding));
    step(ciso, "/v1/inspection-findings/" + finding, "resolution", Map.of("resolution", "done"))
        .then()
        .statusCode(200);
  }

  @Test
  void aRoundIsRecordedWholeOrNotAtAll() {
    String zone = zone();
    String person = join(null);
    Map<String, Object> round = round(zone, UUID.randomUUID().toString());
    problem(Rest.as(TOKEN).body(round).post("/v1/inspections"), 422, "unknown-person");
    Rest.as(TOKEN).get("/v1/inspections?zone=" + zone).then().body("items", hasSize(0));

    round.put("findings", List.of());
    String inspection = Premises.created(Rest.as(TOKEN).body(round).post("/v1/inspections"));
    Rest.as(TOKEN).get("/v1/inspections/" + inspection).then().body("findings", equalTo(0));

    Map<String, Object> tomorrow = round(zone, person);
    tomorrow.put("inspectedOn", TODAY.plusDays(1).toString());
    problem(Rest.as(TOKEN).body(tomorrow).post("/v1/inspections"), 400, "validation")
        .body("errors.field", contains("inspectedOn"));
  }
}
