package io.vigie.access.approval;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

/**
 * That somebody approves in the place of an absent person, from a time until another. It gives no
 * more than the absent one has, and it is not passed on.
 */
@Entity
public class Delegation extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "person_id")
  private UUID person;

  @Column(name = "substitute_id")
  private UUID substitute;

  @Column(name = "valid_from")
  private Instant validFrom;

  @Column(name = "valid_until")
  private Instant validUntil;

  private String reason;

  @Enumerated(EnumType.STRING)
  private DelegationState state;

  @Column(name = "made_by")
  private String madeBy;

  @Column(name = "made_at")
  private Instant madeAt;

  protected Delegation() {}

  /**
   * @param from now where it is null or past
   * @param longest from its beginning to its end at most, and from now to its beginning
   * @throws Problem 400 when a time is out of range, 422 when the two are one person
   */
  Delegation(
      UUID person,
      UUID substitute,
      Instant from,
      Instant until,
      Duration longest,
      String reason,
      String by,
      Instant at) {
    if (person.equals(substitute)) {
      throw Problem.unprocessable("own-substitute", "Name somebody else as the substitute.");
    }
    this.id = Ids.next();
    this.person = person;
    this.substitute = substitute;
    this.validFrom = from == null || from.isBefore(at) ? at : from;
    this.validUntil = until;
    this.reason = reason;
    this.state = DelegationState.OPEN;
    this.madeBy = by;
    this.madeAt = at;
    requireInRange(longest, at);
  }

  private void requireInRange(Duration longest, Instant at) {
    List<FieldError> errors = new ArrayList<>();
    if (validFrom.isAfter(at.plus(longest))) {
      errors.add(
          new FieldError("validFrom", "must be " + longest.toDays() + " days ahead at most"));
    } else if (!validUntil.isAfter(validFrom) || validUntil.isAfter(validFrom.plus(longest))) {
      errors.add(
          new FieldError(
              "validUntil",
              "must be after the beginning, and " + longest.toDays() + " days after it at most"));
    }
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  /** The delegation, or 404. */
  static Uni<Delegation> require(UUID id) {
    return Delegation.<Delegation>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No delegation has this id."));
  }

  /** The delegation in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Delegation> require(UUID id, String ifMatch) {
    return require(id).invoke(delegation -> ETag.require(ifMatch, delegation.version));
  }

  /** Whether there is a time at which both are in force. */
  boolean overlaps(Delegation other) {
    return validUntil.isAfter(other.validFrom) && other.validUntil.isAfter(validFrom);
  }

  DelegationEvent made() {
    return new DelegationEvent.Made(id, person, substitute, validFrom, validUntil, reason, madeAt);
  }

  DelegationEvent revoke(String why, Instant at) {
    requireOpen();
    state = DelegationState.REVOKED;
    return new DelegationEvent.Revoked(id, person, substitute, why, at);
  }

  DelegationEvent end(Instant at) {
    requireOpen();
    state = DelegationState.ENDED;
    return new DelegationEvent.Ended(id, person, substitute, at);
  }

  private void requireOpen() {
    if (state != DelegationState.OPEN) {
      throw Problem.conflict("delegation-over", "This is over already. Nothing is taken back.");
    }
  }

  @Override
  public String kind() {
    return "delegation";
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
    return new State(person, substitute, validFrom, validUntil, state, madeBy);
  }

  String reason() {
    return reason;
  }

  Instant madeAt() {
    return madeAt;
  }

  long version() {
    return version;
  }

  /** What others may know of it. */
  public record State(
      UUID person,
      UUID substitute,
      Instant validFrom,
      Instant validUntil,
      DelegationState state,
      String madeBy) {}
}
