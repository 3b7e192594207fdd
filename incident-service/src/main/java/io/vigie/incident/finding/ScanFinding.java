package io.vigie.incident.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/** What a tool found at one place of an asset; one for each tool, rule and place (R11.13). */
@Entity
@Table(name = "scan_finding")
public class ScanFinding extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID asset;
  private String tool;
  private String rule;
  private String fingerprint;
  private String place;
  private String message;

  @Enumerated(EnumType.STRING)
  private Severity severity;

  @Enumerated(EnumType.STRING)
  private FindingState state;

  @Column(name = "found_at")
  private Instant foundAt;

  /** Since when it is what it is now. */
  @Column(name = "state_since")
  private Instant stateSince;

  @Column(name = "due_at")
  private Instant dueAt;

  /** How often it came back. */
  private int reopened;

  /** Null where nobody asked. */
  @Embedded private Acceptance acceptance;

  /** Why it is none, or is one after all: null where nobody said. */
  @Column(name = "verdict_reason")
  private String verdictReason;

  @Column(name = "verdict_by")
  private String verdictBy;

  protected ScanFinding() {}

  ScanFinding(UUID asset, String tool, Sighting seen, ScanPolicy policy, Instant at) {
    this.id = Ids.next();
    this.asset = asset;
    this.tool = tool;
    this.rule = seen.rule();
    this.fingerprint = seen.fingerprint(tool);
    this.foundAt = at;
    open(at);
    tell(seen);
    this.dueAt = at.plus(policy.delay(severity));
  }

  private void open(Instant at) {
    state = FindingState.OPEN;
    stateSince = at;
  }

  private void tell(Sighting seen) {
    place = seen.place();
    message = seen.message();
    severity = seen.severity();
  }

  /** The finding, or 404. */
  static Uni<ScanFinding> require(UUID id) {
    return ScanFinding.<ScanFinding>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No finding of a scan has this id."));
  }

  /** The finding in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<ScanFinding> require(UUID id, String ifMatch) {
    return require(id).invoke(finding -> ETag.require(ifMatch, finding.version));
  }

  FindingEvent found() {
    return new FindingEvent.Found(id, asset, tool, rule, fingerprint, severity, dueAt, foundAt);
  }

  /**
   * A later scan saw it. What was gone is open again with a time that begins now; what is worse
   * than was known has its new time from now, so that nothing is overdue at once; what is better
   * has its time from when it was found. No event where nothing of that changed.
   */
  List<FindingEvent> seen(Sighting again, ScanPolicy policy, Instant at) {
    Severity before = severity;
    tell(again);
    Duration delay = policy.delay(severity);
    if (state == FindingState.GONE) {
      open(at);
      reopened++;
      dueAt = at.plus(delay);
      return List.of(
          new FindingEvent.Reopened(id, asset, tool, rule, severity, reopened, dueAt, at));
    }
    if (severity == before) {
      return List.of();
    }
    Instant due = foundAt.plus(delay);
    Instant fromNow = at.plus(delay);
    dueAt = due.isAfter(dueAt) ? due : fromNow.isBefore(dueAt) ? fromNow : dueAt;
    return List.of(new FindingEvent.Reappraised(id, asset, severity, dueAt, at));
  }

  /** A complete scan did not see it. What was found to be none stays that. */
  List<FindingEvent> missed(Instant at) {
    if (!isThere()) {
      return List.of();
    }
    return List.of(new FindingEvent.Gone(id, asset, end(at), at));
  }

  /**
   * Its asset was retired: nobody has to mend it any more. A scan that sees it after all opens it
   * again.
   */
  List<FindingEvent> assetGone(Instant at) {
    return isThere() ? List.of(new FindingEvent.AssetGone(id, asset, end(at), at)) : List.of();
  }

  private boolean isThere() {
    return state == FindingState.OPEN || state == FindingState.ACCEPTED;
  }

  /** Whether it was late. */
  private boolean end(Instant at) {
    boolean late = state == FindingState.OPEN && dueAt.isBefore(at);
    state = FindingState.GONE;
    stateSince = at;
    acceptance = null;
    return late;
  }

  FindingEvent requestAcceptance(Instant until, String by, String reason, Instant at) {
    requireOpen();
    if (acceptance != null && acceptance.isPending()) {
      throw conflict("acceptance-pending", "Somebody asked already; that waits for a decision.");
    }
    acceptance = Acceptance.requested(until, by, reason, at);
    return new FindingEvent.AcceptanceRequested(id, asset, until, at);
  }

  FindingEvent approveAcceptance(String by, Instant at) {
    acceptance = requireAcceptance().approved(by, at);
    state = FindingState.ACCEPTED;
    stateSince = at;
    return new FindingEvent.AcceptanceApproved(id, asset, acceptance.until(), at);
  }

  FindingEvent refuseAcceptance(String by, String reason, Instant at) {
    acceptance = requireAcceptance().refused(by, reason, at);
    return new FindingEvent.AcceptanceRefused(id, asset, at);
  }

  /** The time for which it was accepted is over. */
  FindingEvent expireAcceptance(Instant at) {
    if (state != FindingState.ACCEPTED || acceptance.until().isAfter(at)) {
      throw conflict("finding-not-accepted", "No acceptance of it is over.");
    }
    acceptance = acceptance.ended();
    open(at);
    return new FindingEvent.AcceptanceExpired(id, asset, dueAt, at);
  }

  /** It is none. */
  FindingEvent dismiss(String by, String reason, Instant at) {
    if (!isThere()) {
      throw conflict("finding-not-open", "It is " + state + "; this needs one that is there.");
    }
    state = FindingState.FALSE_POSITIVE;
    stateSince = at;
    acceptance = null;
    verdict(by, reason);
    return new FindingEvent.Dismissed(id, asset, at);
  }

  /** It is one after all, or is accepted no more. */
  FindingEvent restore(String by, String reason, Instant at) {
    if (state != FindingState.FALSE_POSITIVE && state != FindingState.ACCEPTED) {
      throw conflict("finding-not-set-aside", "It is " + state + "; there is nothing to undo.");
    }
    acceptance = state == FindingState.ACCEPTED ? acceptance.ended() : null;
    open(at);
    verdict(by, reason);
    return new FindingEvent.Restored(id, asset, dueAt, at);
  }

  private void verdict(String by, String reason) {
    verdictBy = by;
    verdictReason = reason;
  }

  private Acceptance requireAcceptance() {
    requireOpen();
    if (acceptance == null) {
      throw Acceptance.notRequested();
    }
    return acceptance;
  }

  private void requireOpen() {
    if (state != FindingState.OPEN) {
      throw conflict("finding-not-open", "This needs an open finding; it is " + state + ".");
    }
  }

  @Override
  public String kind() {
    return "scan-finding";
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
        asset,
        tool,
        rule,
        fingerprint,
        severity,
        state,
        stateSince,
        foundAt,
        dueAt,
        reopened,
        acceptance == null ? null : acceptance.state(),
        acceptance == null ? null : acceptance.until());
  }

  String place() {
    return place;
  }

  String message() {
    return message;
  }

  /** Null where nobody asked. */
  Acceptance acceptance() {
    return acceptance;
  }

  String verdictBy() {
    return verdictBy;
  }

  String verdictReason() {
    return verdictReason;
  }

  long version() {
    return version;
  }

  /** What others may know of a finding. */
  public record State(
      UUID asset,
      String tool,
      String rule,
      String fingerprint,
      Severity severity,
      FindingState state,
      Instant stateSince,
      Instant foundAt,
      Instant dueAt,
      int reopened,
      Acceptance.Stage acceptance,
      Instant acceptedUntil) {}
}
