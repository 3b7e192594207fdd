package io.vigie.audit.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

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
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/** One audit of the policy (R15.4), from its plan until each of its findings is settled. */
@Entity
@Table(name = "control_audit")
public class Audit extends PanacheEntityBase implements Aggregate {

  /** As many requests for evidence may be made in an audit. */
  static final int MOST_REQUESTS = 200;

  private static final Duration LONGEST = Duration.ofDays(366);
  private static final Set<String> RULES = Set.copyOf(PolicyTable.read("rules", Rules.class).rules);

  private record Rules(List<String> rules) {}

  /**
   * What is audited: rules of the policy, what is done for clients, or both.
   *
   * @param clients ids of clients; empty for all of them
   */
  record Scope(Set<String> rules, Set<UUID> clients) {

    private void check() {
      if (rules.isEmpty() && clients.isEmpty()) {
        throw invalid("rules", "or clients must be named: an audit has a scope");
      }
      List<String> unknown = rules.stream().filter(rule -> !RULES.contains(rule)).sorted().toList();
      if (!unknown.isEmpty()) {
        throw invalid("rules", "are no rules of the policy: " + unknown);
      }
    }
  }

  /**
   * From when on, and until before when, the audit takes place and its auditor may read; of the
   * log, what happened in it.
   */
  record Period(Instant from, Instant until) {

    private void check(Instant at) {
      if (!from.isBefore(until) || from.plus(LONGEST).isBefore(until)) {
        throw invalid("periodUntil", "must be after periodFrom, within 366 days");
      }
      if (!until.isAfter(at)) {
        throw invalid("periodUntil", "must be in the future");
      }
    }

    private boolean has(Instant time) {
      return !time.isBefore(from) && time.isBefore(until);
    }
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String title;

  @Enumerated(EnumType.STRING)
  private AuditKind kind;

  private String[] rules;
  private String[] clients;
  private String auditor;

  @Column(name = "period_from")
  private Instant periodFrom;

  @Column(name = "period_until")
  private Instant periodUntil;

  @Enumerated(EnumType.STRING)
  private AuditState state = AuditState.PLANNED;

  private int findings;
  private int unsettled;
  private int requests;
  private int unanswered;

  /** The first due date of what is unsettled; null where nothing is. */
  @Column(name = "next_due_at")
  private Instant nextDueAt;

  @Column(name = "planned_at")
  private Instant plannedAt;

  @Column(name = "begun_at")
  private Instant begunAt;

  @Column(name = "closed_at")
  private Instant closedAt;

  @Column(name = "cancelled_at")
  private Instant cancelledAt;

  @Column(name = "cancel_reason")
  private String cancelReason;

  protected Audit() {}

  /**
   * @param auditor the subject of the auditor's account
   * @throws Problem 400 about a scope without a rule of the policy or a client, or a period that is
   *     over, or longer than 366 days
   */
  Audit(String title, AuditKind kind, Scope scope, String auditor, Period period, Instant at) {
    scope.check();
    period.check(at);
    this.id = Ids.next();
    this.title = title;
    this.kind = kind;
    this.rules = scope.rules().stream().sorted().toArray(String[]::new);
    this.clients = scope.clients().stream().map(UUID::toString).sorted().toArray(String[]::new);
    this.auditor = auditor;
    this.periodFrom = period.from();
    this.periodUntil = period.until();
    this.plannedAt = at;
  }

  private static Problem invalid(String field, String otherwise) {
    return Problem.invalid(List.of(new FieldError(field, otherwise)));
  }

  /** The audit, or 404. */
  static Uni<Audit> require(UUID id) {
    return Audit.<Audit>findById(id).onItem().ifNull().failWith(Audit::unknown);
  }

  /** The audit in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Audit> require(UUID id, String ifMatch) {
    return require(id).invoke(audit -> ETag.require(ifMatch, audit.version));
  }

  /** The audit that this finding is of, or 404. */
  static Uni<Audit> requireOf(UUID finding) {
    return Audit.<Audit>find("id = (select f.audit from AuditFinding f where f.id = ?1)", finding)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(AuditFinding::unknown);
  }

  /** The audit in which this evidence was asked for, or 404. */
  static Uni<Audit> requireOfRequest(UUID request) {
    return Audit.<Audit>find(
            "id = (select r.audit from EvidenceRequest r where r.id = ?1)", request)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(EvidenceRequest::unknown);
  }

  static Problem unknown() {
    return Problem.notFound("No audit has this id, or it is not yours to read now.");
  }

  /** Whether this account audits it, and may read now: it has begun, and neither ended since. */
  boolean isOpenTo(String account, Instant at) {
    return state == AuditState.BEGUN
        && auditor.equals(account)
        && new Period(periodFrom, periodUntil).has(at);
  }

  ControlAuditEvent planned() {
    State now = state();
    return new ControlAuditEvent.Planned(
        id, title, kind, now.rules(), now.clients(), auditor, periodFrom, periodUntil, plannedAt);
  }

  /**
   * @throws Problem 409 when it began already, or outside its period
   */
  ControlAuditEvent begin(Instant at) {
    if (state != AuditState.PLANNED) {
      throw conflict("audit-begun", "It began already.");
    }
    if (!new Period(periodFrom, periodUntil).has(at)) {
      throw conflict("audit-period", "An audit begins in its period. Plan one for another period.");
    }
    state = AuditState.BEGUN;
    begunAt = at;
    return new ControlAuditEvent.Begun(id, kind, at);
  }

  /**
   * @throws Problem 409 unless the audit has begun and is not closed, 422 when the rule is not in
   *     its scope
   */
  ControlAuditEvent raise(AuditFinding finding, Instant at) {
    requireBegun();
    requireInScope(finding.rule());
    findings++;
    unsettled++;
    if (nextDueAt == null || finding.dueAt().isBefore(nextDueAt)) {
      nextDueAt = finding.dueAt();
    }
    return new ControlAuditEvent.FindingRaised(
        id,
        finding.id(),
        finding.reference(),
        finding.rule(),
        finding.severity(),
        finding.owner(),
        finding.dueAt(),
        at);
  }

  private void requireInScope(String rule) {
    if (rules.length == 0 ? !RULES.contains(rule) : !Stream.of(rules).anyMatch(rule::equals)) {
      throw unprocessable("rule-out-of-scope", "Name a rule that the audit has in its scope.");
    }
  }

  /**
   * @throws Problem 403 unless its owner acts, 409 unless the finding is open
   */
  ControlAuditEvent actOn(AuditFinding finding, String action, String by, Instant at) {
    finding.act(action, by, at);
    return new ControlAuditEvent.FindingActedOn(id, finding.id(), finding.dueAt().isBefore(at), at);
  }

  /**
   * @param effective false sends it back to its owner
   * @param others the first due date of the other findings that are unsettled, or null
   * @throws Problem 409 unless somebody acted on the finding, 422 to whoever did
   */
  ControlAuditEvent verify(
      AuditFinding finding,
      boolean effective,
      String reason,
      Instant others,
      String by,
      Instant at) {
    finding.verify(effective, reason, by, at);
    if (effective) {
      settle(others);
    }
    return new ControlAuditEvent.FindingVerified(id, finding.id(), effective, at);
  }

  /**
   * @param others as for {@link #verify}
   * @throws Problem 409 when the finding is settled, 422 to its owner
   */
  ControlAuditEvent accept(
      AuditFinding finding, String reason, Instant others, String by, Instant at) {
    finding.accept(reason, by, at);
    settle(others);
    return new ControlAuditEvent.FindingAccepted(id, finding.id(), at);
  }

  private void settle(Instant others) {
    unsettled--;
    nextDueAt = others;
  }

  /**
   * @throws Problem 409 unless the audit has begun and is not closed, and once it has {@value
   *     #MOST_REQUESTS} requests; 422 when the rule is not in its scope
   */
  ControlAuditEvent ask(EvidenceRequest request, Instant at) {
    requireBegun();
    if (request.rule() != null) {
      requireInScope(request.rule());
    }
    if (requests == MOST_REQUESTS) {
      throw conflict(
          "too-many-evidence-requests",
          "An audit has at most " + MOST_REQUESTS + " requests for evidence.");
    }
    requests++;
    unanswered++;
    return new ControlAuditEvent.EvidenceAsked(
        id, request.id(), request.rule(), request.object(), request.dueAt(), at);
  }

  /**
   * @throws Problem 409 unless the audit has begun and is not closed, and unless the request waits
   *     for an answer; 422 when it goes to whoever asked
   */
  ControlAuditEvent assign(EvidenceRequest request, String assignee, Instant at) {
    requireBegun();
    request.assign(assignee);
    return new ControlAuditEvent.EvidenceAssigned(id, request.id(), assignee, at);
  }

  /**
   * @param entries of the log, by their indexes
   * @param objects as {@code <kind>/<id>}
   * @throws Problem 409 as for {@link #assign}, 422 to whoever asked
   */
  ControlAuditEvent answer(
      EvidenceRequest request,
      String answer,
      Collection<Long> entries,
      Collection<String> objects,
      String by,
      Instant at) {
    requireBegun();
    request.answer(answer, entries, objects, by, at);
    unanswered--;
    return new ControlAuditEvent.EvidenceAnswered(
        id, request.id(), request.entries(), request.objects(), request.dueAt().isBefore(at), at);
  }

  /**
   * @param accepted false sends it back to whoever is to answer
   * @throws Problem 409 unless the audit has begun and is not closed, and unless the request is
   *     answered
   */
  ControlAuditEvent review(EvidenceRequest request, boolean accepted, String reason, Instant at) {
    requireBegun();
    request.review(accepted, reason, at);
    if (!accepted) {
      unanswered++;
    }
    return new ControlAuditEvent.EvidenceReviewed(id, request.id(), accepted, at);
  }

  /**
   * @throws Problem 409 unless the audit has begun and is not closed, and once the request is
   *     accepted or withdrawn
   */
  ControlAuditEvent withdraw(EvidenceRequest request, String reason, Instant at) {
    requireBegun();
    boolean wasUnanswered = request.state() == EvidenceRequestState.ASKED;
    request.withdraw(reason, at);
    if (wasUnanswered) {
      unanswered--;
    }
    return new ControlAuditEvent.EvidenceWithdrawn(id, request.id(), at);
  }

  /**
   * @throws Problem 409 unless it has begun, and while a finding is neither verified nor accepted
   */
  ControlAuditEvent close(Instant at) {
    requireBegun();
    if (unsettled > 0) {
      throw conflict(
          "findings-unsettled",
          "Each finding must be verified, or accepted with a reason. How many are not yet: "
              + unsettled);
    }
    state = AuditState.CLOSED;
    closedAt = at;
    return new ControlAuditEvent.Closed(id, kind, findings, at);
  }

  /**
   * What it found stays, and is still to be settled.
   *
   * @throws Problem 409 when it is over
   */
  ControlAuditEvent cancel(String reason, Instant at) {
    if (state == AuditState.CLOSED || state == AuditState.CANCELLED) {
      throw conflict("audit-over", "The audit is closed, or was cancelled already.");
    }
    state = AuditState.CANCELLED;
    cancelledAt = at;
    cancelReason = reason;
    return new ControlAuditEvent.Cancelled(id, kind, findings, at);
  }

  private void requireBegun() {
    if (state != AuditState.BEGUN) {
      throw conflict("audit-not-open", "The audit has not begun, or is over.");
    }
  }

  @Override
  public String kind() {
    return "control-audit";
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
        title,
        kind,
        List.of(rules),
        Stream.of(clients).map(UUID::fromString).toList(),
        auditor,
        periodFrom,
        periodUntil,
        state,
        findings,
        unsettled,
        nextDueAt,
        requests,
        unanswered,
        plannedAt,
        begunAt,
        closedAt,
        cancelledAt);
  }

  /** Why it was cancelled, which stays in the service; null where it was not. */
  String cancelReason() {
    return cancelReason;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of an audit.
   *
   * @param findings all that were raised
   * @param unsettled those of them that are neither verified nor accepted
   * @param nextDueAt the first due date of these; null where there are none
   * @param requests how often evidence was asked for
   * @param unanswered those of them that wait for an answer
   */
  public record State(
      String title,
      AuditKind kind,
      List<String> rules,
      List<UUID> clients,
      String auditor,
      Instant periodFrom,
      Instant periodUntil,
      AuditState state,
      int findings,
      int unsettled,
      Instant nextDueAt,
      int requests,
      int unanswered,
      Instant plannedAt,
      Instant begunAt,
      Instant closedAt,
      Instant cancelledAt) {}
}
