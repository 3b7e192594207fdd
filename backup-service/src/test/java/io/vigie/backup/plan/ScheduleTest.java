package io.vigie.backup.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScheduleTest {

  /** Clocks change by an hour, by half of one, at midnight, in either half of the year, or not. */
  private static final List<String> ZONES =
      List.of(
          "Europe/Paris",
          "America/New_York",
          "Australia/Lord_Howe",
          "America/Santiago",
          "Asia/Kolkata",
          "UTC");

  /** In one of these zones clocks are changed; and a leap day. */
  private static final List<String> DAYS =
      List.of(
          "2026-03-08",
          "2026-03-29",
          "2026-04-05",
          "2026-09-06",
          "2026-10-04",
          "2026-10-25",
          "2026-11-01",
          "2028-02-29");

  private static final List<String> TIMES =
      List.of("00:00", "00:30", "01:59", "02:00", "02:30", "03:00", "23:59");

  static Stream<Arguments> everyScheduleAtEveryEdge() {
    return ZONES.stream()
        .flatMap(
            zone ->
                DAYS.stream()
                    .flatMap(
                        day ->
                            TIMES.stream()
                                .flatMap(
                                    time ->
                                        Stream.of(1, 2, 7)
                                            .map(days -> Arguments.of(zone, day, time, days)))));
  }

  @ParameterizedTest(name = "{0} around {1} at {2} every {3} days")
  @MethodSource
  void everyScheduleAtEveryEdge(String zone, String day, String time, int days) {
    Schedule schedule = daily(days, time, zone);
    ZoneId clocks = ZoneId.of(zone);
    LocalDate date = LocalDate.parse(day).minusDays(14);

    for (int i = 0; i < 28 / days; i++) {
      Instant slot = at(date, time, clocks);
      date = date.plusDays(days);

      Instant next = schedule.next(slot);

      // by the clocks of the zone, on the day that many days later, once
      assertEquals(at(date, time, clocks), next);
      // a run that starts a little early or late is still that of its time
      assertEquals(next, schedule.next(slot.minusSeconds(299)));
      assertEquals(next, schedule.next(slot.plus(Duration.ofHours(3))));
    }
  }

  private static Instant at(LocalDate date, String time, ZoneId clocks) {
    return ZonedDateTime.of(date, LocalTime.parse(time), clocks).toInstant();
  }

  @ParameterizedTest
  @CsvSource({
    // left out: that much later; the day after it is as before
    "Europe/Paris,     02:30, 2026-03-28T01:30:00Z, 2026-03-29T01:30:00Z",
    "Europe/Paris,     02:30, 2026-03-29T01:30:00Z, 2026-03-30T00:30:00Z",
    // comes twice: the first counts, and the second is no run of its own
    "Europe/Paris,     02:30, 2026-10-24T00:30:00Z, 2026-10-25T00:30:00Z",
    "Europe/Paris,     02:30, 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
    "America/New_York, 01:30, 2026-11-01T05:30:00Z, 2026-11-02T06:30:00Z",
    // half an hour: 01:30 to 02:00 comes twice, at UTC+11:00 and then at +10:30
    "Australia/Lord_Howe, 01:45, 2026-04-03T14:45:00Z, 2026-04-04T14:45:00Z",
    "Australia/Lord_Howe, 01:45, 2026-04-04T14:45:00Z, 2026-04-05T15:15:00Z",
    // and 02:00 to 02:30 is left out, so that 02:15 is 02:45, at +11:00 again
    "Australia/Lord_Howe, 02:15, 2026-10-02T15:45:00Z, 2026-10-03T15:45:00Z",
    "Australia/Lord_Howe, 02:15, 2026-10-03T15:45:00Z, 2026-10-04T15:15:00Z",
    // at midnight: the last hour of 4 April comes twice, at -03:00 and then at -04:00
    "America/Santiago, 23:30, 2026-04-04T02:30:00Z, 2026-04-05T02:30:00Z",
    "America/Santiago, 23:30, 2026-04-05T02:30:00Z, 2026-04-06T03:30:00Z",
    // and the first of 6 September is left out, so that 00:30 is 01:30, at -03:00 again
    "America/Santiago, 00:30, 2026-09-05T04:30:00Z, 2026-09-06T04:30:00Z",
    "America/Santiago, 00:30, 2026-09-06T04:30:00Z, 2026-09-07T03:30:00Z",
    // leap days
    "UTC,              12:00, 2028-02-28T12:00:00Z, 2028-02-29T12:00:00Z",
    "UTC,              12:00, 2028-02-29T12:00:00Z, 2028-03-01T12:00:00Z",
    "UTC,              12:00, 2100-02-28T12:00:00Z, 2100-03-01T12:00:00Z",
  })
  void aTimeOfDayIsByTheClocksOfItsZone(String zone, String time, Instant run, Instant next) {
    assertEquals(next, daily(1, time, zone).next(run));
  }

  @ParameterizedTest
  @CsvSource({
    // an interval alone is hours, whatever clocks do
    "PT24H,   2026-03-28T12:00:00Z, 2026-03-29T12:00:00Z",
    "P7D,     2028-02-28T12:00:00Z, 2028-03-06T12:00:00Z",
    "P366D,   2028-02-29T12:00:00Z, 2029-03-01T12:00:00Z",
    "PT5M,    2028-02-28T23:58:00Z, 2028-02-29T00:03:00Z",
  })
  void anIntervalAloneCountsHours(Duration interval, Instant run, Instant next) {
    assertEquals(next, new Schedule(interval, Duration.ZERO, null, null).next(run));
  }

  @Test
  void aRunAtTheLastSecondIsNotMissed() {
    Schedule schedule =
        new Schedule(Duration.ofDays(1), Duration.ofHours(2), "02:30", "Europe/Paris");
    Instant begins = Instant.parse("2026-03-28T12:00:00Z");
    BackupPlan plan =
        new BackupPlan(UUID.randomUUID(), "nightly", "paris-2", schedule, null, begins);
    Instant last = Instant.parse("2026-03-29T03:30:00Z"); // 02:30 is 03:30 that day, and 2 h

    assertEquals(List.of(), plan.miss(last));
    plan.count(UUID.randomUUID(), last, true, null, last);

    assertEquals(Instant.parse("2026-03-30T00:30:00Z"), plan.nextDueAt());
    assertEquals(List.of(), plan.miss(last.plusSeconds(1)));
  }

  @Test
  void aSecondLaterItIs() {
    Schedule schedule =
        new Schedule(Duration.ofDays(1), Duration.ofHours(2), "02:30", "Europe/Paris");
    BackupPlan plan =
        new BackupPlan(
            UUID.randomUUID(),
            "nightly",
            "paris-2",
            schedule,
            null,
            Instant.parse("2026-03-28T12:00:00Z"));

    List<PlanEvent> misses = plan.miss(Instant.parse("2026-03-29T03:30:01Z"));

    assertEquals(
        List.of(Instant.parse("2026-03-29T01:30:00Z")),
        misses.stream().map(miss -> ((PlanEvent.RunMissed) miss).dueAt()).toList());
  }

  @Test
  void threeDaysAwayAcrossAChangeOfClocksAreThreeMisses() {
    Schedule schedule = daily(1, "02:30", "Europe/Paris");
    BackupPlan plan =
        new BackupPlan(
            UUID.randomUUID(),
            "nightly",
            "paris-2",
            schedule,
            null,
            Instant.parse("2026-10-23T12:00:00Z"));

    List<PlanEvent> misses = plan.miss(Instant.parse("2026-10-26T12:00:00Z"));

    assertEquals(
        List.of(
            Instant.parse("2026-10-24T00:30:00Z"),
            Instant.parse("2026-10-25T00:30:00Z"),
            Instant.parse("2026-10-26T01:30:00Z")),
        misses.stream().map(miss -> ((PlanEvent.RunMissed) miss).dueAt()).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "P1D,   PT25H, 02:30, Europe/Paris,  tolerance",
    "PT12H, PT1H,  02:30, Europe/Paris,  interval",
    "P1D,   PT1H,  02:30, ,              zone",
    "P1D,   PT1H,  ,      Europe/Paris,  zone",
    "P1D,   PT1H,  02:30, Europe/Lutece, zone",
    "P1D,   PT1H,  02:30, +01:00,        zone",
  })
  void aScheduleThatMakesNoSenseIsRefusedAndItsFieldNamed(
      Duration interval, Duration tolerance, String time, String zone, String field) {
    Problem refusal =
        assertThrows(
            Problem.class, () -> new Schedule(interval, tolerance, time, zone).requireSound());

    assertTrue(refusal.errors().stream().anyMatch(error -> error.field().equals(field)));
  }

  private static Schedule daily(int days, String time, String zone) {
    return new Schedule(Duration.ofDays(days), Duration.ofHours(1), time, zone);
  }
}
