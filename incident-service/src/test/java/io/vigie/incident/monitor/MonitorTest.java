package io.vigie.incident.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MonitorTest {

  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Target PAGE = Targets.page("https://www.agency.example/");

  private final Monitor monitor =
      new Monitor(UUID.randomUUID(), "site", MonitorType.HTTP, PAGE, 60, START);

  private List<MonitorEvent> good(int second) {
    return monitor.found(Outcome.good(Duration.ofMillis(5)), 3, SOON, at(second));
  }

  private List<MonitorEvent> bad(int second) {
    return monitor.found(Outcome.bad("no", Duration.ofMillis(5)), 3, SOON, at(second));
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }

  @Test
  void itFailsOnceAfterSoManyFailuresInARowAndSaysSinceWhen() {
    assertEquals(List.of(), bad(0));
    assertEquals(at(20), monitor.nextProbeAt());
    assertEquals(List.of(), good(20));
    assertEquals(at(80), monitor.nextProbeAt());
    assertEquals(List.of(), bad(80));
    assertEquals(List.of(), bad(100));

    List<MonitorEvent> events = bad(120);

    assertEquals(
        List.of(
            new MonitorEvent.Failed(
                monitor.id(), monitor.state().asset(), MonitorType.HTTP, "no", 3, at(80), at(120))),
        events);
    assertEquals(List.of(), bad(180));
    assertEquals(at(240), monitor.nextProbeAt());
    assertEquals(at(80), monitor.state().failingSince());
  }

  @Test
  void itRecoversWithTheTimeInBetween() {
    bad(0);
    bad(20);
    bad(40);

    assertEquals(
        List.of(
            new MonitorEvent.Recovered(
                monitor.id(), monitor.state().asset(), MonitorType.HTTP, at(0), 100, at(100))),
        good(100));
    assertNull(monitor.state().failingSince());
    assertEquals(List.of(), good(160));
    assertEquals(List.of(), bad(220));
  }

  @Test
  void oneThatFailedByAClockThatWasAheadWasNotDownForLessThanNoTime() {
    bad(200);
    bad(220);
    bad(240);

    assertEquals(
        List.of(
            new MonitorEvent.Recovered(
                monitor.id(), monitor.state().asset(), MonitorType.HTTP, at(200), 0, at(100))),
        good(100));
  }

  @Test
  void onlyAnotherGradeOrOtherFindingsAreAnEvent() {
    assertEquals(
        List.of(graded(TlsGrade.F, null, List.of(TlsFinding.TLS_1_0, TlsFinding.EXPIRED), 0)),
        grade(TlsGrade.F, 0, TlsFinding.EXPIRED, TlsFinding.TLS_1_0));
    assertEquals(List.of(), grade(TlsGrade.F, 60, TlsFinding.TLS_1_0, TlsFinding.EXPIRED));
    assertEquals(at(60), monitor.gradedAt());
    assertEquals(at(0), monitor.state().gradedAt());
    assertEquals(
        List.of(graded(TlsGrade.F, TlsGrade.F, List.of(TlsFinding.EXPIRED), 120)),
        grade(TlsGrade.F, 120, TlsFinding.EXPIRED));
    assertEquals(List.of(), bad(180)); // it did not answer, so nothing is known
    assertEquals(at(120), monitor.gradedAt());
    assertEquals(at(120), monitor.state().gradedAt());
    assertEquals(List.of(graded(TlsGrade.A, TlsGrade.F, List.of(), 240)), grade(TlsGrade.A, 240));
  }

  private List<MonitorEvent> grade(TlsGrade grade, int second, TlsFinding... findings) {
    Map<TlsFinding, String> all = new LinkedHashMap<>();
    for (TlsFinding finding : findings) {
      all.put(finding, "as of " + second);
    }
    return monitor.found(
        Outcome.graded(
            null, Duration.ofMillis(5), new TlsReport(List.of("TLS 1.3"), all, null), grade),
        3,
        SOON,
        at(second));
  }

  private MonitorEvent graded(
      TlsGrade grade, TlsGrade previous, List<TlsFinding> findings, int second) {
    return new MonitorEvent.TlsGraded(
        monitor.id(), monitor.state().asset(), grade, previous, findings, at(second));
  }

  @Test
  void thatItWasTriedIsToldAtFirstAndThenTwiceADay() {
    good(0);
    assertTrue(monitor.tellIfDue());
    assertEquals(at(0), monitor.state().probedAt());
    int halfADay = 12 * 3_600;
    for (int second = 60; second < halfADay; second += 60) {
      good(second);
      assertFalse(monitor.tellIfDue(), "told after " + second);
    }
    assertEquals(at(0), monitor.state().probedAt());

    good(halfADay);
    assertTrue(monitor.tellIfDue());
    assertEquals(at(halfADay), monitor.state().probedAt());
    assertFalse(monitor.tellIfDue());

    bad(halfADay + 60);
    bad(halfADay + 80);
    bad(halfADay + 100);
    assertEquals(at(halfADay + 100), monitor.state().probedAt(), "as an event told");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        // at the interval of a day
        "- | - | 2026-03-02T08:00:00Z | 2026-03-03T08:10:00Z",
        // at night in Paris, in winter and in summer time
        "30 2 * * * | Europe/Paris | 2026-03-02T08:00:00Z | 2026-03-03T01:40:00Z",
        "30 2 * * * | Europe/Paris | 2026-07-02T08:00:00Z | 2026-07-03T00:40:00Z",
        "0 6 * * 1-5 | - | 2026-03-06T06:00:00Z | 2026-03-09T06:10:00Z",
        "*/15 * * * * | - | 2026-03-06T06:01:00Z | 2026-03-06T06:25:00Z",
        // where 02:30 does not come, it runs on that day nevertheless
        "30 2 * * * | Europe/Paris | 2026-03-28T01:35:00Z | 2026-03-29T01:40:00Z",
        "30 2 * * * | Europe/Paris | 2026-03-29T01:10:00Z | 2026-03-30T00:40:00Z",
        // where it comes twice, it runs the first time, and not again
        "30 2 * * * | Europe/Paris | 2026-10-24T00:35:00Z | 2026-10-25T00:40:00Z",
        "30 2 * * * | Europe/Paris | 2026-10-25T00:35:00Z | 2026-10-26T01:40:00Z",
        "30 2 * * * | Europe/Paris | 2026-10-25T01:10:00Z | 2026-10-26T01:40:00Z",
        // what runs every quarter of an hour does so in both of those hours, and in no third
        "*/15 * * * * | Europe/Paris | 2026-10-25T00:50:00Z | 2026-10-25T01:10:00Z",
        "*/15 * * * * | Europe/Paris | 2026-03-29T00:50:00Z | 2026-03-29T01:10:00Z",
        "0 * * * * | Europe/Paris | 2026-10-25T00:05:00Z | 2026-10-25T01:10:00Z"
      })
  void aJobHasToCallByItsScheduleAndGrace(String cron, String zone, Instant at, Instant by) {
    assertEquals(by, JobSchedule.deadline(Targets.job(cron, zone, 600), 86_400, at));
  }

  @ParameterizedTest
  @CsvSource({
    "target.cron, 99 * * * *, UTC",
    "target.cron, every day, UTC",
    "target.cron, 0 0 30 2 *, UTC",
    "target.cron, 0 0 0 * * ?, UTC",
    "target.zone, 0 0 * * *, Mars/Olympus"
  })
  void aScheduleThatIsNoneIsRefused(String field, String cron, String zone) {
    assertEquals(List.of(field), fields(Targets.job(cron, zone, 600), MonitorType.HEARTBEAT));
  }

  @Test
  void aJobThatDoesNotCallFailsUntilItDoes() {
    Monitor job =
        new Monitor(
            UUID.randomUUID(),
            "job",
            MonitorType.HEARTBEAT,
            Targets.job(null, null, 10),
            60,
            START);
    assertEquals(at(70), job.nextProbeAt());

    assertEquals(List.of(), job.called(at(50)));
    assertEquals(at(120), job.nextProbeAt());
    assertEquals(1, job.found(Outcome.bad("late", null), 1, SOON, at(120)).size());

    assertEquals(at(190), job.nextProbeAt());
    assertEquals(
        List.of(
            new MonitorEvent.Recovered(
                job.id(), job.state().asset(), MonitorType.HEARTBEAT, at(120), 30, at(150))),
        job.called(at(150)));
    assertEquals(at(220), job.nextProbeAt());
    assertEquals(
        "monitor-no-heartbeat", assertThrows(Problem.class, () -> monitor.called(at(150))).code());
  }

  @Test
  void whatIsPausedIsNotTriedAndNotKnownToFail() {
    bad(0);
    bad(20);
    bad(40);

    monitor.pause("maintenance", at(50));

    assertNull(monitor.nextProbeAt());
    assertNull(monitor.state().failingSince());
    assertEquals(List.of(), bad(60));
    monitor.resume(at(70));
    assertEquals(at(70), monitor.nextProbeAt());
    assertEquals(List.of(), bad(80));
  }

  @Test
  void aRetiredMonitorChangesNoMore() {
    monitor.retire("closed", at(10));

    for (Runnable change :
        List.<Runnable>of(
            () -> monitor.pause("x", at(20)),
            () -> monitor.resume(at(20)),
            () -> monitor.retire("x", at(20)),
            () -> monitor.change("x", PAGE, 60, at(20)))) {
      assertEquals("monitor-retired", assertThrows(Problem.class, change::run).code());
    }
  }

  @Test
  void aChangeThatChangesNothingIsNoEvent() {
    assertEquals(List.of(), monitor.change("site", PAGE, 60, at(5)));
    assertEquals(1, monitor.change("site", PAGE, 30, at(5)).size());
    assertEquals(at(5), monitor.nextProbeAt());
  }

  @ParameterizedTest
  @CsvSource({
    "http://www.example.com/x?y=1, 0",
    "HTTPS://www.example.com, 0",
    "https://[2606:4700::1]:8443/, 0",
    "ftp://www.example.com/, 1",
    "file:///etc/passwd, 1",
    "https://user:secret@www.example.com/, 1",
    "https:///x, 1",
    "nonsense, 1",
    "https://www.example.com:0/, 1",
    "https://www.example.com:99999/, 1"
  })
  void onlyPagesAreTried(String url, int errors) {
    assertEquals(errors, Targets.page(url).errors(MonitorType.HTTP).size());
  }

  @Test
  void eachTypeHasItsOwnFields() {
    Target all =
        new Target(
            "https://www.example.com/", 200, "x", "db", 5432, 10, true, 80, null, null, null);
    Target none = Targets.job(null, null, null);

    assertEquals(
        List.of("target.host", "target.port", "target.web", "target.plainPort"),
        fields(all, MonitorType.HTTP));
    assertEquals(
        List.of("target.url", "target.status", "target.contains", "target.web", "target.plainPort"),
        fields(all, MonitorType.TCP));
    assertEquals(
        List.of("target.url", "target.status", "target.contains", "target.withinMillis"),
        fields(all, MonitorType.TLS));
    assertEquals(List.of("target.url"), fields(none, MonitorType.HTTP));
    assertEquals(List.of("target.host", "target.port"), fields(none, MonitorType.TCP));
    assertEquals(List.of("target.graceSeconds"), fields(none, MonitorType.HEARTBEAT));
  }

  private static List<String> fields(Target target, MonitorType type) {
    return target.errors(type).stream().map(Problem.FieldError::field).toList();
  }
}
