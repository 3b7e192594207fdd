package io.vigie.incident.clock;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
  void nobodyWasToldBeforeItBegan() {
    assertRefused("notification-too-early", () -> clock.notified("C-1", AWARE.minusMillis(1), DUE));
    assertEquals(ClockState.RUNNING, clock.state().state());
    assertNull(clock.state().reference());
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
