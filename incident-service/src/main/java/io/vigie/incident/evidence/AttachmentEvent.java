package io.vigie.incident.evidence;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * What becomes of files. A file belongs to a security event or to an incident; the other one of the
 * two is null.
 */
public sealed interface AttachmentEvent extends DomainEvent {

  /**
   * The intake. {@code holder} keeps what is evidence; null where it is none. {@code scanned} tells
   * whether a program found it to be clean.
   */
  record Added(
      UUID aggregateId,
      UUID securityEvent,
      UUID incident,
      String mediaType,
      long size,
      String sha256,
      boolean scanned,
      String holder,
      Instant at)
      implements AttachmentEvent {
    @Override
    public String type() {
      return "attachment.added.v1";
    }
  }

  /** Evidence went from hand to hand. */
  record HandedOver(
      UUID aggregateId,
      UUID incident,
      String from,
      String to,
      Purpose purpose,
      String sha256,
      Instant at)
      implements AttachmentEvent {
    @Override
    public String type() {
      return "attachment.handed-over.v1";
    }
  }

  /** What is kept has the digest that it had. */
  record Verified(UUID aggregateId, UUID securityEvent, UUID incident, String sha256, Instant at)
      implements AttachmentEvent {
    @Override
    public String type() {
      return "attachment.verified.v1";
    }
  }

  /** What is kept has another digest than it had; {@code found} is null where nothing is kept. */
  record Damaged(
      UUID aggregateId, UUID securityEvent, UUID incident, String sha256, String found, Instant at)
      implements AttachmentEvent {
    @Override
    public String type() {
      return "attachment.damaged.v1";
    }
  }
}
