package io.vigie.access.training;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
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

import static io.vigie.access.training.Courses.CISO_TOKEN;
import static io.vigie.access.training.Courses.attend;
import static io.vigie.access.training.Courses.create;
import static io.vigie.access.training.Courses.join;
import static io.vigie.access.training.Courses.profile;
import static io.vigie.access.training.Courses.sheet;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A right that asks for a course, over the time that a certificate of it counts: twelve months. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class CoursesForRightsTest {

  /** How long the certificate of the one who asks goes on counting. */
  private static final int DAYS_LEFT = 5;

  @Inject MovableClock clock;

  private final UUID subject = UUID.randomUUID();
  private String person;
  private String course;
  private String entitlement;

  @BeforeEach
  void somebodyWhoseCertificateLapsesInDays() {
    String profile = profile();
    course = create(sheet(profile));
    person = join(profile, today().minusYears(3), subject);
    taken(today().minusMonths(12).plusDays(DAYS_LEFT));
    entitlement = entitlement();
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private void taken(LocalDate on) {
    attend(CISO_TOKEN, course, person, on).then().statusCode(201);
  }

  private void lapses() {
    clock.move(Duration.ofDays(DAYS_LEFT + 2));
  }

  private String entitlement() {
    return Rest.as(Api.TOKEN)
        .body(
            Map.of(
                "asset",
                UUID.randomUUID(),
                "name",
                "deploys",
                "type",
                "SERVER_ACCOUNT",
                "terms",
                Map.of(
                    "owner",
                    Api.join(null),
                    "sensitivity",
                    "NORMAL",
                    "longest",
                    "P30D",
                    "courses",
                    List.of(course))))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private String asked() {
    return Api.request(
            Api.TOKEN,
            Map.of(
                "person",
                person,
                "entitlement",
                entitlement,
                "reason",
                "deploys",
                "validUntil",
                clock.instant().plus(Duration.ofDays(12)).toString()))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private Response renew(String right) {
    return Api.act(
        Api.TOKEN,
        right,
        "renewal",
        Map.of(
            "validUntil",
            clock.instant().plus(Duration.ofDays(25)).toString(),
            "reason",
            "It goes on"));
  }

  @Test
  void whatWasAskedForInTimeIsNotApprovedOnceTheCourseLapsedUntilItIsTakenAgain() {
    // Given
    String right = asked();

    // When
    lapses();

    // Then
    problem(Api.approve(right), 422, "course-missing");
    assertEquals("REQUESTED", Api.stateOf(right));
    taken(today());
    Api.approve(right).then().statusCode(200).body("state", equalTo("APPROVED"));
  }

  @Test
  void anEmergencyDoesNotWaitForTheCourseAndSaysThatItIsMissing() {
    // Given
    lapses();

    // When
    String right =
        Rest.as(Tokens.of(subject))
            .body(Map.of("entitlement", entitlement, "reason", "Nobody can get in"))
            .post("/v1/rights/break-glass")
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      String told = new String(topic.await(1, about(right)).get(0).value());
      assertTrue(told.contains("\"coursesMissing\":[\"%s\"]".formatted(course)), told);
    }
  }

  @Test
  void aRightOutlivesTheCourseButIsNotRenewedWithoutIt() {
    // Given
    String right = asked();
    Api.approve(right).then().statusCode(200);

    // When
    lapses();

    // Then
    assertEquals("APPROVED", Api.stateOf(right));
    problem(renew(right), 422, "course-missing");

    // And with the course it is
    taken(today());
    renew(right).then().statusCode(200);
    Api.approve(right).then().statusCode(200).body("state", equalTo("APPROVED"));
  }

  @Test
  void aRenewalThatWaitsIsNotApprovedOnceTheCourseLapsedAndTheEndStays() {
    // Given
    String right = asked();
    Api.approve(right).then().statusCode(200);
    renew(right).then().statusCode(200);
    String end = Rest.as(Api.TOKEN).get("/v1/rights/" + right).path("validUntil");

    // When
    lapses();

    // Then
    problem(Api.approve(right), 422, "course-missing");
    Rest.as(Api.TOKEN).get("/v1/rights/" + right).then().body("validUntil", equalTo(end));
  }
}
