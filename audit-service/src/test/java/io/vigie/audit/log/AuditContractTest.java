package io.vigie.audit.log;

import java.util.Set;

import io.vigie.audit.audit.ControlAuditEvent;
import io.vigie.audit.checkpoint.CheckpointEvent;
import io.vigie.audit.control.ControlAttestationEvent;
import io.vigie.audit.control.ControlExceptionEvent;
import io.vigie.audit.control.ReevaluationEvent;
import io.vigie.audit.detect.DetectionEvent;
import io.vigie.audit.erasure.ErasureEvent;
import io.vigie.audit.intake.IntakeEvent;
import io.vigie.audit.siem.SiemEvent;
import io.vigie.audit.verification.VerificationEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AuditContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(
        Set.of("audit.log-read.v1", "audit.history-read.v1", "audit.log-exported.v1"),
        EventContracts.check(AuditEvent.class));
    assertEquals(
        Set.of("audit.key-rotated.v1", "audit.log-succeeded.v1"),
        EventContracts.check(CheckpointEvent.class));
    assertEquals(
        Set.of("audit.alert-raised.v1", "audit.alert-over.v1"),
        EventContracts.check(DetectionEvent.class));
    assertEquals(
        Set.of("audit.erasure-ordered.v1", "audit.payload-erased.v1"),
        EventContracts.check(ErasureEvent.class));
    assertEquals(
        Set.of("audit.log-offsets-reset.v1", "audit.log-gap-acknowledged.v1"),
        EventContracts.check(IntakeEvent.class));
    assertEquals(Set.of("audit.log-verified.v1"), EventContracts.check(VerificationEvent.class));
    assertEquals(
        Set.of(
            "control-audit.planned.v1",
            "control-audit.begun.v1",
            "control-audit.finding-raised.v1",
            "control-audit.finding-acted-on.v1",
            "control-audit.finding-verified.v1",
            "control-audit.finding-accepted.v1",
            "control-audit.closed.v1",
            "control-audit.cancelled.v1",
            "control-audit.evidence-asked.v1",
            "control-audit.evidence-assigned.v1",
            "control-audit.evidence-answered.v1",
            "control-audit.evidence-reviewed.v1",
            "control-audit.evidence-withdrawn.v1"),
        EventContracts.check(ControlAuditEvent.class));
    assertEquals(
        Set.of("control-attestation.given.v1", "control-attestation.ended.v1"),
        EventContracts.check(ControlAttestationEvent.class));
    assertEquals(
        Set.of(
            "control-exception.requested.v1",
            "control-exception.approved.v1",
            "control-exception.refused.v1",
            "control-exception.withdrawn.v1"),
        EventContracts.check(ControlExceptionEvent.class));
    assertEquals(
        Set.of("re-evaluation.planned.v1", "re-evaluation.answered.v1"),
        EventContracts.check(ReevaluationEvent.class));
    assertEquals(Set.of("audit.siem-position-moved.v1"), EventContracts.check(SiemEvent.class));
  }
}
