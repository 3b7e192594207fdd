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

  /** Clocks changed, by an hour and by half of one, in both halves of the year; and a leap day. */
  private static final List<String> EDGES =
      List.of(
          "Europe/Paris 2026-03-29",
          "Europe/Paris 2026-10-25",
          "America/New_York 2026-03-08",
          "America/New_York 2026-11-01",
          "Australia/Lord_Howe 2026-04-05",
          "Australia/Lord_Howe 2026-10-04",
          "America/Santiago 2026-09-06",
          "Asia/Kolkata 2026-06-15",
          "UTC 2028-02-29",
          "Europe/Paris 2028-02-29");

  static Stream<Arguments> everyScheduleAtEveryEdge() {
    return EDGES.stream()
        .flatMap(
            edge ->
                Stream.of("00:00", "00:30", "01:59", "02:00", "02:30", "03:00", "23:59")
                    .flatMap(
                        time ->
                            Stream.of(1, 2, 7)
                                .map(
                                    days ->
                                        Arguments.of(
                                            edge.split(" ")[0], edge.split(" ")[1], time, days))));
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
