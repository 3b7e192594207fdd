package io.vigie.audit.control;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What becomes of attestations of rules; who attested or ended one is the event's actor. */
public sealed interface ControlAttestationEvent extends DomainEvent {

  /**
   * Somebody says of a rule that it holds, which counts until {@code validUntil}.
   *
   * @param digest of what was looked at, a line feed and the statement, which stay here, as SHA-256
   */
  record Given(UUID aggregateId, String rule, String digest, Instant validUntil, Instant at)
      implements ControlAttestationEvent {
    @Override
    public String type() {
      return "control-attestation.given.v1";
    }
  }

  /** It counts no more: another one {@code replaced} it, or it was withdrawn; why stays here. */
  record Ended(UUID aggregateId, String rule, boolean replaced, Instant at)
      implements ControlAttestationEvent {
    @Override
    public String type() {
      return "control-attestation.ended.v1";
    }
  }
}
