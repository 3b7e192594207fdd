package io.vigie.asset.network;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What was seen on the network and should not be, and its end. */
public sealed interface FindingEvent extends DomainEvent {

  /**
   * {@code rule} is the one that is broken; null where the flow is only undeclared. {@code toAsset}
   * is null where no asset has the address. {@code ports} are 100 at most, {@code morePorts} says
   * whether there are others.
   */
  record Opened(
      UUID aggregateId,
      String rule,
      UUID fromZone,
      UUID toZone,
      UUID toAsset,
      String protocol,
      List<Integer> ports,
      boolean morePorts,
      Instant seenAt,
      Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "network-finding.opened.v1";
    }
  }

  /** It was seen at further ports. */
  record Widened(
      UUID aggregateId, List<Integer> ports, boolean morePorts, Instant seenAt, Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "network-finding.widened.v1";
    }
  }

  /** Some of its ports were declared; it is about the others. */
  record Narrowed(UUID aggregateId, List<Integer> ports, Instant at) implements FindingEvent {
    @Override
    public String type() {
      return "network-finding.narrowed.v1";
    }
  }

  /** {@code because} is DECLARED, QUIET or DISMISSED, the last with a reason. */
  record Closed(UUID aggregateId, String because, String reason, long openSeconds, Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "network-finding.closed.v1";
    }
  }
}
