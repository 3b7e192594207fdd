package io.vigie.testkit;

import java.util.List;

import io.vigie.kernel.security.SecurityEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ContractsTest {

  @Test
  void everyProducerGivesWhatConsumersRelyOn() {
    assertTrue(EventContracts.checkConsumers() > 0);
  }

  @Test
  void everyRefusalKeepsItsPublishedContract() {
    assertEquals(
        List.of("security.refused.v1", "security.refusals.v1"),
        EventContracts.check(SecurityEvent.class));
  }
}
