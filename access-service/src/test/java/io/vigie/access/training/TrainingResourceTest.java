package io.vigie.access.training;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.access.person.Qualifications;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.access.training.Courses.CISO_TOKEN;
import static io.vigie.access.training.Courses.attend;
import static io.vigie.access.training.Courses.create;
import static io.vigie.access.training.Courses.join;
import static io.vigie.access.training.Courses.profile;
import static io.vigie.access.training.Courses.sheet;
import static io.vigie.access.training.Courses.training;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class TrainingResourceTest {

  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

  @Inject Qualifications qualifications;

  @Test
  void whoeverJoinsHasTwoWeeksForACourseAndIsOverdueAfterThat() {
    // Given a course that has been asked for long since
    String profile = profile();
    Map<String, Object> sheet = sheet(profile);
    sheet.put("requiredFrom", TODAY.minusYears(1).toString());
    String course = create(sheet);

    // Then
    assertStanding(join(profile, TODAY, null), "DUE", TODAY.plusDays(14));
    assertStanding(join(profile, TODAY.minusDays(14), null), "DUE", TODAY);
    String late = join(profile, TODAY.minusDays(15), null);
    assertStanding(late, "OVERDUE", TODAY.minusDays(1));
    training(join(profile(), TODAY, null)).then().body("items", hasSize(0));
    Rest.as(CISO_TOKEN)
        .get("/v1/training/standings?due=OVERDUE&course=" + course)
        .then()
        .statusCode(200)
        .body("items.person", contains(late));
  }

  private static void assertStanding(String person, String due, LocalDate dueOn) {
    training(person)
        .then()
        .statusCode(200)
        .body("items.due", contains(due))
        .body("items.dueOn", contains(dueOn.toString()));
  }

  @Test
  void nobodyIsOverdueForTheTimeBeforeACourseWasAskedFor() {
    String profile = profile();
    create(sheet(profile));

    assertStanding(join(profile, TODAY.minusYears(3), null), "DUE", TODAY.plusDays(14));
  }

  @Test
  void whoeverMovesHasTwoWeeksForTheCoursesOfTheNewProfileToo() {
    // Given a course of a profile of the catalogue, asked for long since
    String profile = profile();
    Api.bundle(profile);
    Map<String, Object> sheet = sheet(profile);
    sheet.put("requiredFrom", TODAY.minusYears(1).toString());
    create(sheet);
    Map<String, Object> record = Api.profile(null);
    record.put("joinedOn", TODAY.minusYears(2).toString());
    String person = Rest.as(Api.TOKEN).body(record).post("/v1/people").path("id");

    // When
    record.put("businessProfile", profile);
    Api.change(Api.TOKEN, "PUT", "/v1/people/" + person, "", record).then().statusCode(200);

    // Then
    assertStanding(person, "DUE", TODAY.plusDays(14));
  }

  @Test
  void anAttendanceGivesACertificateUntilItIsAnnulled() {
    // Given
    String profile = profile();
    String course = create(sheet(profile));
    UUID account = UUID.randomUUID();
    String person = join(profile, TODAY.minusYears(2), account);

    // When
    String attendance =
        attend(CISO_TOKEN, course, person, TODAY.minusDays(3))
            .then()
            .statusCode(201)
            .body("validUntil", equalTo(TODAY.minusDays(3).plusMonths(12).toString()))
            .extract()
            .path("id");

    // Then its holder has it, with the place where the log proves it
    assertStanding(person, "VALID", TODAY.minusDays(3).plusMonths(12));
    String event;
    try (Topic topic = Topic.named("vigie.access.events")) {
      event =
          Topic.header(
              topic.await(1, about(attendance).and(ofType("course.attended.v1"))).get(0), "ce_id");
    }
    Rest.as(Tokens.of(account))
        .get("/v1/attendances/" + attendance + "/certificate")
        .then()
        .statusCode(200)
        .body("familyName", equalTo("Lovelace"))
        .body("contentVersion", equalTo("3"))
        .body("valid", equalTo(true))
        .body("receipt", endsWith("/v1/receipts/" + event));

    // When
    Api.change(
            CISO_TOKEN,
            "POST",
            "/v1/attendances/" + attendance,
            "/annulment",
            Map.of("reason", "did not come"))
        .then()
        .statusCode(200)
        .body("annulledReason", equalTo("did not come"));

    // Then
    assertStanding(person, "DUE", TODAY.plusDays(14));
    problem(
        Rest.as(Tokens.of(account)).get("/v1/attendances/" + attendance + "/certificate"),
        409,
        "attendance-annulled");
    attend(CISO_TOKEN, course, person, TODAY.minusDays(3)).then().statusCode(201);
  }

  @Test
  void nobodyRecordsThemselvesAndTheSameDayCountsOnce() {
    String profile = profile();
    String course = create(sheet(profile));
    UUID ciso = UUID.randomUUID();
    String person = join(profile, TODAY, ciso);

    problem(attend(Tokens.of(ciso, CISO), course, person, TODAY), 422, "own-attendance");
    attend(CISO_TOKEN, course, person, TODAY).then().statusCode(201);
    problem(attend(CISO_TOKEN, course, person, TODAY), 409, "already-exists");
    problem(attend(CISO_TOKEN, course, person, TODAY.plusDays(1)), 400, "validation");
    problem(attend(CISO_TOKEN, UUID.randomUUID().toString(), person, TODAY), 422, "unknown-course");
    problem(attend(CISO_TOKEN, course, UUID.randomUUID().toString(), TODAY), 422, "unknown-person");
  }

  @Test
  void whatSomebodyIsTaughtIsTheirsToSeeAndTheirManagersOfAccess() {
    String profile = profile();
    String course = create(sheet(profile));
    UUID account = UUID.randomUUID();
    String person = join(profile, TODAY, account);
    String attendance = attend(CISO_TOKEN, course, person, TODAY).path("id");
    String stranger = Tokens.of(STAFF);

    Rest.as(Tokens.of(account))
        .get("/v1/attendances")
        .then()
        .body("items.id", contains(attendance));
    Rest.as(Tokens.of(account))
        .get("/v1/people/" + person + "/training")
        .then()
        .body("items.due", contains("VALID"));
    Rest.as(stranger).get("/v1/attendances?person=" + person).then().body("items", hasSize(0));
    for (String path :
        List.of(
            "/v1/attendances/" + attendance,
            "/v1/attendances/" + attendance + "/certificate",
            "/v1/people/" + person + "/training")) {
      problem(Rest.as(stranger).get(path), 403, "forbidden");
      Rest.as(Tokens.of(ACCESS_MANAGER)).get(path).then().statusCode(200);
    }
  }

  @Test
  void theStandingsOfManyComePageByPage() {
    String profile = profile();
    String course = create(sheet(profile));
    create(sheet(profile));
    List<String> people = Stream.generate(() -> join(profile, TODAY, null)).limit(5).toList();

    List<String> seen = new ArrayList<>();
    String next = "/v1/training/standings?due=DUE&limit=2&course=" + course;
    while (next != null) {
      Response page = Rest.as(CISO_TOKEN).urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      seen.addAll(page.path("items.person"));
      String link = page.header("Link");
      next = link == null ? null : link.substring(1, link.indexOf('>'));
    }

    assertEquals(people.stream().sorted().toList(), seen);
    problem(Rest.as(CISO_TOKEN).get("/v1/training/standings?after=nowhere"), 400, "validation");
  }

  @Test
  void whatAsksForACourseIsGivenToWhoeverHasAValidCertificateAndByNoProfile() {
    // Given
    String profile = profile();
    String course = create(sheet(profile));
    String person = join(profile, TODAY.minusYears(3), null);
    Map<String, Object> terms =
        Map.of(
            "owner",
            person,
            "sensitivity",
            "NORMAL",
            "longest",
            "P30D",
            "courses",
            List.of(course));
    String entitlement =
        Rest.as(Api.TOKEN)
            .body(
                Map.of(
                    "asset",
                    UUID.randomUUID(),
                    "name",
                    "x",
                    "type",
                    "SERVER_ACCOUNT",
                    "terms",
                    terms))
            .post("/v1/entitlements")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Map<String, Object> request =
        Map.of("person", person, "entitlement", entitlement, "reason", "needs it");

    // Then it is refused until the course was taken
    problem(Api.request(Api.TOKEN, request), 422, "course-missing");
    attend(CISO_TOKEN, course, person, TODAY).then().statusCode(201);
    Api.request(Api.TOKEN, request).then().statusCode(201);

    // And no profile gives it
    problem(
        Rest.as(Api.TOKEN)
            .body(Map.of("name", "x" + course, "entitlements", List.of(entitlement)))
            .post("/v1/business-profiles"),
        422,
        "entitlement-needs-courses");
    String bundled = Api.entitlement(UUID.randomUUID(), "y");
    Api.bundle("y" + course, bundled);
    problem(
        Api.change(Api.TOKEN, "PUT", "/v1/entitlements/" + bundled, "", terms),
        422,
        "entitlement-needs-courses");
  }

  @Test
  void othersLearnWhichCertificatesSomebodyLacksToday() throws Throwable {
    String profile = profile();
    UUID held = UUID.fromString(create(sheet(profile)));
    UUID expired = UUID.fromString(create(sheet(profile)));
    UUID never = UUID.fromString(create(sheet(profile)));
    String person = join(profile, TODAY.minusYears(3), null);
    attend(CISO_TOKEN, held.toString(), person, TODAY.minusMonths(12)).then().statusCode(201);
    attend(CISO_TOKEN, expired.toString(), person, TODAY.minusMonths(12).minusDays(1))
        .then()
        .statusCode(201);

    Set<UUID> lacking =
        VertxContextSupport.subscribeAndAwait(
            () ->
                Panache.withSession(
                    () ->
                        qualifications.lacking(
                            UUID.fromString(person), Set.of(held, expired, never))));

    assertEquals(Set.of(expired, never), lacking);
  }
}
