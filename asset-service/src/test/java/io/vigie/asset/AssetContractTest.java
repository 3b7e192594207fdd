package io.vigie.asset;

import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AssetContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(
        AssetEvent.class.getPermittedSubclasses().length,
        EventContracts.check(AssetEvent.class).size());
  }
}
