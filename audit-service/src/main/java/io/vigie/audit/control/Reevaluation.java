package io.vigie.audit.control;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * That somebody asks of a control whether it is still right (R15.1), by a time: four questions and
 * what is decided. One that is answered is followed by the next; a rule has one open one.
 */
@Entity
@Table(name = "re_evaluation")
public class Reevaluation extends PanacheEntityBase implements Aggregate {

  /** How far it is. */
  @Schema(name = "ReevaluationStage")
  public enum Stage {
    OPEN,
    ANSWERED
  }

  /** What came of it. */
  @Schema(name = "ReevaluationDecision")
  public enum Decision {
    /** The control is right as it is. */
    KEPT,
    /** It is to be changed. */
    TO_CHANGE
  }

  /**
   * What somebody found.
   *
   * @param threats what changed in them since the last time
   * @param risks whether the control still covers those that it is for
   * @param law what laws, contracts and standards ask now
   * @param scope whether it reaches all that it should
   * @param reason for the decision
   */
  @Schema(name = "ReevaluationAnswer")
  record Answer(
      @NotBlank @Size(max = 4_000) String threats,
      @NotBlank @Size(max = 4_000) String risks,
      @NotBlank @Size(max = 4_000) String law,
      @NotBlank @Size(max = 4_000) String scope,
      @NotNull Decision decision,
      @NotBlank @Size(max = 4_000) String reason) {}

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String rule;

  @Column(name = "due_at")
  private Instant dueAt;

  @Enumerated(EnumType.STRING)
  private Stage stage = Stage.OPEN;

  private String threats;
  private String risks;
  private String law;
  private String scope;

  @Enumerated(EnumType.STRING)
  private Decision decision;

  private String reason;

  @Column(name = "planned_at")
  private Instant plannedAt;

  @Column(name = "answered_by")
  private String answeredBy;

  @Column(name = "answered_at")
  private Instant answeredAt;

  protected Reevaluation() {}

  /** The next one of a rule, due one interval from {@code at} on. */
  Reevaluation(Rule rule, Instant at) {
    this.id = Ids.next();
    this.rule = rule.id();
    this.dueAt = at.atOffset(ZoneOffset.UTC).plus(Period.parse(rule.interval())).toInstant();
    this.plannedAt = at;
  }

  /** The re-evaluation, or 404. */
  static Uni<Reevaluation> require(UUID id) {
    return Reevaluation.<Reevaluation>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No re-evaluation has this id."));
  }

  /** The re-evaluation in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Reevaluation> require(UUID id, String ifMatch) {
    return require(id).invoke(each -> ETag.require(ifMatch, each.version));
  }

  ReevaluationEvent planned() {
    return new ReevaluationEvent.Planned(id, rule, dueAt, plannedAt);
  }

  /**
   * @throws Problem 409 when it is answered already
   */
  ReevaluationEvent answer(Answer answer, String by, Instant at) {
    if (stage != Stage.OPEN) {
      throw Problem.conflict(
          "re-evaluation-answered", "It is answered already. Answer the rule's next one.");
    }
    stage = Stage.ANSWERED;
    threats = answer.threats;
    risks = answer.risks;
    law = answer.law;
    scope = answer.scope;
    decision = answer.decision;
    reason = answer.reason;
    answeredBy = by;
    answeredAt = at;
    return new ReevaluationEvent.Answered(id, rule, decision, !at.isBefore(dueAt), at);
  }

  /** What was found; null while it is open. */
  Answer answer() {
    return stage == Stage.OPEN ? null : new Answer(threats, risks, law, scope, decision, reason);
  }

  @Override
  public String kind() {
    return "re-evaluation";
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
    return new State(rule, dueAt, stage, decision, plannedAt, answeredBy, answeredAt);
  }

  long version() {
    return version;
  }

  /**
   * What others may know of it; the texts stay in the service.
   *
   * @param decision null while it is open
   */
  public record State(
      String rule,
      Instant dueAt,
      Stage stage,
      Decision decision,
      Instant plannedAt,
      String answeredBy,
      Instant answeredAt) {}
}
