package io.vigie.access.person;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to accounts of programs. */
public sealed interface ServiceAccountEvent extends DomainEvent {

  record Registered(
      UUID aggregateId,
      String name,
      String subject,
      UUID responsible,
      Instant validUntil,
      Instant at)
      implements ServiceAccountEvent {
    @Override
    public String type() {
      return "service-account.registered.v1";
    }
  }

  /**
   * {@code fields} names what changed; the values of public fields are in the merge patch. Where
   * {@code state} is suspended from now on, no token of {@code subject} from before counts
   * anywhere.
   */
  record Changed(UUID aggregateId, String subject, List<String> fields, Instant at)
      implements ServiceAccountEvent {
    @Override
    public String type() {
      return "service-account.changed.v1";
    }
  }

  /** {@code responsible} left: nobody answers for the account until somebody takes it over. */
  record Orphaned(UUID aggregateId, String subject, UUID responsible, Instant at)
      implements ServiceAccountEvent {
    @Override
    public String type() {
      return "service-account.orphaned.v1";
    }
  }

  record TakenOver(
      UUID aggregateId, String subject, UUID responsible, UUID previousResponsible, Instant at)
      implements ServiceAccountEvent {
    @Override
    public String type() {
      return "service-account.taken-over.v1";
    }
  }

  /** Nothing uses the account any more; {@code reason} is absent where its time was over. */
  record Ended(UUID aggregateId, String subject, String reason, Instant at)
      implements ServiceAccountEvent {
    @Override
    public String type() {
      return "service-account.ended.v1";
    }
  }
}
