package io.vigie.access.people;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to people, told without their names: the log is for ever, a name is not. */
public sealed interface PersonEvent extends DomainEvent {

  record Joined(UUID aggregateId, String businessProfile, String subject, Instant at)
      implements PersonEvent {
    @Override
    public String type() {
      return "person.joined.v1";
    }
  }

  /** {@code fields} names what changed; the values of public fields are in the merge patch. */
  record Changed(UUID aggregateId, List<String> fields, Instant at) implements PersonEvent {
    @Override
    public String type() {
      return "person.changed.v1";
    }
  }

  /** From now on no token of {@code subject}, where there is one, counts anywhere. */
  record Left(UUID aggregateId, String subject, Instant at) implements PersonEvent {
    @Override
    public String type() {
      return "person.left.v1";
    }
  }
}
