package io.vigie.audit.control;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.audit.control.Reevaluation.Stage;
import io.vigie.kernel.Actor;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * Re-evaluations that fall due, for the CISO, from so long before on as {@code
 * contracts/policy/re-evaluations.json} says.
 */
@ApplicationScoped
class ReevaluationTasks implements Task.Source {

  private record Policy(Duration opens) {}

  /** So long before their date rules wait to be looked at again, by a query or by people. */
  static final Duration OPENS = PolicyTable.read("re-evaluations", Policy.class).opens;

  private final Actor actor;
  private final Clock clock;

  ReevaluationTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    return Reevaluation.<Reevaluation>find(
            """
            stage = ?1 and dueAt <= ?2
            and (dueAt > ?3 or dueAt = ?3 and id > ?4) order by dueAt, id""",
            Stage.OPEN,
            clock.instant().plus(OPENS),
            after.since().plus(OPENS),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(due -> due.stream().map(this::answer).toList());
  }

  private Task answer(Reevaluation due) {
    return new Task(
        due.id(),
        "re-evaluation.answer",
        "re-evaluation/" + due.id(),
        "/v1/re-evaluations/" + due.id() + "/answer",
        due.state().dueAt().minus(OPENS),
        due.state().dueAt());
  }
}
