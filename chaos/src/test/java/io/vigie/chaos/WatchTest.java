package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What counts as growth among samples, and what does not. */
class WatchTest {

  private static final int SAMPLES = 16;
  private static final long MIB = 1 << 20;

  /** The growth of one figure that goes from one value to another. */
  private static List<Difference> growth(Watch.What what, int samples, double from, double to) {
    try (Watch watch = new Watch(null, List.of())) { // its first look would come much later
      IntStream.range(0, samples)
          .forEach(i -> watch.add(what, "asset", from + (to - from) * i / (samples - 1)));
      return watch.growth();
    }
  }

  @Test
  void whatStaysOrShrinksDoesNotGrow() {
    assertEquals(List.of(), growth(Watch.What.HANDLES, SAMPLES, 900, 900));
    assertEquals(List.of(), growth(Watch.What.HANDLES, SAMPLES, 900, 100));
  }

  @Test
  void memoryThatIsAProcesssOwnGrowsBeyondItsMargin() {
    assertEquals(List.of(), growth(Watch.What.OWN_MIB, SAMPLES, 200 * MIB, 280 * MIB));

    Difference grown = growth(Watch.What.OWN_MIB, SAMPLES, 200 * MIB, 800 * MIB).get(0);
    assertEquals("asset own mib", grown.object());
  }

  @Test
  void whatARowTakesGrowsBeyondItsMarginAndIsNotAskedOfATableOfFewRows() {
    assertEquals(List.of(), growth(Watch.What.ROW_BYTES, SAMPLES, 220, 240));
    assertEquals(1, growth(Watch.What.ROW_BYTES, SAMPLES, 220, 1_200).size());
    assertEquals(List.of(), growth(Watch.What.ROW_BYTES, 2, 220, 1_200));
  }

  @Test
  void aRunThatIsTooShortToTellIsFound() {
    assertTrue(growth(Watch.What.THREADS, 2, 10, 10).get(0).found().contains("run longer"));
  }

  @Test
  void whatIsNeverSeenIsMissed() {
    try (Watch watch = new Watch(null, List.of("postgresql", "access"))) {
      List<String> missed = watch.growth().stream().map(Difference::object).toList();

      assertTrue(missed.contains("postgresql threads"), missed.toString());
      assertTrue(missed.contains("access live mib"), missed.toString());
      assertTrue(missed.contains("access.directory_examination table mib"), missed.toString());
      assertEquals(3 + 4 + 1 + 6, missed.size());
    }
  }

  @Test
  void whatIsSeenLessOftenThanOnceAMinuteIsMissed() {
    try (Watch watch = new Watch(null, List.of())) {
      IntStream.range(0, SAMPLES).forEach(i -> watch.add(Watch.What.THREADS, "asset", 10));

      assertEquals(List.of(), watch.growth(TimeUnit.MINUTES.toNanos(SAMPLES)));
      assertEquals(1, watch.growth(TimeUnit.MINUTES.toNanos(SAMPLES + 1)).size());
    }
  }

  @Test
  void aProcessTellsTheMemoryThatIsItsOwn() throws IOException {
    Path process = Path.of("/proc/self");
    assumeTrue(Files.exists(process), "only Linux tells");

    assertTrue(Watch.ownBytes(process) > 8 * MIB);
  }
}
