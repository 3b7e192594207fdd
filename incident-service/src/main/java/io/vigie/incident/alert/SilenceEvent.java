package io.vigie.incident.alert;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to silences. */
public sealed interface SilenceEvent extends DomainEvent {

  record Created(UUID aggregateId, Instant endsAt, Instant at) implements SilenceEvent {
    @Override
    public String type() {
      return "silence.created.v1";
    }
  }

  record Ended(UUID aggregateId, SilenceEnding ending, Instant at) implements SilenceEvent {
    @Override
    public String type() {
      return "silence.ended.v1";
    }
  }
}
