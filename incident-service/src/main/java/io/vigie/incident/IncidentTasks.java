package io.vigie.incident;

import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for a responder: reports to decide on, and the open incidents assigned to them; and
 * for anybody what they are to do about an incident.
 */
@ApplicationScoped
class IncidentTasks implements Task.Source {

  private final IncidentAccess incidents;
  private final Actor actor;

  IncidentTasks(IncidentAccess incidents, Actor actor) {
    this.incidents = incidents;
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    return toDo(after, limit)
        .chain(
            own ->
                actor.hasRole(Roles.RESPONDER)
                    ? ofResponders(after, limit)
                        .map(all -> Stream.concat(own.stream(), all.stream()).toList())
                    : Uni.createFrom().item(own));
  }

  private Uni<List<Task>> ofResponders(Task.Place after, int limit) {
    return undecided(after, limit)
        .chain(
            events ->
                assigned(after, limit)
                    .map(
                        open ->
                            Stream.concat(
                                    events.stream().map(IncidentTasks::decide),
                                    open.stream().map(IncidentTasks::advance))
                                .toList()));
  }

  private Uni<List<Task>> toDo(Task.Place after, int limit) {
    return IncidentTask.<IncidentTask>find(
            """
            assignee = ?1 and state = ?2 and (createdAt > ?3 or createdAt = ?3 and id > ?4)
            and %s order by createdAt, id"""
                .formatted(IncidentAccess.ofReadable(5)),
            actor.id(),
            TaskState.OPEN,
            after.since(),
            after.id(),
            incidents.mark())
        .range(0, limit - 1)
        .list()
        .map(tasks -> tasks.stream().map(IncidentTasks::complete).toList());
  }

  private static Uni<List<SecurityEvent>> undecided(Task.Place after, int limit) {
    return SecurityEvent.<SecurityEvent>find(
            """
            state = ?1 and (reportedAt > ?2 or reportedAt = ?2 and id > ?3)
            order by reportedAt, id""",
            SecurityEventState.REPORTED,
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  private Uni<List<Incident>> assigned(Task.Place after, int limit) {
    return Incident.<Incident>find(
            """
            assignee = ?1 and state <> ?2 and (reachedAt > ?3 or reachedAt = ?3 and id > ?4)
            and %s order by reachedAt, id"""
                .formatted(IncidentAccess.readable(5)),
            actor.id(),
            IncidentState.CLOSED,
            after.since(),
            after.id(),
            incidents.mark())
        .range(0, limit - 1)
        .list();
  }

  private static Task decide(SecurityEvent event) {
    return new Task(
        event.id(),
        "security-event.decide",
        "security-event/" + event.id(),
        "/v1/security-events/" + event.id(),
        event.state().reportedAt(),
        null);
  }

  private static Task complete(IncidentTask task) {
    return new Task(
        task.id(),
        "incident.task",
        "incident/" + task.incident(),
        "/v1/incidents/" + task.incident() + "/tasks/" + task.id(),
        task.createdAt(),
        task.dueAt());
  }

  private static Task advance(Incident incident) {
    return new Task(
        incident.id(),
        "incident.advance",
        "incident/" + incident.id(),
        "/v1/incidents/" + incident.id(),
        incident.state().reachedAt(),
        null);
  }
}
