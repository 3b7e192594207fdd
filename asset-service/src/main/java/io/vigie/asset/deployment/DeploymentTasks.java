package io.vigie.asset.deployment;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for asset managers, system administrators and the CISO: emergency deployments that
 * nobody reviewed yet, save those whose author they are.
 */
@ApplicationScoped
class DeploymentTasks implements Task.Source {

  private final Actor actor;

  DeploymentTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (Stream.of(Roles.ASSET_MANAGER, Roles.SYSADMIN, Roles.CISO).noneMatch(actor::hasRole)) {
      return Uni.createFrom().item(List.of());
    }
    return Deployment.<Deployment>find(
            """
            reviewDue is not null and cast(report.author as String) <> ?3
            and (report.deployedAt > ?1 or report.deployedAt = ?1 and id > ?2)
            order by report.deployedAt, id\
            """,
            after.since(),
            after.id(),
            actor.id())
        .range(0, limit - 1)
        .list()
        .map(deployments -> deployments.stream().map(DeploymentTasks::review).toList());
  }

  private static Task review(Deployment deployment) {
    UUID id = deployment.id();
    return new Task(
        id,
        "deployment.review",
        "deployment/" + id,
        "/v1/deployments/" + id + "/review",
        deployment.report().deployedAt(),
        deployment.state().reviewDue());
  }
}
