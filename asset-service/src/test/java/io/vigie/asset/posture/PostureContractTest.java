package io.vigie.asset.posture;

import java.util.List;

import io.vigie.kernel.DomainEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PostureContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    for (Class<? extends DomainEvent> events : List.of(PostureEvent.class, ExemptionEvent.class)) {
      int records =
          (int) List.of(events.getPermittedSubclasses()).stream().filter(Class::isRecord).count();
      assertEquals(records, EventContracts.check(events).size());
    }
  }
}
