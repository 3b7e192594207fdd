package io.vigie.asset.document;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to documents and their versions. */
public sealed interface DocumentEvent extends DomainEvent {

  /** {@code rules} of the policy are those that the document serves. */
  record Registered(UUID aggregateId, DocumentKind kind, UUID owner, List<String> rules, Instant at)
      implements DocumentEvent {
    @Override
    public String type() {
      return "document.registered.v1";
    }
  }

  /** {@code changes} says what. */
  record Changed(UUID aggregateId, UUID owner, Instant at) implements DocumentEvent {
    @Override
    public String type() {
      return "document.changed.v1";
    }
  }

  /** The owner left; somebody must answer for the document until {@code reassignBy}. */
  record ReassignmentRequested(UUID aggregateId, UUID owner, Instant reassignBy, Instant at)
      implements DocumentEvent {
    @Override
    public String type() {
      return "document.reassignment-requested.v1";
    }
  }

  /** The actor is the author. {@code sha256} is the content's, in hexadecimal. */
  record VersionSubmitted(
      UUID aggregateId,
      UUID documentVersion,
      int number,
      String sha256,
      String mediaType,
      boolean minor,
      Instant at)
      implements DocumentEvent {
    @Override
    public String type() {
      return "document.version-submitted.v1";
    }
  }

  /** The version is current from now on; {@code author} is a subject. */
  record VersionApproved(
      UUID aggregateId,
      UUID documentVersion,
      int number,
      String sha256,
      boolean minor,
      String author,
      Instant reviewDue,
      Instant at)
      implements DocumentEvent {
    @Override
    public String type() {
      return "document.version-approved.v1";
    }
  }

  record VersionSentBack(
      UUID aggregateId, UUID documentVersion, int number, String author, String reason, Instant at)
      implements DocumentEvent {
    @Override
    public String type() {
      return "document.version-sent-back.v1";
    }
  }

  /** The current version was looked at and is still right. */
  record Reviewed(UUID aggregateId, UUID documentVersion, int number, Instant reviewDue, Instant at)
      implements DocumentEvent {
    @Override
    public String type() {
      return "document.reviewed.v1";
    }
  }

  record Withdrawn(UUID aggregateId, String reason, Instant at) implements DocumentEvent {
    @Override
    public String type() {
      return "document.withdrawn.v1";
    }
  }
}
