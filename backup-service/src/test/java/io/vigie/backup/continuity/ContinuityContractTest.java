package io.vigie.backup.continuity;

import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ContinuityContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(
        ContinuityEvent.class.getPermittedSubclasses().length,
        EventContracts.check(ContinuityEvent.class).size());
  }
}
