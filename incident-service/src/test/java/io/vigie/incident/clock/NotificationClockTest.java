package io.vigie.incident.clock;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NotificationClockTest {

  private static final UUID INCIDENT = UUID.randomUUID();
  private static final Instant AWARE = Instant.parse("2026-01-02T03:00:00Z");
  private static final Instant DUE = Instant.parse("2026-01-05T03:00:00Z");

  private final NotificationClock clock =
      new NotificationClock(
          INCIDENT, "gdpr-33-1", "notification", null, AWARE, AWARE, DUE, AWARE.plusSeconds(1));

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
    Regime regime = new Regimes().require("gdpr-33-1");
    Instant earlier = AWARE.minusSeconds(3_600);
    assertRefused(
        "notification-clock-same",
        () -> clock.corrected(AWARE, regime, regime.steps().get(0), DUE));

    NotificationClock other = clock.corrected(earlier, regime, regime.steps().get(0), DUE);

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
