package io.vigie.backup.plan;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for system administrators: runs that were missed, and the copies of assets that are
 * gone, about which somebody must decide before the plan ends.
 */
@ApplicationScoped
class BackupTasks implements Task.Source {

  private final Actor actor;

  BackupTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.SYSADMIN)) {
      return Uni.createFrom().item(List.of());
    }
    return BackupPlan.<BackupPlan>find(
            """
            (state = ACTIVE and missedSince is not null and assetState is null
              or state <> ENDED and assetState is not null)
            and (coalesce(assetGoneAt, missedSince) > ?1
              or coalesce(assetGoneAt, missedSince) = ?1 and id > ?2)
            order by coalesce(assetGoneAt, missedSince), id""",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(plans -> plans.stream().map(BackupTasks::task).toList());
  }

  private static Task task(BackupPlan plan) {
    BackupPlan.State state = plan.state();
    String subject = "backup-plan/" + plan.id();
    String href = "/v1/plans/" + plan.id();
    if (state.assetState() == null) {
      return new Task(
          plan.id(), "backup-plan.catch-up", subject, href + "/runs", state.missedSince(), null);
    }
    String kind =
        state.assetState() == AssetState.RETIRED
            ? "backup-plan.decide-retention"
            : "backup-plan.hold-copies";
    return new Task(plan.id(), kind, subject, href + "/ending", plan.assetGoneAt(), null);
  }
}
