package io.vigie.backup.plan;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** Assets whose backups are less than the policy asks for wait for system administrators. */
@ApplicationScoped
class CoverageTasks implements Task.Source {

  private final Actor actor;

  CoverageTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.SYSADMIN)) {
      return Uni.createFrom().item(List.of());
    }
    return AssetCoverage.<AssetCoverage>find(
            """
            status in (UNCOVERED, FALLS_SHORT)
            and (since > ?1 or since = ?1 and id > ?2) order by since, id""",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(assets -> assets.stream().map(CoverageTasks::task).toList());
  }

  private static Task task(AssetCoverage coverage) {
    return new Task(
        coverage.id(),
        coverage.state().status() == CoverageStatus.UNCOVERED
            ? "asset-coverage.plan"
            : "asset-coverage.complete",
        "asset/" + coverage.id(),
        "/v1/coverage/" + coverage.id(),
        coverage.state().since(),
        null);
  }
}
