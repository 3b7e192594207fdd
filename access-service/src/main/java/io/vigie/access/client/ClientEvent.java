package io.vigie.access.client;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to clients, told without their names and those of their contacts. */
public sealed interface ClientEvent extends DomainEvent {

  /** {@code assets}: where the client's data is. */
  record Registered(UUID aggregateId, int notificationDelayHours, List<UUID> assets, Instant at)
      implements ClientEvent {
    @Override
    public String type() {
      return "client.registered.v1";
    }
  }

  /**
   * {@code fields} names what changed; the values of public fields are in the merge patch. The rest
   * is as it is now.
   */
  record Changed(
      UUID aggregateId,
      List<String> fields,
      int notificationDelayHours,
      List<UUID> assets,
      Instant at)
      implements ClientEvent {
    @Override
    public String type() {
      return "client.changed.v1";
    }
  }

  /** The contract is over; by the end of {@code dueOn} the data has its fate. */
  record Ended(UUID aggregateId, DataFate fate, LocalDate dueOn, Instant at)
      implements ClientEvent {
    @Override
    public String type() {
      return "client.ended.v1";
    }
  }

  /** {@code evidence}: SHA-256 of the file that shows it. */
  record DataSettled(UUID aggregateId, DataFate fate, String evidence, Instant at)
      implements ClientEvent {
    @Override
    public String type() {
      return "client.data-settled.v1";
    }
  }
}
