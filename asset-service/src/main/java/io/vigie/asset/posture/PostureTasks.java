package io.vigie.asset.posture;

import java.time.Clock;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for asset managers: assets with a breach that counts. */
@ApplicationScoped
class PostureTasks implements Task.Source {

  private final Actor actor;
  private final Clock clock;

  PostureTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Posture.<Posture>find(
            """
            countsFrom <= ?1 and (countsFrom > ?2 or countsFrom = ?2 and id > ?3)
            order by countsFrom, id""",
            clock.instant(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(postures -> postures.stream().map(PostureTasks::restore).toList());
  }

  private static Task restore(Posture posture) {
    return new Task(
        posture.id(),
        "posture.restore",
        "asset/" + posture.id(),
        "/v1/assets/" + posture.id() + "/posture",
        posture.countsFrom(),
        null);
  }
}
