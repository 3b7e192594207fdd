package io.vigie.asset.software.feed;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to feeds. */
public sealed interface FeedEvent extends DomainEvent {

  record Registered(UUID aggregateId, String name, String url, FeedTopic topic, Instant at)
      implements FeedEvent {
    @Override
    public String type() {
      return "feed.registered.v1";
    }
  }

  record Ended(UUID aggregateId, String reason, Instant at) implements FeedEvent {
    @Override
    public String type() {
      return "feed.ended.v1";
    }
  }

  /** It cannot be read any more, the first time. */
  record Failed(UUID aggregateId, String failure, Instant at) implements FeedEvent {
    @Override
    public String type() {
      return "feed.failed.v1";
    }
  }

  /** It can be read again. */
  record Recovered(UUID aggregateId, Instant at) implements FeedEvent {
    @Override
    public String type() {
      return "feed.recovered.v1";
    }
  }
}
