package io.vigie.verifier;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SourceNumbersTest {

  private static final String NAME = "x".repeat(990);

  private final SourceNumbers numbers = new SourceNumbers();

  @Test
  void oneSourceOfALongNameMayGiveAsManyNumbersAsItLikes() throws Exception {
    for (int number = 1; number <= 20_000; number++) {
      assertTrue(numbers.add(NAME, number));
    }
    assertEquals(new SourceCoverage(NAME, 20_000, 0, 0), numbers.coverage().get(0));
  }

  @Test
  void sourcesOfMoreNamesThanMemoryIsSetAsideForAreRefused() {
    SourceNumbers.TooManyRanges refused =
        assertThrows(SourceNumbers.TooManyRanges.class, this::addManySources);
    assertTrue(refused.getMessage().contains("sources names of more"), refused::getMessage);
  }

  private void addManySources() throws SourceNumbers.TooManyRanges {
    for (int source = 0; source < 20_000; source++) {
      numbers.add(NAME + source, 1);
    }
  }
}
