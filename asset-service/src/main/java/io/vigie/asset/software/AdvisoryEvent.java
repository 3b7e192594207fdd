package io.vigie.asset.software;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to advisories. */
public sealed interface AdvisoryEvent extends DomainEvent {

  /**
   * An advisory came that was not known.
   *
   * @param score its highest CVSS base score, or null
   * @param packages how many packages it names
   */
  record Received(
      UUID aggregateId,
      String publisher,
      String identifier,
      Severity severity,
      BigDecimal score,
      int packages,
      int productsWithoutPurl,
      Instant modifiedAt,
      Instant at)
      implements AdvisoryEvent {
    @Override
    public String type() {
      return "advisory.received.v1";
    }
  }

  /** Its publisher gave out a newer version, or what was withdrawn is in force again. */
  record Revised(
      UUID aggregateId,
      Severity severity,
      BigDecimal score,
      int packages,
      int productsWithoutPurl,
      Instant modifiedAt,
      Instant at)
      implements AdvisoryEvent {
    @Override
    public String type() {
      return "advisory.revised.v1";
    }
  }

  record Withdrawn(UUID aggregateId, String reason, Instant at) implements AdvisoryEvent {
    @Override
    public String type() {
      return "advisory.withdrawn.v1";
    }
  }

  /** Somebody found out whether it is exploited: {@code since} is null where it is not. */
  record ExploitationSet(UUID aggregateId, Instant since, String source, Instant at)
      implements AdvisoryEvent {
    @Override
    public String type() {
      return "advisory.exploitation-set.v1";
    }
  }
}
