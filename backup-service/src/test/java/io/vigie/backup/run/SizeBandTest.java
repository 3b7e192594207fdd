package io.vigie.backup.run;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class SizeBandTest {

  private final SizeBand band = new SizeBand(14, 3, 0.5, 2.0);

  @Test
  void aSizeWithinTheBandAroundTheMedianIsUsual() {
    for (long usual : List.of(50L, 100L, 200L)) {
      assertNull(band.judge(usual, List.of(90L, 100L, 110L)));
    }
  }

  @Test
  void aSizeBelowOrAboveItIsOdd() {
    assertEquals(SizeAnomaly.DROP, band.judge(49L, List.of(90L, 100L, 110L)));
    assertEquals(SizeAnomaly.DROP, band.judge(0L, List.of(90L, 100L, 110L)));
    assertEquals(SizeAnomaly.GROWTH, band.judge(201L, List.of(90L, 100L, 110L)));
  }

  @Test
  void oneOddCopyBeforeDoesNotMoveTheMedian() {
    assertEquals(SizeAnomaly.GROWTH, band.judge(300L, List.of(100L, 100L, 5_000L)));
  }

  @Test
  void ofAnEvenNumberTheMedianIsBetweenTheTwoInTheMiddle() {
    assertNull(band.judge(300L, List.of(100L, 200L, 100L, 200L)));
    assertEquals(SizeAnomaly.GROWTH, band.judge(301L, List.of(100L, 200L, 100L, 200L)));
  }

  @Test
  void tooFewCopiesSayNothingAndNoSizeIsNotOdd() {
    assertNull(band.judge(1L, List.of(100L, 100L)));
    assertNull(band.judge(null, List.of(100L, 100L, 100L)));
  }

  @Test
  void ofEmptyCopiesAnyGrowthIsOdd() {
    assertNull(band.judge(0L, List.of(0L, 0L, 0L)));
    assertEquals(SizeAnomaly.GROWTH, band.judge(1L, List.of(0L, 0L, 0L)));
  }
}
