package io.vigie.backup.restore;

import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RestoreContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(
        RestoreEvent.class.getPermittedSubclasses().length,
        EventContracts.check(RestoreEvent.class).size());
  }
}
