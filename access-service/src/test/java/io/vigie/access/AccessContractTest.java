package io.vigie.access;

import io.vigie.access.people.PersonEvent;
import io.vigie.access.rights.RightEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AccessContractTest {

  @Test
  void everyEventOfAPersonKeepsItsPublishedContract() {
    assertEquals(
        PersonEvent.class.getPermittedSubclasses().length,
        EventContracts.check(PersonEvent.class).size());
  }

  @Test
  void everyEventOfARightKeepsItsPublishedContract() {
    assertEquals(
        RightEvent.class.getPermittedSubclasses().length,
        EventContracts.check(RightEvent.class).size());
  }
}
