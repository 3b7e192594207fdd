package io.vigie.access.approval;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to delegations: {@code substitute} approves in the place of {@code person}. */
public sealed interface DelegationEvent extends DomainEvent {

  record Made(
      UUID aggregateId,
      UUID person,
      UUID substitute,
      Instant validFrom,
      Instant validUntil,
      String reason,
      Instant at)
      implements DelegationEvent {
    @Override
    public String type() {
      return "delegation.made.v1";
    }
  }

  /** By decision, or because one of the two left. */
  record Revoked(UUID aggregateId, UUID person, UUID substitute, String reason, Instant at)
      implements DelegationEvent {
    @Override
    public String type() {
      return "delegation.revoked.v1";
    }
  }

  /** Its time is over. */
  record Ended(UUID aggregateId, UUID person, UUID substitute, Instant at)
      implements DelegationEvent {
    @Override
    public String type() {
      return "delegation.ended.v1";
    }
  }
}
