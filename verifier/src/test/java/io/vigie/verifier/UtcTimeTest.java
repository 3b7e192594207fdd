package io.vigie.verifier;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class UtcTimeTest {

  private static final String BEFORE = "2026-12-31T23:59:00Z";

  @Property
  void aTimeIsTheSameWhateverWasReadBefore(@ForAll("times") List<String> times) throws Exception {
    UtcTime read = new UtcTime();
    for (String time : times) {
      assertEquals(UtcTime.read(time).toString(), read.of(time));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-31T23:59:58.844876224Z, 2026-12-31T23:59:58.844876Z",
    "2026-12-31T23:59:58.844870999Z, 2026-12-31T23:59:58.844870Z",
    "2026-12-31T23:59:58.844000999Z, 2026-12-31T23:59:58.844Z",
    "2026-12-31T23:59:58.000000999Z, 2026-12-31T23:59:58Z",
    "2026-12-31T23:59:58.8Z, 2026-12-31T23:59:58.800Z",
    "2026-12-31T23:59Z, 2026-12-31T23:59:00Z",
    "2026-12-31T23:59:58.844876-01:00, 2027-01-01T00:59:58.844876Z",
    "+12026-12-31T23:59:58.844876224Z, +12026-12-31T23:59:58.844876Z"
  })
  void aTimeIsCutToTheMicrosecondAndWrittenAsInstantsAre(String time, String utc) throws Exception {
    UtcTime read = new UtcTime();
    read.of(BEFORE);
    assertEquals(utc, read.of(time));
    assertEquals(utc, read.of(utc));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-12-31T23:59:",
        "2026-12-31T23:59:58.844876",
        "2026-12-31T23:59:58.844876224 Z",
        "2026-12-31T23:59:58.8448762244Z",
        "2026-12-31T23:59:60.844876Z",
        "2026-12-31T23:59:5.8448766Z",
        "2026-12-31T23:59:58,844876Z",
        "2026-12-31T23:59:58.84487\u0667Z",
        "2026-12-31T23:59:58.844876Z\n"
      })
  void whatIsNoTimeIsRefusedAfterOneOfTheSameMinuteToo(String time) throws Exception {
    UtcTime read = new UtcTime();
    read.of(BEFORE);
    assertThrows(Json.Malformed.class, () -> read.of(time));
  }

  @Test
  void nothingIsNoTime() {
    assertThrows(Json.Malformed.class, () -> new UtcTime().of(null));
  }

  /** Within three minutes, so that most follow one of the same. */
  @Provide
  Arbitrary<List<String>> times() {
    Arbitrary<Instant> instants =
        Arbitraries.longs()
            .between(-90_000_000_000L, 90_000_000_000L)
            .flatMap(
                nanos ->
                    Arbitraries.of(1L, 1_000L, 1_000_000L, 1_000_000_000L)
                        .map(unit -> nanos / unit * unit))
            .map(nanos -> Instant.parse(BEFORE).plusNanos(nanos));
    return Arbitraries.oneOf(
            instants.map(Instant::toString),
            instants.map(instant -> instant.atOffset(ZoneOffset.ofHours(2)).toString()))
        .list()
        .ofMaxSize(20);
  }
}
