package io.vigie.incident.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.incident.alert.AlertState.ACKNOWLEDGED;
import static io.vigie.incident.alert.AlertState.FIRING;
import static io.vigie.incident.alert.AlertState.RESOLVED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AlertTest {

  private static final AlertPolicy POLICY = AlertPolicy.read();
  private static final Instant START = Instant.parse("2026-01-02T11:04:05Z");
  private static final int STEPS = 200;
  private static final int CHAIN = POLICY.escalation().chain().size();

  private static Signal signal(String... labels) {
    TreeMap<String, String> all = new TreeMap<>(Map.of(Signal.RULE, "DiskFull"));
    for (int i = 0; i < labels.length; i += 2) {
      all.put(labels[i], labels[i + 1]);
    }
    return new Signal("test", "DiskFull", Severity.CRITICAL, all, "s", "d", true, null);
  }

  /** What an alert is expected to be, told by nothing but what was done to it. */
  private static final class Model {
    private AlertState state = FIRING;
    private int flaps;
    private boolean flapping;
    private boolean calm;
    private boolean told;
    private int mails;
    private int escalations;

    private List<String> fireAgain() {
      if (state != RESOLVED) {
        return List.of();
      }
      state = FIRING;
      flaps++;
      escalations = 0;
      if (!flapping && flaps >= POLICY.flapsToTell()) {
        flapping = true;
        return List.of("fired-again", "flapping");
      }
      return List.of("fired-again");
    }

    private List<String> over() {
      if (state == RESOLVED) {
        return List.of();
      }
      if (flapping) {
        calm = true;
        return List.of();
      }
      return resolve();
    }

    private List<String> calmDown() {
      return calm ? resolve() : List.of();
    }

    private List<String> resolve() {
      if (state == RESOLVED) {
        return List.of();
      }
      state = RESOLVED;
      calm = false;
      if (told) {
        told = false;
        mails++;
      }
      return List.of("resolved");
    }

    private List<String> acknowledge() {
      if (state != FIRING) {
        return List.of();
      }
      state = ACKNOWLEDGED;
      return List.of("acknowledged");
    }

    /** Only while nobody looks after it nor its source says that it is over, a step at a time. */
    private List<String> escalate() {
      if (state != FIRING || calm || escalations == CHAIN) {
        return List.of();
      }
      escalations++;
      return List.of("escalated");
    }

    /** Until it is resolved, whatever its source says. */
    private List<String> mail() {
      if (state != RESOLVED) {
        mails++;
        told = true;
      }
      return List.of();
    }
  }

  private final Random random = new Random(20260102);

  /**
   * Thousands of walks: after each step the alert is what the model says, and so are its events.
   */
  @Test
  void whateverHappensInWhateverOrderAnAlertIsWhatItsModelSays() {
    for (int walk = 0; walk < 500; walk++) {
      Alert alert = new Alert(signal(), POLICY, START);
      Model model = new Model();
      List<String> all = new ArrayList<>();
      Instant now = START;
      for (int step = 0; step < STEPS; step++) {
        now = now.plusSeconds(1 + random.nextInt(3_600));
        String act = step(alert, model, now, all);
        String where = "walk " + walk + ", step " + step + ", " + act;
        assertEquals(model.state, alert.state().state(), where);
        assertEquals(model.flaps, alert.flaps(), where);
        assertEquals(model.flapping, alert.state().flapping(), where);
        assertEquals(model.calm, alert.calmSince() != null, where);
        assertEquals(model.mails, alert.mails(), where);
        assertEquals(model.escalations, alert.escalations(), where);
        assertEquals(
            model.state == FIRING && model.escalations < CHAIN, alert.escalateAt() != null, where);
        assertEquals(model.told, alert.isTold(), where);
        assertEquals(model.state == RESOLVED, alert.nextMailAt() == null, where);
        assertEquals(model.state == RESOLVED, alert.state().resolvedAt() != null, where);
        assertEquals(
            model.state == ACKNOWLEDGED,
            alert.state().acknowledgedAt() != null && alert.state().state() != RESOLVED,
            where);
      }
      assertTrue(all.stream().filter("flapping"::equals).count() <= 1, all.toString());
      assertFalse(String.join(" ", all).contains("resolved resolved"), all.toString());
    }
  }

  private String step(Alert alert, Model model, Instant now, List<String> all) {
    List<String> expected;
    List<? extends DomainEvent> events;
    int act = random.nextInt(14);
    AlertState before = model.state;
    if (act < 3) {
      expected = model.fireAgain();
      events = before == RESOLVED ? alert.fireAgain(POLICY, now) : List.of();
    } else if (act < 6) {
      expected = model.over();
      events = alert.over(null, now);
    } else if (act < 7) {
      expected = model.resolve();
      events = attempt(before == RESOLVED, () -> alert.resolve("ada", "n", now));
    } else if (act < 9) {
      expected = model.acknowledge();
      events = attempt(before != FIRING, () -> alert.acknowledge("ada", "n", POLICY, now));
    } else if (act < 10) {
      boolean isCalm = model.calm;
      expected = model.calmDown();
      events = isCalm ? List.of(alert.calmDown(now)) : List.of();
    } else if (act < 12) {
      boolean isDue = alert.escalateAt() != null && !model.calm;
      expected = model.escalate();
      events = isDue ? List.of(escalate(alert, now)) : List.of();
    } else {
      expected = model.mail();
      events = List.of();
      if (before != RESOLVED) {
        alert.mail(POLICY, now);
      }
    }
    if (alert.state().state() == RESOLVED && alert.isTold()) {
      alert.mailResolved(); // as AlertMail does wherever an alert is resolved
    }
    List<String> types = events.stream().map(AlertTest::what).toList();
    assertEquals(expected, types, "act " + act + " on " + before);
    all.addAll(types);
    return "act " + act;
  }

  private static AlertEvent escalate(Alert alert, Instant now) {
    int step = alert.escalations();
    return alert.escalate(step, null, step + 1 < CHAIN ? now.plusSeconds(60) : null, now);
  }

  private static List<DomainEvent> attempt(
      boolean isRefused, java.util.function.Supplier<DomainEvent> decision) {
    if (isRefused) {
      assertEquals(409, assertThrows(Problem.class, decision::get).status());
      return List.of();
    }
    return List.of(decision.get());
  }

  private static String what(DomainEvent event) {
    return event.type().replace("monitoring-alert.", "").replace(".v1", "");
  }

  @Test
  void itTellsWhatAndSinceWhenButNoLabel() {
    Signal signal =
        new Signal(
            "test",
            "DiskFull",
            Severity.CRITICAL,
            new TreeMap<>(Map.of(Signal.RULE, "DiskFull", "user", "ada")),
            "Ada's disk",
            null,
            true,
            START.minusSeconds(90));
    Alert alert = new Alert(signal, POLICY, START);

    assertEquals(
        new AlertEvent.Fired(
            alert.id(),
            "test",
            "DiskFull",
            Severity.CRITICAL,
            signal.fingerprint(),
            null,
            null,
            null,
            START.minusSeconds(90),
            START),
        alert.fired());
    assertFalse((alert.state() + "" + alert.fired()).contains("ada"));
    assertEquals(START, alert.nextMailAt());
  }

  @Test
  void itTellsUntilWhenItsMailWasHeldBackLastAndByWhat() {
    // Given one that begins in quiet hours
    Instant night = Instant.parse("2026-01-02T22:00:00Z");
    Signal warning =
        new Signal(
            "test",
            "DiskFull",
            Severity.WARNING,
            new TreeMap<>(Map.of(Signal.RULE, "DiskFull")),
            null,
            null,
            true,
            null);
    Alert alert = new Alert(warning, POLICY, night);
    Instant morning = Instant.parse("2026-01-03T06:00:00Z");
    assertEquals(morning, alert.state().mailHeldUntil());
    assertEquals(morning, alert.nextMailAt());

    // When
    UUID silence = UUID.randomUUID();
    alert.hold(silence, morning.plusSeconds(60));
    alert.mail(POLICY, morning.plusSeconds(60));

    // Then
    assertEquals(morning.plusSeconds(60), alert.state().mailHeldUntil());
    assertEquals(silence, alert.state().mailHeldBy());
    assertNull(alert.heldBy());
    assertNull(new Alert(signal(), POLICY, night).state().mailHeldUntil(), "it is critical");
  }

  @Test
  void anAcknowledgementSlowsMailDownAndIsOfOneTimeOnly() {
    Alert alert = new Alert(signal(), POLICY, START);
    alert.mail(POLICY, START);
    assertEquals(START.plus(POLICY.mail().every().get(Severity.CRITICAL)), alert.nextMailAt());

    alert.acknowledge("ada", "I look", POLICY, START);
    Instant later = START.plus(POLICY.mail().acknowledged().get(Severity.CRITICAL));
    assertEquals(later, alert.nextMailAt());

    alert.over(null, later);
    alert.fireAgain(POLICY, later);
    assertEquals(FIRING, alert.state().state());
    assertNull(alert.acknowledgedBy());
    assertEquals(later, alert.nextMailAt());
  }

  @Test
  void sourceAndLabelsTellAlertsApartInWhateverOrder() {
    String fingerprint = signal("host", "web-1", "disk", "/").fingerprint();

    assertEquals(fingerprint, signal("disk", "/", "host", "web-1").fingerprint());
    assertNotEquals(fingerprint, signal("host", "web-2", "disk", "/").fingerprint());
    assertNotEquals(signal("a", "bc").fingerprint(), signal("ab", "c").fingerprint());
  }

  @ParameterizedTest
  @CsvSource({
    "DiskFull, DiskFull",
    "a rule of Ada Lovelace, a-rule-of-Ada-Lovelace",
    "'  -x', x",
    "'éé', unnamed",
    "'', unnamed",
    ", unnamed"
  })
  void whatSourcesCallThingsBecomesATerm(String name, String term) {
    assertEquals(term, Signal.term(name));
    assertTrue(Signal.term(name).matches(Signal.TERM));
  }

  @ParameterizedTest(name = "{0} at {1} is mailed at {2}")
  @CsvSource({
    "WARNING,  2026-01-02T12:00:00Z, 2026-01-02T12:00:00Z",
    "WARNING,  2026-01-02T19:00:00Z, 2026-01-03T06:00:00Z",
    "WARNING,  2026-01-03T05:59:59Z, 2026-01-03T06:00:00Z",
    "INFO,     2026-01-03T06:00:00Z, 2026-01-03T06:00:00Z",
    "CRITICAL, 2026-01-02T23:00:00Z, 2026-01-02T23:00:00Z",
    "INFO,     2026-03-28T22:00:00Z, 2026-03-29T05:00:00Z"
  })
  void quietHoursHoldMailBackButNeverThatOfCriticalAlerts(
      Severity severity, Instant now, Instant mailed) {
    assertEquals(mailed, POLICY.firstMail(severity, now));
  }

  @Test
  void severitiesAreRankedAsThePolicySays() {
    assertEquals(Severity.CRITICAL, POLICY.severity("Critical"));
    assertEquals(Severity.INFO, POLICY.severity("none"));
    assertEquals(Severity.WARNING, POLICY.severity("whatever"));
    assertEquals(Severity.WARNING, POLICY.severity(null));
    assertEquals(
        List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO),
        List.of(POLICY.ofWazuh(12), POLICY.ofWazuh(11), POLICY.ofWazuh(6)));
  }
}
