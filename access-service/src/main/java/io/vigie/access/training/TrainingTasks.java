package io.vigie.access.training;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.kernel.web.Task;

/** What waits for every member of staff: courses to take, or to take again. */
@ApplicationScoped
class TrainingTasks implements Task.Source {

  private final Own own;
  private final Clock clock;

  TrainingTasks(Own own, Clock clock) {
    this.own = own;
    this.clock = clock;
  }

  /** All of a person's standings are read: there are as many as courses are asked of them. */
  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    LocalDate today = LocalDate.now(clock);
    return own.ids()
        .onItem()
        .transformToMulti(ids -> Multi.createFrom().iterable(ids))
        .onItem()
        .transformToUniAndConcatenate((UUID person) -> Standings.of(person, today))
        .onItem()
        .<Standing>disjoint()
        .filter(standing -> standing.due() != TrainingDue.VALID)
        .filter(standing -> !standing.since().isAfter(today))
        .map(TrainingTasks::attend)
        .filter(task -> isBehind(task, after))
        .collect()
        .asList();
  }

  private static boolean isBehind(Task task, Task.Place after) {
    int order = task.since().compareTo(after.since());
    return order > 0 || order == 0 && task.id().toString().compareTo(after.id().toString()) > 0;
  }

  private static Task attend(Standing standing) {
    return new Task(
        standing.course(),
        "training.attend",
        "course/" + standing.course(),
        "/v1/courses/" + standing.course(),
        standing.waitsSince(),
        standing.dueAt());
  }
}
