package io.vigie.access.training;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
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

import static io.vigie.access.training.Courses.CISO_TOKEN;
import static io.vigie.access.training.Courses.attend;
import static io.vigie.access.training.Courses.create;
import static io.vigie.access.training.Courses.join;
import static io.vigie.access.training.Courses.profile;
import static io.vigie.access.training.Courses.sheet;
import static io.vigie.access.training.Courses.training;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class CourseResourceTest {

  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

  @Test
  void peopleSayThatTheyDidACourseForSelfStudyAndNoOther() {
    String profile = profile();
    Map<String, Object> selfStudy = sheet(profile);
    selfStudy.put("selfStudy", true);
    selfStudy.put("validityMonths", 0);
    String read = create(selfStudy);
    String taught = create(sheet(profile));
    UUID account = UUID.randomUUID();
    String token = Tokens.of(account);
    String person = join(profile, TODAY, account);

    Rest.as(token)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.findAll { it.kind == 'training.attend' }.id", hasItems(read, taught));
    Rest.as(token)
        .post("/v1/courses/" + read + "/self-study")
        .then()
        .statusCode(201)
        .body("person", equalTo(person))
        .body("way", equalTo("SELF_STUDY"))
        .body("validUntil", nullValue());
    problem(Rest.as(token).post("/v1/courses/" + taught + "/self-study"), 422, "no-self-study");
    problem(Rest.as(token).post("/v1/courses/" + read + "/self-study"), 409, "already-exists");
    problem(Rest.as(Tokens.of()).post("/v1/courses/" + read + "/self-study"), 404, "not-found");
    Rest.as(token).get("/v1/tasks?limit=200").then().body("items.id", not(hasItem(read)));
  }

  @Test
  void thePolicysCoursesAreThereOrMissing() {
    List<String> required =
        Rest.as(CISO_TOKEN)
            .get("/v1/courses/required")
            .then()
            .statusCode(200)
            .extract()
            .path("items.code");
    assertEquals(List.of("owasp-top-ten", "security-onboarding", "security-refresher"), required);
    Map<String, Object> onboarding =
        Map.of(
            "code",
            "security-onboarding",
            "audience",
            Map.of("everyone", false, "profiles", List.of(profile())),
            "content",
            Map.of("reference", "x", "version", "1"));

    String course =
        Rest.as(CISO_TOKEN)
            .body(onboarding)
            .post("/v1/courses")
            .then()
            .statusCode(201)
            .body("titleEn", equalTo("Security training on arrival"))
            .body("rules", contains("R2.1"))
            .body("validityMonths", equalTo(0))
            .extract()
            .path("id");

    Rest.as(CISO_TOKEN)
        .get("/v1/courses/required")
        .then()
        .body("items.find { it.code == 'security-onboarding' }.course", equalTo(course));
    problem(Rest.as(CISO_TOKEN).body(onboarding).post("/v1/courses"), 409, "already-exists");
  }

  @Test
  void aCourseIsChangedAndRetiredInTheVersionThatWasRead() {
    String profile = profile();
    Map<String, Object> sheet = sheet(profile);
    String course = create(sheet);
    String person = join(profile, TODAY, null);
    sheet.put("firstWithinDays", 30);

    Api.change(CISO_TOKEN, "PUT", "/v1/courses/" + course, "", sheet)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""));
    Api.change(CISO_TOKEN, "PUT", "/v1/courses/" + course, "", sheet)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""));
    training(person).then().body("items.dueOn", contains(TODAY.plusDays(30).toString()));
    problem(
        Rest.as(CISO_TOKEN).body(sheet).put("/v1/courses/" + course), 428, "precondition-required");

    Api.change(
            CISO_TOKEN, "POST", "/v1/courses/" + course, "/retirement", Map.of("reason", "merged"))
        .then()
        .statusCode(200)
        .body("state", equalTo("RETIRED"));
    training(person).then().body("items", hasSize(0));
    problem(attend(CISO_TOKEN, course, person, TODAY), 409, "course-retired");
  }

  @Test
  void aCourseForAProfileGoesOnAskingItsPeopleOnceItHasAnotherName() {
    // Given a course for a profile that somebody holds
    String before = profile();
    String course = create(sheet(before.toUpperCase(Locale.ROOT)));
    String other = create(sheet(profile()));
    String bundle = Api.bundle(before);
    String person = join(profile(), TODAY, null);
    Api.assign(person, bundle);
    training(person).then().body("items.course", contains(course));

    // When
    String after = profile();
    Api.change(
            Api.TOKEN,
            "PUT",
            "/v1/business-profiles/" + bundle,
            "",
            Map.of("name", after, "entitlements", List.of()))
        .then()
        .statusCode(200);

    // Then
    Rest.as(CISO_TOKEN)
        .get("/v1/courses/" + course)
        .then()
        .body("audience.profiles", contains(after))
        .header("ETag", equalTo("\"1\""));
    Rest.as(CISO_TOKEN).get("/v1/courses/" + other).then().header("ETag", equalTo("\"0\""));
    training(person).then().body("items.course", contains(course));
  }

  @Test
  void theStateOfEveryCourseAndAttendanceCanBePublishedAgainWithoutNames() {
    String profile = profile();
    String course = create(sheet(profile));
    String attendance = attend(CISO_TOKEN, course, join(profile, TODAY, null), TODAY).path("id");

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(1, about(course).and(ofType("course.snapshot.v1"))).get(0);
      String state =
          new String(
              topic
                  .await(1, about(attendance).and(ofType("attendance.snapshot.v1")))
                  .get(0)
                  .value());
      assertTrue(state.contains(course), state);
      assertFalse(state.contains("Lovelace"), state);
    }
  }
}
