package io.vigie.backup.restore;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for people: restores that are to be tested, some time before they are due, and
 * successes that somebody verifies.
 */
@ApplicationScoped
class RestoreTasks implements Task.Source {

  private final RestorePolicy policy;
  private final Actor actor;
  private final Clock clock;

  RestoreTasks(RestorePolicy policy, Actor actor, Clock clock) {
    this.policy = policy;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (Stream.of(Roles.SYSADMIN, Roles.CISO).noneMatch(actor::hasRole)) {
      return Uni.createFrom().item(List.of());
    }
    return submitted(after, limit)
        .chain(
            tests ->
                due(after, limit)
                    .map(
                        duties ->
                            Stream.concat(
                                    tests.stream().map(RestoreTasks::task),
                                    duties.stream().map(this::task))
                                .toList()));
  }

  private Uni<List<RestoreTest>> submitted(Task.Place after, int limit) {
    return RestoreTest.<RestoreTest>find(
            """
            stage = ?1 and operator <> ?2
            and (startedAt > ?3 or startedAt = ?3 and id > ?4) order by startedAt, id""",
            TestStage.SUBMITTED,
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  private Uni<List<RestoreDuty>> due(Task.Place after, int limit) {
    return actor.hasRole(Roles.SYSADMIN)
        ? RestoreDuty.<RestoreDuty>find(
                "dueAt <= ?1 and (dueAt > ?2 or dueAt = ?2 and id > ?3) order by dueAt, id",
                clock.instant().plus(policy.taskBefore()),
                after.since().plus(policy.taskBefore()),
                after.id())
            .range(0, limit - 1)
            .list()
        : Uni.createFrom().item(List.of());
  }

  private static Task task(RestoreTest test) {
    return new Task(
        test.id(),
        "restore-test.verify",
        "restore-test/" + test.id(),
        "/v1/restore-tests/" + test.id() + "/verification",
        test.state().startedAt(),
        null);
  }

  private Task task(RestoreDuty duty) {
    return new Task(
        duty.id(),
        "restore-duty.test",
        "restore-duty/" + duty.id(),
        "/v1/restore-tests",
        duty.state().dueAt().minus(policy.taskBefore()),
        duty.state().dueAt());
  }
}
