package io.vigie.access.training;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CourseTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 2);
  private static final UUID PERSON = UUID.randomUUID();
  private static final String BY = "ciso";

  private final TrainingPolicy policy = new TrainingPolicy();

  private CourseSheet sheet(String code, Integer validityMonths, Boolean selfStudy) {
    return policy.complete(
        new CourseSheet(
            code,
            null,
            null,
            null,
            null,
            new Content("https://training.agency.example/", "3", null),
            null,
            validityMonths,
            null,
            selfStudy,
            null),
        TODAY);
  }

  @Test
  void whatASheetLeavesOutIsAsThePolicyHasItForTheCourseOfThatCode() {
    CourseSheet owasp = sheet("owasp-top-ten", null, null);

    assertEquals(List.of("R2.3", "R11.14"), owasp.rules());
    assertEquals(new Audience(false, List.of("developer")), owasp.audience());
    assertEquals(14, owasp.firstWithinDays());
    assertEquals(12, owasp.validityMonths());
    assertEquals(TODAY, owasp.requiredFrom());
    assertEquals(24, sheet("owasp-top-ten", 24, null).validityMonths());
    assertEquals(0, sheet("security-onboarding", null, null).validityMonths());
  }

  @Test
  void aCourseThatThePolicyDoesNotKnowSaysWhatItIs() {
    Problem refusal = assertThrows(Problem.class, () -> sheet("knots", null, null));

    assertEquals(
        List.of("titleFr", "titleEn", "audience"),
        refusal.errors().stream().map(Problem.FieldError::field).toList());
  }

  @Test
  void rulesThatThePolicyDoesNotHaveAndAudiencesThatAreNeitherAreRefused() {
    CourseSheet wrong =
        new CourseSheet(
            "owasp-top-ten",
            null,
            null,
            List.of("R99.9"),
            new Audience(true, List.of("developer")),
            new Content("x", "1", null),
            null,
            null,
            null,
            null,
            TODAY.plusYears(2));

    Problem refusal = assertThrows(Problem.class, () -> policy.complete(wrong, TODAY));

    assertEquals(
        List.of("audience.profiles", "rules", "requiredFrom"),
        refusal.errors().stream().map(Problem.FieldError::field).toList());
  }

  @Test
  void aCertificateCountsUntilTheLastDayOfItsTerm() {
    Course course = new Course(sheet("owasp-top-ten", 12, false), NOW);
    LocalDate day = LocalDate.of(2025, 12, 31);

    Attendance attendance = course.attended(PERSON, day, BY, NOW);

    assertEquals(LocalDate.of(2026, 12, 31), attendance.state().validUntil());
    assertTrue(attendance.isValidOn(LocalDate.of(2026, 12, 31)));
    assertFalse(attendance.isValidOn(LocalDate.of(2027, 1, 1)));
    assertFalse(attendance.isValidOn(day.minusDays(1)));
    assertTrue(
        attendance.state().certificate().matches("OWASP-TOP-TEN-2025-[0-9A-F]{12}"),
        attendance.state().certificate());
    Attendance forEver =
        new Course(sheet("security-onboarding", null, null), NOW).attended(PERSON, day, BY, NOW);
    assertNull(forEver.state().validUntil());
    assertTrue(forEver.isValidOn(LocalDate.of(2090, 1, 1)));
  }

  @Test
  void anAttendanceThatWasAnnulledCountsForNothingAndIsNotAnnulledAgain() {
    Attendance attendance =
        new Course(sheet("owasp-top-ten", 12, false), NOW).attended(PERSON, TODAY, BY, NOW);

    attendance.annul("did not come", BY, NOW);

    assertFalse(attendance.isValidOn(TODAY));
    assertRefused("attendance-annulled", () -> attendance.annul("again", BY, NOW));
  }

  @Test
  void aDayIsTodayOrWithinTenYearsBefore() {
    Course course = new Course(sheet("owasp-top-ten", 12, false), NOW);

    course.attended(PERSON, TODAY.minusYears(10), BY, NOW);
    assertRefused("validation", () -> course.attended(PERSON, TODAY.plusDays(1), BY, NOW));
    assertRefused(
        "validation", () -> course.attended(PERSON, TODAY.minusYears(10).minusDays(1), BY, NOW));
  }

  @Test
  void onlyACourseForSelfStudyIsDoneByOneself() {
    Course taught = new Course(sheet("owasp-top-ten", 12, false), NOW);
    Course read = new Course(sheet("security-refresher", 12, true), NOW);

    assertRefused("no-self-study", () -> taught.selfStudied(PERSON, "me", NOW));
    Attendance attendance = read.selfStudied(PERSON, "me", NOW);
    assertEquals(AttendanceWay.SELF_STUDY, attendance.state().way());
    assertEquals(TODAY, attendance.state().attendedOn());
  }

  @Test
  void aRetiredCourseIsTakenAndChangedNoMore() {
    CourseSheet sheet = sheet("security-refresher", 12, true);
    Course course = new Course(sheet, NOW);

    course.retire("merged", NOW);

    assertRefused("course-retired", () -> course.attended(PERSON, TODAY, BY, NOW));
    assertRefused("course-retired", () -> course.selfStudied(PERSON, "me", NOW));
    assertRefused("course-retired", () -> course.change(sheet, NOW));
    assertRefused("course-retired", () -> course.retire("again", NOW));
  }

  @Test
  void aChangeThatChangesNothingIsNoEventAndACourseKeepsItsCode() {
    Course course = new Course(sheet("owasp-top-ten", 12, false), NOW);

    assertEquals(List.of(), course.change(sheet("owasp-top-ten", 12, false), NOW));
    assertEquals(1, course.change(sheet("owasp-top-ten", 24, false), NOW).size());
    assertRefused(
        "course-of-another-code", () -> course.change(sheet("security-refresher", 12, true), NOW));
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
