package io.vigie.kernel.security;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Refusals as facts. They belong to no aggregate; their key is the actor who was refused. */
public sealed interface SecurityEvent extends DomainEvent {

  /** One refusal: {@code problem} is the code of its problem document. */
  record Refused(
      UUID aggregateId,
      int status,
      String problem,
      String method,
      String path,
      String remote,
      Instant at)
      implements SecurityEvent {
    @Override
    public String type() {
      return "security.refused.v1";
    }
  }

  /**
   * More refusals of one actor than a minute may put into the log one by one: {@code count} is how
   * many there were in all from {@code first} to {@code last}, those logged singly included.
   */
  record Flooded(
      UUID aggregateId, String refusedActor, int count, Instant first, Instant last, Instant at)
      implements SecurityEvent {
    @Override
    public String type() {
      return "security.refusals.v1";
    }
  }
}
