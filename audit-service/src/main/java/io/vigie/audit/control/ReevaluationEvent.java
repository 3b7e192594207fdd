package io.vigie.audit.control;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What becomes of re-evaluations of controls; who answered is the event's actor. */
public sealed interface ReevaluationEvent extends DomainEvent {

  /** It is to be answered before {@code dueAt}. */
  record Planned(UUID aggregateId, String rule, Instant dueAt, Instant at)
      implements ReevaluationEvent {
    @Override
    public String type() {
      return "re-evaluation.planned.v1";
    }
  }

  /** Four questions were answered, {@code late} at its time or after; the texts stay here. */
  record Answered(
      UUID aggregateId, String rule, Reevaluation.Decision decision, boolean late, Instant at)
      implements ReevaluationEvent {
    @Override
    public String type() {
      return "re-evaluation.answered.v1";
    }
  }
}
