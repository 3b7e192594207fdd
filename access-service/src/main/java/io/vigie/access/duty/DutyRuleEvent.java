package io.vigie.access.duty;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to rules of separation; what they keep apart stands in the public state. */
public sealed interface DutyRuleEvent extends DomainEvent {

  record Created(UUID aggregateId, String name, String scope, String mode, Instant at)
      implements DutyRuleEvent {
    @Override
    public String type() {
      return "duty-rule.created.v1";
    }
  }

  /** {@code fields} are those that differ from before. */
  record Changed(UUID aggregateId, List<String> fields, String reason, Instant at)
      implements DutyRuleEvent {
    @Override
    public String type() {
      return "duty-rule.changed.v1";
    }
  }

  record Retired(UUID aggregateId, String name, String reason, Instant at)
      implements DutyRuleEvent {
    @Override
    public String type() {
      return "duty-rule.retired.v1";
    }
  }
}
