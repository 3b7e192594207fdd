package io.vigie.incident;

import java.time.Instant;
import java.util.List;

import io.vigie.incident.TimeInState.Reached;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TimeInStateTest {

  private static final Instant FIRST = Instant.parse("2026-03-29T00:30:00Z");
  private static final Instant SECOND = Instant.parse("2026-03-29T01:30:00Z");
  private static final Instant NOW = Instant.parse("2026-03-29T03:00:00Z");

  @Test
  void aStateLastsUntilTheNextOneAndThePresentOneUntilNow() {
    assertEquals(
        List.of(
            new TimeInState(IncidentState.DETECTED, FIRST, SECOND, 3_600),
            new TimeInState(IncidentState.TRIAGED, SECOND, null, 5_400)),
        TimeInState.of(
            List.of(
                new Reached(IncidentState.DETECTED, FIRST),
                new Reached(IncidentState.TRIAGED, SECOND)),
            NOW));
  }

  @Test
  void whatIsClosedLastsNoLonger() {
    assertEquals(
        List.of(new TimeInState(IncidentState.IN_REVIEW, FIRST, SECOND, 3_600)),
        TimeInState.of(
            List.of(
                new Reached(IncidentState.IN_REVIEW, FIRST),
                new Reached(IncidentState.CLOSED, SECOND)),
            NOW));
  }
}
