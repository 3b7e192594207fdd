package io.vigie.access.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
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

/**
 * An account, or the directory itself, that is, in one respect, not what was approved. One live
 * finding for each respect.
 */
@Entity
public class Drift extends PanacheEntityBase implements Aggregate {

  /** Why a finding is over without Vigie. */
  enum End {
    GONE,
    LAPSED
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Enumerated(EnumType.STRING)
  private DriftKind kind;

  /** Null where it is about the directory itself. */
  private String account;

  @Column(name = "person_id")
  private UUID person;

  private String what;

  @Enumerated(EnumType.STRING)
  private DriftState state;

  @Column(name = "found_at")
  private Instant foundAt;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Column(name = "accepted_until")
  private Instant acceptedUntil;

  @Column(name = "decided_by")
  private String decidedBy;

  private String reason;

  protected Drift() {}

  /**
   * A finding.
   *
   * @param account null where it is about the directory itself
   * @param person whose account it is; null for nobody's and for a program's
   * @param repair whether it is put right at once
   */
  Drift(Difference difference, String account, UUID person, boolean repair, Instant at) {
    this.id = Ids.next();
    this.kind = difference.kind();
    this.what = difference.what();
    this.account = account;
    this.person = person;
    this.state = repair ? DriftState.REPAIRING : DriftState.OPEN;
    this.foundAt = at;
  }

  /** The finding, or 404. */
  static Uni<Drift> require(UUID id) {
    return Drift.<Drift>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No finding has this id."));
  }

  /** The finding in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Drift> require(UUID id, String ifMatch) {
    return require(id).invoke(drift -> ETag.require(ifMatch, drift.version));
  }

  /** The live findings about these accounts, locked, in order. */
  static Uni<List<Drift>> takeLive(Collection<String> accounts) {
    return Drift.<Drift>find("account in ?1 and state in ?2 order by id", accounts, DriftState.LIVE)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /** The live findings about the directory itself, locked, in order. */
  static Uni<List<Drift>> takeLiveOfDirectory() {
    return Drift.<Drift>find("account is null and state in ?1 order by id", DriftState.LIVE)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /** What is to be put right about an account. */
  static Uni<List<Drift>> toRepair(String account) {
    return Drift.list("account = ?1 and state = ?2 order by id", account, DriftState.REPAIRING);
  }

  DriftEvent found() {
    return new DriftEvent.Found(
        id, kind.name(), account, person, publicWhat(), state == DriftState.REPAIRING, foundAt);
  }

  /**
   * Refused by nothing but the state: whoever has the account gains nothing by what was approved.
   */
  DriftEvent orderRepair(String actor, Instant at) {
    require(DriftState.OPEN);
    if (account == null) {
      throw Problem.unprocessable(
          "directory-settings",
          "It is about settings of the directory, which Vigie never changes. Change them there, or"
              + " accept the finding.");
    }
    if (kind == DriftKind.MISSING_ACCOUNT) {
      throw Problem.unprocessable(
          "account-gone",
          "Nobody's guess makes an account that is gone. Take it off the person, and they get"
              + " another.");
    }
    if (person == null
        && (kind == DriftKind.UNAPPROVED_ROLE || kind == DriftKind.UNAPPROVED_GROUP)) {
      throw Problem.unprocessable(
          "account-of-program",
          "Of a program's account Vigie takes nothing, since it does not know what depends on it."
              + " Take it away in the directory, or accept the finding.");
    }
    state = DriftState.REPAIRING;
    decidedBy = actor;
    return new DriftEvent.RepairOrdered(id, account, person, at);
  }

  DriftEvent repaired(Instant at) {
    require(DriftState.REPAIRING);
    state = DriftState.REPAIRED;
    endedAt = at;
    return new DriftEvent.Repaired(id, account, person, at);
  }

  /** R4.6: not by whose account it is. */
  DriftEvent accept(String why, Instant until, Duration longest, String actor, Instant at) {
    require(DriftState.OPEN);
    if (actor.equals(account)) {
      throw Problem.unprocessable(
          "own-account", "It is your account. Somebody else must say why it is as it should be.");
    }
    if (!until.isAfter(at) || until.isAfter(at.plus(longest))) {
      throw Problem.invalid(
          List.of(
              new Problem.FieldError(
                  "until", "must be in the future, " + longest.toDays() + " days at most")));
    }
    state = DriftState.ACCEPTED;
    acceptedUntil = until;
    reason = why;
    decidedBy = actor;
    return new DriftEvent.Accepted(id, account, person, why, until, at);
  }

  DriftEvent end(End because, Instant at) {
    if (!DriftState.LIVE.contains(state)) {
      throw Problem.conflict("drift-over", "This finding is over already.");
    }
    state = DriftState.ENDED;
    endedAt = at;
    return new DriftEvent.Ended(id, account, person, because.name(), at);
  }

  private void require(DriftState expected) {
    if (state != expected) {
      throw Problem.conflict(
          "drift-not-" + expected.name().toLowerCase(java.util.Locale.ROOT),
          "This needs a finding in state " + expected + "; it is " + state + ".");
    }
  }

  /** Whether it is accepted no longer. */
  boolean hasLapsed(Instant now) {
    return state == DriftState.ACCEPTED && !acceptedUntil.isAfter(now);
  }

  Difference difference() {
    return new Difference(kind, what);
  }

  /** Null where it is about the directory itself. */
  String account() {
    return account;
  }

  /** Whose account it is; null for nobody's and for a program's. */
  UUID person() {
    return person;
  }

  private String publicWhat() {
    return what.isEmpty() ? null : what;
  }

  @Override
  public String kind() {
    return "drift";
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
        account,
        person,
        publicWhat(),
        state,
        foundAt,
        endedAt,
        acceptedUntil,
        decidedBy,
        reason);
  }

  long version() {
    return version;
  }

  /** What others may know of it; {@code account} is null where it is about the directory itself. */
  public record State(
      DriftKind kind,
      String account,
      UUID person,
      String what,
      DriftState state,
      Instant foundAt,
      Instant endedAt,
      Instant acceptedUntil,
      String decidedBy,
      String reason) {}
}
