package io.vigie.access.rights;

import java.time.Duration;
import java.time.Instant;
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

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.access.people.Person;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import io.vigie.kernel.web.Task;
import org.hibernate.LockMode;
import org.hibernate.annotations.EmbeddedColumnNaming;

import static io.vigie.kernel.Problem.conflict;

/** What one person may do with one asset, from the request on. Who acts is named by subject. */
@Entity
@Table(name = "access_right")
public class Right extends PanacheEntityBase implements Aggregate {

  private static final Duration LONGEST = Duration.ofDays(3_653);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "person_id")
  private UUID person;

  @Column(name = "asset_id")
  private UUID asset;

  private String entitlement;

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

  protected Right() {}

  /**
   * A request.
   *
   * @param validUntil when the right ends by itself, up to ten years ahead, or null
   * @throws Problem 400 when {@code validUntil} is out of range
   */
  public Right(UUID person, UUID asset, String entitlement, Instant validUntil, Act requested) {
    Instant now = requested.at();
    if (validUntil != null && (!validUntil.isAfter(now) || validUntil.isAfter(now.plus(LONGEST)))) {
      throw Problem.invalid(
          List.of(
              new Problem.FieldError("validUntil", "must be in the future, ten years at most")));
    }
    this.id = Ids.next();
    this.person = person;
    this.asset = asset;
    this.entitlement = entitlement.strip();
    this.validUntil = validUntil;
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

  /** What a person has or has asked for, by id, each locked until the transaction ends. */
  static Uni<List<Right>> takeLiveOf(UUID person) {
    return Right.<Right>find("person = ?1 and state in ?2 order by id", person, RightState.LIVE)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /**
   * The right, locked until the transaction ends, if its time is over by {@code now}; or null, also
   * while somebody else has it locked.
   */
  static Uni<Right> takeOverdue(UUID id, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Right where id = ?1 and state = ?2 and validUntil <= ?3", Right.class)
                    .setParameter(1, id)
                    .setParameter(2, RightState.APPROVED)
                    .setParameter(3, now)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }

  /**
   * The ids of up to {@code limit} rights whose time is over by {@code now}, in order, from the
   * first after {@code last} on.
   */
  static Uni<List<UUID>> overdue(Instant now, UUID last, int limit) {
    return find(
            "select id from Right where state = ?1 and validUntil <= ?2 and id > ?3 order by id",
            RightState.APPROVED,
            now,
            last)
        .project(UUID.class)
        .range(0, limit - 1)
        .list();
  }

  /** The oldest requests that this access manager may approve, as {@link #approve} has it. */
  static Uni<List<Right>> toDecideBy(String subject, Task.Place after, int limit) {
    return Right.<Right>find(
            """
            from Right r where r.state = ?1 and r.requested.by <> ?2 and not exists
              (select 1 from Person p where p.id = r.person and p.profile.subject = ?2)
              and (r.requested.at > ?3 or r.requested.at = ?3 and r.id > ?4)
            order by r.requested.at, r.id""",
            RightState.REQUESTED,
            subject,
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  RightEvent requested() {
    return new RightEvent.Requested(
        id, person, asset, entitlement, requested.reason(), validUntil, requested.at());
  }

  /** R4.6: by neither who asked for it nor {@code recipient}, who is the person it is for. */
  RightEvent approve(Person recipient, String approver, Instant at) {
    require(RightState.REQUESTED);
    if (approver.equals(requested.by()) || recipient.isHolder(approver)) {
      throw Problem.unprocessable(
          "self-approval",
          "You asked for this right, or would receive it. Somebody else must approve it.");
    }
    if (validUntil != null && !validUntil.isAfter(at)) {
      throw conflict("time-over", "The time that was asked for is over. Refuse the request.");
    }
    state = RightState.APPROVED;
    decided = new Act(approver, at, null);
    return new RightEvent.Approved(id, person, asset, entitlement, validUntil, at);
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

  RightEvent revoke(Act revocation) {
    require(RightState.APPROVED);
    return end(revocation);
  }

  /** A leaver keeps nothing, neither a right nor the prospect of one. */
  RightEvent revokeFromLeaver(String actor, Instant at) {
    if (!RightState.LIVE.contains(state)) {
      throw conflict("right-not-live", "This right has ended already.");
    }
    return end(new Act(actor, at, "The person left."));
  }

  RightEvent expire(Instant at) {
    require(RightState.APPROVED);
    state = RightState.EXPIRED;
    return new RightEvent.Expired(id, person, asset, entitlement, at);
  }

  private RightEvent end(Act revocation) {
    state = RightState.REVOKED;
    revoked = revocation;
    return new RightEvent.Revoked(
        id, person, asset, entitlement, revocation.reason(), revocation.at());
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
        validUntil,
        state,
        requested.by(),
        decided == null ? null : decided.by(),
        revoked == null ? null : revoked.by());
  }

  UUID person() {
    return person;
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
      Instant validUntil,
      RightState state,
      String requestedBy,
      String decidedBy,
      String revokedBy) {}
}
