package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ProfileAssignmentTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final UUID person = UUID.randomUUID();
  private final UUID profile = UUID.randomUUID();

  private static Instant day(int day) {
    return NOW.plus(Duration.ofDays(day));
  }

  private ProfileAssignment from(Instant from, Instant until) {
    return new ProfileAssignment(person, profile, from, until, new Act("manager", NOW, "joins"));
  }

  @Test
  void aProfileIsHeldFromNowOnOrFromATimeAhead() {
    assertEquals(AssignmentState.CURRENT, from(null, null).state().state());
    assertEquals(NOW, from(day(-3), null).state().validFrom());
    assertEquals(AssignmentState.PLANNED, from(day(3), day(4)).state().state());
    ProfileAssignment ahead = from(day(3), day(4));
    assertEquals(
        new AssignmentEvent.Made(ahead.id(), person, profile, day(3), day(4), NOW), ahead.made());
  }

  @Test
  void aTimeEndsAfterItsBeginningAndWithinTenYears() {
    assertRefused("validation", () -> from(null, NOW));
    assertRefused("validation", () -> from(day(3), day(3)));
    assertRefused("validation", () -> from(null, day(3_654)));
    assertRefused("validation", () -> from(day(3_654), null));
  }

  @Test
  void whatHasBegunKeepsItsBeginningAndGetsAnotherEnd() {
    ProfileAssignment current = from(null, null);

    assertEquals(
        List.of(new AssignmentEvent.Changed(current.id(), person, profile, NOW, day(5), day(1))),
        current.change(null, day(5), day(1)));
    assertEquals(List.of(), current.change(NOW, day(5), day(1)));
    assertRefused("validation", () -> current.change(day(2), day(5), day(1)));
    assertRefused("validation", () -> current.change(null, day(1), day(1)));
    assertEquals(1, current.change(null, null, day(1)).size());
  }

  @Test
  void whatIsPlannedBeginsAtAnotherTime() {
    ProfileAssignment planned = from(day(3), null);

    planned.change(day(5), null, day(1));
    assertEquals(day(5), planned.state().validFrom());
    planned.change(day(-5), null, day(1));
    assertEquals(day(1), planned.state().validFrom());
    assertEquals(AssignmentState.CURRENT, planned.state().state());
  }

  @Test
  void whatHasEndedChangesNoMore() {
    ProfileAssignment ended = from(null, null);
    assertEquals(
        new AssignmentEvent.Ended(ended.id(), person, profile, "moved", day(1)),
        ended.end(new Act("manager", day(1), "moved")));

    assertRefused("assignment-ended", () -> ended.end(new Act("manager", day(2), "again")));
    assertRefused("assignment-ended", () -> ended.change(null, day(9), day(2)));
  }

  @Test
  void twoTimesOverlapWhereOneBeginsBeforeTheOtherEnds() {
    ProfileAssignment early = from(null, day(5));

    assertOverlap(true, early, from(day(4), null));
    assertOverlap(false, early, from(day(5), null));
    assertOverlap(true, from(null, null), from(day(90), day(91)));
    assertOverlap(false, early, from(day(6), day(7)));
    ProfileAssignment ended = from(null, null);
    ended.end(new Act("manager", day(1), "moved"));
    assertOverlap(false, ended, early);
  }

  private static void assertOverlap(
      boolean expected, ProfileAssignment one, ProfileAssignment other) {
    assertEquals(expected, one.overlaps(other));
    assertEquals(expected, other.overlaps(one));
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
