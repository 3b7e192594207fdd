package io.vigie.asset.document;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to acknowledgements. */
public sealed interface AcknowledgementEvent extends DomainEvent {

  /** {@code account} is the subject of who acknowledged the version with that number. */
  record Given(
      UUID aggregateId, UUID document, UUID documentVersion, int number, String account, Instant at)
      implements AcknowledgementEvent {
    @Override
    public String type() {
      return "acknowledgement.given.v1";
    }
  }
}
