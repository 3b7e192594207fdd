package io.vigie.backup.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/**
 * Until when copies of an asset are kept that is retired, or whose client's contract ended, and the
 * proof that they are gone then.
 */
@Entity
@Table(name = "retention_decision")
public class RetentionDecision extends PanacheEntityBase implements Aggregate {

  private static final Duration LONGEST = Duration.ofDays(36_600);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID asset;

  @Enumerated(EnumType.STRING)
  private RetentionCause cause;

  private UUID client;

  @Column(name = "keep_until")
  private Instant keepUntil;

  private String reason;

  @Column(name = "decided_at")
  private Instant decidedAt;

  @Column(name = "due_since")
  private Instant dueSince;

  @Column(name = "proven_at")
  private Instant provenAt;

  private String proof;
  private String sha256;

  protected RetentionDecision() {}

  private RetentionDecision(
      UUID asset, RetentionCause cause, UUID client, Instant keepUntil, String reason, Instant at) {
    this.id = Ids.next();
    this.asset = asset;
    this.cause = cause;
    this.client = client;
    this.keepUntil = keepUntil;
    this.reason = reason;
    this.decidedAt = at;
  }

  /**
   * @throws Problem 400 unless they are kept until a time in the future, within 100 years
   */
  static RetentionDecision ofDisposal(UUID asset, Instant keepUntil, String reason, Instant at) {
    if (!keepUntil.isAfter(at) || keepUntil.isAfter(at.plus(LONGEST))) {
      throw Problem.invalid(
          List.of(new FieldError("keepUntil", "must be in the future, within 36,600 days")));
    }
    return new RetentionDecision(asset, RetentionCause.DISPOSAL, null, keepUntil, reason, at);
  }

  static RetentionDecision ofContract(UUID asset, UUID client, Instant keepUntil, Instant at) {
    return new RetentionDecision(asset, RetentionCause.CONTRACT_ENDED, client, keepUntil, null, at);
  }

  /** The decision, or 404. */
  static Uni<RetentionDecision> require(UUID id) {
    return RetentionDecision.<RetentionDecision>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No decision has this id."));
  }

  /** The decision in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<RetentionDecision> require(UUID id, String ifMatch) {
    return require(id).invoke(decision -> ETag.require(ifMatch, decision.version));
  }

  RetentionEvent made() {
    return new RetentionEvent.Made(id, asset, cause, client, keepUntil, decidedAt);
  }

  /** Its time has passed: told once. */
  RetentionEvent fallDue(Instant at) {
    dueSince = keepUntil;
    return new RetentionEvent.Due(id, asset, cause, client, keepUntil, at);
  }

  /**
   * All copies are gone.
   *
   * @param copies how many there were
   * @param undeleted how many of them two people have not deleted
   * @throws Problem 409 where copies had to be kept that two people have not deleted
   */
  RetentionEvent prove(String how, String ofFile, long copies, long undeleted, Instant at) {
    if (provenAt != null) {
      throw conflict("deletion-proven", "It was proven already.");
    }
    if (at.isBefore(keepUntil) && undeleted > 0) {
      throw conflict(
          "retention-not-over",
          "These copies are kept until %s. Before, each is deleted by two people: ask for that."
              .formatted(keepUntil));
    }
    proof = how;
    sha256 = ofFile;
    provenAt = at;
    return new RetentionEvent.Proven(id, asset, cause, client, copies, sha256, at);
  }

  @Override
  public String kind() {
    return "retention-decision";
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
    return new State(asset, cause, client, keepUntil, decidedAt, dueSince, provenAt, sha256);
  }

  String reason() {
    return reason;
  }

  String proof() {
    return proof;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a decision.
   *
   * @param dueSince since when copies are kept that are to be gone
   * @param sha256 of the file that shows that they are gone
   */
  public record State(
      UUID asset,
      RetentionCause cause,
      UUID client,
      Instant keepUntil,
      Instant decidedAt,
      Instant dueSince,
      Instant provenAt,
      String sha256) {}
}
