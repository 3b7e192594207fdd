package io.vigie.backup.plan;

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
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/**
 * That an asset need not be backed up as the rules ask for a time. Nobody approves what they asked
 * for (R4.6), and none lasts for ever.
 */
@Entity
@Table(name = "backup_exception")
public class BackupException extends PanacheEntityBase implements Aggregate {

  static final Duration LONGEST = Duration.ofDays(180);

  /** What is excepted. */
  @Schema(name = "BackupExceptionScope")
  public enum Scope {
    /** It needs no plan. */
    WITHOUT_PLAN,
    /** Its plans may be laxer, and its copies fewer, than the rules ask for. */
    FALLING_SHORT
  }

  /** How far it is. */
  @Schema(name = "BackupExceptionStage")
  public enum Stage {
    REQUESTED,
    APPROVED,
    REFUSED,
    WITHDRAWN,
    EXPIRED
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private UUID asset;

  @Enumerated(EnumType.STRING)
  private Scope scope;

  private String reason;

  @Column(name = "ends_at")
  private Instant endsAt;

  @Enumerated(EnumType.STRING)
  private Stage stage;

  @Column(name = "requested_by")
  private String requestedBy;

  @Column(name = "requested_at")
  private Instant requestedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  protected BackupException() {}

  /**
   * @param endsAt after {@code at}, by {@link #LONGEST} at most; 422 otherwise
   */
  BackupException(
      UUID asset, Scope scope, String reason, Instant endsAt, String requestedBy, Instant at) {
    if (!endsAt.isAfter(at) || endsAt.isAfter(at.plus(LONGEST))) {
      throw Problem.unprocessable(
          "exception-too-long",
          "An exception ends after now, and within %d days.".formatted(LONGEST.toDays()));
    }
    this.id = Ids.next();
    this.asset = asset;
    this.scope = scope;
    this.reason = reason;
    this.endsAt = endsAt;
    this.stage = Stage.REQUESTED;
    this.requestedBy = requestedBy;
    this.requestedAt = at;
  }

  /** The exception, or 404. */
  static Uni<BackupException> require(UUID id) {
    return BackupException.<BackupException>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No exception has this id."));
  }

  /** The exception in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<BackupException> require(UUID id, String ifMatch) {
    return require(id).invoke(exception -> ETag.require(ifMatch, exception.version));
  }

  /** Those of an asset that somebody approved and nothing ended yet; one of a scope at most. */
  static Uni<List<BackupException>> approvedFor(UUID asset) {
    return BackupException.list("asset = ?1 and stage = ?2", asset, Stage.APPROVED);
  }

  ExceptionEvent requested() {
    return new ExceptionEvent.Requested(id, asset, scope, reason, endsAt, requestedAt);
  }

  ExceptionEvent approve(String actor, Instant at) {
    decide(actor, at);
    stage = Stage.APPROVED;
    return new ExceptionEvent.Approved(id, asset, scope, endsAt, at);
  }

  ExceptionEvent refuse(String actor, String why, Instant at) {
    decide(actor, at);
    stage = Stage.REFUSED;
    return new ExceptionEvent.Refused(id, asset, scope, why, at);
  }

  private void decide(String actor, Instant at) {
    if (stage != Stage.REQUESTED || !endsAt.isAfter(at)) {
      throw conflict(
          "exception-decided", "It waits for no decision any more. It is " + stage + ".");
    }
    if (actor.equals(requestedBy)) {
      throw conflict(
          "own-request", "Nobody decides about their own request. Ask somebody else to.");
    }
    decidedBy = actor;
  }

  ExceptionEvent withdraw(String why, Instant at) {
    if (!isOpen()) {
      throw conflict("exception-over", "It is over already. It is " + stage + ".");
    }
    stage = Stage.WITHDRAWN;
    return new ExceptionEvent.Withdrawn(id, asset, scope, why, at);
  }

  /** The clock found that its time is over. */
  ExceptionEvent expire(Instant at) {
    if (!isOpen() || endsAt.isAfter(at)) {
      throw new IllegalStateException("exception " + id + " is not over: " + stage);
    }
    boolean approved = stage == Stage.APPROVED;
    stage = Stage.EXPIRED;
    return new ExceptionEvent.Expired(id, asset, scope, approved, at);
  }

  private boolean isOpen() {
    return stage == Stage.REQUESTED || stage == Stage.APPROVED;
  }

  @Override
  public String kind() {
    return "backup-exception";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  long version() {
    return version;
  }

  @Override
  public State state() {
    return new State(asset, scope, reason, endsAt, stage, requestedBy, requestedAt, decidedBy);
  }

  /** What others may know of it; accounts stand for people. */
  public record State(
      UUID asset,
      Scope scope,
      String reason,
      Instant endsAt,
      Stage stage,
      String requestedBy,
      Instant requestedAt,
      String decidedBy) {}
}
