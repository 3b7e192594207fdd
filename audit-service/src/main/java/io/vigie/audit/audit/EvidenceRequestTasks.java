package io.vigie.audit.audit;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits in audits that are under way: for whoever is to answer, evidence that was asked for,
 * and for the CISO what is given to nobody, and what others are late with; for the auditor, the
 * answers.
 */
@ApplicationScoped
class EvidenceRequestTasks implements Task.Source {

  private static final String BEHIND =
      " and (since > :since or since = :since and id > :id) order by since, id";

  private static final String ANSWERED =
      "state = ANSWERED and askedBy = :me and audit in"
          + " (select a.id from Audit a where a.state = BEGUN and a.periodUntil > :now)";

  private final Actor actor;
  private final Clock clock;

  EvidenceRequestTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    Instant now = clock.instant();
    Map<String, Object> mine = Map.of("me", actor.id());
    Map<String, Object> mineNow = Map.of("me", actor.id(), "now", now);
    List<Task> tasks = new ArrayList<>();
    return (actor.hasRole(Roles.CISO)
            ? find(
                EvidenceRequest.WAITING
                    + " and (assignee is null or assignee = :me or dueAt < :now)",
                mineNow,
                after,
                limit)
            : find(EvidenceRequest.WAITING + " and assignee = :me", mine, after, limit))
        .invoke(
            found ->
                found.forEach(
                    request -> tasks.add(task(request, "evidence-request.answer", "answer"))))
        .chain(
            () ->
                actor.hasRole(Roles.AUDITOR)
                    ? find(ANSWERED, mineNow, after, limit)
                    : Uni.createFrom().item(List.<EvidenceRequest>of()))
        .invoke(
            found ->
                found.forEach(
                    request -> tasks.add(task(request, "evidence-request.review", "review"))))
        .replaceWith(tasks);
  }

  private static Uni<List<EvidenceRequest>> find(
      String which, Map<String, Object> values, Task.Place after, int limit) {
    Map<String, Object> all = new HashMap<>(values);
    all.put("since", after.since());
    all.put("id", after.id());
    return EvidenceRequest.<EvidenceRequest>find(which + BEHIND, all).range(0, limit - 1).list();
  }

  private static Task task(EvidenceRequest request, String kind, String what) {
    return new Task(
        request.id(),
        kind,
        "control-audit/" + request.audit(),
        "/v1/evidence-requests/" + request.id() + "/" + what,
        request.since(),
        request.dueAt());
  }
}
