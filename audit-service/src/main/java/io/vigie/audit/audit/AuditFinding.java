package io.vigie.audit.audit;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/** What an audit found, and what became of it. It changes by its {@link Audit} alone. */
@Entity
@Table(name = "audit_finding")
public class AuditFinding extends PanacheEntityBase {

  /**
   * A finding.
   *
   * @param owner the subject who is to act
   * @param since when its state began
   * @param action what the owner did last
   * @param decidedBy who verified what was done, found that it is not enough, or accepted
   * @param reason that they gave
   */
  @Schema(name = "AuditFinding")
  record View(
      UUID id,
      UUID audit,
      String reference,
      String rule,
      FindingSeverity severity,
      String text,
      String owner,
      Instant dueAt,
      FindingState state,
      Instant raisedAt,
      Instant since,
      String action,
      String actedBy,
      Instant actedAt,
      String decidedBy,
      Instant decidedAt,
      String reason,
      long version) {}

  @Id private UUID id;
  @Version private long version;
  private UUID audit;
  private String reference;
  private String rule;

  @Enumerated(EnumType.STRING)
  private FindingSeverity severity;

  private String text;
  private String owner;

  @Column(name = "due_at")
  private Instant dueAt;

  @Enumerated(EnumType.STRING)
  private FindingState state = FindingState.OPEN;

  @Column(name = "raised_at")
  private Instant raisedAt;

  private Instant since;
  private String action;

  @Column(name = "acted_by")
  private String actedBy;

  @Column(name = "acted_at")
  private Instant actedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  private String reason;

  protected AuditFinding() {}

  /**
   * @param reference in the auditor's report, one of its own in each audit
   * @param owner the subject who is to act by {@code dueAt}
   */
  AuditFinding(
      UUID audit,
      String reference,
      String rule,
      FindingSeverity severity,
      String text,
      String owner,
      Instant dueAt,
      Instant at) {
    this.id = Ids.next();
    this.audit = audit;
    this.reference = reference;
    this.rule = rule;
    this.severity = severity;
    this.text = text;
    this.owner = owner;
    this.dueAt = dueAt;
    this.raisedAt = at;
    this.since = at;
  }

  /** The finding, or 404. */
  static Uni<AuditFinding> require(UUID id) {
    return AuditFinding.<AuditFinding>findById(id)
        .onItem()
        .ifNull()
        .failWith(AuditFinding::unknown);
  }

  /** The finding in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<AuditFinding> require(UUID id, String ifMatch) {
    return require(id).invoke(finding -> ETag.require(ifMatch, finding.version));
  }

  /** The first due date of the other findings of its audit that are unsettled; null without any. */
  Uni<Instant> othersDue() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        """
                        select min(dueAt) from AuditFinding
                        where audit = ?1 and id <> ?2 and state in (OPEN, ACTED)""",
                        Instant.class)
                    .setParameter(1, audit)
                    .setParameter(2, id)
                    .getSingleResultOrNull());
  }

  static Problem unknown() {
    return Problem.notFound("No finding has this id.");
  }

  void act(String what, String by, Instant at) {
    if (!owner.equals(by)) {
      throw Problem.forbidden("Whoever owns a finding acts on it.");
    }
    if (state != FindingState.OPEN) {
      throw conflict("finding-not-open", "The finding waits for nothing of its owner.");
    }
    action = what;
    actedBy = by;
    actedAt = at;
    enter(FindingState.ACTED, at);
  }

  void verify(boolean effective, String why, String by, Instant at) {
    if (state != FindingState.ACTED) {
      throw conflict(
          "finding-not-acted-on", "It is open, or settled already: there is nothing to verify.");
    }
    if (actedBy.equals(by)) {
      throw unprocessable(
          "self-verification", "You acted on this finding. Somebody else must verify it (R4.6).");
    }
    decide(effective ? FindingState.VERIFIED : FindingState.OPEN, why, by, at);
  }

  void accept(String why, String by, Instant at) {
    if (isSettled()) {
      throw conflict("finding-settled", "The finding is verified or accepted already.");
    }
    if (owner.equals(by)) {
      throw unprocessable(
          "self-acceptance", "You own this finding. Somebody else must accept it (R4.6).");
    }
    decide(FindingState.ACCEPTED, why, by, at);
  }

  private void decide(FindingState to, String why, String by, Instant at) {
    decidedBy = by;
    decidedAt = at;
    reason = why;
    enter(to, at);
  }

  private void enter(FindingState to, Instant at) {
    state = to;
    since = at;
  }

  boolean isSettled() {
    return state == FindingState.VERIFIED || state == FindingState.ACCEPTED;
  }

  UUID id() {
    return id;
  }

  UUID audit() {
    return audit;
  }

  String reference() {
    return reference;
  }

  String rule() {
    return rule;
  }

  FindingSeverity severity() {
    return severity;
  }

  String owner() {
    return owner;
  }

  Instant dueAt() {
    return dueAt;
  }

  FindingState state() {
    return state;
  }

  Instant since() {
    return since;
  }

  long version() {
    return version;
  }

  View view() {
    return new View(
        id, audit, reference, rule, severity, text, owner, dueAt, state, raisedAt, since, action,
        actedBy, actedAt, decidedBy, decidedAt, reason, version);
  }
}
