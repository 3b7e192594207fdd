package io.vigie.testkit;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

class ConsumerContractsTest {

  @Test
  void everyProducerGivesWhatConsumersRelyOn() {
    assertTrue(EventContracts.checkConsumers() > 0);
  }
}
