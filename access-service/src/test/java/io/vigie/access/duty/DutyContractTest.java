package io.vigie.access.duty;

import java.util.List;

import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DutyContractTest {

  @Test
  void everyEventOfDutiesKeepsItsPublishedContract() {
    for (var events : List.of(DutyRuleEvent.class, DutyConflictEvent.class)) {
      assertEquals(events.getPermittedSubclasses().length, EventContracts.check(events).size());
    }
  }

  @Test
  void whatOtherServicesTellIsWhatTheRulesOverHistoryRead() {
    assertTrue(EventContracts.checkConsumers() > 0);
  }
}
