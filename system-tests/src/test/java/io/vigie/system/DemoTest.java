package io.vigie.system;

import java.time.Clock;

import io.vigie.stack.Demo;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

/** The walk through the main job, on a new platform and again on a used one. */
class DemoTest {

  @Test
  void theMainJobEndsWithAVerifiedTrailTwiceInARow() {
    for (int run = 0; run < 2; run++) {
      assertDoesNotThrow(
          () -> Demo.run(Platform.site(), Platform.stack(), Clock.systemUTC()), "run " + run);
    }
  }
}
