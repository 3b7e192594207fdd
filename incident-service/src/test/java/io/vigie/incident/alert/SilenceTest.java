package io.vigie.incident.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.vigie.incident.alert.Matcher.Comparison;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SilenceTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final AlertPolicy.Silences POLICY = AlertPolicy.read().silences();
  private static final Matcher WEB = new Matcher("host", Comparison.BEGINNING_WITH, "web-");
  private static final Matcher NOT_LAB = new Matcher("site", Comparison.DIFFERENT, "lab");

  private static Silence until(Instant end, Matcher... matchers) {
    return new Silence(List.of(matchers), "maintenance", end, "ada", POLICY, NOW);
  }

  @Test
  void itSilencesWhatAllItsMatchersFitUntilItEnds() {
    Instant end = NOW.plusSeconds(3_600);
    Silence silence = until(end, WEB, NOT_LAB);

    assertTrue(silence.silences(Map.of("host", "web-1"), NOW));
    assertFalse(silence.silences(Map.of("host", "web-1", "site", "lab"), NOW));
    assertFalse(silence.silences(Map.of("host", "db-1"), NOW));
    assertFalse(silence.silences(Map.of("host", "web-1"), end));
    silence.lift("ada", NOW);
    assertFalse(silence.silences(Map.of("host", "web-1"), NOW));
  }

  @Test
  void itEndsOnceAndTellsHow() {
    Silence silence = until(NOW.plusSeconds(60), WEB);

    assertEquals(
        new SilenceEvent.Created(silence.id(), NOW.plusSeconds(60), NOW), silence.created());
    assertEquals(
        new SilenceEvent.Ended(silence.id(), SilenceEnding.EXPIRED, NOW.plusSeconds(60)),
        silence.expire(NOW.plusSeconds(60)));
    assertEquals(
        "silence-ended", assertThrows(Problem.class, () -> silence.lift("ada", NOW)).code());
  }

  @ParameterizedTest
  @CsvSource({"PT0S, silence-over", "PT-1S, silence-over", "PT168H1S, silence-too-long"})
  void itEndsInTimeToCome(Duration after, String code) {
    assertEquals(code, assertThrows(Problem.class, () -> until(NOW.plus(after), WEB)).code());
  }

  @Test
  void noneSilencesAllButSomething() {
    Instant end = NOW.plusSeconds(60);
    assertEquals("silence-too-wide", assertThrows(Problem.class, () -> until(end, NOT_LAB)).code());
  }
}
