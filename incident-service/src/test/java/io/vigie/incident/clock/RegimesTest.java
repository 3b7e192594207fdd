package io.vigie.incident.clock;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import io.vigie.incident.clock.ClassificationResource.Classification;
import io.vigie.incident.clock.ClassificationResource.ToNotify;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RegimesTest {

  private static final UUID INCIDENT = UUID.randomUUID();
  private static final UUID CLIENT = UUID.randomUUID();
  private static final Instant AWARE = Instant.parse("2026-03-28T12:00:00Z");

  private final Regimes regimes = new Regimes();

  /**
   * Written by hand, from the zones' rules. Paris puts its clocks forward on 2026-03-29 and
   * 2027-03-28 at 01:00Z, and back on 2026-10-25 at 01:00Z; New York forward on 2026-03-08 at
   * 07:00Z, and back on 2026-11-01 at 06:00Z; Lord Howe Island by half an hour, forward on
   * 2026-10-03 at 15:30Z; Kolkata and UTC never.
   */
  @ParameterizedTest(name = "{1} from {0} in {2}")
  @CsvSource({
    // Hours pass, whatever clocks on walls do
    "2026-03-28T12:00:00Z, PT72H, Europe/Paris,        2026-03-31T12:00:00Z",
    "2026-10-24T12:00:00Z, PT72H, Europe/Paris,        2026-10-27T12:00:00Z",
    "2026-03-28T22:30:00Z, PT24H, Europe/Paris,        2026-03-29T22:30:00Z",
    "2026-10-24T22:30:00Z, PT24H, Europe/Paris,        2026-10-25T22:30:00Z",
    "2026-03-29T00:30:00Z, PT4H,  Europe/Paris,        2026-03-29T04:30:00Z",
    "2026-10-25T00:30:00Z, PT4H,  Europe/Paris,        2026-10-25T04:30:00Z",
    "2026-03-07T12:00:00Z, PT72H, America/New_York,    2026-03-10T12:00:00Z",
    "2026-10-31T12:00:00Z, PT24H, America/New_York,    2026-11-01T12:00:00Z",
    "2026-10-03T12:00:00Z, PT24H, Australia/Lord_Howe, 2026-10-04T12:00:00Z",
    "2026-12-31T23:59:59Z, PT72H, UTC,                 2027-01-03T23:59:59Z",
    "2028-02-28T12:00:00Z, PT24H, Asia/Kolkata,        2028-02-29T12:00:00Z",
    // Months and days keep the time of the day, so over a change they are an hour more or less
    "2026-03-15T11:00:00Z, P1M,   Europe/Paris,        2026-04-15T10:00:00Z",
    "2026-10-10T10:00:00Z, P1M,   Europe/Paris,        2026-11-10T11:00:00Z",
    "2026-03-28T12:00:00Z, P14D,  Europe/Paris,        2026-04-11T11:00:00Z",
    "2026-10-24T10:00:00Z, P14D,  Europe/Paris,        2026-11-07T11:00:00Z",
    "2026-02-20T15:00:00Z, P1M,   America/New_York,    2026-03-20T14:00:00Z",
    "2026-10-20T14:00:00Z, P1M,   America/New_York,    2026-11-20T15:00:00Z",
    "2026-03-15T11:00:00Z, P1M,   UTC,                 2026-04-15T11:00:00Z",
    "2026-03-15T20:00:00Z, P1M,   Asia/Kolkata,        2026-04-15T20:00:00Z",
    "2026-09-15T00:00:00Z, P1M,   Australia/Lord_Howe, 2026-10-14T23:30:00Z",
    // The day is that of the zone, not that of UTC
    "2026-02-28T23:30:00Z, P1M,   Europe/Paris,        2026-03-31T22:30:00Z",
    "2026-02-28T23:30:00Z, P1M,   UTC,                 2026-03-28T23:30:00Z",
    "2026-12-31T23:30:00Z, P1M,   Europe/Paris,        2027-01-31T23:30:00Z",
    "2026-01-30T20:00:00Z, P1M,   Asia/Kolkata,        2026-02-27T20:00:00Z",
    // A month without such a day ends on its last one
    "2026-01-31T10:00:00Z, P1M,   Europe/Paris,        2026-02-28T10:00:00Z",
    "2028-01-31T10:00:00Z, P1M,   Europe/Paris,        2028-02-29T10:00:00Z",
    "2026-08-31T10:00:00Z, P1M,   Europe/Paris,        2026-09-30T10:00:00Z",
    // 02:30 does not exist on that day: clocks show 03:30 instead
    "2027-02-28T01:30:00Z, P1M,   Europe/Paris,        2027-03-28T01:30:00Z",
    "2026-02-08T07:30:00Z, P1M,   America/New_York,    2026-03-08T07:30:00Z",
    // 02:30 and 01:30 come twice on that day: the first one counts
    "2026-09-25T00:30:00Z, P1M,   Europe/Paris,        2026-10-25T00:30:00Z",
    "2026-10-01T05:30:00Z, P1M,   America/New_York,    2026-11-01T05:30:00Z"
  })
  void aDueTimeIsWhatTheTableSays(Instant from, String within, String zone, Instant due) {
    assertEquals(due, new Counting(Regime.AWARENESS, within, ZoneId.of(zone)).due(from));
  }

  /**
   * Written by hand too: when each step of each regime is due in each zone, from times around what
   * clocks do there. A step that the policy gets needs a column here.
   */
  @ParameterizedTest(name = "from {1} in {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
        # zone               | from              | authority         | client (48 h)     | early warning     | notification      | final report      | management        | account
        # Over the change to summer time, and over the one back
        Europe/Paris        | 2026-03-28T12:00Z | 2026-03-31T12:00Z | 2026-03-30T12:00Z | 2026-03-29T12:00Z | 2026-03-31T12:00Z | 2026-04-28T11:00Z | 2026-03-28T16:00Z | 2026-04-11T11:00Z
        Europe/Paris        | 2026-10-24T12:00Z | 2026-10-27T12:00Z | 2026-10-26T12:00Z | 2026-10-25T12:00Z | 2026-10-27T12:00Z | 2026-11-24T13:00Z | 2026-10-24T16:00Z | 2026-11-07T13:00Z
        # In a month, then in two weeks, at a time that the day lacks, and at one that it has twice
        Europe/Paris        | 2027-02-28T01:30Z | 2027-03-03T01:30Z | 2027-03-02T01:30Z | 2027-03-01T01:30Z | 2027-03-03T01:30Z | 2027-03-28T01:30Z | 2027-02-28T05:30Z | 2027-03-14T01:30Z
        Europe/Paris        | 2026-09-25T00:30Z | 2026-09-28T00:30Z | 2026-09-27T00:30Z | 2026-09-26T00:30Z | 2026-09-28T00:30Z | 2026-10-25T00:30Z | 2026-09-25T04:30Z | 2026-10-09T00:30Z
        Europe/Paris        | 2026-03-15T01:30Z | 2026-03-18T01:30Z | 2026-03-17T01:30Z | 2026-03-16T01:30Z | 2026-03-18T01:30Z | 2026-04-15T00:30Z | 2026-03-15T05:30Z | 2026-03-29T01:30Z
        Europe/Paris        | 2026-10-11T00:30Z | 2026-10-14T00:30Z | 2026-10-13T00:30Z | 2026-10-12T00:30Z | 2026-10-14T00:30Z | 2026-11-11T01:30Z | 2026-10-11T04:30Z | 2026-10-25T00:30Z
        # At the end of a month
        Europe/Paris        | 2026-01-31T23:30Z | 2026-02-03T23:30Z | 2026-02-02T23:30Z | 2026-02-01T23:30Z | 2026-02-03T23:30Z | 2026-02-28T23:30Z | 2026-02-01T03:30Z | 2026-02-14T23:30Z
        # The same in New York
        America/New_York    | 2026-03-07T17:00Z | 2026-03-10T17:00Z | 2026-03-09T17:00Z | 2026-03-08T17:00Z | 2026-03-10T17:00Z | 2026-04-07T16:00Z | 2026-03-07T21:00Z | 2026-03-21T16:00Z
        America/New_York    | 2026-10-31T16:00Z | 2026-11-03T16:00Z | 2026-11-02T16:00Z | 2026-11-01T16:00Z | 2026-11-03T16:00Z | 2026-11-30T17:00Z | 2026-10-31T20:00Z | 2026-11-14T17:00Z
        America/New_York    | 2026-02-08T07:30Z | 2026-02-11T07:30Z | 2026-02-10T07:30Z | 2026-02-09T07:30Z | 2026-02-11T07:30Z | 2026-03-08T07:30Z | 2026-02-08T11:30Z | 2026-02-22T07:30Z
        America/New_York    | 2026-10-18T05:30Z | 2026-10-21T05:30Z | 2026-10-20T05:30Z | 2026-10-19T05:30Z | 2026-10-21T05:30Z | 2026-11-18T06:30Z | 2026-10-18T09:30Z | 2026-11-01T05:30Z
        # Where clocks change by half an hour, in the south
        Australia/Lord_Howe | 2026-10-03T01:00Z | 2026-10-06T01:00Z | 2026-10-05T01:00Z | 2026-10-04T01:00Z | 2026-10-06T01:00Z | 2026-11-03T00:30Z | 2026-10-03T05:00Z | 2026-10-17T00:30Z
        Australia/Lord_Howe | 2026-04-04T12:00Z | 2026-04-07T12:00Z | 2026-04-06T12:00Z | 2026-04-05T12:00Z | 2026-04-07T12:00Z | 2026-05-04T12:30Z | 2026-04-04T16:00Z | 2026-04-18T12:30Z
        # Where they never do
        Asia/Kolkata        | 2026-03-28T12:00Z | 2026-03-31T12:00Z | 2026-03-30T12:00Z | 2026-03-29T12:00Z | 2026-03-31T12:00Z | 2026-04-28T12:00Z | 2026-03-28T16:00Z | 2026-04-11T12:00Z
        Asia/Kolkata        | 2026-01-30T20:00Z | 2026-02-02T20:00Z | 2026-02-01T20:00Z | 2026-01-31T20:00Z | 2026-02-02T20:00Z | 2026-02-27T20:00Z | 2026-01-31T00:00Z | 2026-02-13T20:00Z
        UTC                 | 2026-03-28T12:00Z | 2026-03-31T12:00Z | 2026-03-30T12:00Z | 2026-03-29T12:00Z | 2026-03-31T12:00Z | 2026-04-28T12:00Z | 2026-03-28T16:00Z | 2026-04-11T12:00Z
        UTC                 | 2028-01-31T23:30Z | 2028-02-03T23:30Z | 2028-02-02T23:30Z | 2028-02-01T23:30Z | 2028-02-03T23:30Z | 2028-02-29T23:30Z | 2028-02-01T03:30Z | 2028-02-14T23:30Z
        """)
  void eachStepOfEachRegimeIsDueInEachZoneWhenTheTableSays(
      String zone,
      String from,
      String authority,
      String client,
      String earlyWarning,
      String notification,
      String finalReport,
      String management,
      String account) {
    Map<String, String> due = new TreeMap<>();
    for (Regime regime : regimes.all()) {
      Regime there =
          new Regime(
              regime.id(),
              regime.title(),
              regime.source(),
              ZoneId.of(zone),
              regime.forEachClient(),
              regime.steps());
      for (Regime.Step step : there.steps()) {
        Instant at = there.counting(step, 48).due(Instant.parse(from.replace("Z", ":00Z")));
        due.put(there.id() + "/" + step.id(), at.toString().replace(":00Z", "Z"));
      }
    }

    assertEquals(
        new TreeMap<>(
            Map.of(
                "gdpr-33-1/notification", authority,
                "gdpr-33-2/client", client,
                "nis2-23-4/early-warning", earlyWarning,
                "nis2-23-4/notification", notification,
                "nis2-23-4/final-report", finalReport,
                "agency/management", management,
                "agency/account", account)),
        due);
  }

  @Test
  void everyRegimeOfThePolicyStartsItsClocks() {
    Map<String, String> due = new TreeMap<>();
    for (Regime regime : regimes.all()) {
      started(regime.id(), 48)
          .forEach(
              clock ->
                  due.put(clock.regime() + "/" + clock.step(), clock.state().dueAt().toString()));
    }

    assertEquals(
        new TreeMap<>(
            Map.of(
                "gdpr-33-1/notification", "2026-03-31T12:00:00Z",
                "gdpr-33-2/client", "2026-03-30T12:00:00Z",
                "nis2-23-4/early-warning", "2026-03-29T12:00:00Z",
                "nis2-23-4/notification", "2026-03-31T12:00:00Z",
                "agency/management", "2026-03-28T16:00:00Z")),
        due);
  }

  @Test
  void everyStepIsCountedFromAwarenessOrFromAnotherStepOfItsRegime() {
    for (Regime regime : regimes.all()) {
      List<String> steps = regime.steps().stream().map(Regime.Step::id).toList();
      assertEquals(steps.stream().distinct().toList(), steps, regime.id());
      for (Regime.Step step : regime.steps()) {
        boolean isKnown =
            step.from().equals(Regime.AWARENESS)
                || steps.subList(0, steps.indexOf(step.id())).contains(step.from());
        assertEquals(true, isKnown, regime.id() + " counts from " + step.from());
        assertEquals(
            true,
            step.within() != null || regime.forEachClient(),
            regime.id() + "/" + step.id() + " has no end");
      }
    }
  }

  @Test
  void theHoursOfAClientAreThoseOfItsContract() {
    assertEquals(
        Instant.parse("2026-03-29T12:00:00Z"), started("gdpr-33-2", 24).get(0).state().dueAt());
    assertRefused("notification-regime-unknown", () -> regimes.require("gdpr-99"));
  }

  private List<NotificationClock> started(String regime, int hours) {
    return ClassificationResource.clocks(
        INCIDENT,
        List.of(regimes.require(regime)),
        new Classification(List.of(regime), AWARE, List.of(new ToNotify(CLIENT))),
        Map.of(CLIENT, hours),
        AWARE.plusSeconds(60));
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
