package io.vigie.incident.playbook;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * Times for which nobody is on call wait for the CISO from when they are as near as the policy says
 * (R14.3).
 */
@ApplicationScoped
class RotaTasks implements Task.Source {

  private final PlaybookPolicy policy;
  private final Actor actor;
  private final Clock clock;

  RotaTasks(PlaybookPolicy policy, Actor actor, Clock clock) {
    this.policy = policy;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.CISO)) {
      return Uni.createFrom().item(List.of());
    }
    Instant now = clock.instant();
    Instant until = now.plus(policy.rotaAhead());
    return Shift.lastEnd(now)
        // Where nobody ever was on call the gap begins with the day, so that pages of tasks agree.
        .map(end -> end == null ? now.truncatedTo(ChronoUnit.DAYS) : end)
        .chain(
            from ->
                Shift.between(from, until)
                    .map(
                        shifts ->
                            Shift.gaps(shifts, from, until).stream()
                                .filter(gap -> gap.until().isAfter(now))
                                .map(this::task)
                                .filter(task -> isBehind(task, after))
                                .limit(limit)
                                .toList()));
  }

  private Task task(Shift.Gap gap) {
    UUID id = UUID.nameUUIDFromBytes(("rota-gap/" + gap.from()).getBytes(StandardCharsets.UTF_8));
    return new Task(
        id,
        "rota.fill",
        "rota-gap/" + id,
        "/v1/rota",
        gap.from().minus(policy.rotaAhead()),
        gap.from());
  }

  /** Ids are compared as texts, as the database and Java then agree. */
  private static boolean isBehind(Task task, Task.Place after) {
    int order = task.since().compareTo(after.since());
    return order > 0 || order == 0 && task.id().toString().compareTo(after.id().toString()) > 0;
  }
}
