package io.vigie.backup.vault;

import java.time.Instant;
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

import static io.vigie.kernel.Problem.conflict;

/**
 * That a copy is deleted before its retention ends, which takes two people (R12.4, R4.6). It goes
 * on only while the access that it was requested under is open.
 */
@Entity
@Table(name = "backup_deletion")
public class BackupDeletion extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "requested_by")
  private String requestedBy;

  private UUID access;
  private UUID run;
  private UUID asset;
  private String reason;

  @Enumerated(EnumType.STRING)
  private DeletionState state;

  @Column(name = "requested_at")
  private Instant requestedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  @Column(name = "completed_at")
  private Instant completedAt;

  protected BackupDeletion() {}

  /**
   * @throws Problem as {@link BackupAccess#requireCovers}
   */
  BackupDeletion(BackupAccess access, Copy copy, String reason, String by, Instant at) {
    access.requireCovers(copy.asset(), by, at);
    this.id = Ids.next();
    this.requestedBy = by;
    this.access = access.id();
    this.run = copy.run();
    this.asset = copy.asset();
    this.reason = reason;
    this.state = DeletionState.REQUESTED;
    this.requestedAt = at;
  }

  /** The deletion, or 404. */
  static Uni<BackupDeletion> require(UUID id) {
    return BackupDeletion.<BackupDeletion>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No deletion has this id."));
  }

  /** The deletion in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<BackupDeletion> require(UUID id, String ifMatch) {
    return require(id).invoke(deletion -> ETag.require(ifMatch, deletion.version));
  }

  VaultEvent requested() {
    return new VaultEvent.DeletionRequested(
        id, requestedBy, access, run, asset, reason, requestedAt);
  }

  VaultEvent approve(BackupAccess under, String by, Instant at) {
    under.requireOpen(at);
    decide(DeletionState.APPROVED, by, at);
    return new VaultEvent.DeletionApproved(id, requestedBy, access, run, asset, at);
  }

  VaultEvent refuse(String why, String by, Instant at) {
    decide(DeletionState.REFUSED, by, at);
    return new VaultEvent.DeletionRefused(id, requestedBy, access, run, asset, why, at);
  }

  private void decide(DeletionState to, String by, Instant at) {
    if (state != DeletionState.REQUESTED) {
      throw conflict("deletion-decided", "This deletion was decided on already.");
    }
    if (requestedBy.equals(by)) {
      throw Problem.unprocessable(
          "self-approval", "You asked for this deletion. Somebody else must decide on it.");
    }
    state = to;
    decidedBy = by;
    decidedAt = at;
  }

  /** The copy is gone: says who asked for it, while their access is open. */
  VaultEvent complete(BackupAccess under, String by, Instant at) {
    under.requireCovers(asset, by, at);
    if (state != DeletionState.APPROVED) {
      throw conflict("deletion-not-approved", "Nobody else has approved this deletion.");
    }
    state = DeletionState.COMPLETED;
    completedAt = at;
    return new VaultEvent.DeletionCompleted(id, requestedBy, access, run, asset, at);
  }

  @Override
  public String kind() {
    return "backup-deletion";
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
        requestedBy, access, run, asset, state, requestedAt, decidedBy, decidedAt, completedAt);
  }

  UUID access() {
    return access;
  }

  String reason() {
    return reason;
  }

  long version() {
    return version;
  }

  /** What others may know of a deletion; why it was asked for stands in its first event. */
  public record State(
      String requestedBy,
      UUID access,
      UUID run,
      UUID asset,
      DeletionState state,
      Instant requestedAt,
      String decidedBy,
      Instant decidedAt,
      Instant completedAt) {}
}
