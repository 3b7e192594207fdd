package io.vigie.incident.playbook;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for responders: exercises that are overdue; and for anybody: lessons that they follow
 * up.
 */
@ApplicationScoped
class PlaybookTasks implements Task.Source {

  private final Actor actor;
  private final Clock clock;

  PlaybookTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    return overdue(after, limit)
        .chain(
            playbooks ->
                lessons(after, limit)
                    .map(
                        lessons ->
                            Stream.concat(
                                    playbooks.stream().map(PlaybookTasks::exercise),
                                    lessons.stream().map(PlaybookTasks::followUp))
                                .toList()));
  }

  private Uni<List<Playbook>> overdue(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.RESPONDER)) {
      return Uni.createFrom().item(List.of());
    }
    return Playbook.<Playbook>find(
            """
            exerciseDueAt < ?1 and (exerciseDueAt > ?2 or exerciseDueAt = ?2 and id > ?3)
            order by exerciseDueAt, id""",
            clock.instant(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  private Uni<List<Lesson>> lessons(Task.Place after, int limit) {
    return Lesson.<Lesson>find(
            """
            owner = ?1 and followedUpAt is null
            and (learntAt > ?2 or learntAt = ?2 and id > ?3) order by learntAt, id""",
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
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
