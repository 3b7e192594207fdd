package io.vigie.access.entitlement;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import jakarta.persistence.Column;
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
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonState;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.EmbeddedColumnNaming;

import static io.vigie.kernel.Problem.conflict;

/**
 * That one person has one entitlement, on one ground, from the request or the grant on. Somebody
 * can have an entitlement on several grounds, and has it as long as one of them holds. Those of
 * profiles are given and taken by {@link Recomputation}. Who acts is named by subject.
 */
@Entity
@Table(name = "access_right")
public class Right extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "person_id")
  private UUID person;

  @Column(name = "asset_id")
  private UUID asset;

  private String entitlement;

  @Column(name = "entitlement_id")
  private UUID entitlementId;

  @Enumerated(EnumType.STRING)
  private Ground ground;

  @Column(name = "profile_id")
  private UUID profile;

  @Column(name = "valid_until")
  private Instant validUntil;

  @Enumerated(EnumType.STRING)
  private RightState state;

  @Embedded
  @EmbeddedColumnNaming("requested_%s")
  private Act requested;

  @Embedded
  @EmbeddedColumnNaming("decided_%s")
  private Act decided;

  @Embedded
  @EmbeddedColumnNaming("revoked_%s")
  private Act revoked;

  @Column(name = "suspended_at")
  private Instant suspendedAt;

  /** Taken although the profile gives it, which gives it no more as long as it goes on doing so. */
  private boolean withheld;

  protected Right() {}

  /**
   * A request.
   *
   * @param validUntil when the right ends by itself; null for as late as the entitlement allows
   * @throws Problem 400 when {@code validUntil} is out of range
   */
  public Right(UUID person, Entitlement entitlement, Instant validUntil, Act requested) {
    Instant latest = requested.at().plus(entitlement.longest());
    if (validUntil != null && (!validUntil.isAfter(requested.at()) || validUntil.isAfter(latest))) {
      throw Problem.invalid(
          List.of(
              new Problem.FieldError(
                  "validUntil", "must be in the future, and not after " + latest)));
    }
    this.id = Ids.next();
    this.person = person;
    this.asset = entitlement.asset();
    this.entitlement = entitlement.name();
    this.entitlementId = entitlement.id();
    this.ground = Ground.REQUEST;
    this.validUntil = validUntil == null ? latest : validUntil;
    this.state = RightState.REQUESTED;
    this.requested = requested;
  }

  /** The right, or 404. */
  static Uni<Right> require(UUID id) {
    return Right.<Right>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No right has this id."));
  }

  /** The right in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Right> require(UUID id, String ifMatch) {
    return require(id).invoke(right -> ETag.require(ifMatch, right.version));
  }

  /** Those of these that there are, by id, locked until the transaction ends. */
  public static Uni<List<Right>> takeAll(Collection<UUID> ids) {
    return Right.<Right>find("id in ?1 order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  RightEvent requested() {
    return new RightEvent.Requested(
        id,
        person,
        asset,
        entitlement,
        entitlementId,
        ground,
        requested.reason(),
        validUntil,
        requested.at());
  }

  /** R4.6: by neither who asked for it nor {@code recipient}, who is the person it is for. */
  RightEvent approve(Person recipient, String approver, Instant at) {
    require(RightState.REQUESTED);
    if (approver.equals(requested.by()) || recipient.isHolder(approver)) {
      throw Problem.unprocessable(
          "self-approval",
          "You asked for this right, or would receive it. Somebody else must approve it.");
    }
    if (recipient.state().state() == PersonState.ANNOUNCED) {
      throw Problem.unprocessable(
          "person-not-started", "This person's first day is still to come. Approve it then.");
    }
    if (validUntil != null && !validUntil.isAfter(at)) {
      throw conflict("time-over", "The time that was asked for is over. Refuse the request.");
    }
    state = RightState.APPROVED;
    decided = new Act(approver, at, null);
    return new RightEvent.Approved(
        id, person, asset, entitlement, entitlementId, ground, validUntil, at);
  }

  RightEvent refuse(Act refusal) {
    require(RightState.REQUESTED);
    state = RightState.REFUSED;
    decided = refusal;
    return new RightEvent.Refused(id, person, refusal.reason(), refusal.at());
  }

  /** Fails with 403 for anybody but the requester. */
  RightEvent withdraw(String actor, Instant at) {
    if (!actor.equals(requested.by())) {
      throw Problem.forbidden("Only who asked for a right can withdraw the request.");
    }
    require(RightState.REQUESTED);
    state = RightState.WITHDRAWN;
    return new RightEvent.Withdrawn(id, person, at);
  }

  /** What a profile gives stays revoked until the profile has given it no more for a while. */
  public RightEvent revoke(Act revocation) {
    requireHeld();
    state = RightState.REVOKED;
    revoked = revocation;
    withheld = ground == Ground.PROFILE && validUntil == null; // where it gives it no more anyway
    return new RightEvent.Revoked(
        id,
        person,
        asset,
        entitlement,
        entitlementId,
        ground,
        profile,
        revocation.reason(),
        revocation.at());
  }

  /** A review has it end earlier; 400 for an end that is not, or is over. */
  public RightEvent reduce(Instant until, Instant at) {
    requireHeld();
    if (!until.isAfter(at) || validUntil != null && !until.isBefore(validUntil)) {
      throw Problem.invalid(
          List.of(new Problem.FieldError("until", "must be in the future, and before its end")));
    }
    validUntil = until;
    return new RightEvent.Reduced(
        id, person, asset, entitlement, entitlementId, ground, until, at);
  }

  /** Nobody certified it in time. It gives nothing, and keeps its end. */
  public RightEvent suspend(Instant at) {
    require(RightState.APPROVED);
    state = RightState.SUSPENDED;
    suspendedAt = at;
    return new RightEvent.Suspended(
        id, person, asset, entitlement, entitlementId, ground, profile, at);
  }

  /** Somebody certified it after all. */
  public RightEvent resume(Instant at) {
    require(RightState.SUSPENDED);
    state = RightState.APPROVED;
    suspendedAt = null;
    return new RightEvent.Resumed(
        id, person, asset, entitlement, entitlementId, ground, profile, at);
  }

  RightEvent expire(Instant at) {
    requireHeld();
    state = RightState.EXPIRED;
    return new RightEvent.Expired(
        id, person, asset, entitlement, entitlementId, ground, profile, at);
  }

  private void requireHeld() {
    if (state != RightState.SUSPENDED) {
      require(RightState.APPROVED);
    }
  }

  private void require(RightState expected) {
    if (state != expected) {
      throw conflict(
          "right-not-" + expected.name().toLowerCase(Locale.ROOT),
          "This needs a right in state " + expected + "; it is " + state + ".");
    }
  }

  @Override
  public String kind() {
    return "right";
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
        person,
        asset,
        entitlement,
        entitlementId,
        ground,
        profile,
        validUntil,
        state,
        requested == null ? null : requested.by(),
        decided == null ? null : decided.by(),
        revoked == null ? null : revoked.by());
  }

  UUID person() {
    return person;
  }

  UUID entitlementId() {
    return entitlementId;
  }

  Act request() {
    return requested;
  }

  Act decision() {
    return decided;
  }

  Act revocation() {
    return revoked;
  }

  long version() {
    return version;
  }

  /** What others may know of a right; people are subjects and ids. */
  public record State(
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant validUntil,
      RightState state,
      String requestedBy,
      String decidedBy,
      String revokedBy) {}
}
