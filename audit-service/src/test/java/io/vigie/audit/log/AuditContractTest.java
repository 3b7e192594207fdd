package io.vigie.audit.log;

import java.util.List;

import io.vigie.audit.checkpoint.CheckpointEvent;
import io.vigie.audit.erasure.ErasureEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AuditContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(List.of("audit.log-read.v1"), EventContracts.check(AuditEvent.class));
    assertEquals(
        List.of("audit.erasure-ordered.v1", "audit.payload-erased.v1"),
        EventContracts.check(ErasureEvent.class));
  }

  @Test
  void everyEventAboutSigningKeepsItsPublishedContract() {
    assertEquals(
        List.of("audit.key-rotated.v1", "audit.log-succeeded.v1"),
        EventContracts.check(CheckpointEvent.class));
  }
}
