package io.vigie.backup.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
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

/** That one person may touch the backups of some assets, why, and until when (R12.4). */
@Entity
@Table(name = "backup_access")
public class BackupAccess extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String holder;

  @Enumerated(EnumType.STRING)
  private HolderRole role;

  @Convert(converter = IdList.class)
  private List<UUID> assets;

  private UUID incident;
  private String reason;
  private long minutes;
  private int uses;

  @Enumerated(EnumType.STRING)
  private AccessState state;

  @Column(name = "requested_at")
  private Instant requestedAt;

  @Column(name = "opened_at")
  private Instant openedAt;

  @Column(name = "approved_by")
  private String approvedBy;

  /** When it ends by itself: a request that nobody decides on, and an access whose time is up. */
  @Column(name = "ends_at")
  private Instant endsAt;

  @Column(name = "ended_at")
  private Instant endedAt;

  protected BackupAccess() {}

  /**
   * @param minutes for how long it is to be open
   * @param incident which is open, or null: then it waits for an approval
   * @throws Problem 400 when the time is longer than the policy allows
   */
  BackupAccess(
      String holder,
      HolderRole role,
      List<UUID> assets,
      UUID incident,
      String reason,
      long minutes,
      VaultPolicy policy,
      Instant at) {
    if (minutes > policy.longestMinutes()) {
      throw Problem.invalid(
          List.of(new FieldError("minutes", "must be " + policy.longestMinutes() + " at most")));
    }
    this.id = Ids.next();
    this.holder = holder;
    this.role = role;
    this.assets = assets.stream().distinct().sorted().toList();
    this.incident = incident;
    this.reason = reason;
    this.minutes = minutes;
    this.requestedAt = at;
    if (incident == null) {
      this.state = AccessState.REQUESTED;
      this.endsAt = at.plus(policy.decideWithin());
    } else {
      open(at);
    }
  }

  /** The access, or 404. */
  static Uni<BackupAccess> require(UUID id) {
    return found(BackupAccess.findById(id));
  }

  /** The access, locked until the transaction ends so that it does not end meanwhile, or 404. */
  static Uni<BackupAccess> lock(UUID id) {
    return found(BackupAccess.findById(id, LockModeType.PESSIMISTIC_WRITE));
  }

  /** The same in the version that the caller has read; 412 or 428 otherwise. */
  static Uni<BackupAccess> lock(UUID id, String ifMatch) {
    return lock(id).invoke(access -> ETag.require(ifMatch, access.version));
  }

  private static Uni<BackupAccess> found(Uni<BackupAccess> access) {
    return access
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No access to backups has this id."));
  }

  /** That it was asked for, or that it is open. */
  VaultEvent begun() {
    return state == AccessState.OPEN
        ? opened(requestedAt)
        : new VaultEvent.AccessRequested(
            id, holder, role, assets, reason, minutes, endsAt, requestedAt);
  }

  /**
   * Opens it.
   *
   * @throws Problem 422 when {@code by} asked for it, 403 unless the one who decides is the CISO,
   *     or a system administrator where the CISO asked
   */
  VaultEvent approve(String by, boolean isCiso, Instant at) {
    requireDecider(by, isCiso, at);
    approvedBy = by;
    open(at);
    return opened(at);
  }

  VaultEvent refuse(String why, String by, boolean isCiso, Instant at) {
    requireDecider(by, isCiso, at);
    state = AccessState.REFUSED;
    endedAt = at;
    return new VaultEvent.AccessRefused(id, holder, why, at);
  }

  private void requireDecider(String by, boolean isCiso, Instant at) {
    if (state != AccessState.REQUESTED || !endsAt.isAfter(at)) {
      throw conflict("access-not-requested", "This access does not wait for a decision.");
    }
    if (holder.equals(by)) {
      throw Problem.unprocessable(
          "self-approval", "You asked for this access. Somebody else must decide on it.");
    }
    if (role == HolderRole.SYSADMIN && !isCiso) {
      throw Problem.forbidden("The CISO decides on what a system administrator asked for.");
    }
  }

  private void open(Instant at) {
    state = AccessState.OPEN;
    openedAt = at;
    endsAt = at.plus(Duration.ofMinutes(minutes));
  }

  private VaultEvent opened(Instant at) {
    return new VaultEvent.AccessOpened(id, holder, role, assets, incident, reason, endsAt, at);
  }

  /** A copy is read or restored under it. */
  VaultEvent use(BackupUse use, Instant at) {
    uses++;
    return new VaultEvent.AccessUsed(
        id, holder, use.id(), use.action(), use.run(), use.asset(), use.reason(), at);
  }

  /**
   * Holds when {@code by} may touch the copies of {@code asset} under it now. It does not when its
   * time is up, even where nobody has noticed yet.
   *
   * @throws Problem 403 when it is somebody else's, 409 when it is not open, 422 when it is about
   *     other assets
   */
  void requireCovers(UUID asset, String by, Instant at) {
    if (!holder.equals(by)) {
      throw Problem.forbidden("This is somebody else's access.");
    }
    requireOpen(at);
    if (!assets.contains(asset)) {
      throw Problem.unprocessable(
          "asset-not-covered", "This access is about other assets. Ask for another one.");
    }
  }

  void requireOpen(Instant at) {
    if (state != AccessState.OPEN || !endsAt.isAfter(at)) {
      throw conflict("access-not-open", "This access is not open. Ask for another one.");
    }
  }

  /** Before its time, by its holder or by the CISO. */
  VaultEvent end(String by, boolean isCiso, Instant at) {
    if (!holder.equals(by) && !isCiso) {
      throw Problem.forbidden("The holder of an access, or the CISO, ends it.");
    }
    return end(holder.equals(by) ? EndCause.GIVEN_BACK : EndCause.REVOKED, at);
  }

  VaultEvent closeWithIncident(Instant at) {
    return end(EndCause.INCIDENT_CLOSED, at);
  }

  /** Its time is up, or nobody decided on it. */
  VaultEvent expire(Instant at) {
    return end(state == AccessState.OPEN ? EndCause.TIME_UP : EndCause.NOT_DECIDED, at);
  }

  private VaultEvent end(EndCause cause, Instant at) {
    if (state != AccessState.OPEN && state != AccessState.REQUESTED) {
      throw conflict("access-over", "This access is over already.");
    }
    state = AccessState.ENDED;
    endedAt = at;
    return new VaultEvent.AccessEnded(id, holder, cause, at);
  }

  @Override
  public String kind() {
    return "backup-access";
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
        holder,
        role,
        assets,
        incident,
        minutes,
        uses,
        state,
        requestedAt,
        openedAt,
        approvedBy,
        endsAt,
        endedAt);
  }

  String holder() {
    return holder;
  }

  String reason() {
    return reason;
  }

  long version() {
    return version;
  }

  /** What others may know of an access; why it was asked for stands in its first event. */
  public record State(
      String holder,
      HolderRole role,
      List<UUID> assets,
      UUID incident,
      long minutes,
      int uses,
      AccessState state,
      Instant requestedAt,
      Instant openedAt,
      String approvedBy,
      Instant endsAt,
      Instant endedAt) {}
}
