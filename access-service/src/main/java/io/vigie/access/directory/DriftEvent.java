package io.vigie.access.directory;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What is found in the directory that nobody approved, and what becomes of it. */
public sealed interface DriftEvent extends DomainEvent {

  /**
   * {@code account} is null where it is about the directory itself, {@code person} where the
   * account is nobody's or a program's, {@code what} where it is about no role or group. {@code
   * repair} says whether it is put right at once, by rule.
   */
  record Found(
      UUID aggregateId,
      String kind,
      String account,
      UUID person,
      String what,
      boolean repair,
      Instant at)
      implements DriftEvent {
    @Override
    public String type() {
      return "drift.found.v1";
    }
  }

  /** Somebody decided that it is to be put right. */
  record RepairOrdered(UUID aggregateId, String account, UUID person, Instant at)
      implements DriftEvent {
    @Override
    public String type() {
      return "drift.repair-ordered.v1";
    }
  }

  record Repaired(UUID aggregateId, String account, UUID person, Instant at) implements DriftEvent {
    @Override
    public String type() {
      return "drift.repaired.v1";
    }
  }

  record Accepted(
      UUID aggregateId, String account, UUID person, String reason, Instant until, Instant at)
      implements DriftEvent {
    @Override
    public String type() {
      return "drift.accepted.v1";
    }
  }

  /** {@code because} is GONE, or LAPSED where the time is over for which it was accepted. */
  record Ended(UUID aggregateId, String account, UUID person, String because, Instant at)
      implements DriftEvent {
    @Override
    public String type() {
      return "drift.ended.v1";
    }
  }
}
