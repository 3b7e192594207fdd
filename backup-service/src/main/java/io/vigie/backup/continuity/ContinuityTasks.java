package io.vigie.backup.continuity;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for system administrators and the CISO: dependencies without a proven peer, exercises
 * that are overdue, versions to decide on; and for anybody: lessons that they follow up.
 */
@ApplicationScoped
class ContinuityTasks implements Task.Source {

  private static final String DUE =
      "%1$s <= ?1 and (%1$s > ?2 or %1$s = ?2 and id > ?3) order by %1$s, id";

  private final Actor actor;
  private final Clock clock;

  ContinuityTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    List<Task> tasks = new ArrayList<>();
    return lessons(after, limit)
        .invoke(tasks::addAll)
        .chain(
            () ->
                Stream.of(Roles.SYSADMIN, Roles.CISO).anyMatch(actor::hasRole)
                    ? ofAdministrators(after, limit, tasks)
                    : Uni.createFrom().voidItem())
        .replaceWith(tasks);
  }

  private Uni<Void> ofAdministrators(Task.Place after, int limit, List<Task> tasks) {
    Instant now = clock.instant();
    return CriticalFunction.<CriticalFunction>find(
            "retiredAt is null and " + DUE.formatted("proofDueAt"), now, after.since(), after.id())
        .range(0, limit - 1)
        .list()
        .invoke(functions -> functions.forEach(function -> tasks.add(prove(function))))
        .chain(() -> plans("exerciseDueAt", now, after, limit))
        .invoke(plans -> plans.forEach(plan -> tasks.add(exercise(plan))))
        .chain(() -> plans("pendingSince", now, after, limit))
        .invoke(plans -> plans.forEach(plan -> tasks.add(decide(plan))))
        .replaceWithVoid();
  }

  private static Uni<List<ContinuityPlan>> plans(
      String since, Instant now, Task.Place after, int limit) {
    return ContinuityPlan.<ContinuityPlan>find(
            "endedAt is null and " + DUE.formatted(since), now, after.since(), after.id())
        .range(0, limit - 1)
        .list();
  }

  private Uni<List<Task>> lessons(Task.Place after, int limit) {
    return ExerciseLesson.<ExerciseLesson>find(
            """
            owner = ?1 and followedUpAt is null
            and (learntAt > ?2 or learntAt = ?2 and id > ?3) order by learntAt, id""",
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(lessons -> lessons.stream().map(ContinuityTasks::followUp).toList());
  }

  private static Task prove(CriticalFunction function) {
    return new Task(
        function.id(),
        "critical-function.prove-redundancy",
        "critical-function/" + function.id(),
        "/v1/critical-functions/" + function.id() + "/failover-tests",
        function.state().proofDueAt(),
        function.state().proofDueAt());
  }

  private static Task exercise(ContinuityPlan plan) {
    return new Task(
        plan.id(),
        "continuity-plan.exercise",
        "continuity-plan/" + plan.id(),
        "/v1/continuity-exercises",
        plan.state().exerciseDueAt(),
        plan.state().exerciseDueAt());
  }

  private static Task decide(ContinuityPlan plan) {
    return new Task(
        plan.id(),
        "continuity-plan.decide",
        "continuity-plan/" + plan.id(),
        "/v1/continuity-plans/" + plan.id() + "/approval",
        plan.state().pendingSince(),
        null);
  }

  private static Task followUp(ExerciseLesson lesson) {
    return new Task(
        lesson.id(),
        "continuity-exercise.follow-up",
        "continuity-exercise/" + lesson.exercise(),
        "/v1/continuity-exercises/%s/lessons/%s/follow-up"
            .formatted(lesson.exercise(), lesson.id()),
        lesson.learntAt(),
        lesson.dueAt());
  }
}
