package io.vigie.asset.software.feed;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to notices. */
public sealed interface NoticeEvent extends DomainEvent {

  /** {@code identifier} and {@code publishedAt} are null where the feed does not say. */
  record Received(
      UUID aggregateId,
      UUID feed,
      String identifier,
      String title,
      String link,
      Instant publishedAt,
      Instant at)
      implements NoticeEvent {
    @Override
    public String type() {
      return "notice.received.v1";
    }
  }

  record TakenUp(UUID aggregateId, UUID advisory, Instant at) implements NoticeEvent {
    @Override
    public String type() {
      return "notice.taken-up.v1";
    }
  }

  record Dismissed(UUID aggregateId, String reason, Instant at) implements NoticeEvent {
    @Override
    public String type() {
      return "notice.dismissed.v1";
    }
  }
}
