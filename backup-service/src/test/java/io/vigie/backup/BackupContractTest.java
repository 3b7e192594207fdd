package io.vigie.backup;

import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BackupContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(
        BackupEvent.class.getPermittedSubclasses().length,
        EventContracts.check(BackupEvent.class).size());
  }
}
