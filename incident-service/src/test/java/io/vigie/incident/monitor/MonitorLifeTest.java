package io.vigie.incident.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import io.vigie.kernel.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever probes find and people ask of a monitor, in whatever order. */
class MonitorLifeTest {

  private static final Instant BEGIN = Instant.parse("2026-03-02T08:00:00Z");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Target PAGE = Targets.page("https://www.agency.example/");

  enum Ask {
    GOOD,
    BAD,
    GOOD_GRADE,
    BAD_GRADE,
    CALL,
    RENAME,
    CHANGE_NOTHING,
    PAUSE,
    RESUME,
    RETIRE
  }

  /** How many failures in a row there were since it was last known to be good, paused or new. */
  private int failures;

  @Property(tries = 1_000)
  void aMonitorFailsAfterSoManyFailuresInARowAndEachChangeIsOneEvent(
      @ForAll @Size(max = 60) List<Ask> asks,
      @ForAll @IntRange(min = 1, max = 3) int limit,
      @ForAll boolean isJob) {
    Monitor monitor =
        isJob
            ? new Monitor(
                UUID.randomUUID(),
                "job",
                MonitorType.HEARTBEAT,
                Targets.job(null, null, 10),
                60,
                BEGIN)
            : new Monitor(UUID.randomUUID(), "site", MonitorType.TLS, PAGE, 60, BEGIN);
    failures = 0;
    Instant now = BEGIN;
    for (int i = 0; i < asks.size(); i++) {
      Ask ask = asks.get(i);
      now = now.plusSeconds(60);
      Monitor.State before = monitor.state();

      List<MonitorEvent> events = decide(monitor, ask, limit, "name " + i, now);

      Monitor.State after = monitor.state();
      Instant at = now;
      events.forEach(event -> assertEquals(at, event.at()));
      events.forEach(event -> assertEquals(monitor.id(), event.aggregateId()));
      count(ask, before, after);
      assertEquals(changes(before, after), types(events), ask + " on " + before);
      assertEquals(
          after.state() == MonitorState.ACTIVE && failures >= limit,
          after.failingSince() != null,
          "failing is " + limit + " failures in a row");
      assertEquals(after.state() == MonitorState.ACTIVE, monitor.nextProbeAt() != null);
      if (events.isEmpty()) {
        assertEquals(before, after, "it changed, and nobody was told");
      }
      if (before.state() == MonitorState.RETIRED) {
        assertEquals(before, after, "retired, and yet it changed");
      }
      if (before.failingSince() != null && after.failingSince() != null) {
        assertEquals(before.failingSince(), after.failingSince(), "it began once");
      }
      if (monitor.failure() == null) {
        assertNull(after.failingSince(), "fails, and nobody says why");
      }
      assertTrue(after.grade() != null || before.grade() == null, "a grade is not forgotten");
    }
  }

  private void count(Ask ask, Monitor.State before, Monitor.State after) {
    boolean isActive = before.state() == MonitorState.ACTIVE;
    boolean isJob = before.type() == MonitorType.HEARTBEAT;
    switch (ask) {
      case GOOD, GOOD_GRADE -> failures = isActive ? 0 : failures;
      case BAD, BAD_GRADE -> failures = isActive ? failures + 1 : failures;
      case CALL -> failures = isActive && isJob ? 0 : failures;
      default -> failures = after.state() == MonitorState.ACTIVE ? failures : 0;
    }
  }

  /** What there is to be told, of each kind once. */
  private static List<String> changes(Monitor.State before, Monitor.State after) {
    Map<What, Boolean> changed = new EnumMap<>(What.class);
    boolean isStopped = after.state() != MonitorState.ACTIVE && before.state() != after.state();
    changed.put(What.CHANGED, !before.name().equals(after.name()));
    changed.put(What.PAUSED, isStopped && after.state() == MonitorState.PAUSED);
    changed.put(What.RETIRED, isStopped && after.state() == MonitorState.RETIRED);
    changed.put(
        What.RESUMED,
        before.state() == MonitorState.PAUSED && after.state() == MonitorState.ACTIVE);
    changed.put(
        What.TLS_GRADED,
        before.grade() != after.grade()
            || before.findings() != null && !before.findings().equals(after.findings()));
    changed.put(What.FAILED, before.failingSince() == null && after.failingSince() != null);
    changed.put(
        What.RECOVERED,
        before.failingSince() != null && after.failingSince() == null && !isStopped);
    return changed.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(
            change ->
                "monitor."
                    + change.getKey().name().toLowerCase(Locale.ROOT).replace('_', '-')
                    + ".v1")
        .toList();
  }

  private enum What {
    CHANGED,
    PAUSED,
    RETIRED,
    RESUMED,
    TLS_GRADED,
    FAILED,
    RECOVERED
  }

  private static List<String> types(List<MonitorEvent> events) {
    return events.stream().map(MonitorEvent::type).toList();
  }

  private static List<MonitorEvent> decide(
      Monitor monitor, Ask ask, int limit, String name, Instant now) {
    Monitor.State state = monitor.state();
    return switch (ask) {
      case GOOD -> monitor.found(Outcome.good(null), limit, SOON, now);
      case BAD -> monitor.found(Outcome.bad("no", null), limit, SOON, now);
      case GOOD_GRADE -> monitor.found(graded(null, TlsGrade.A, Map.of()), limit, SOON, now);
      case BAD_GRADE ->
          monitor.found(
              graded("old", TlsGrade.C, Map.of(TlsFinding.TLS_1_0, "x")), limit, SOON, now);
      case CALL -> unlessRefused(() -> monitor.called(now));
      case RENAME -> unlessRefused(() -> monitor.change(name, state.target(), 60, now));
      case CHANGE_NOTHING ->
          unlessRefused(() -> monitor.change(state.name(), state.target(), 60, now));
      case PAUSE -> unlessRefused(() -> List.of(monitor.pause("x", now)));
      case RESUME -> unlessRefused(() -> List.of(monitor.resume(now)));
      case RETIRE -> unlessRefused(() -> List.of(monitor.retire("x", now)));
    };
  }

  private static Outcome graded(String failure, TlsGrade grade, Map<TlsFinding, String> findings) {
    return Outcome.graded(failure, null, new TlsReport(List.of("TLS 1.3"), findings, null), grade);
  }

  private static List<MonitorEvent> unlessRefused(Supplier<List<MonitorEvent>> decision) {
    try {
      return decision.get();
    } catch (Problem refused) {
      return List.of();
    }
  }
}
