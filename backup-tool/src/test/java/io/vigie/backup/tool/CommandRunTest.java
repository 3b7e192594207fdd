package io.vigie.backup.tool;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CommandRunTest {

  private static boolean isUnfinished(int exitCode) {
    return new CommandRun("restic", Instant.EPOCH, Instant.EPOCH, exitCode, "", "").isUnfinished();
  }

  @ParameterizedTest
  @ValueSource(ints = {127, 129, 130, 137, 143, 192})
  void aCommandThatIsNotThereOrIsEndedFromOutsideSaysNothing(int exitCode) {
    assertTrue(isUnfinished(exitCode));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 126, 128, 134, 139, 193, 255})
  void whatItExitsWithItselfAndACrashAreItsAnswer(int exitCode) {
    assertFalse(isUnfinished(exitCode));
  }
}
