package io.vigie.asset.deployment;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to deployments. Authors and reviewers are subjects. */
public sealed interface DeploymentEvent extends DomainEvent {

  /**
   * {@code reviewer} is null in an emergency, which then says why and by when it is reviewed; else
   * {@code emergency} and {@code reviewDue} are.
   */
  record Reported(
      UUID aggregateId,
      UUID asset,
      String release,
      String environment,
      String commit,
      String repository,
      UUID author,
      UUID reviewer,
      String emergency,
      Instant reviewDue,
      String pipeline,
      String runUrl,
      Instant deployedAt,
      Outcome outcome,
      Instant at)
      implements DeploymentEvent {
    @Override
    public String type() {
      return "deployment.reported.v1";
    }
  }

  /** An emergency deployment was reviewed by the actor; it was due at {@code reviewDue}. */
  record Reviewed(UUID aggregateId, UUID asset, UUID author, Instant reviewDue, Instant at)
      implements DeploymentEvent {
    @Override
    public String type() {
      return "deployment.reviewed.v1";
    }
  }

  record TurnedOut(UUID aggregateId, UUID asset, Outcome before, Outcome outcome, Instant at)
      implements DeploymentEvent {
    @Override
    public String type() {
      return "deployment.turned-out.v1";
    }
  }
}
