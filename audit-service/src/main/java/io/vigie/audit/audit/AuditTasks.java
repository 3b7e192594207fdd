package io.vigie.audit.audit;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits: for whoever owns findings, that they act; for the CISO, findings that somebody else
 * acted on, to be verified.
 */
@ApplicationScoped
class AuditTasks implements Task.Source {

  private static final String BEHIND =
      " and (since > ?3 or since = ?3 and id > ?4) order by since, id";

  private final Actor actor;

  AuditTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    List<Task> tasks = new ArrayList<>();
    return find("owner = ?1 and state = ?2", FindingState.OPEN, after, limit)
        .invoke(
            found ->
                found.forEach(finding -> tasks.add(task(finding, "audit-finding.act", "action"))))
        .chain(
            () ->
                actor.hasRole(Roles.CISO)
                    ? find("actedBy <> ?1 and state = ?2", FindingState.ACTED, after, limit)
                    : Uni.createFrom().item(List.<AuditFinding>of()))
        .invoke(
            found ->
                found.forEach(
                    finding -> tasks.add(task(finding, "audit-finding.verify", "verification"))))
        .replaceWith(tasks);
  }

  private Uni<List<AuditFinding>> find(
      String which, FindingState state, Task.Place after, int limit) {
    return AuditFinding.<AuditFinding>find(
            which + BEHIND, actor.id(), state, after.since(), after.id())
        .range(0, limit - 1)
        .list();
  }

  private static Task task(AuditFinding finding, String kind, String where) {
    return new Task(
        finding.id(),
        kind,
        "control-audit/" + finding.audit(),
        "/v1/audit-findings/" + finding.id() + "/" + where,
        finding.since(),
        finding.dueAt());
  }
}
