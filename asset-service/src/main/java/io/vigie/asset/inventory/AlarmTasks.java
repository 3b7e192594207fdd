package io.vigie.asset.inventory;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for asset managers: alarms in service whose test is overdue (R6.1). One that was never
 * tested waits from its registration on, one that failed from that test on.
 */
@ApplicationScoped
class AlarmTasks implements Task.Source {

  /** In HQL, at the time {@code :value}. */
  static final String OVERDUE =
      """
      details.kind = 'ALARM' and state = IN_SERVICE
      and (testDueAt is null or testDueAt < :value)\
      """;

  private final Actor actor;
  private final Clock clock;

  AlarmTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Asset.<Asset>find(
            OVERDUE
                + """
                 and (coalesce(testDueAt, registeredAt) > :since
                  or coalesce(testDueAt, registeredAt) = :since and id > :id)
                order by coalesce(testDueAt, registeredAt), id""",
            Map.of("value", clock.instant(), "since", after.since(), "id", after.id()))
        .range(0, limit - 1)
        .list()
        .map(assets -> assets.stream().map(AlarmTasks::test).toList());
  }

  private static Task test(Asset asset) {
    Instant due = asset.state().testDueAt();
    return new Task(
        asset.id(),
        "asset.test-alarm",
        "asset/" + asset.id(),
        "/v1/assets/" + asset.id() + "/alarm-tests",
        due == null ? asset.state().registeredAt() : due,
        due);
  }
}
