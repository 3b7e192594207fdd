package io.vigie.audit.detect;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What detection publishes. */
public sealed interface DetectionEvent extends DomainEvent {

  /**
   * A rule fired.
   *
   * @param aggregateId this alert
   * @param group whom or what the rule counted; null where it tells none apart
   * @param count what it counted in all, from {@code first} to {@code last}
   * @param entries log indexes of what it counted, at most the newest 100
   * @param detail what the log's own watch found, in words; null for a rule over entries
   */
  record AlertRaised(
      UUID aggregateId,
      String rule,
      String severity,
      String title,
      String group,
      long count,
      Instant first,
      Instant last,
      List<Long> entries,
      String detail,
      Instant at)
      implements DetectionEvent {
    @Override
    public String type() {
      return "audit.alert-raised.v1";
    }
  }

  /**
   * What the log's own watch had raised an alert for has ended.
   *
   * @param aggregateId the alert
   */
  record AlertOver(UUID aggregateId, String rule, String group, Instant at)
      implements DetectionEvent {
    @Override
    public String type() {
      return "audit.alert-over.v1";
    }
  }
}
