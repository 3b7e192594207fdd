package io.vigie.access.duty;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * What becomes of conflicts. {@code rule} is the id of a rule of separation, or the code of a rule
 * over history; {@code matter} is what the duties are about, as {@code <kind>/<id>}, and null where
 * that does not count.
 */
public sealed interface DutyConflictEvent extends DomainEvent {

  /**
   * {@code person} is null for an account that is nobody's, {@code account} for a conflict of
   * rights. {@code entitlements} are what they had of the sides when it was found.
   */
  record Found(
      UUID aggregateId,
      String kind,
      String rule,
      UUID person,
      String account,
      String matter,
      List<UUID> entitlements,
      Instant at)
      implements DutyConflictEvent {
    @Override
    public String type() {
      return "duty-conflict.found.v1";
    }
  }

  record Excepted(
      UUID aggregateId,
      String rule,
      UUID person,
      String matter,
      String reason,
      String compensatingControl,
      Instant until,
      Instant at)
      implements DutyConflictEvent {
    @Override
    public String type() {
      return "duty-conflict.excepted.v1";
    }
  }

  /** Excepted no more, and there: {@code because} is TIME or WITHDRAWN, which has a reason. */
  record Lapsed(
      UUID aggregateId,
      String rule,
      UUID person,
      String matter,
      String because,
      String reason,
      Instant at)
      implements DutyConflictEvent {
    @Override
    public String type() {
      return "duty-conflict.lapsed.v1";
    }
  }

  /**
   * {@code because} is GONE: no longer a right of each side; UNUSED: an exception ended that was
   * never needed; RULE_RETIRED; or SETTLED: the CISO says what was done about it.
   */
  record Resolved(
      UUID aggregateId,
      String rule,
      UUID person,
      String matter,
      String because,
      String reason,
      Instant at)
      implements DutyConflictEvent {
    @Override
    public String type() {
      return "duty-conflict.resolved.v1";
    }
  }
}
