package io.vigie.backup.vault;

import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class VaultContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(
        VaultEvent.class.getPermittedSubclasses().length,
        EventContracts.check(VaultEvent.class).size());
    assertEquals(
        HoldEvent.class.getPermittedSubclasses().length,
        EventContracts.check(HoldEvent.class).size());
    assertEquals(
        RetentionEvent.class.getPermittedSubclasses().length,
        EventContracts.check(RetentionEvent.class).size());
  }
}
