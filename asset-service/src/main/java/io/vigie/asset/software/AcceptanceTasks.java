package io.vigie.asset.software;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for the CISO: risks that somebody else asks to accept. */
@ApplicationScoped
class AcceptanceTasks implements Task.Source {

  private final Actor actor;

  AcceptanceTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    return Vulnerability.<Vulnerability>find(
            """
            acceptance.state = REQUESTED and state in ?1 and acceptance.requestedBy <> ?2
            and (acceptance.requestedAt > ?3 or acceptance.requestedAt = ?3 and id > ?4)
            order by acceptance.requestedAt, id""",
            VulnerabilityState.OPEN,
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(requests -> requests.stream().map(AcceptanceTasks::decide).toList());
  }

  private static Task decide(Vulnerability vulnerability) {
    return new Task(
        vulnerability.id(),
        "vulnerability.decide-acceptance",
        "vulnerability/" + vulnerability.id(),
        "/v1/vulnerabilities/" + vulnerability.id() + "/acceptance",
        vulnerability.acceptance().requestedAt(),
        vulnerability.state().dueAt());
  }
}
