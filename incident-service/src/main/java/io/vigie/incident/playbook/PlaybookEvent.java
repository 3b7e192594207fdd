package io.vigie.incident.playbook;

import java.time.Instant;
import java.util.UUID;

import io.vigie.incident.Category;
import io.vigie.kernel.DomainEvent;

/** What becomes of playbooks, and of their checklists. */
public sealed interface PlaybookEvent extends DomainEvent {

  /**
   * A version waits for approval; {@code number} counts from 1, {@code digest} is of its steps,
   * which are taken from {@code document}, or from none where that is null.
   */
  record Submitted(
      UUID aggregateId,
      Category category,
      int number,
      int steps,
      String digest,
      UUID document,
      Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook.submitted.v1";
    }
  }

  /** By somebody else than its author: it is in force. */
  record Approved(
      UUID aggregateId,
      Category category,
      int number,
      String digest,
      Instant exerciseDueAt,
      Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook.approved.v1";
    }
  }

  record Returned(UUID aggregateId, Category category, int number, Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook.returned.v1";
    }
  }

  /** An exercise of it was done to its end. */
  record Exercised(UUID aggregateId, Category category, UUID run, Instant exerciseDueAt, Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook.exercised.v1";
    }
  }

  /** A checklist was begun; {@code incident} is null in an exercise that is of none. */
  record Begun(
      UUID aggregateId,
      UUID playbook,
      int number,
      UUID incident,
      boolean exercise,
      int steps,
      Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook-run.begun.v1";
    }
  }

  /** A step, counted from 1, was done or skipped; who did is the event's actor. */
  record Settled(UUID aggregateId, int step, StepState outcome, Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook-run.step-settled.v1";
    }
  }

  /** No step is left. */
  record Completed(
      UUID aggregateId, UUID playbook, UUID incident, boolean exercise, int skipped, Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook-run.completed.v1";
    }
  }

  /** Something was learnt, which {@code owner} follows up. */
  record Learnt(UUID aggregateId, UUID lesson, String owner, Instant dueAt, Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook-run.lesson-learnt.v1";
    }
  }

  record FollowedUp(UUID aggregateId, UUID lesson, boolean late, Instant at)
      implements PlaybookEvent {
    @Override
    public String type() {
      return "playbook-run.lesson-followed-up.v1";
    }
  }
}
