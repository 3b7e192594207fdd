package io.vigie.asset.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/** One deployment as it was reported, its outcome, and its later review where it needs one. */
@Entity
public class Deployment extends PanacheEntityBase implements Aggregate {

  private record Table(Duration reviewWithin) {}

  private static final Duration REVIEW_WITHIN =
      PolicyTable.read("emergency-deployments", Table.class).reviewWithin();

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Embedded private DeploymentReport report;

  @Enumerated(EnumType.STRING)
  private Outcome outcome;

  /** By when an emergency is reviewed; null where there is nothing left to review. */
  @Column(name = "review_due")
  private Instant reviewDue;

  @Column(name = "reviewed_by")
  private String reviewedBy;

  @Column(name = "reviewed_at")
  private Instant reviewedAt;

  @Column(name = "review_findings")
  private String reviewFindings;

  @Column(name = "reported_at")
  private Instant reportedAt;

  protected Deployment() {}

  /**
   * @throws Problem 422 without a review by a second person and without an emergency (R11.16)
   */
  public Deployment(DeploymentReport report, Outcome outcome, Instant at) {
    report.requireReview();
    this.id = Ids.next();
    this.report = report;
    this.outcome = outcome;
    this.reviewDue = report.reviewer() == null ? report.deployedAt().plus(REVIEW_WITHIN) : null;
    this.reportedAt = at;
  }

  /** The deployment, or 404. */
  static Uni<Deployment> require(UUID id) {
    return Deployment.<Deployment>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No deployment has this id."));
  }

  /** The deployment in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Deployment> require(UUID id, String ifMatch) {
    return require(id).invoke(deployment -> ETag.require(ifMatch, deployment.version));
  }

  DeploymentEvent reported() {
    return new DeploymentEvent.Reported(
        id,
        report.asset(),
        report.release(),
        report.environment(),
        report.commit(),
        report.repository(),
        report.author(),
        report.reviewer(),
        report.emergency(),
        reviewDue,
        report.pipeline(),
        report.runUrl(),
        report.deployedAt(),
        outcome,
        reportedAt);
  }

  /** R11.16: an emergency is reviewed afterwards, by somebody else than the author. */
  DeploymentEvent review(String findings, String by, Instant at) {
    if (reviewDue == null) {
      throw conflict("deployment-reviewed", "This deployment was reviewed already.");
    }
    report.requireOther(by);
    Instant due = reviewDue;
    reviewDue = null;
    reviewedBy = by;
    reviewedAt = at;
    reviewFindings = findings;
    return new DeploymentEvent.Reviewed(id, report.asset(), report.author(), due, at);
  }

  DeploymentEvent turnOut(Outcome later, Instant at) {
    if (!outcome.later().contains(later)) {
      throw conflict(
          "outcome-not-later",
          "A deployment that "
              + outcome
              + " turns out to be one of "
              + outcome.later()
              + " at most.");
    }
    Outcome before = outcome;
    outcome = later;
    return new DeploymentEvent.TurnedOut(id, report.asset(), before, later, at);
  }

  @Override
  public String kind() {
    return "deployment";
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
        report.asset(),
        report.release(),
        report.environment(),
        report.commit(),
        report.repository(),
        report.author(),
        report.reviewer(),
        report.pipeline(),
        report.runUrl(),
        report.deployedAt(),
        outcome,
        reviewDue,
        reviewedBy,
        reviewedAt,
        reportedAt);
  }

  DeploymentReport report() {
    return report;
  }

  String reviewFindings() {
    return reviewFindings;
  }

  long version() {
    return version;
  }

  /** What others may know of a deployment; people are subjects. */
  public record State(
      UUID asset,
      String release,
      String environment,
      String commit,
      String repository,
      UUID author,
      UUID reviewer,
      String pipeline,
      String runUrl,
      Instant deployedAt,
      Outcome outcome,
      Instant reviewDue,
      String reviewedBy,
      Instant reviewedAt,
      Instant reportedAt) {}
}
