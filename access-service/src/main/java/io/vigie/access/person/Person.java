package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

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
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

/** A natural person who works, or worked, here. Who left does not come back under this id. */
@Entity
public class Person extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  @Embedded private Details details;

  @Enumerated(EnumType.STRING)
  private PersonState state;

  @Column(name = "last_day")
  private LocalDate lastDay;

  @Column(name = "left_at")
  private Instant leftAt;

  @Column(name = "departure_reason")
  private String departureReason;

  @Column(name = "erased_at")
  private Instant erasedAt;

  @Embedded private PlannedMove plannedMove;

  protected Person() {}

  /** Somebody whom {@code registrar} registers, who must be somebody else. */
  public Person(Details details, String registrar, Instant at) {
    this(Ids.next(), details, registrar, at);
  }

  Person(UUID id, Details details, String registrar, Instant at) {
    requireSomebodyElse(registrar, details.subject());
    this.id = id;
    requireNone(details.implausible(PersonState.ANNOUNCED, at));
    this.details = details;
    this.state = details.joinedOn().isAfter(day(at)) ? PersonState.ANNOUNCED : PersonState.ACTIVE;
  }

  /** The person, or 404. */
  public static Uni<Person> require(UUID id) {
    return orNotFound(findById(id));
  }

  /**
   * The person in the version that the caller has read, or 404, 412 or 428, with the row locked
   * against everybody else until the transaction ends: nothing can be given to the person
   * meanwhile, and what was being given is committed.
   */
  public static Uni<Person> requireAlone(UUID id, String ifMatch) {
    return takeAlone(id).invoke(person -> ETag.require(ifMatch, person.version));
  }

  /** The same in whatever version, or 404. */
  public static Uni<Person> takeAlone(UUID id) {
    return orNotFound(findById(id, LockModeType.PESSIMISTIC_WRITE));
  }

  /**
   * The person, who cannot leave before the current transaction ends. Many transactions can hold
   * one person. Fails with 422 when there is no such person, or when they left.
   */
  public static Uni<Person> hold(UUID id) {
    return hold(id, LockModeType.PESSIMISTIC_READ);
  }

  /** The same, and no other transaction can hold the person meanwhile. */
  public static Uni<Person> holdAlone(UUID id) {
    return hold(id, LockModeType.PESSIMISTIC_WRITE);
  }

  private static Uni<Person> hold(UUID id, LockModeType lock) {
    return Person.<Person>findById(id, lock)
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
    return list("details.subject", subject);
  }

  private static Uni<Person> orNotFound(Uni<Person> found) {
    return found.onItem().ifNull().failWith(() -> Problem.notFound("No person has this id."));
  }

  PersonEvent joined(Instant at) {
    return new PersonEvent.Joined(
        id, details.businessProfile(), details.subject(), details.joinedOn(), at);
  }

  /** The first day has come; no event where it has not, or came before. */
  List<PersonEvent> start(Instant at) {
    if (state != PersonState.ANNOUNCED || details.joinedOn().isAfter(day(at))) {
      return List.of();
    }
    state = PersonState.ACTIVE;
    return List.of(new PersonEvent.Started(id, details.businessProfile(), details.subject(), at));
  }

  /**
   * No event when nothing differs. The account tells who receives a right, and so may not approve
   * it (R4.6). Therefore nobody takes their own account off a person or puts it onto one, and no
   * account at all, not even a first one, comes to a person who has rights: whoever has it would
   * receive what was approved for another account, or for none. Nor does anybody say who leads or
   * hosts themselves, and so who approves and reviews what they have.
   *
   * @param hasRights whether the person has, or has asked for, any right
   */
  List<PersonEvent> change(Details to, boolean hasRights, String actor, Instant at) {
    requirePresent();
    if (details.isLedOtherwise(to)) {
      requireAnothers(actor);
    }
    if (!Objects.equals(details.subject(), to.subject())) {
      requireSomebodyElse(actor, details.subject());
      requireSomebodyElse(actor, to.subject());
      if (hasRights) {
        throw Problem.conflict(
            "account-has-rights",
            "This person has rights, or asked for some. End these first; then change the account,"
                + " and ask for them again.");
      }
    }
    requireNone(to.implausible(state, at));
    List<String> fields = details.differences(to);
    details = to;
    return fields.isEmpty() ? List.of() : List.of(new PersonEvent.Changed(id, fields, at));
  }

  /**
   * The account that the service itself made for this person, who had none. Nobody chose whose it
   * is, so it may come to a person who has rights.
   */
  public PersonEvent receive(String subject, Instant at) {
    if (details.subject() != null) {
      throw Problem.conflict("has-account", "This person has an account.");
    }
    details = details.withSubject(subject);
    return new PersonEvent.Changed(id, List.of("subject"), at);
  }

  private static void requireNone(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  /**
   * Has the person leave when {@code day} is over, by the clock; in place of what was planned
   * before.
   *
   * @param reason may be null; it is kept here and not published
   */
  PersonEvent planDeparture(LocalDate day, String reason, Instant at) {
    requirePresent();
    requireNone(details.implausibleLastDay(day, at));
    lastDay = day;
    departureReason = reason;
    return new PersonEvent.DeparturePlanned(id, day, at);
  }

  /** Takes back what was planned. The end of a contract stays: that is changed in the record. */
  PersonEvent withdrawDeparture(Instant at) {
    requirePresent();
    if (lastDay == null) {
      throw Problem.conflict(
          "no-departure-planned", "Nobody planned that this person leaves. Nothing is taken back.");
    }
    lastDay = null;
    departureReason = null;
    return new PersonEvent.DepartureWithdrawn(id, at);
  }

  /**
   * Has {@code move} come on its day, by the clock, in place of what was planned before. Whether
   * somebody can lead them then is for {@link Relations#requireToLead} to say.
   */
  PersonEvent planMove(PlannedMove move, Instant at) {
    requirePresent();
    requireNone(details.implausibleMove(move.movesOn(), leavesOn(), at));
    if (move.movesNothing()) {
      throw Problem.invalid(
          List.of(new FieldError("manager", "or the site or the businessProfile must be given")));
    }
    plannedMove = move;
    return movePlanned(at);
  }

  /**
   * The same of a move: fails with 422 where {@code actor}, whose own it is, would plan who leads
   * them or which profile they have, or drop what is planned of these.
   *
   * @param to null where it is taken back
   */
  void requireMayMove(PlannedMove to, String actor) {
    if (moves(PlannedMove::manager, to)) {
      requireAnothers(actor);
    }
    if (moves(PlannedMove::businessProfile, to) && isHolder(actor)) {
      throw selfAssignment();
    }
  }

  /** Whether {@code to}, or what is planned, names something of this kind; each may be null. */
  boolean moves(Function<PlannedMove, Object> what, PlannedMove to) {
    return Stream.of(Optional.ofNullable(to), Optional.ofNullable(plannedMove))
        .anyMatch(move -> move.map(what).isPresent());
  }

  /** Nobody gives themselves a profile (R4.6). */
  public static Problem selfAssignment() {
    return Problem.unprocessable(
        "self-assignment", "Somebody else must give you a profile, and what follows from it.");
  }

  PersonEvent withdrawMove(Instant at) {
    requirePresent();
    if (plannedMove == null) {
      throw Problem.conflict(
          "no-move-planned", "Nobody planned that this person moves. Nothing is taken back.");
    }
    plannedMove = null;
    return movePlanned(at);
  }

  private PersonEvent movePlanned(Instant at) {
    return new PersonEvent.Changed(id, List.of("plannedMove"), at);
  }

  /** Whether the day of the planned move has come, and it was not refused yet. */
  boolean isToMove(Instant at) {
    return plannedMove != null && plannedMove.isDue(day(at));
  }

  /** Carries out what was planned; the event names what differs now. */
  PersonEvent move(Instant at) {
    Details to = details.movedTo(plannedMove);
    List<String> fields =
        Stream.concat(details.differences(to).stream(), Stream.of("plannedMove")).sorted().toList();
    details = to;
    plannedMove = null;
    return new PersonEvent.Changed(id, fields, at);
  }

  /** It cannot be, for the problem with this code: everything stays, and the plan says so. */
  PersonEvent refuseMove(String problem, Instant at) {
    plannedMove = plannedMove.refused(problem, at);
    return movePlanned(at);
  }

  /** {@code reason} may be null; it is kept here and not published. */
  public PersonEvent leave(String reason, Instant at) {
    requirePresent();
    state = PersonState.LEFT;
    leftAt = at;
    plannedMove = null;
    departureReason = reason == null ? departureReason : reason;
    return new PersonEvent.Left(id, details.subject(), at);
  }

  /**
   * Forgets who it was: name, address, number and the reason why they left. What others refer to
   * stays, under the id and the account, which say nothing any more. No event where that was done
   * before.
   *
   * @param reason why; it stays in the log for ever, and so does {@code reference}
   * @param reference the request, or the rule, that this answers
   */
  List<PersonEvent> erase(String reason, String reference, Instant at) {
    if (state != PersonState.LEFT) {
      throw Problem.conflict(
          "still-here",
          "Who works here, or will, is not erased. Have them leave first: their rights end with"
              + " that, and what they hold is asked back.");
    }
    if (erasedAt != null) {
      return List.of();
    }
    erasedAt = at;
    details = details.erased(id);
    departureReason = null;
    return List.of(new PersonEvent.Erased(id, details.subject(), reason, reference, at));
  }

  /** Leaves if the last day is over; no event where it is not, or where they left before. */
  List<PersonEvent> leaveIfOver(Instant at) {
    LocalDate leavesOn = leavesOn();
    return state == PersonState.LEFT || leavesOn == null || !leavesOn.isBefore(day(at))
        ? List.of()
        : List.of(leave(null, at));
  }

  private static void requireSomebodyElse(String actor, String subject) {
    if (actor.equals(subject)) {
      throw Problem.unprocessable(
          "own-account", "Somebody else must say which person has your account.");
    }
  }

  private void requireAnothers(String actor) {
    if (isHolder(actor)) {
      throw Problem.unprocessable(
          "own-manager",
          "Who leads or hosts you approves and reviews what you have. Somebody else must say who"
              + " that is.");
    }
  }

  private void requirePresent() {
    if (state == PersonState.LEFT) {
      throw Problem.conflict("already-left", "This person left; nothing changes any more.");
    }
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  /** Whether {@code actor} is this person. */
  public boolean isHolder(String actor) {
    return actor.equals(details.subject());
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
    return new State(
        details.businessProfile(),
        state,
        details.subject(),
        details.kind(),
        details.manager(),
        details.host(),
        details.site(),
        details.joinedOn(),
        leavesOn());
  }

  Details details() {
    return details;
  }

  /** The last day that was planned, or null. */
  LocalDate lastDay() {
    return lastDay;
  }

  /** What will be of their manager, site and profile, or null. */
  PlannedMove plannedMove() {
    return plannedMove;
  }

  /** The day after which they are gone: the planned one or the end of the contract; or null. */
  LocalDate leavesOn() {
    return details.leavesOn(lastDay);
  }

  Instant leftAt() {
    return leftAt;
  }

  String departureReason() {
    return departureReason;
  }

  /** When it was forgotten who this is, or null. */
  Instant erasedAt() {
    return erasedAt;
  }

  public long version() {
    return version;
  }

  /** What others may know of a person: no name, no address. */
  public record State(
      String businessProfile,
      PersonState state,
      String subject,
      PersonKind kind,
      UUID manager,
      UUID host,
      UUID site,
      LocalDate joinedOn,
      LocalDate leavesOn) {}
}
