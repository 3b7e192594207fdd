package io.vigie.access.client;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;
import io.vigie.kernel.web.TaskQuery;

/**
 * Rights wait for access managers that reach a client's data and whose holder may not touch it now,
 * as far as {@link Trespass} could not refuse them: what a profile gives, and what outlived the
 * access that it was asked for with. What was taken in an emergency waits for its justification.
 */
@ApplicationScoped
class TrespassTasks implements Task.Source {

  private static final String WAITING =
      """
      with kept as materialized (
        select distinct c.id as client, cast(asset.id as uuid) as asset,
          c.contract_file, c.contract_over
        from client c cross join lateral jsonb_array_elements(cast(c.data as jsonb)) as entrusted(entry)
        cross join lateral jsonb_array_elements_text(entrusted.entry -> 'assets') as asset(id)
        where c.settled_at is null),
      barred as (
        select r.id, max(greatest(r.decided_at,
          (select max(least(a.revoked_at, a.valid_until)) from client_access a
           where a.client_id = k.client and a.person_id = r.person_id and a.decided_at is not null
             and a.state <> 'REFUSED' and least(a.revoked_at, a.valid_until) <= ?4))) as since
        from kept k join access_right r on r.asset_id = k.asset and r.state = 'APPROVED'
          and r.ground <> 'BREAK_GLASS' and coalesce(r.valid_until > ?4, true)
        join entitlement e on e.id = r.entitlement_id and e.type = any(cast(?5 as text[]))
        where not exists (select from client_access a
          where a.client_id = k.client and a.person_id = r.person_id and a.state = 'APPROVED'
            and a.valid_from <= ?4 and a.valid_until > ?4
            and (a.ground <> 'CLAUSE' or a.file = k.contract_file
              and coalesce(k.contract_over > ?4, true)))
        group by r.id)
      select id, since from barred where (since, id) > (?1, ?2) order by since, id limit ?3""";

  private final Actor actor;
  private final Clock clock;

  TrespassTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ACCESS_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return TaskQuery.waiting(
        WAITING,
        after,
        limit,
        TrespassTasks::task,
        clock.instant().atOffset(ZoneOffset.UTC),
        DataCategories.reachedBy());
  }

  private static Task task(Object[] row) {
    UUID id = (UUID) row[0];
    return new Task(
        id,
        "right.without-client-access",
        "right/" + id,
        "/v1/rights/" + id,
        TaskQuery.time(row[1]),
        null);
  }
}
