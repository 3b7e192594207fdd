package io.vigie.asset.software.feed;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for asset managers: notices that nobody has looked at. */
@ApplicationScoped
class NoticeTasks implements Task.Source {

  private final Actor actor;

  NoticeTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Notice.<Notice>find(
            """
            state = WAITING and (receivedAt > ?1 or receivedAt = ?1 and id > ?2)
            order by receivedAt, id""",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(notices -> notices.stream().map(NoticeTasks::look).toList());
  }

  private static Task look(Notice notice) {
    return new Task(
        notice.id(),
        "notice.take-up",
        "notice/" + notice.id(),
        "/v1/notices/" + notice.id(),
        notice.state().receivedAt(),
        null);
  }
}
