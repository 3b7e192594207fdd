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

  /** Null for the end of a contract. */
  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  @Column(name = "due_since")
  private Instant dueSince;

  @Column(name = "proven_at")
  private Instant provenAt;

  private String proof;
  private String sha256;

  /** When the asset was back, where its disposal was decided on. */
  @Column(name = "ended_at")
  private Instant endedAt;

  protected RetentionDecision() {}

  private RetentionDecision(
      UUID asset, RetentionCause cause, UUID client, Instant keepUntil, Instant at) {
    this.id = Ids.next();
    this.asset = asset;
    this.cause = cause;
    this.client = client;
    this.keepUntil = keepUntil;
    this.decidedAt = at;
  }

  /**
   * @throws Problem 400 unless they are kept until a time in the future, within 100 years
   */
  static RetentionDecision ofDisposal(
      UUID asset, Instant keepUntil, String reason, String by, Instant at) {
    if (!keepUntil.isAfter(at) || keepUntil.isAfter(at.plus(LONGEST))) {
      throw Problem.invalid(
          List.of(new FieldError("keepUntil", "must be in the future, within 36,600 days")));
    }
    RetentionDecision decision =
        new RetentionDecision(asset, RetentionCause.DISPOSAL, null, keepUntil, at);
    decision.reason = reason;
    decision.decidedBy = by;
    return decision;
  }

  static RetentionDecision ofContract(UUID asset, UUID client, Instant keepUntil, Instant at) {
    return new RetentionDecision(asset, RetentionCause.CONTRACT_ENDED, client, keepUntil, at);
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

  /** The asset is back: what was decided about its disposal holds no longer. */
  RetentionEvent end(Instant at) {
    endedAt = at;
    return new RetentionEvent.Ended(id, asset, at);
  }

  /**
   * All copies are gone, says somebody else than who decided until when they are kept (R12.4).
   *
   * @param copies how many there were
   * @param kept whether some of them had to be kept, by this decision or another one on the asset,
   *     and two people have not deleted them
   * @throws Problem 409 where they had to
   */
  RetentionEvent prove(
      String how, String ofFile, long copies, boolean kept, String by, Instant at) {
    if (provenAt != null) {
      throw conflict("deletion-proven", "It was proven already.");
    }
    if (endedAt != null) {
      throw conflict("retention-ended", "The asset is back, and its copies with it are kept.");
    }
    if (by.equals(decidedBy)) {
      throw Problem.unprocessable(
          "self-verification",
          "You decided until when these copies are kept. Somebody else must prove that they are"
              + " gone.");
    }
    if (kept) {
      throw conflict(
          "retention-not-over",
          "All copies of this asset are kept until every decision on it is over, and those of a retired one until somebody has decided: GET /v1/retention-decisions?asset=%s. Before, each is deleted by two people: ask for that."
              .formatted(asset));
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
    return new State(
        asset, cause, client, keepUntil, decidedAt, dueSince, provenAt, sha256, endedAt);
  }

  String reason() {
    return reason;
  }

  String decidedBy() {
    return decidedBy;
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
   * @param endedAt when the asset was back, so that the decision holds no longer
   */
  public record State(
      UUID asset,
      RetentionCause cause,
      UUID client,
      Instant keepUntil,
      Instant decidedAt,
      Instant dueSince,
      Instant provenAt,
      String sha256,
      Instant endedAt) {}
}
