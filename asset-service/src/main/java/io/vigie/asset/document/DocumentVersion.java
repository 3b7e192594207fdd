package io.vigie.asset.document;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One text of a document, as somebody submitted it; it changes under the document's version. */
@Entity
@Table(name = "document_version")
public class DocumentVersion extends PanacheEntityBase {

  /** Largest content, in bytes. */
  static final int MAX_BYTES = 5 << 20;

  /** How far a version is decided. */
  @Schema(name = "DocumentVersionDecision")
  public enum Decision {
    SUBMITTED,
    APPROVED,
    SENT_BACK
  }

  /**
   * A version to be approved; the caller is its author.
   *
   * @param content in Base64, 5 MiB at most when decoded
   * @param minor whether it changes nothing that those concerned must know: it asks nobody to
   *     acknowledge again
   * @param note what changed
   */
  @Schema(name = "DocumentSubmission")
  record Submission(
      @NotNull DocumentFormat format,
      @NotNull @Size(min = 1, max = MAX_BYTES) byte[] content,
      boolean minor,
      @NotBlank @Size(max = 2_000) String note) {}

  /**
   * @param bytes size of the content
   * @param reason why it was sent back, or null
   * @param version the document's, for If-Match
   */
  @Schema(name = "DocumentVersion")
  record View(
      UUID id,
      UUID document,
      int number,
      Decision decision,
      String sha256,
      DocumentFormat format,
      int bytes,
      boolean minor,
      String note,
      String author,
      Instant submittedAt,
      String decidedBy,
      Instant decidedAt,
      String reason,
      long version) {}

  @Id private UUID id;
  private UUID document;
  private int number;

  @Enumerated(EnumType.STRING)
  private Decision decision;

  private String sha256;

  @Enumerated(EnumType.STRING)
  private DocumentFormat format;

  private int bytes;
  private boolean minor;
  private String note;
  private String author;

  @Column(name = "submitted_at")
  private Instant submittedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  private String reason;

  protected DocumentVersion() {}

  /**
   * @throws Problem 400 when the content is not what its format says
   */
  DocumentVersion(Document of, Submission submission, String author, Instant at) {
    if (!submission.format().fits(submission.content())) {
      throw Problem.invalid(List.of(new FieldError("content", "is no " + submission.format())));
    }
    this.id = Ids.next();
    this.document = of.id();
    this.number = of.nextNumber();
    this.decision = Decision.SUBMITTED;
    this.sha256 = Sha256.hex(submission.content());
    this.format = submission.format();
    this.bytes = submission.content().length;
    this.minor = submission.minor();
    this.note = submission.note();
    this.author = author;
    this.submittedAt = at;
  }

  /** The document's version, or 404. */
  static Uni<DocumentVersion> require(UUID document, UUID id) {
    return DocumentVersion.<DocumentVersion>find("document = ?1 and id = ?2", document, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The document has no version with this id."));
  }

  void approve(String by, Instant at) {
    decide(Decision.APPROVED, by, at);
  }

  void sendBack(String why, String by, Instant at) {
    decide(Decision.SENT_BACK, by, at);
    reason = why;
  }

  private void decide(Decision to, String by, Instant at) {
    decision = to;
    decidedBy = by;
    decidedAt = at;
  }

  /** Whether it was in force at some time: everybody may read that. */
  boolean isApproved() {
    return decision == Decision.APPROVED;
  }

  UUID id() {
    return id;
  }

  UUID document() {
    return document;
  }

  int number() {
    return number;
  }

  String sha256() {
    return sha256;
  }

  DocumentFormat format() {
    return format;
  }

  String mediaType() {
    return format.mediaType();
  }

  boolean isMinor() {
    return minor;
  }

  String author() {
    return author;
  }

  Instant submittedAt() {
    return submittedAt;
  }

  View view(long version) {
    return new View(
        id,
        document,
        number,
        decision,
        sha256,
        format,
        bytes,
        minor,
        note,
        author,
        submittedAt,
        decidedBy,
        decidedAt,
        reason,
        version);
  }
}
