package io.vigie.incident.clock;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happened to a clock; {@code client} is null where a regime is not for each client. */
public sealed interface ClockEvent extends DomainEvent {

  /** Counted from {@code startsAt}; the agency became aware at {@code awareAt}. */
  record Started(
      UUID aggregateId,
      UUID incident,
      String regime,
      String step,
      UUID client,
      Instant awareAt,
      Instant startsAt,
      Instant dueAt,
      Instant at)
      implements ClockEvent {
    @Override
    public String type() {
      return "notification-clock.started.v1";
    }
  }

  /** {@code reference} is what whoever was told calls it. */
  record Notified(
      UUID aggregateId,
      UUID incident,
      String regime,
      String step,
      UUID client,
      String reference,
      Instant notifiedAt,
      boolean late,
      Instant at)
      implements ClockEvent {
    @Override
    public String type() {
      return "notification-clock.notified.v1";
    }
  }

  record NotNotified(
      UUID aggregateId,
      UUID incident,
      String regime,
      String step,
      UUID client,
      String reason,
      Instant at)
      implements ClockEvent {
    @Override
    public String type() {
      return "notification-clock.not-notified.v1";
    }
  }

  /** The agency became aware at another time than was said; the clock {@code by} runs instead. */
  record Superseded(
      UUID aggregateId,
      UUID incident,
      String regime,
      String step,
      UUID client,
      UUID by,
      String reason,
      Instant at)
      implements ClockEvent {
    @Override
    public String type() {
      return "notification-clock.superseded.v1";
    }
  }

  /** It ran past its due time. */
  record Missed(
      UUID aggregateId,
      UUID incident,
      String regime,
      String step,
      UUID client,
      Instant dueAt,
      Instant at)
      implements ClockEvent {
    @Override
    public String type() {
      return "notification-clock.missed.v1";
    }
  }
}
