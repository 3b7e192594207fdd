package io.vigie.access.notice;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What this service asks to be told by mail. */
public sealed interface NotificationEvent extends DomainEvent {

  /** To a person, to the mailbox of a role, or to both; see {@link Notices.Notice}. */
  record Requested(
      UUID aggregateId,
      UUID person,
      String role,
      String template,
      Map<String, String> parameters,
      String dedupeKey,
      Instant notBefore,
      Instant until,
      Instant at)
      implements NotificationEvent {
    @Override
    public String type() {
      return "notification.requested.v1";
    }
  }
}
