package io.vigie.audit.log;

import java.util.List;

import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AuditContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(List.of("audit.log-read.v1"), EventContracts.check(AuditEvent.class));
  }
}
