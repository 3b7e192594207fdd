package io.vigie.audit.audit;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * What an auditor asks for, what they are answered, and whether that is enough. It changes by its
 * {@link Audit} alone.
 */
@Entity
@Table(name = "evidence_request")
public class EvidenceRequest extends PanacheEntityBase {

  /**
   * Evidence that was asked for.
   *
   * @param rule of the policy that it is about; null where it is about none
   * @param object that it is about, as {@code <kind>/<id>}; null where it is about none
   * @param askedBy the auditor, by the subject of their account
   * @param assignee the subject who is to answer; null while that is the CISO
   * @param since when its state began
   * @param answer the last one; null until there is one, as are {@code answeredBy} and {@code
   *     answeredAt}
   * @param entries of the log that the answer names, by their indexes
   * @param objects that the answer names, as {@code <kind>/<id>}
   * @param reason that the auditor gave last; null where they gave none
   */
  @Schema(name = "EvidenceRequest")
  public record View(
      UUID id,
      UUID audit,
      String rule,
      String object,
      String text,
      String askedBy,
      Instant askedAt,
      Instant dueAt,
      String assignee,
      EvidenceRequestState state,
      Instant since,
      String answer,
      List<Long> entries,
      List<String> objects,
      String answeredBy,
      Instant answeredAt,
      String reason,
      long version) {}

  /** The condition that it waits for an answer: not in an audit that is over. */
  static final String WAITING =
      "state = ASKED and audit in (select a.id from Audit a where a.state = BEGUN)";

  @Id private UUID id;
  @Version private long version;
  private UUID audit;
  private String rule;
  private String object;
  private String text;

  @Column(name = "asked_by")
  private String askedBy;

  @Column(name = "asked_at")
  private Instant askedAt;

  @Column(name = "due_at")
  private Instant dueAt;

  private String assignee;

  @Enumerated(EnumType.STRING)
  private EvidenceRequestState state = EvidenceRequestState.ASKED;

  private Instant since;
  private String answer;
  private Long[] entries = {};
  private String[] objects = {};

  @Column(name = "answered_by")
  private String answeredBy;

  @Column(name = "answered_at")
  private Instant answeredAt;

  private String reason;

  protected EvidenceRequest() {}

  /**
   * @param rule of the policy, or null
   * @param object as {@code <kind>/<id>}, or null
   * @param dueAt by when it should be answered
   */
  EvidenceRequest(
      UUID audit, String rule, String object, String text, Instant dueAt, String by, Instant at) {
    this.id = Ids.next();
    this.audit = audit;
    this.rule = rule;
    this.object = object;
    this.text = text;
    this.dueAt = dueAt;
    this.askedBy = by;
    this.askedAt = at;
    this.since = at;
  }

  /** The request, or 404. */
  static Uni<EvidenceRequest> require(UUID id) {
    return EvidenceRequest.<EvidenceRequest>findById(id)
        .onItem()
        .ifNull()
        .failWith(EvidenceRequest::unknown);
  }

  /** All that was asked for in an audit, in that order: {@value Audit#MOST_REQUESTS} at most. */
  public static Uni<List<View>> of(UUID audit) {
    return EvidenceRequest.<EvidenceRequest>list("audit = ?1 order by id", audit)
        .map(requests -> requests.stream().map(EvidenceRequest::view).toList());
  }

  static Problem unknown() {
    return Problem.notFound("No request for evidence has this id, or it is not yours to read now.");
  }

  /**
   * @throws Problem 412 or 428 unless that is the version that the caller has read
   */
  void requireVersion(String ifMatch) {
    ETag.require(ifMatch, version);
  }

  void assign(String to) {
    requireAsked();
    if (askedBy.equals(to)) {
      throw unprocessable("self-answer", "They asked for it. Somebody else must answer (R4.6).");
    }
    assignee = to;
  }

  void answer(
      String what,
      Collection<Long> ofEntries,
      Collection<String> ofObjects,
      String by,
      Instant at) {
    requireAsked();
    if (askedBy.equals(by)) {
      throw unprocessable("self-answer", "You asked for it. Somebody else must answer (R4.6).");
    }
    answer = what;
    entries = new TreeSet<>(ofEntries).toArray(Long[]::new);
    objects = new TreeSet<>(ofObjects).toArray(String[]::new);
    answeredBy = by;
    answeredAt = at;
    enter(EvidenceRequestState.ANSWERED, at);
  }

  void review(boolean accepted, String why, Instant at) {
    if (state != EvidenceRequestState.ANSWERED) {
      throw conflict("evidence-not-answered", "There is no answer to accept or to send back.");
    }
    reason = why;
    enter(accepted ? EvidenceRequestState.ACCEPTED : EvidenceRequestState.ASKED, at);
  }

  void withdraw(String why, Instant at) {
    if (state == EvidenceRequestState.ACCEPTED || state == EvidenceRequestState.WITHDRAWN) {
      throw conflict("evidence-settled", "It was accepted, or withdrawn already.");
    }
    reason = why;
    enter(EvidenceRequestState.WITHDRAWN, at);
  }

  private void requireAsked() {
    if (state != EvidenceRequestState.ASKED) {
      throw conflict("evidence-not-asked", "It waits for no answer: read it again.");
    }
  }

  private void enter(EvidenceRequestState to, Instant at) {
    state = to;
    since = at;
  }

  UUID id() {
    return id;
  }

  UUID audit() {
    return audit;
  }

  String rule() {
    return rule;
  }

  String object() {
    return object;
  }

  Instant dueAt() {
    return dueAt;
  }

  /** Whether it was given to this account to answer. */
  boolean isAssignedTo(String account) {
    return account.equals(assignee);
  }

  String assignee() {
    return assignee;
  }

  EvidenceRequestState state() {
    return state;
  }

  Instant since() {
    return since;
  }

  List<Long> entries() {
    return List.of(entries);
  }

  List<String> objects() {
    return List.of(objects);
  }

  long version() {
    return version;
  }

  View view() {
    return new View(
        id,
        audit,
        rule,
        object,
        text,
        askedBy,
        askedAt,
        dueAt,
        assignee,
        state,
        since,
        answer,
        entries(),
        objects(),
        answeredBy,
        answeredAt,
        reason,
        version);
  }
}
