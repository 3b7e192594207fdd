package io.vigie.incident.playbook;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.IncidentAccess;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for responders: exercises that are overdue, and the open steps of the checklists that
 * they work by; and for anybody: lessons that they follow up.
 */
@ApplicationScoped
class PlaybookTasks implements Task.Source {

  private final IncidentAccess incidents;
  private final Actor actor;
  private final Clock clock;

  PlaybookTasks(IncidentAccess incidents, Actor actor, Clock clock) {
    this.incidents = incidents;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    return lessons(after, limit)
        .chain(
            lessons ->
                actor.hasRole(Roles.RESPONDER)
                    ? ofResponders(after, limit)
                        .map(all -> Stream.concat(lessons.stream(), all.stream()).toList())
                    : Uni.createFrom().item(lessons));
  }

  private Uni<List<Task>> ofResponders(Task.Place after, int limit) {
    return overdue(after, limit)
        .chain(
            exercises ->
                steps(after, limit)
                    .map(steps -> Stream.concat(exercises.stream(), steps.stream()).toList()));
  }

  private Uni<List<Task>> overdue(Task.Place after, int limit) {
    return Playbook.<Playbook>find(
            """
            exerciseDueAt < ?1 and (exerciseDueAt > ?2 or exerciseDueAt = ?2 and id > ?3)
            order by exerciseDueAt, id""",
            clock.instant(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(playbooks -> playbooks.stream().map(PlaybookTasks::exercise).toList());
  }

  /** Of whoever works the incident; where nobody does, and in an exercise, of who began it. */
  private Uni<List<Task>> steps(Task.Place after, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        """
                        select s, r from RunStep s join PlaybookRun r on r.id = s.run
                        left join Incident i on i.id = r.incident
                        where r.completedAt is null and s.state = OPEN
                        and coalesce(i.assignee, r.begunBy) = ?1
                        and (i.restrictedTo is null or locate(?2, i.restrictedTo) > 0)
                        and (r.begunAt > ?3 or r.begunAt = ?3 and s.id > ?4)
                        order by r.begunAt, s.id""",
                        Object[].class)
                    .setParameter(1, actor.id())
                    .setParameter(2, incidents.mark())
                    .setParameter(3, after.since())
                    .setParameter(4, after.id())
                    .setMaxResults(limit)
                    .getResultList())
        .map(
            rows ->
                rows.stream().map(row -> settle((RunStep) row[0], (PlaybookRun) row[1])).toList());
  }

  private Uni<List<Task>> lessons(Task.Place after, int limit) {
    return Lesson.<Lesson>find(
            """
            owner = ?1 and followedUpAt is null
            and (learntAt > ?2 or learntAt = ?2 and id > ?3)
            and run in (select r.id from PlaybookRun r where %s) order by learntAt, id"""
                .formatted(IncidentAccess.ofReadableOrNone(4)),
            actor.id(),
            after.since(),
            after.id(),
            incidents.mark())
        .range(0, limit - 1)
        .list()
        .map(lessons -> lessons.stream().map(PlaybookTasks::followUp).toList());
  }

  private static Task exercise(Playbook playbook) {
    return new Task(
        playbook.id(),
        "playbook.exercise",
        "playbook/" + playbook.id(),
        "/v1/playbook-runs",
        playbook.state().exerciseDueAt(),
        playbook.state().exerciseDueAt());
  }

  private static Task settle(RunStep step, PlaybookRun run) {
    return new Task(
        step.id(),
        "playbook-run.settle",
        "playbook-run/" + run.id(),
        "/v1/playbook-runs/" + run.id() + "/steps",
        run.begunAt(),
        null);
  }

  private static Task followUp(Lesson lesson) {
    return new Task(
        lesson.id(),
        "playbook-run.follow-up",
        "playbook-run/" + lesson.run(),
        "/v1/playbook-runs/%s/lessons/%s/follow-up".formatted(lesson.run(), lesson.id()),
        lesson.learntAt(),
        lesson.dueAt());
  }
}
