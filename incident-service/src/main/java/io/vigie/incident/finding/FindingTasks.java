package io.vigie.incident.finding;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for system administrators: findings that are open past their time; and for the CISO:
 * requests of others to accept one.
 */
@ApplicationScoped
class FindingTasks implements Task.Source {

  private final Actor actor;
  private final Clock clock;

  FindingTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    return overdue(after, limit)
        .chain(
            overdue ->
                requested(after, limit)
                    .map(
                        requests ->
                            Stream.concat(
                                    overdue.stream().map(FindingTasks::mend),
                                    requests.stream().map(FindingTasks::decide))
                                .toList()));
  }

  private Uni<List<ScanFinding>> overdue(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.SYSADMIN)) {
      return Uni.createFrom().item(List.of());
    }
    return ScanFinding.<ScanFinding>find(
            """
            state = OPEN and dueAt < ?1 and (dueAt > ?2 or dueAt = ?2 and id > ?3)
            order by dueAt, id""",
            clock.instant(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  private Uni<List<ScanFinding>> requested(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    return ScanFinding.<ScanFinding>find(
            """
            acceptance.state = REQUESTED and state = OPEN and acceptance.requestedBy <> ?1
            and (acceptance.requestedAt > ?2 or acceptance.requestedAt = ?2 and id > ?3)
            order by acceptance.requestedAt, id""",
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  private static Task mend(ScanFinding finding) {
    return new Task(
        finding.id(),
        "scan-finding.mend",
        "scan-finding/" + finding.id(),
        "/v1/scan-findings/" + finding.id(),
        finding.state().dueAt(),
        finding.state().dueAt());
  }

  private static Task decide(ScanFinding finding) {
    return new Task(
        finding.id(),
        "scan-finding.decide-acceptance",
        "scan-finding/" + finding.id(),
        "/v1/scan-findings/" + finding.id() + "/acceptance",
        finding.acceptance().requestedAt(),
        finding.state().dueAt());
  }
}
