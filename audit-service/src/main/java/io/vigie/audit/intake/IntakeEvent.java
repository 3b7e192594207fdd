package io.vigie.audit.intake;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Facts about where the log reads, and about what does not reach it. */
public sealed interface IntakeEvent extends DomainEvent {

  /**
   * A partition that the log reads on from elsewhere.
   *
   * @param from the offset that would have been read next
   * @param to the first offset that the topic has, which is read next
   */
  record PartitionReset(String topic, int partition, long from, long to) {}

  /**
   * An operator had the log read topics from their beginning that did not have its positions any
   * more: they were lost and made anew, came back from an older copy, or kept records too shortly.
   *
   * @param aggregateId this reset
   * @param reason what the operator said
   */
  record OffsetsReset(UUID aggregateId, String reason, List<PartitionReset> partitions, Instant at)
      implements IntakeEvent {
    @Override
    public String type() {
      return "audit.log-offsets-reset.v1";
    }
  }

  /**
   * Somebody in charge stated that events of a source will not come: they count as missing no more.
   *
   * @param aggregateId this acknowledgement
   * @param source whose events they are
   * @param subject the object whose events have these numbers; null where the source gave them
   * @param first the first of the numbers that will not come
   * @param last the last one
   * @param reason what they said
   */
  record GapAcknowledged(
      UUID aggregateId,
      String source,
      String subject,
      long first,
      long last,
      String reason,
      Instant at)
      implements IntakeEvent {
    @Override
    public String type() {
      return "audit.log-gap-acknowledged.v1";
    }
  }
}
