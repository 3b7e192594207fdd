package io.vigie.access.duty;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
import io.vigie.access.entitlement.Act;
import io.vigie.access.person.Person;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.EmbeddedColumnNaming;

/**
 * That duties of one person meet which a rule keeps apart. One live for each rule, person and
 * matter. Those of rights are found, and resolved when the rights are gone, by {@link
 * DutyEvaluation}; an exception can be there before the conflict is.
 */
@Entity
@Table(name = "duty_conflict")
public class DutyConflict extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Enumerated(EnumType.STRING)
  private ConflictKind kind;

  private String rule;

  @Column(name = "person_id")
  private UUID person;

  private String account;
  private String matter;
  private UUID[] entitlements = {};

  @Enumerated(EnumType.STRING)
  private ConflictState state;

  private Instant since;

  @Column(name = "found_at")
  private Instant foundAt;

  @Embedded
  @EmbeddedColumnNaming("excepted_%s")
  private Act excepted;

  @Column(name = "compensating_control")
  private String compensatingControl;

  @Column(name = "excepted_until")
  private Instant exceptedUntil;

  @Embedded
  @EmbeddedColumnNaming("resolved_%s")
  private Act resolved;

  protected DutyConflict() {}

  private DutyConflict(ConflictKind kind, String rule, UUID person, String matter, Instant at) {
    this.id = Ids.next();
    this.kind = kind;
    this.rule = rule;
    this.person = person;
    this.matter = matter;
    this.state = ConflictState.FOUND;
    this.since = at;
  }

  /** One account did both; {@code person} is null where it is nobody's. */
  static DutyConflict ofHistory(
      String rule, String matter, String account, UUID person, Instant at) {
    DutyConflict conflict = new DutyConflict(ConflictKind.HISTORY, rule, person, matter, at);
    conflict.account = account;
    conflict.foundAt = at;
    return conflict;
  }

  /** One that is not there yet; {@link #except} it at once. */
  static DutyConflict toCome(UUID rule, UUID person, String matter, Instant at) {
    return new DutyConflict(ConflictKind.RIGHTS, rule.toString(), person, matter, at);
  }

  /** The conflict, or 404. */
  static Uni<DutyConflict> require(UUID id) {
    return DutyConflict.<DutyConflict>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No conflict has this id."));
  }

  /** The conflict in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<DutyConflict> require(UUID id, String ifMatch) {
    return require(id).invoke(conflict -> ETag.require(ifMatch, conflict.version));
  }

  DutyConflictEvent found() {
    return new DutyConflictEvent.Found(
        id, kind.name(), rule, person, account, matter, Arrays.asList(entitlements), foundAt);
  }

  /**
   * Accepted until {@code until}, at most {@code longest} from now.
   *
   * @param concerned whose conflict it is, who has no say in it (R4.6)
   * @param control what is done so that no harm comes of it
   */
  DutyConflictEvent except(
      Person concerned, Act acceptance, String control, Instant until, Duration longest) {
    require(ConflictState.FOUND);
    if (kind == ConflictKind.HISTORY) {
      throw Problem.unprocessable(
          "conflict-of-history",
          "What was done stays done. Say what comes of it, as the conflict's resolution.");
    }
    requireOther(concerned, acceptance.by());
    Instant latest = acceptance.at().plus(longest);
    if (!until.isAfter(acceptance.at()) || until.isAfter(latest)) {
      throw Problem.invalid(
          List.of(
              new Problem.FieldError("until", "must be in the future, and not after " + latest)));
    }
    state = ConflictState.EXCEPTED;
    since = acceptance.at();
    excepted = acceptance;
    compensatingControl = control;
    exceptedUntil = until;
    return new DutyConflictEvent.Excepted(
        id, rule, person, matter, acceptance.reason(), control, until, acceptance.at());
  }

  /** Before its time. What it covers is found again; one that never covered anything is over. */
  DutyConflictEvent withdrawException(Act withdrawal) {
    require(ConflictState.EXCEPTED);
    since = withdrawal.at();
    exceptedUntil = withdrawal.at();
    if (foundAt == null) {
      state = ConflictState.RESOLVED;
      resolved = withdrawal;
      return resolution("UNUSED");
    }
    state = ConflictState.FOUND;
    return new DutyConflictEvent.Lapsed(
        id, rule, person, matter, "WITHDRAWN", withdrawal.reason(), withdrawal.at());
  }

  /**
   * Says what came of what was done.
   *
   * @param concerned null where the account is nobody's
   */
  DutyConflictEvent settle(Person concerned, Act settlement) {
    if (kind == ConflictKind.RIGHTS) {
      throw Problem.unprocessable(
          "conflict-of-rights",
          "It is resolved when the rights are gone. Take one away, or grant an exception.");
    }
    require(ConflictState.FOUND);
    requireOther(concerned, settlement.by());
    state = ConflictState.RESOLVED;
    since = settlement.at();
    resolved = settlement;
    return resolution("SETTLED");
  }

  private DutyConflictEvent resolution(String because) {
    return new DutyConflictEvent.Resolved(
        id, rule, person, matter, because, resolved.reason(), resolved.at());
  }

  private void requireOther(Person concerned, String actor) {
    if (actor.equals(account) || concerned != null && concerned.isHolder(actor)) {
      throw Problem.unprocessable(
          "own-duties", "These are your own duties. Somebody else must decide about them.");
    }
  }

  private void require(ConflictState expected) {
    if (state != expected) {
      throw Problem.conflict(
          "conflict-not-" + expected.name().toLowerCase(Locale.ROOT),
          "This needs a conflict in state " + expected + "; it is " + state + ".");
    }
  }

  UUID person() {
    return person;
  }

  @Override
  public String kind() {
    return "duty-conflict";
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
        kind,
        rule,
        person,
        account,
        matter,
        Arrays.asList(entitlements),
        state,
        since,
        foundAt,
        excepted == null ? null : excepted.by(),
        excepted == null ? null : excepted.reason(),
        compensatingControl,
        exceptedUntil,
        resolved == null ? null : resolved.by(),
        resolved == null ? null : resolved.reason());
  }

  long version() {
    return version;
  }

  /**
   * What others may know of it. The exception stays when it is over; {@code resolvedBy} is null
   * where it was resolved by itself. {@code foundAt} is null as long as an exception is there
   * before the conflict, and {@code since} it is in its state.
   */
  public record State(
      ConflictKind kind,
      String rule,
      UUID person,
      String account,
      String matter,
      List<UUID> entitlements,
      ConflictState state,
      Instant since,
      Instant foundAt,
      String exceptedBy,
      String exceptionReason,
      String compensatingControl,
      Instant exceptedUntil,
      String resolvedBy,
      String resolution) {}
}
