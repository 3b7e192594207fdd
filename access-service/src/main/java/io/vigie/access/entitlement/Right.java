package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.access.approval.Approval;
import io.vigie.access.approval.Approvals;
import io.vigie.access.approval.Capacity;
import io.vigie.access.approval.Step;
import io.vigie.access.person.Person;
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

  /** Null where nobody asked, or nobody was to approve. */
  @Embedded private Asked asked;

  /** Null where nobody broke the glass. */
  @Embedded private Emergency emergency;

  /** What it would break, once that was asked. */
  @Transient private List<Duties.Breach> breaches = List.of();

  protected Right() {}

  /**
   * A request.
   *
   * @param validUntil when the right ends by itself; null for as late as the entitlement allows
   * @param duration for how long from its approval on, in place of {@code validUntil}; or null
   * @param path who approves it
   * @throws Problem 400 when one of these is out of range
   */
  public Right(
      UUID person,
      Entitlement entitlement,
      Instant validUntil,
      Duration duration,
      List<Step> path,
      Act requested) {
    this(person, entitlement, Ground.REQUEST, requested);
    Instant latest = requested.at().plus(entitlement.longest());
    if (duration != null && duration.compareTo(entitlement.longest()) > 0) {
      throw invalid("duration", "must not be longer than " + entitlement.longest());
    }
    if (validUntil != null && (!validUntil.isAfter(requested.at()) || validUntil.isAfter(latest))) {
      throw invalid("validUntil", "must be in the future, and not after " + latest);
    }
    this.validUntil = validUntil == null && duration == null ? latest : validUntil;
    this.state = RightState.REQUESTED;
    this.asked = Asked.request(requested, path, duration);
  }

  private Right(UUID person, Entitlement entitlement, Ground ground, Act requested) {
    this.id = Ids.next();
    this.person = person;
    this.asset = entitlement.asset();
    this.entitlement = entitlement.name();
    this.entitlementId = entitlement.id();
    this.ground = ground;
    this.requested = requested;
  }

  /** In force at once by {@code granter}, the service: no approval, and {@code taken} needs one. */
  public static Right breakGlass(
      UUID person,
      Entitlement entitlement,
      Duration lasting,
      Instant justifyBy,
      Act taken,
      String granter) {
    Right right = new Right(person, entitlement, Ground.BREAK_GLASS, taken);
    right.validUntil = taken.at().plus(lasting);
    right.state = RightState.APPROVED;
    right.decided = new Act(granter, taken.at(), null);
    right.emergency = new Emergency(justifyBy);
    return right;
  }

  /** The right, or 404. */
  public static Uni<Right> require(UUID id) {
    return Right.<Right>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No right has this id."));
  }

  /** The right in the version that the caller has read; 404, 412 or 428 otherwise. */
  public static Uni<Right> require(UUID id, String ifMatch) {
    return require(id).invoke(right -> ETag.require(ifMatch, right.version));
  }

  /** Those of these that there are, by id, locked until the transaction ends. */
  public static Uni<List<Right>> takeAll(Collection<UUID> ids) {
    return Right.<Right>find("id in ?1 order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /** Has nobody else change what these people have or asked for until the transaction ends. */
  public static Uni<Void> lockAllOf(Collection<UUID> people) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select id from access_right
                        where person_id = any(cast(cast(?1 as text[]) as uuid[]))
                          and state in ('REQUESTED', 'APPROVED', 'SUSPENDED')
                        order by id for no key update""",
                        UUID.class)
                    .setParameter(1, people.stream().map(UUID::toString).toArray(String[]::new))
                    .getResultList())
        .replaceWithVoid();
  }

  public RightEvent requested() {
    return new RightEvent.Requested(id, state(), requested, asked.duration());
  }

  /**
   * @param sensitivity of the entitlement, now
   * @param courses those that it asks for and whose holder has no valid certificate
   * @param clients those whose data it reaches and whose holder has no access to it
   */
  public RightEvent brokenGlass(Sensitivity sensitivity, Set<UUID> courses, Set<UUID> clients) {
    return new RightEvent.BrokenGlass(
        id, state(), sensitivity, requested, emergency.justifyBy(), courses, clients);
  }

  /**
   * One approval of what waits, the request or a renewal. R4.6: by neither who asked for it nor
   * {@code recipient}, who is the person it is for.
   *
   * @param sensitivity of the entitlement, now
   * @param capacity as what {@code approver} may approve it now; null for as nothing
   */
  public RightEvent approve(
      Person recipient, Sensitivity sensitivity, Capacity capacity, String approver, Instant at) {
    requireWaiting();
    Asked approved = asked.approved(recipient, capacity, approver, at);
    if (validUntil != null && !validUntil.isAfter(at)) {
      throw conflict("time-over", "The time that was asked for is over. Refuse the request.");
    }
    asked = approved;
    if (!asked.approvals().isComplete()) {
      return new RightEvent.Endorsed(id, state(), asked.approvals().last());
    }
    return asked.isRenewal() ? extend(at) : begin(sensitivity, approver, at);
  }

  void note(List<Duties.Breach> found) {
    breaches = found;
  }

  public List<Duties.Breach> breaches() {
    return breaches;
  }

  /** The one way from a request to a right in force. */
  private RightEvent begin(Sensitivity sensitivity, String approver, Instant at) {
    validUntil = asked.duration() == null ? validUntil : at.plus(asked.duration());
    state = RightState.APPROVED;
    decided = new Act(approver, at, null);
    return new RightEvent.Approved(id, state(), sensitivity, at);
  }

  private RightEvent extend(Instant at) {
    validUntil = asked.renewalUntil();
    asked = asked.decided();
    return new RightEvent.Renewed(id, state(), at);
  }

  /**
   * Asks for another end of what was asked for and is in force; the present one holds until then.
   *
   * @param until after the present end, and not more than {@code longest} after it
   * @param opens how long before its end this can be asked for
   */
  public RightEvent askRenewal(
      Instant until, Duration longest, Duration opens, List<Step> path, Act asking) {
    require(RightState.APPROVED);
    if (ground != Ground.REQUEST || asked != null && asked.duration() != null) {
      throw Problem.unprocessable(
          "not-renewable", "A profile gave this, or it was for a moment. Ask for a right anew.");
    }
    if (hasRenewal()) {
      throw conflict("renewal-waits", "Somebody asked for this, and it is not decided yet.");
    }
    Instant from = validUntil.minus(opens);
    if (from.isAfter(asking.at()) || !validUntil.isAfter(asking.at())) {
      throw conflict(
          "renewal-closed", "This is asked for from " + from + " to " + validUntil + ".");
    }
    Instant latest = validUntil.plus(longest);
    if (!until.isAfter(validUntil) || until.isAfter(latest)) {
      throw invalid("validUntil", "must be after the present end, and not after " + latest);
    }
    asked = Asked.renewal(asking, path, until);
    return new RightEvent.RenewalRequested(id, state(), asking);
  }

  public RightEvent refuse(Act refusal) {
    return stop(RightState.REFUSED, refusal);
  }

  /** Fails with 403 for anybody but the requester. */
  public RightEvent withdraw(String actor, Instant at) {
    requireWaiting();
    if (!actor.equals(asked.approvals().askedBy())) {
      throw Problem.forbidden("Only who asked for a right can withdraw the request.");
    }
    return stop(RightState.WITHDRAWN, new Act(actor, at, null));
  }

  /** Nobody decided in time. */
  public RightEvent lapse(Instant at) {
    return stop(RightState.LAPSED, new Act(null, at, null));
  }

  /** What is asked for comes to nothing; a right in force stays as it is. */
  private RightEvent stop(RightState outcome, Act act) {
    requireWaiting();
    if (asked.isRenewal()) {
      asked = asked.decided();
      return new RightEvent.RenewalEnded(id, person, outcome, act.reason(), act.at());
    }
    state = outcome;
    decided = outcome == RightState.REFUSED ? act : null;
    return switch (outcome) {
      case REFUSED -> new RightEvent.Refused(id, person, act.reason(), act.at());
      case WITHDRAWN -> new RightEvent.Withdrawn(id, person, act.at());
      default -> new RightEvent.Lapsed(id, person, act.at());
    };
  }

  /** Who broke the glass says why; nobody else can. */
  public RightEvent justify(Person holder, Act why) {
    requireEmergency();
    if (!holder.isHolder(why.by())) {
      throw Problem.forbidden("Only who broke the glass can say why.");
    }
    emergency = emergency.justified(why);
    return new RightEvent.Justified(id, person, why.reason(), why.at());
  }

  public RightEvent acceptJustification(Person holder, Act acceptance) {
    requireEmergency();
    if (holder.isHolder(acceptance.by())) {
      throw Approvals.selfApproval();
    }
    emergency = emergency.accepted(acceptance);
    return new RightEvent.JustificationAccepted(id, person, acceptance.at());
  }

  /** Nobody said why in time. */
  public RightEvent unjustified(Instant at) {
    requireEmergency();
    emergency = emergency.missed(at);
    return new RightEvent.Unjustified(id, state(), at);
  }

  /** What a profile gives stays revoked until the profile has given it no more for a while. */
  public RightEvent revoke(Act revocation) {
    end(RightState.REVOKED);
    revoked = revocation;
    withheld = ground == Ground.PROFILE && validUntil == null; // where it gives it no more anyway
    return new RightEvent.Revoked(id, state(), revocation);
  }

  /**
   * A review has it end earlier; 400 for an end that is not, or is over. A renewal that waits is
   * over with that: it would undo it.
   */
  public RightEvent reduce(Instant until, Instant at) {
    requireHeld();
    if (!until.isAfter(at) || validUntil != null && !until.isBefore(validUntil)) {
      throw Problem.invalid(
          List.of(new Problem.FieldError("until", "must be in the future, and before its end")));
    }
    validUntil = until;
    asked = hasRenewal() ? asked.decided() : asked;
    return new RightEvent.Reduced(id, person, asset, entitlement, entitlementId, ground, until, at);
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
    end(RightState.EXPIRED);
    return new RightEvent.Expired(id, state(), at);
  }

  /** A renewal that waits ends with the right. */
  private void end(RightState to) {
    requireHeld();
    state = to;
    asked = hasRenewal() ? asked.decided() : asked;
  }

  private void requireWaiting() {
    require(hasRenewal() ? RightState.APPROVED : RightState.REQUESTED);
  }

  private boolean hasRenewal() {
    return asked != null && asked.isRenewal();
  }

  private void requireEmergency() {
    if (emergency == null) {
      throw conflict("not-break-glass", "Nobody broke the glass for this. Nothing is justified.");
    }
  }

  private static Problem invalid(String field, String message) {
    return Problem.invalid(List.of(new Problem.FieldError(field, message)));
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
        decided == null ? null : decided.at(),
        revoked == null ? null : revoked.by(),
        asked == null ? null : asked.renewalUntil(),
        asked == null || asked.approvals().given().isEmpty() ? null : asked.approvals().given());
  }

  public UUID person() {
    return person;
  }

  public UUID entitlementId() {
    return entitlementId;
  }

  public boolean isRequested() {
    return state == RightState.REQUESTED;
  }

  public Act request() {
    return requested;
  }

  public Act decision() {
    return decided;
  }

  public Act revocation() {
    return revoked;
  }

  public Asked asked() {
    return asked;
  }

  public Emergency emergency() {
    return emergency;
  }

  public long version() {
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
      Instant decidedAt,
      String revokedBy,
      Instant renewalUntil,
      List<Approval> approvals) {}
}
