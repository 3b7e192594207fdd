package io.vigie.access.people;

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
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

/** A natural person who works, or worked, here. Who left does not come back under this id. */
@Entity
public class Person extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  @Embedded private Profile profile;

  @Enumerated(EnumType.STRING)
  private PersonState state;

  @Column(name = "left_at")
  private Instant leftAt;

  @Column(name = "departure_reason")
  private String departureReason;

  protected Person() {}

  /** Somebody whom {@code registrar} registers, who must be somebody else. */
  public Person(Profile profile, String registrar, Instant at) {
    requireSomebodyElse(registrar, profile.subject());
    this.id = Ids.next();
    this.profile = profile.requirePlausible(at);
    this.state = PersonState.ACTIVE;
  }

  /** The person, or 404. */
  static Uni<Person> require(UUID id) {
    return orNotFound(findById(id));
  }

  /**
   * The person in the version that the caller has read, or 404, 412 or 428, with the row locked
   * against everybody else until the transaction ends: nothing can be given to the person
   * meanwhile, and what was being given is committed.
   */
  public static Uni<Person> requireAlone(UUID id, String ifMatch) {
    return orNotFound(findById(id, LockModeType.PESSIMISTIC_WRITE))
        .invoke(person -> ETag.require(ifMatch, person.version));
  }

  /**
   * The person, who cannot leave before the current transaction ends. Many transactions can hold
   * one person. Fails with 422 when there is no such person, or when they left.
   */
  public static Uni<Person> hold(UUID id) {
    return Person.<Person>findById(id, LockModeType.PESSIMISTIC_READ)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.unprocessable("unknown-person", "No person has this id."))
        .invoke(
            person -> {
              if (person.state == PersonState.LEFT) {
                throw Problem.unprocessable(
                    "person-left", "This person left. Choose somebody who works here.");
              }
            });
  }

  /** Who has the account with this subject: one person, or none. */
  public static Uni<List<Person>> withSubject(String subject) {
    return list("profile.subject", subject);
  }

  private static Uni<Person> orNotFound(Uni<Person> found) {
    return found.onItem().ifNull().failWith(() -> Problem.notFound("No person has this id."));
  }

  PersonEvent joined(Instant at) {
    return new PersonEvent.Joined(id, profile.businessProfile(), profile.subject(), at);
  }

  /**
   * No event when nothing differs. The account tells who receives a right, and so may not approve
   * it (R4.6). Therefore nobody takes their own account off a person or puts it onto one, and no
   * account at all, not even a first one, comes to a person who has rights: whoever has it would
   * receive what was approved for another account, or for none.
   *
   * @param hasRights whether the person has, or has asked for, any right
   */
  List<PersonEvent> change(Profile to, boolean hasRights, String actor, Instant at) {
    requireActive();
    if (!Objects.equals(profile.subject(), to.subject())) {
      requireSomebodyElse(actor, profile.subject());
      requireSomebodyElse(actor, to.subject());
      if (hasRights) {
        throw Problem.conflict(
            "account-has-rights",
            "This person has rights, or asked for some. End these first; then change the account,"
                + " and ask for them again.");
      }
    }
    List<String> fields = profile.differences(to.requirePlausible(at));
    profile = to;
    return fields.isEmpty() ? List.of() : List.of(new PersonEvent.Changed(id, fields, at));
  }

  /** {@code reason} may be null; it is kept here and not published. */
  public PersonEvent leave(String reason, Instant at) {
    requireActive();
    state = PersonState.LEFT;
    leftAt = at;
    departureReason = reason;
    return new PersonEvent.Left(id, profile.subject(), at);
  }

  private static void requireSomebodyElse(String actor, String subject) {
    if (actor.equals(subject)) {
      throw Problem.unprocessable(
          "own-account", "Somebody else must say which person has your account.");
    }
  }

  private void requireActive() {
    if (state == PersonState.LEFT) {
      throw Problem.conflict("already-left", "This person left; nothing changes any more.");
    }
  }

  /** Whether {@code actor} is this person. */
  public boolean isHolder(String actor) {
    return actor.equals(profile.subject());
  }

  @Override
  public String kind() {
    return "person";
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
    return new State(profile.businessProfile(), state, profile.subject());
  }

  Profile profile() {
    return profile;
  }

  Instant leftAt() {
    return leftAt;
  }

  String departureReason() {
    return departureReason;
  }

  public long version() {
    return version;
  }

  /** What others may know of a person: no name, no address. */
  public record State(String businessProfile, PersonState state, String subject) {}
}
