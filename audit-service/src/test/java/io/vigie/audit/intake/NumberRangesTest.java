package io.vigie.audit.intake;

import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class NumberRangesTest {

  @Test
  void numbersInAnyOrderMakeTheSetThatTheyAre() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      NumberRanges ranges = new NumberRanges();
      TreeSet<Long> reference = new TreeSet<>();
      for (int i = 0; i < 100; i++) {
        long number = 1 + random.nextInt(60);
        assertEquals(reference.add(number), ranges.add(number), "seed " + seed);
        ranges = NumberRanges.parse(ranges.toString());
      }
      long end = 70;
      assertEquals(reference.last(), ranges.last());
      assertEquals(end - reference.size(), ranges.missing(end));
      assertEquals(reference.headSet(31L).size(), 30 - ranges.missing(30));
      assertEquals(
          LongStream.rangeClosed(1, end)
              .filter(n -> !reference.contains(n))
              .findFirst()
              .getAsLong(),
          ranges.firstMissing(end));
    }
  }

  @Test
  void anEmptySetMissesEverything() {
    NumberRanges none = NumberRanges.parse("{}");
    assertEquals(0, none.last());
    assertNull(none.firstMissing(0));
    assertEquals(1, none.firstMissing(5));
    assertEquals(5, none.missing(5));
    assertEquals("{}", none.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {}                  ; {}              ;
          {}                  ; {[1,5)}         ;
          {[1,5)}             ; {}              ; 1
          {[2,4),[7,9)}       ; {[1,9)}         ;
          {[1,5)}             ; {[1,4)}         ; 4
          {[1,9)}             ; {[1,4),[5,9)}   ; 4
          {[1,4),[7,9)}       ; {[1,4),[8,9)}   ; 7
          {[1,4),[7,9)}       ; {[1,5)}         ; 7
          """)
  void theLowestThatOthersHaveNotIsFound(String ranges, String others, Long lowest) {
    assertEquals(lowest, NumberRanges.parse(ranges).firstBeyond(NumberRanges.parse(others)));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, true",
    "1, 4, true",
    "2, 3, true",
    "4, 5, false",
    "5, 6, false",
    "6, 7, false",
    "7, 8, true",
    "1, 8, false",
    "8, 9223372036854775807, false"
  })
  void aRangeIsInWhereEachOfItsNumbersIs(long first, long last, boolean has) {
    assertEquals(has, NumberRanges.parse("{[1,5),[7,9)}").has(first, last));
  }

  @Test
  void runsAreReadFromThePostgresForm() {
    assertEquals(Map.of(1L, 4L, 7L, 8L), NumberRanges.parse("{[1,5),[7,9)}").runs());
  }
}
