package io.vigie.access.physical;

import java.util.List;

import io.vigie.kernel.DomainEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PremisesContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    for (Class<? extends DomainEvent> events :
        List.of(
            ZoneEvent.class,
            BadgeEvent.class,
            KeyEvent.class,
            VisitEvent.class,
            PassageEvent.class,
            InspectionEvent.class,
            FindingEvent.class)) {
      assertEquals(events.getPermittedSubclasses().length, EventContracts.check(events).size());
    }
  }
}
