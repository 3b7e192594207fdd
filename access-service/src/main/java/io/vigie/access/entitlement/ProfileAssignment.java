package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
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
import org.hibernate.annotations.EmbeddedColumnNaming;

/** That a person holds a business profile, from one time and perhaps until another. */
@Entity
@Table(name = "profile_assignment")
public class ProfileAssignment extends PanacheEntityBase implements Aggregate {

  private static final Duration LONGEST = Duration.ofDays(3_653);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "person_id")
  private UUID person;

  @Column(name = "profile_id")
  private UUID profile;

  @Column(name = "valid_from")
  private Instant validFrom;

  @Column(name = "valid_until")
  private Instant validUntil;

  @Enumerated(EnumType.STRING)
  private AssignmentState state;

  @Embedded
  @EmbeddedColumnNaming("assigned_%s")
  private Act assigned;

  @Embedded
  @EmbeddedColumnNaming("ended_%s")
  private Act ended;

  protected ProfileAssignment() {}

  /**
   * @param validFrom now or later, ten years ahead at most; null for now
   * @param validUntil after that, ten years ahead at most, or null
   * @throws Problem 400 when one is out of range
   */
  ProfileAssignment(
      UUID person, UUID profile, Instant validFrom, Instant validUntil, Act assigned) {
    Instant now = assigned.at();
    this.id = Ids.next();
    this.person = person;
    this.profile = profile;
    this.assigned = assigned;
    this.state = AssignmentState.PLANNED;
    set(validFrom == null || validFrom.isBefore(now) ? now : validFrom, validUntil, now);
  }

  /** The assignment, or 404. */
  static Uni<ProfileAssignment> require(UUID id) {
    return ProfileAssignment.<ProfileAssignment>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No profile assignment has this id."));
  }

  /** The assignment in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<ProfileAssignment> require(UUID id, String ifMatch) {
    return require(id).invoke(assignment -> ETag.require(ifMatch, assignment.version));
  }

  private void set(Instant from, Instant until, Instant now) {
    if (from.isAfter(now.plus(LONGEST))) {
      throw Problem.invalid(
          List.of(new FieldError("validFrom", "must be ten years ahead at most")));
    }
    if (until != null
        && (!until.isAfter(from) || !until.isAfter(now) || until.isAfter(now.plus(LONGEST)))) {
      throw Problem.invalid(
          List.of(
              new FieldError(
                  "validUntil", "must be after the beginning and now, ten years ahead at most")));
    }
    validFrom = from;
    validUntil = until;
    state = from.isAfter(now) ? AssignmentState.PLANNED : AssignmentState.CURRENT;
  }

  /** Whether there is a time at which both are held. */
  boolean overlaps(ProfileAssignment other) {
    return state != AssignmentState.ENDED
        && other.state != AssignmentState.ENDED
        && (validUntil == null || validUntil.isAfter(other.validFrom))
        && (other.validUntil == null || other.validUntil.isAfter(validFrom));
  }

  AssignmentEvent made() {
    return new AssignmentEvent.Made(id, person, profile, validFrom, validUntil, assigned.at());
  }

  /**
   * No event when nothing differs.
   *
   * @param from null to leave the beginning; what has begun keeps it
   * @param until null for no known end
   */
  List<AssignmentEvent> change(Instant from, Instant until, Instant at) {
    requireLive();
    Instant begins = from == null ? validFrom : from;
    if (state == AssignmentState.CURRENT && !begins.equals(validFrom)) {
      throw Problem.invalid(List.of(new FieldError("validFrom", "this has begun; leave it out")));
    }
    if (begins.equals(validFrom) && Objects.equals(until, validUntil)) {
      return List.of();
    }
    set(state == AssignmentState.PLANNED && begins.isBefore(at) ? at : begins, until, at);
    return List.of(new AssignmentEvent.Changed(id, person, profile, validFrom, validUntil, at));
  }

  AssignmentEvent end(Act end) {
    requireLive();
    state = AssignmentState.ENDED;
    ended = end;
    return new AssignmentEvent.Ended(id, person, profile, end.reason(), end.at());
  }

  private void requireLive() {
    if (state == AssignmentState.ENDED) {
      throw Problem.conflict("assignment-ended", "This has ended and changes no more.");
    }
  }

  @Override
  public String kind() {
    return "profile-assignment";
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
    return new State(person, profile, validFrom, validUntil, state);
  }

  UUID person() {
    return person;
  }

  Act assignment() {
    return assigned;
  }

  Act ending() {
    return ended;
  }

  long version() {
    return version;
  }

  /** What others may know of it. */
  public record State(
      UUID person, UUID profile, Instant validFrom, Instant validUntil, AssignmentState state) {}
}
