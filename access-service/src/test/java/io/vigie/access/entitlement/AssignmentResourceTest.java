package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.LocalDate;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.assign;
import static io.vigie.access.Api.bundle;
import static io.vigie.access.Api.entitlement;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.profile;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
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

/** Who holds which profiles, and from when to when. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AssignmentResourceTest {

  @Inject MovableClock clock;

  private final UUID asset = UUID.randomUUID();
  private final String mark = UUID.randomUUID().toString().substring(0, 8);
  private String read;
  private String write;
  private String developer;
  private String lead;

  @BeforeEach
  void aCatalogueWithTwoProfiles() {
    read = entitlement(asset, "read");
    write = entitlement(asset, "write");
    developer = bundle("developer " + mark, read, write);
    lead = bundle("lead " + mark, read);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @Test
  void aProfileBeginsAndEndsByTheClock() {
    String person = join(null);
    String id =
        Rest.as(TOKEN)
            .body(
                Map.of(
                    "person",
                    person,
                    "profile",
                    lead,
                    "validFrom",
                    clock.instant().plus(Duration.ofDays(2)).toString(),
                    "validUntil",
                    clock.instant().plus(Duration.ofDays(5)).toString()))
            .post("/v1/profile-assignments")
            .then()
            .statusCode(201)
            .body("state", equalTo("PLANNED"))
            .extract()
            .path("id");
    effective(person).then().body("items", hasSize(0));

    clock.move(Duration.ofDays(3));
    await().untilAsserted(() -> effective(person).then().body("items.name", contains("read")));
    Rest.as(TOKEN).get("/v1/people?profile=" + lead).then().body("items.id", contains(person));

    clock.move(Duration.ofDays(3));
    await().untilAsserted(() -> effective(person).then().body("items[0].until", notNullValue()));
    Rest.as(TOKEN).get("/v1/people?profile=" + lead).then().body("items", hasSize(0));
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(
          List.of(
              "profile-assignment.made.v1",
              "profile-assignment.begun.v1",
              "profile-assignment.ended.v1"),
          topic.await(3, about(id)).stream().map(event -> header(event, "ce_type")).toList());
    }
  }

  @Test
  void theTimesOfAnAssignmentChange() {
    String person = join(null);
    String id = assign(person, lead);
    String path = "/v1/profile-assignments/" + id;
    String later = clock.instant().plus(Duration.ofDays(9)).toString();

    change(path, "PUT", "", Map.of("validUntil", later)).then().statusCode(200);
    change(path, "PUT", "", Map.of("validUntil", later))
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""));
    problem(change(path, "PUT", "", Map.of("validFrom", later)), 400, "validation");
    problem(
        change(path, "PUT", "", Map.of("validUntil", "2020-01-01T00:00:00Z")), 400, "validation");
    problem(
        Rest.as(TOKEN)
            .body(Map.of("person", person, "profile", lead))
            .post("/v1/profile-assignments"),
        409,
        "profile-held");
    Rest.as(TOKEN)
        .body(Map.of("person", person, "profile", lead, "validFrom", later))
        .post("/v1/profile-assignments")
        .then()
        .statusCode(201);
    problem(change(path, "PUT", "", Map.of()), 409, "profile-held");
    end(id).then().statusCode(200);
    problem(end(id), 409, "assignment-ended");
  }

  @Test
  void theProfileThatTheRecordNamesIsTheirsFromTheFirstDayOn() {
    // Given
    Map<String, Object> details = profile(null);
    details.put("businessProfile", "LEAD " + mark);
    details.put("joinedOn", LocalDate.now(clock.withZone(clock.getZone())).plusDays(2).toString());
    String person = Rest.as(TOKEN).body(details).post("/v1/people").path("id");
    Rest.as(TOKEN)
        .get("/v1/profile-assignments?person=" + person)
        .then()
        .body("items.state", contains("PLANNED"));
    effective(person).then().body("items", hasSize(0));

    // When the first day comes
    clock.move(Duration.ofDays(3));
    await().untilAsserted(() -> effective(person).then().body("items.name", contains("read")));

    // And when the record names another
    details.put("businessProfile", "developer " + mark);
    details.put("joinedOn", "2025-09-01");
    change("/v1/people/" + person, "PUT", "", details).then().statusCode(200);
    Rest.as(TOKEN)
        .get("/v1/profile-assignments?person=" + person)
        .then()
        .body("items.state", contains("ENDED", "CURRENT"))
        .body("items[1].profile", equalTo(developer));
    effective(person)
        .then()
        .body("items.name", containsInAnyOrder("read", "write"))
        .body("items.find { it.name == 'read' }.until", nullValue());
  }

  @Test
  void aProfileThatGotAnotherNameGoesWithTheRecordThatBroughtIt() {
    // Given somebody whose record brought them a profile, which is called something else by now
    Map<String, Object> details = profile(null);
    details.put("businessProfile", "lead " + mark);
    details.put("joinedOn", "2025-09-01");
    String person = Rest.as(TOKEN).body(details).post("/v1/people").path("id");
    change(
            "/v1/business-profiles/" + lead,
            "PUT",
            "",
            Map.of("name", "head " + mark, "entitlements", List.of(read)))
        .then()
        .statusCode(200);

    // When the record names another
    details.put("businessProfile", "developer " + mark);
    change("/v1/people/" + person, "PUT", "", details).then().statusCode(200);

    // Then
    Rest.as(TOKEN)
        .get("/v1/profile-assignments?person=" + person)
        .then()
        .body("items.profile", contains(lead, developer))
        .body("items.state", contains("ENDED", "CURRENT"));
  }

  @Test
  void importedPeopleGetWhatTheirProfilesGive() {
    StringBuilder table =
        new StringBuilder("givenName,familyName,email,businessProfile,joinedOn\n");
    for (int i = 0; i < 30; i++) {
      table.append(
          "Ada,Import%s,%d-%s@example.org,developer %s,2025-09-01\n"
              .formatted(mark, i, mark, mark));
    }
    Rest.as(TOKEN)
        .contentType("text/csv")
        .body(table.toString())
        .post("/v1/people/import")
        .then()
        .statusCode(200)
        .body("created", equalTo(30));

    await()
        .untilAsserted(
            () ->
                Rest.as(TOKEN)
                    .get("/v1/entitlements/" + write + "/holders?limit=200")
                    .then()
                    .body("items", hasSize(30)));

    Rest.as(TOKEN)
        .contentType("text/csv")
        .body(table.toString().replace("developer", "lead"))
        .post("/v1/people/import")
        .then()
        .body("updated", equalTo(30));
    await()
        .untilAsserted(
            () -> {
              List<Object> until =
                  Rest.as(TOKEN)
                      .get("/v1/entitlements/" + write + "/holders?limit=200")
                      .path("items.until");
              assertEquals(30, until.stream().filter(end -> end != null).count());
            });
  }

  @Test
  void nobodyGivesThemselvesAProfile() {
    UUID subject = UUID.randomUUID();
    String person = join(subject);
    String own = Tokens.of(subject, ACCESS_MANAGER);

    problem(
        Rest.as(own)
            .body(Map.of("person", person, "profile", lead))
            .post("/v1/profile-assignments"),
        422,
        "self-assignment");
    Map<String, Object> record = profile(subject);
    record.put("businessProfile", "lead " + mark);
    problem(Api.change(own, "PUT", "/v1/people/" + person, "", record), 422, "self-assignment");
    String id = assign(person, lead);
    problem(
        Api.change(own, "PUT", "/v1/profile-assignments/" + id, "", Map.of()),
        422,
        "self-assignment");
  }

  @Test
  void whoeverHoldsAProfilePutsNothingIntoItAndChangesNoTermsOfWhatItGives() {
    // Given an access manager who has what a profile gives
    UUID subject = UUID.randomUUID();
    String own = Tokens.of(subject, ACCESS_MANAGER);
    String given = entitlement(UUID.randomUUID(), "reader");
    String more = entitlement(UUID.randomUUID(), "writer");
    String name = "own " + UUID.randomUUID();
    String profile = "/v1/business-profiles/" + bundle(name, given);
    assign(join(subject), profile.substring(profile.lastIndexOf('/') + 1));

    // Then they put no more into it, and others may
    Map<String, Object> both = Map.of("name", name, "entitlements", List.of(given, more));
    problem(Api.change(own, "PUT", profile, "", both), 422, "self-assignment");
    Api.change(TOKEN, "PUT", profile, "", both).then().statusCode(200);
    Api.change(own, "PUT", profile, "", Map.of("name", name, "entitlements", List.of(given)))
        .then()
        .statusCode(200);

    // And they make no more of what they have
    Map<String, Object> terms =
        Map.of(
            "owner",
            join(null),
            "sensitivity",
            "NORMAL",
            "longest",
            "P365D",
            "directory",
            Map.of("kind", "ROLE", "name", "ciso"));
    problem(Api.change(own, "PUT", "/v1/entitlements/" + given, "", terms), 422, "own-entitlement");
    Api.change(TOKEN, "PUT", "/v1/entitlements/" + given, "", terms).then().statusCode(200);
  }

  private static Response end(String assignment) {
    return change(
        "/v1/profile-assignments/" + assignment, "POST", "/end", Map.of("reason", "moved"));
  }

  private static Response change(String path, String method, String what, Map<String, ?> body) {
    return Api.change(TOKEN, method, path, what, body);
  }

  private static Response effective(String person) {
    return Rest.as(TOKEN).get("/v1/people/" + person + "/effective-rights");
  }
}
