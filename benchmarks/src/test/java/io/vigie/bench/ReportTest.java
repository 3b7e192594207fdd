package io.vigie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReportTest {

  @TempDir Path folder;

  private static Row row(double[] figures, double[] against, Goal goal) {
    return new Row("x", new Samples(figures), "1/s", "the limit", new Samples(against), goal);
  }

  @Test
  void aRatioIsThatOfTheMedians() {
    Row row = row(new double[] {9, 1, 3}, new double[] {6, 5, 7}, Goal.ratioAtLeast(0.5));
    assertEquals(0.5, row.ratio());
  }

  @Test
  void roundsThatDifferTooMuchGiveNoVerdict() {
    assertNull(row(new double[] {1, 2, 3}, new double[] {1}, Goal.ratioAtLeast(1.5)).met());
    assertNull(row(new double[] {1}, new double[] {1, 2, 3}, Goal.ratioAtMost(0.4)).met());
    assertNull(row(new double[] {1, 4, 9}, new double[] {1}, Goal.atMost(5, "ms")).met());
    assertEquals(true, row(new double[] {2}, new double[] {1}, Goal.ratioAtLeast(2)).met());
    assertEquals(false, row(new double[] {6}, new double[] {1}, Goal.atMost(5, "ms")).met());
  }

  @Test
  void aQuickRunGivesNoVerdictUnlessItsFigureIsCounted() {
    Row timed = row(new double[] {2}, new double[] {1}, Goal.ratioAtLeast(2));
    assertNull(timed.ofQuickRun().met());
    assertEquals(true, timed.counted().ofQuickRun().met());

    Row ofAnotherSize = timed.notJudged("the goal is for the whole size");
    assertEquals("the goal is for the whole size", ofAnotherSize.ofQuickRun().comment());
  }

  @Test
  void roundsThatDifferGiveAVerdictWhereAnyTwoOfThemGiveTheSame() {
    double[] different = {1, 2, 3};
    assertEquals(true, row(different, new double[] {1}, Goal.ratioAtLeast(1)).met());
    assertEquals(false, row(different, new double[] {1, 4}, Goal.ratioAtLeast(4)).met());
    assertEquals(true, row(different, new double[] {1, 9}, Goal.atMost(5, "ms")).met());
  }

  @Test
  void aGoalWithTwoBoundsIsMissedOnBothSides() {
    Goal slope = Goal.between(0.9, 1.1, "(slope)");
    assertEquals("0.9 to 1.1 (slope)", slope.toString());
    assertEquals(true, row(new double[] {0.95, 1, 1.05}, new double[] {1}, slope).met());
    assertEquals(false, row(new double[] {0.8}, new double[] {1}, slope).met());
    assertEquals(false, row(new double[] {1.2}, new double[] {1}, slope).met());
    assertNull(row(new double[] {0.6, 1, 1.4}, new double[] {1}, slope).met());
  }

  @Test
  void aPercentileIsTheSmallestFigureThatCoversTheShare() {
    Samples samples = new Samples(4, 3, 2, 1);
    assertEquals(2, samples.percentile(0.5));
    assertEquals(4, samples.percentile(0.99));
    assertEquals(2.5, samples.median());
  }

  @Test
  void manyRequestsAreThreeRoundsInTheOrderInWhichTheyWereSent() {
    double[] inTurn = {9, 1, 2, 8, 5, 6, 7};
    assertArrayEquals(new double[] {5, 5, 6}, Samples.thirds(inTurn, Samples::median));
    assertEquals(9, Samples.percentiles(inTurn, 0.99).max());
    assertEquals(7, Samples.percentiles(inTurn, 0.99).min());
  }

  @Test
  void aPercentileOfManyRequestsIsToldOfAllOfThemAndItsRangeOfTheirThirds() {
    Samples slowAtFirst = Samples.percentiles(new double[] {40, 30, 2, 1, 2, 1}, 0.5);
    assertEquals(2, slowAtFirst.figure());
    assertEquals(30, slowAtFirst.max());
    assertEquals(1, slowAtFirst.min());

    Samples slowest = Samples.percentiles(new double[] {9, 1, 2, 1, 2, 1}, 0.99);
    Row row = new Row("x", slowest, "ms", "y", new Samples(1), Goal.atMost(5, "ms"));
    assertEquals(9, row.ratio());
    assertNull(row.met());
    assertTrue(Report.line(row).contains(" 9.0 ms (2.0 to 9.0) "), Report.line(row));
  }

  @Test
  void anOutboxIsJudgedByTheLargestThatItWasWhereverThatWas() {
    RelayOutboxGrowth growth = new RelayOutboxGrowth();
    double[] first = {10, 12, 11};

    Row grown = growth.row("", 9_000_000, new double[] {12, 18, 25}, 900_000, first);
    assertEquals(false, grown.met());
    assertTrue(Report.line(grown).contains("by thirds 12.0 / 18.0 / 25.0"), Report.line(grown));
    Row atFirst = growth.row("", 9_000_000, new double[] {24, 9, 12}, 900_000, first);
    assertEquals(true, atFirst.met());
  }

  @Test
  void writersBesideARelayThatFallsBehindGiveNoFigure() {
    double[] behind = IntStream.range(0, 21).mapToDouble(second -> 100 * second).toArray();
    double growth = RelayWriterCost.growth(behind);
    assertEquals(100, growth);
    assertThrows(IllegalStateException.class, () -> RelayWriterCost.requireKeptUp(growth, 4_000));

    double[] late = {0, 30, 40, 35, 30, 40, 30, 35, 900};
    RelayWriterCost.requireKeptUp(RelayWriterCost.growth(late), 4_000);
  }

  @Test
  void resultsAreAnArrayOfObjectsThatProgramsRead() throws IOException {
    Path file = folder.resolve("results.json");

    Report.write(List.of(row(new double[] {1}, new double[] {4}, Goal.ratioAtLeast(0.5))), file);

    JsonNode result = new ObjectMapper().readTree(file.toFile()).get(0);
    assertEquals(
        "{\"name\":\"x\",\"figure\":1.0,\"unit\":\"1/s\",\"against\":\"the limit\","
            + "\"againstFigure\":4.0,\"ratio\":0.25,\"goal\":\"≥ 0.5 ×\",\"met\":false}",
        result.toString());
  }

  @Test
  void aRecordReplacesWhatStandsBetweenItsMarksAndNothingElse() throws IOException {
    Path document = folder.resolve("performance.md");
    Files.writeString(document, "before <!-- results:x -->old<!-- end:x --> after");
    List<Row> rows = List.of(row(new double[] {1}, new double[] {4}, Goal.ratioAtLeast(0.5)));

    Report.record("x", rows, "the command", document);

    String text = Files.readString(document);
    assertTrue(text.startsWith("before <!-- results:x -->\n| figure |"), text);
    assertTrue(text.endsWith("the command\n<!-- end:x --> after"), text);
    assertThrows(IOException.class, () -> Report.record("y", rows, "", document));
  }
}
