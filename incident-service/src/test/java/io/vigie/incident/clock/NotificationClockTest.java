package io.vigie.incident.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
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

class NotificationClockTest {

  private static final UUID INCIDENT = UUID.randomUUID();
  private static final Instant AWARE = Instant.parse("2026-01-02T03:00:00Z");
  private static final Instant DUE = Instant.parse("2026-01-05T03:00:00Z");

  private final NotificationClock clock = counted(Regime.AWARENESS, "PT72H");

  private static NotificationClock counted(String from, String within) {
    return new NotificationClock(
        INCIDENT,
        "gdpr-33-1",
        "notification",
        null,
        AWARE,
        AWARE,
        new Counting(from, within, ZoneId.of("Europe/Paris")),
        AWARE.plusSeconds(1));
  }

  @Test
  void whatIsToldInTimeIsNotLateAndEndsIt() {
    assertEquals(
        new ClockEvent.Notified(
            clock.id(), INCIDENT, "gdpr-33-1", "notification", null, "C-1", DUE, false, DUE),
        clock.notified("C-1", DUE, DUE));
    assertEquals(ClockState.NOTIFIED, clock.state().state());
    assertRefused("notification-clock-ended", () -> clock.notified("C-2", DUE, DUE));
    assertRefused("notification-clock-ended", () -> clock.notNotified("why", DUE));
    assertEquals(List.of(), clock.look(DUE.plusSeconds(1)));
    assertEquals("C-1", clock.state().reference());
  }

  @Test
  void itIsFoundMissedOnceAndMayStillBeEnded() {
    Instant late = DUE.plusSeconds(1);

    assertEquals(List.of(), clock.look(DUE), "who is told then is told in time");
    assertEquals(
        List.of(
            new ClockEvent.Missed(
                clock.id(), INCIDENT, "gdpr-33-1", "notification", null, DUE, late)),
        clock.look(late));
    assertEquals(List.of(), clock.look(late.plusSeconds(1)));

    assertEquals(
        new ClockEvent.Notified(
            clock.id(), INCIDENT, "gdpr-33-1", "notification", null, "C-1", late, true, late),
        clock.notified("C-1", late, late));
    assertEquals(DUE, clock.state().dueAt());
  }

  @Test
  void whatWasWronglySaidOfAwarenessIsSupersededAndStaysAsItWas() {
    Instant earlier = AWARE.minusSeconds(3_600);
    assertRefused("notification-clock-same", () -> clock.corrected(AWARE, DUE));

    NotificationClock other = clock.corrected(earlier, DUE);

    assertEquals(earlier, other.state().startsAt());
    assertEquals(DUE.minusSeconds(3_600), other.state().dueAt());
    assertEquals(
        new ClockEvent.Superseded(
            clock.id(), INCIDENT, "gdpr-33-1", "notification", null, other.id(), "a call", DUE),
        clock.superseded(other, "a call", DUE));
    assertEquals(DUE, clock.state().dueAt());
    assertEquals(other.id(), clock.state().supersededBy());
    assertRefused("notification-clock-ended", () -> clock.notified("C-1", DUE, DUE));
    assertRefused("notification-clock-ended", () -> clock.superseded(other, "again", DUE));
    assertFalse(clock.isTheSame(other), "it may be started anew");
    assertTrue(other.isTheSame(clock), "and that once");
  }

  @ParameterizedTest
  @CsvSource({"PT36H, 2026-01-02T15:00:00Z", "P3M, 2026-04-01T02:00:00Z"})
  void aCorrectionIsCountedAsTheClockWasWhateverThePolicySaysByNow(String within, Instant due) {
    NotificationClock before = counted(Regime.AWARENESS, within);
    Instant earlier = Instant.parse("2026-01-01T03:00:00Z");

    NotificationClock other = before.corrected(earlier, DUE);

    assertEquals(due, other.state().dueAt());
    assertEquals(due.plus(Duration.ofDays(1)), before.state().dueAt());
    assertRefused(
        "notification-clock-follows", () -> counted("call", within).corrected(earlier, DUE));
  }

  @Test
  void nobodyWasToldBeforeItBegan() {
    assertRefused("notification-too-early", () -> clock.notified("C-1", AWARE.minusMillis(1), DUE));
    assertEquals(ClockState.RUNNING, clock.state().state());
    assertNull(clock.state().reference());
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
