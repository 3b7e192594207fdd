package io.vigie.asset.inventory;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;
import io.vigie.kernel.web.TaskQuery;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Assets that were given to somebody of whom access-service still says nothing, a while later: a
 * slip, or somebody who has to be registered there (R3.3). It is for asset managers.
 */
@ApplicationScoped
class UnheardOwnerTasks implements Task.Source {

  private static final String GIVEN =
      """
      select a.id, u.since from unheard_person u
      join asset a on a.owner = u.person_id or a.handover_to = u.person_id
      where u.since <= ?4 and (u.since, a.id) > (?1, ?2)
        and a.state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED')
        and not exists (select from heard_person h where h.person_id = u.person_id)
      order by u.since, a.id limit ?3""";

  private final Actor actor;
  private final Clock clock;
  private final Duration after;

  UnheardOwnerTasks(
      Actor actor,
      Clock clock,
      @ConfigProperty(name = "vigie.asset.unheard-owner-after") Duration after) {
    this.actor = actor;
    this.clock = clock;
    this.after = after;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place place, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return TaskQuery.waiting(
        GIVEN,
        place,
        limit,
        UnheardOwnerTasks::task,
        clock.instant().minus(after).atOffset(ZoneOffset.UTC));
  }

  private static Task task(Object[] row) {
    return new Task(
        (UUID) row[0],
        "asset.check-owner",
        "asset/" + row[0],
        "/v1/assets/" + row[0],
        TaskQuery.time(row[1]),
        null);
  }
}
