package io.vigie.access.person;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;
import io.vigie.kernel.web.TaskQuery;

/**
 * People wait for access managers: to name another manager or host where theirs left, and to plan
 * again, or take back, a move that could not be on its day.
 */
@ApplicationScoped
class PersonTasks implements Task.Source {

  private static final String WAITING =
      """
      select id, since, kind
      from (select p.id, max(gone.left_at) as since, 'person.reassign' as kind
            from (select id, manager_id as other from person where state <> 'LEFT'
                  union all
                  select id, host_id from person where state <> 'LEFT') p
            join person gone on gone.id = p.other and gone.state = 'LEFT'
            group by p.id
            union all
            select id, move_refused_at, 'person.replan' from person
            where move_refused_at is not null) waiting
      where (since, id) > (?1, ?2)
      order by 2, 1 limit ?3""";

  private final Actor actor;

  PersonTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ACCESS_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return TaskQuery.waiting(WAITING, after, limit, PersonTasks::task);
  }

  private static Task task(Object[] row) {
    UUID id = (UUID) row[0];
    Instant since = TaskQuery.time(row[1]);
    return new Task(id, (String) row[2], "person/" + id, "/v1/people/" + id, since, null);
  }
}
