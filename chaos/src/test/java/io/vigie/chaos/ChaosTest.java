package io.vigie.chaos;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Two minutes of what {@code ./vigie chaos} does, with faults that are the same each time on a
 * machine that lets the same ones strike; {@link ScheduleTest} has which those are.
 */
class ChaosTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  static final long SEED = 1122;
  static final Duration LENGTH = Duration.ofMinutes(2);

  @Test
  void nothingIsLostDoubledOrOutOfOrderWhateverStrikes() throws Exception {
    ChaosRun.Place place =
        new ChaosRun.Place(ROOT, ROOT.resolve("chaos/target/chaos"), ROOT.resolve(".vigie/cache"));

    ChaosRun.Outcome outcome =
        new ChaosRun(place, SEED, System.out).faults(faults -> Schedule.of(SEED, LENGTH, faults));

    outcome.lines().forEach(System.out::println);
    System.out.println(outcome.summary());
    assertEquals("", outcome.told(), "./vigie chaos --minutes 2 --seed " + SEED);
  }
}
