package io.vigie.incident.notice;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What became of a notice; without an address. */
public sealed interface NoticeEvent extends DomainEvent {

  /** The mail server took it, or whatever else the channel leads to. */
  record Sent(
      UUID aggregateId, UUID person, String role, Channel channel, String template, Instant at)
      implements NoticeEvent {
    @Override
    public String type() {
      return "notification.sent.v1";
    }
  }

  record Abandoned(
      UUID aggregateId,
      UUID person,
      String role,
      Channel channel,
      String template,
      AbandonReason reason,
      int attempts,
      Instant at)
      implements NoticeEvent {
    @Override
    public String type() {
      return "notification.abandoned.v1";
    }
  }
}
