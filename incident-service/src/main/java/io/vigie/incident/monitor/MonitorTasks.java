package io.vigie.incident.monitor;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for system administrators: what monitors found to fail. */
@ApplicationScoped
class MonitorTasks implements Task.Source {

  private final Actor actor;

  MonitorTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.SYSADMIN)) {
      return Uni.createFrom().item(List.of());
    }
    return Monitor.<Monitor>find(
            """
            failingSince is not null and (failingSince > ?1 or failingSince = ?1 and id > ?2)
            order by failingSince, id""",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(monitors -> monitors.stream().map(MonitorTasks::mend).toList());
  }

  private static Task mend(Monitor monitor) {
    return new Task(
        monitor.id(),
        "monitor.mend",
        "monitor/" + monitor.id(),
        "/v1/monitors/" + monitor.id(),
        monitor.state().failingSince(),
        null);
  }
}
