package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to people, told without their names: the log is for ever, a name is not. */
public sealed interface PersonEvent extends DomainEvent {

  /** {@code joinedOn} is the first day; where that is ahead, {@link Started} follows. */
  record Joined(
      UUID aggregateId, String businessProfile, String subject, LocalDate joinedOn, Instant at)
      implements PersonEvent {
    @Override
    public String type() {
      return "person.joined.v1";
    }
  }

  /** The first day of somebody who was announced has come. */
  record Started(UUID aggregateId, String businessProfile, String subject, Instant at)
      implements PersonEvent {
    @Override
    public String type() {
      return "person.started.v1";
    }
  }

  /** {@code fields} names what changed; the values of public fields are in the merge patch. */
  record Changed(UUID aggregateId, List<String> fields, Instant at) implements PersonEvent {
    @Override
    public String type() {
      return "person.changed.v1";
    }
  }

  /** They will leave when {@code lastDay} is over, unless that is changed or taken back. */
  record DeparturePlanned(UUID aggregateId, LocalDate lastDay, Instant at) implements PersonEvent {
    @Override
    public String type() {
      return "person.departure-planned.v1";
    }
  }

  record DepartureWithdrawn(UUID aggregateId, Instant at) implements PersonEvent {
    @Override
    public String type() {
      return "person.departure-withdrawn.v1";
    }
  }

  /** From now on no token of {@code subject}, where there is one, counts anywhere. */
  record Left(UUID aggregateId, String subject, Instant at) implements PersonEvent {
    @Override
    public String type() {
      return "person.left.v1";
    }
  }

  /**
   * Nothing tells any more who this was. Whoever keeps something under one of the ids erases it, or
   * has said why it is kept.
   *
   * @param reason why, told without names
   * @param reference the request, or the rule, that this answers
   */
  record Erased(UUID aggregateId, String subject, String reason, String reference, Instant at)
      implements PersonEvent {
    @Override
    public String type() {
      return "person.erased.v1";
    }
  }
}
