package io.vigie.asset.inventory;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for whoever was handed something: their signature. */
@ApplicationScoped
class HandoverTasks implements Task.Source {

  private final Actor actor;
  private final People people;

  HandoverTasks(Actor actor, People people) {
    this.actor = actor;
    this.people = people;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.STAFF)) {
      return Uni.createFrom().item(List.of());
    }
    return people
        .find(actor.id())
        .onItem()
        .ifNotNull()
        .transformToUni(
            person ->
                Asset.<Asset>find(
                        """
                        custody.handoverTo = ?1 and (custody.handoverSince > ?2
                          or custody.handoverSince = ?2 and id > ?3)
                        order by custody.handoverSince, id""",
                        person,
                        after.since(),
                        after.id())
                    .range(0, limit - 1)
                    .list())
        .map(
            assets ->
                assets == null ? List.of() : assets.stream().map(HandoverTasks::sign).toList());
  }

  private static Task sign(Asset asset) {
    return new Task(
        asset.id(),
        "asset.sign-handover",
        "asset/" + asset.id(),
        "/v1/assets/" + asset.id() + "/handover/signature",
        asset.state().handoverSince(),
        null);
  }
}
