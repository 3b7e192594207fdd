package io.vigie.access.client;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to accesses to clients' data; each names the client, for its evidence. */
public sealed interface ClientAccessEvent extends DomainEvent {

  /** {@code file}: SHA-256 of the contract or of the instruction. */
  record Requested(
      UUID aggregateId,
      UUID client,
      UUID person,
      Purpose.Ground ground,
      String reference,
      String file,
      Instant validFrom,
      Instant validUntil,
      Instant at)
      implements ClientAccessEvent {
    @Override
    public String type() {
      return "client-access.requested.v1";
    }
  }

  /** Says all that is needed to let the person in, and to keep them out again in time. */
  record Approved(
      UUID aggregateId,
      UUID client,
      UUID person,
      Purpose.Ground ground,
      String reference,
      String file,
      Instant validFrom,
      Instant validUntil,
      Instant at)
      implements ClientAccessEvent {
    @Override
    public String type() {
      return "client-access.approved.v1";
    }
  }

  record Refused(UUID aggregateId, UUID client, UUID person, String reason, Instant at)
      implements ClientAccessEvent {
    @Override
    public String type() {
      return "client-access.refused.v1";
    }
  }

  record Withdrawn(UUID aggregateId, UUID client, UUID person, Instant at)
      implements ClientAccessEvent {
    @Override
    public String type() {
      return "client-access.withdrawn.v1";
    }
  }

  record Revoked(UUID aggregateId, UUID client, UUID person, String reason, Instant at)
      implements ClientAccessEvent {
    @Override
    public String type() {
      return "client-access.revoked.v1";
    }
  }

  record Expired(UUID aggregateId, UUID client, UUID person, Instant at)
      implements ClientAccessEvent {
    @Override
    public String type() {
      return "client-access.expired.v1";
    }
  }
}
