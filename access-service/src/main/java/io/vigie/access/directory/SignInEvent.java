package io.vigie.access.directory;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * Who signed in and out, as the directory tells. {@code aggregateId} of a session stands for the
 * directory's own id of it, and is not that id: whoever knew it could look for the session.
 */
public sealed interface SignInEvent extends DomainEvent {

  /** Of {@code account}, in {@code client}; once more for each client that joins the session. */
  record Started(UUID aggregateId, String account, String client, String remote, Instant at)
      implements SignInEvent {
    @Override
    public String type() {
      return "session.started.v1";
    }
  }

  /** By its holder; what ends by itself, or is ended by others, is not told here. */
  record Ended(UUID aggregateId, String account, String client, String remote, Instant at)
      implements SignInEvent {
    @Override
    public String type() {
      return "session.ended.v1";
    }
  }

  /**
   * {@code account} is null where nobody knows whose it would have been; {@code error} is the
   * directory's word for what was wrong.
   */
  record Failed(
      UUID aggregateId, String account, String client, String error, String remote, Instant at)
      implements SignInEvent {
    @Override
    public String type() {
      return "sign-in.failed.v1";
    }
  }
}
