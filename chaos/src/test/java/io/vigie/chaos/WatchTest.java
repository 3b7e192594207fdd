package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    try (Watch watch = new Watch(null)) { // its first look would come much later
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
  void aProcessTellsTheMemoryThatIsItsOwn() throws IOException {
    Path process = Path.of("/proc/self");
    assumeTrue(Files.exists(process), "only Linux tells");

    assertTrue(Watch.ownBytes(process) > 8 * MIB);
  }
}
