package io.vigie.console.dashboard;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import io.vigie.console.service.AuditService.Text;
import io.vigie.console.service.FigureService.Better;
import io.vigie.console.service.FigureService.Day;
import io.vigie.console.service.FigureService.Figure;
import io.vigie.console.service.FigureService.Level;
import io.vigie.console.service.FigureService.Target;
import io.vigie.console.service.FigureService.Unit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LineTest {

  private static final LocalDate FIRST = LocalDate.parse("2026-01-01");

  private static Line line(Unit unit, Better better, Double target, Double... values) {
    List<Day> days = new ArrayList<>();
    for (Double value : values) {
      days.add(new Day(FIRST.plusDays(days.size()), value, 1));
    }
    Text text = new Text("a", "b");
    return Line.of(
        new Figure(
            "a-figure",
            Level.STEERING,
            text,
            text,
            unit,
            better,
            target == null ? null : new Target(target, "R1.1"),
            1.0,
            null,
            1L,
            0L,
            true,
            true),
        days);
  }

  @Test
  void aShareIsDrawnBetweenNothingAndAllAndNotBetweenItsLowestAndItsHighest() {
    Line line = line(Unit.PERCENT, Better.HIGHER, 100.0, 0.0, 50.0, 100.0);
    assertEquals("M0.0 57.0l0 0L150.0 30.0L300.0 3.0", line.path());
    assertEquals("3.0", line.target());
    assertEquals(100, line.by());
    assertTrue(line.isBetter());
  }

  @Test
  void allElseIsDrawnFromNothingOnWithItsTargetInSight() {
    Line line = line(Unit.HOURS, Better.LOWER, 20.0, 10.0, 15.0);
    assertEquals("M0.0 30.0l0 0L300.0 16.5", line.path());
    assertEquals("3.0", line.target());
    assertFalse(line.isBetter());
    assertEquals(
        "M0.0 57.0l0 0L300.0 3.0", line(Unit.COUNT, Better.HIGHER, null, -2.0, 3.0).path());
    assertEquals("M0.0 57.0l0 0L300.0 57.0", line(Unit.COUNT, Better.LOWER, null, 0.0, 0.0).path());
  }

  @Test
  void whereNothingWasKnownThereIsAGapAndNoInventedValue() {
    Line line = line(Unit.PERCENT, Better.HIGHER, null, null, 50.0, null, 50.0, 100.0);
    assertEquals("M75.0 30.0l0 0M225.0 30.0l0 0L300.0 3.0", line.path());
    assertEquals(FIRST.plusDays(1), line.first().day());
    assertEquals(50, line.low());
  }

  @Test
  void ofWhatIsNotKnownNowThereIsALineAndNoTrend() {
    Line line = line(Unit.PERCENT, Better.HIGHER, null, 50.0, 100.0, null);
    assertEquals("M0.0 30.0l0 0L150.0 3.0", line.path());
    assertEquals(100, line.last().value());
    assertNull(line.by());
    assertNull(line.isBetter());
  }

  @Test
  void oneKnownDayIsNoTrendAndNoneIsAgainstNoChange() {
    assertNull(line(Unit.COUNT, Better.LOWER, null, null, 3.0, null));
    assertNull(line(Unit.COUNT, Better.LOWER, null));
    assertNull(line(Unit.COUNT, Better.LOWER, null, 3.0, 4.0, 3.0).isBetter());
  }
}
