package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Objectives and steps as somebody wrote them down. They never change; a new version does. */
@Entity
@Table(name = "continuity_plan_version")
public class ContinuityPlanVersion extends PanacheEntityBase {

  /** What became of it. */
  public enum Decision {
    APPROVED,
    RETURNED
  }

  /**
   * A version.
   *
   * @param rtoSeconds within how long the function must be restored
   * @param rpoSeconds how much work, in time, may be lost
   * @param decision null while it waits for one
   */
  @Schema(name = "ContinuityPlanVersion")
  record View(
      UUID id,
      int number,
      long rtoSeconds,
      long rpoSeconds,
      List<String> steps,
      String author,
      Instant submittedAt,
      Decision decision,
      String decidedBy,
      Instant decidedAt,
      String reason) {}

  @Id private UUID id;
  private UUID plan;
  private int number;

  @Column(name = "rto_seconds")
  private long rtoSeconds;

  @Column(name = "rpo_seconds")
  private long rpoSeconds;

  @Convert(converter = Lines.class)
  private List<String> steps;

  private String author;

  @Column(name = "submitted_at")
  private Instant submittedAt;

  @Enumerated(EnumType.STRING)
  private Decision decision;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  private String reason;

  protected ContinuityPlanVersion() {}

  ContinuityPlanVersion(
      UUID plan,
      int number,
      long rtoSeconds,
      long rpoSeconds,
      List<String> steps,
      String author,
      Instant at) {
    this.id = Ids.next();
    this.plan = plan;
    this.number = number;
    this.rtoSeconds = rtoSeconds;
    this.rpoSeconds = rpoSeconds;
    this.steps = List.copyOf(steps);
    this.author = author;
    this.submittedAt = at;
  }

  /** The version of this number; there is one for each number that the plan knows. */
  static Uni<ContinuityPlanVersion> of(UUID plan, int number) {
    return ContinuityPlanVersion.<ContinuityPlanVersion>find(
            "plan = ?1 and number = ?2", plan, number)
        .singleResult();
  }

  void decide(Decision what, String by, String why, Instant at) {
    decision = what;
    decidedBy = by;
    reason = why;
    decidedAt = at;
  }

  String digest() {
    return Sha256.hex(String.join("\n", steps));
  }

  UUID id() {
    return id;
  }

  int number() {
    return number;
  }

  long rtoSeconds() {
    return rtoSeconds;
  }

  long rpoSeconds() {
    return rpoSeconds;
  }

  List<String> steps() {
    return steps;
  }

  String author() {
    return author;
  }

  View view() {
    return new View(
        id,
        number,
        rtoSeconds,
        rpoSeconds,
        steps,
        author,
        submittedAt,
        decision,
        decidedBy,
        decidedAt,
        reason);
  }
}
