package io.vigie.asset.document;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Reassignment;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/** A document and how far its versions are. Who acts is named by subject. */
@Entity
public class Document extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Embedded private Sheet sheet;

  @Enumerated(EnumType.STRING)
  private DocumentState state;

  /** How many versions there are. */
  private int versions;

  /** The version that waits for approval, or null. */
  private UUID pending;

  /** The newest approved version, or null. */
  private UUID current;

  @Column(name = "current_number")
  private Integer currentNumber;

  @Column(name = "current_author")
  private String currentAuthor;

  /** From which version on an acknowledgement counts: the newest that was not a minor change. */
  @Column(name = "acknowledge_from")
  private Integer acknowledgeFrom;

  /** Since when that is asked for. */
  @Column(name = "acknowledge_since")
  private Instant acknowledgeSince;

  @Column(name = "reviewed_at")
  private Instant reviewedAt;

  @Column(name = "review_due")
  private Instant reviewDue;

  @Column(name = "registered_at")
  private Instant registeredAt;

  /** Null where its owner has not left. */
  @Embedded private Reassignment reassignment;

  protected Document() {}

  public Document(Sheet sheet, Instant at) {
    this.id = Ids.next();
    this.sheet = sheet.requireConsistent();
    this.state = DocumentState.DRAFT;
    this.registeredAt = at;
  }

  /** The document, or 404. */
  static Uni<Document> require(UUID id) {
    return Document.<Document>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No document has this id."));
  }

  /** The document in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Document> require(UUID id, String ifMatch) {
    return require(id).invoke(document -> ETag.require(ifMatch, document.version));
  }

  DocumentEvent registered() {
    return new DocumentEvent.Registered(
        id, sheet.kind(), sheet.owner(), sheet.rules(), registeredAt);
  }

  /** Another interval counts from the last review, and puts off none that is overdue. */
  DocumentEvent change(Sheet to, Instant at) {
    requireNotWithdrawn();
    sheet = to.requireConsistent();
    if (reviewDue != null && reviewDue.isAfter(at)) {
      reviewDue = dueAfter(reviewedAt);
    }
    reassignment = null; // its owner works here
    return new DocumentEvent.Changed(id, sheet.owner(), at);
  }

  /** It goes on asking the same people. */
  DocumentEvent renameProfile(String before, String name, Instant at) {
    requireNotWithdrawn();
    sheet = sheet.with(sheet.audience().renamed(before, name));
    return new DocumentEvent.Changed(id, sheet.owner(), at);
  }

  DocumentEvent requestReassignment(Reassignment request) {
    requireNotWithdrawn();
    reassignment = request;
    return new DocumentEvent.ReassignmentRequested(
        id, sheet.owner(), request.until(), request.since());
  }

  /** One version at a time waits: what is approved is what was read. */
  DocumentEvent submit(DocumentVersion submitted, Instant at) {
    requireNotWithdrawn();
    if (pending != null) {
      throw conflict(
          "version-pending", "A version waits for approval. Have it approved or sent back first.");
    }
    versions++;
    pending = submitted.id();
    return new DocumentEvent.VersionSubmitted(
        id,
        submitted.id(),
        submitted.number(),
        submitted.sha256(),
        submitted.mediaType(),
        submitted.isMinor(),
        at);
  }

  /** R4.6: not by its author. The version is current from then on. */
  DocumentEvent approve(DocumentVersion approved, String by, Instant at) {
    requirePending(approved);
    if (by.equals(approved.author())) {
      throw unprocessable(
          "self-approval", "You wrote this version. Somebody else must approve it (R4.6).");
    }
    approved.approve(by, at);
    if (acknowledgeFrom == null || !approved.isMinor()) {
      acknowledgeFrom = approved.number();
      acknowledgeSince = at;
    }
    state = DocumentState.IN_FORCE;
    pending = null;
    current = approved.id();
    currentNumber = approved.number();
    currentAuthor = approved.author();
    review(at);
    return new DocumentEvent.VersionApproved(
        id,
        current,
        currentNumber,
        approved.sha256(),
        approved.isMinor(),
        currentAuthor,
        reviewDue,
        at);
  }

  DocumentEvent sendBack(DocumentVersion refused, String reason, String by, Instant at) {
    requirePending(refused);
    refused.sendBack(reason, by, at);
    pending = null;
    return new DocumentEvent.VersionSentBack(
        id, refused.id(), refused.number(), refused.author(), reason, at);
  }

  /** Looked at, and still right. R4.6: not by the author of the current version. */
  DocumentEvent confirm(String by, Instant at) {
    requireInForce();
    if (by.equals(currentAuthor)) {
      throw unprocessable(
          "self-review", "You wrote the current version. Somebody else must review it (R4.6).");
    }
    review(at);
    return new DocumentEvent.Reviewed(id, current, currentNumber, reviewDue, at);
  }

  DocumentEvent withdraw(String reason, Instant at) {
    requireNotWithdrawn();
    if (pending != null) {
      throw conflict("version-pending", "A version waits for approval. Send it back first.");
    }
    state = DocumentState.WITHDRAWN;
    reviewDue = null;
    reassignment = null;
    return new DocumentEvent.Withdrawn(id, reason, at);
  }

  private void review(Instant at) {
    reviewedAt = at;
    reviewDue = dueAfter(at);
  }

  private Instant dueAfter(Instant time) {
    return time.atOffset(ZoneOffset.UTC).plusMonths(sheet.reviewMonths()).toInstant();
  }

  private void requirePending(DocumentVersion one) {
    if (!one.id().equals(pending)) {
      throw conflict("version-not-pending", "This version does not wait for approval.");
    }
  }

  /** Fails with 409 unless a version is current and the document is not withdrawn. */
  void requireInForce() {
    if (state != DocumentState.IN_FORCE) {
      throw conflict("document-not-in-force", "This document has no version that is in force.");
    }
  }

  /** Fails with 409 unless the document is in force in this version; in any, for null. */
  void requireCurrent(UUID version) {
    requireInForce();
    if (version != null && !version.equals(current)) {
      throw conflict(
          "version-superseded",
          "Another version is in force by now. Read that one, then acknowledge it.");
    }
  }

  private void requireNotWithdrawn() {
    if (state == DocumentState.WITHDRAWN) {
      throw conflict("document-withdrawn", "A withdrawn document changes no more.");
    }
  }

  @Override
  public String kind() {
    return "document";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(
        sheet.titleFr(),
        sheet.titleEn(),
        sheet.kind(),
        sheet.owner(),
        sheet.rules(),
        sheet.audience(),
        sheet.reviewMonths(),
        state,
        pending,
        current,
        currentNumber,
        acknowledgeFrom,
        reviewedAt,
        reviewDue,
        registeredAt,
        reassignment == null ? null : reassignment.until());
  }

  Reassignment reassignment() {
    return reassignment;
  }

  Sheet sheet() {
    return sheet;
  }

  /** The number of the next version to be submitted, from 1. */
  int nextNumber() {
    return versions + 1;
  }

  Instant acknowledgeSince() {
    return acknowledgeSince;
  }

  long version() {
    return version;
  }

  /** What others may know of a document. */
  public record State(
      String titleFr,
      String titleEn,
      DocumentKind kind,
      UUID owner,
      List<String> rules,
      Audience audience,
      int reviewMonths,
      DocumentState state,
      UUID pending,
      UUID current,
      Integer currentNumber,
      Integer acknowledgeFrom,
      Instant reviewedAt,
      Instant reviewDue,
      Instant registeredAt,
      Instant reassignBy) {}
}
