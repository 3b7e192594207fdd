package io.vigie.verifier;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class EntryCheckTest {

  @Property(tries = 20_000)
  void aTimeInUtcIsTheOneThatTheLibraryReadsAndWrites(
      @ForAll @IntRange(max = 2401) int year,
      @ForAll @IntRange(max = 13) int month,
      @ForAll @IntRange(max = 32) int day,
      @ForAll @IntRange(max = 25) int hour,
      @ForAll @IntRange(max = 61) int minute,
      @ForAll @IntRange(max = 61) int second,
      @ForAll @IntRange(max = 999_999) int micros,
      @ForAll Ending ending)
      throws Json.Malformed {
    String time =
        "%04d-%02d-%02dT%02d:%02d:%02d.%s"
            .formatted(year, month, day, hour, minute, second, ending.of(micros));
    String expected;
    try {
      expected = OffsetDateTime.parse(time).toInstant().truncatedTo(ChronoUnit.MICROS).toString();
    } catch (DateTimeException none) {
      assertThrows(Json.Malformed.class, () -> EntryCheck.utc(time));
      return;
    }
    assertEquals(expected, EntryCheck.utc(time));
  }

  enum Ending {
    MICROS("%06dZ"),
    MILLIS("%03d000Z"),
    NANOS("%06d001Z"),
    AHEAD("%06d+02:00"),
    LOCAL("%06d");

    private final String format;

    Ending(String format) {
      this.format = format;
    }

    String of(int micros) {
      return format.formatted(this == MILLIS ? micros / 1000 : micros);
    }
  }
}
