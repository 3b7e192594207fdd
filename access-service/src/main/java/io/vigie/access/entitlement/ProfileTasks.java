package io.vigie.access.entitlement;

import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What business profiles are to give waits for an access manager or the CISO who did not propose
 * it.
 */
@ApplicationScoped
class ProfileTasks implements Task.Source {

  private final Actor actor;

  ProfileTasks(Actor actor) {
    this.actor = actor;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (Stream.of(Roles.ACCESS_MANAGER, Roles.CISO).noneMatch(actor::hasRole)) {
      return Uni.createFrom().item(List.of());
    }
    return BusinessProfile.<BusinessProfile>find(
            """
            proposal.by <> ?3 and (proposal.at > ?1 or proposal.at = ?1 and id > ?2)
            order by proposal.at, id""",
            after.since(),
            after.id(),
            actor.id())
        .range(0, limit - 1)
        .list()
        .map(profiles -> profiles.stream().map(ProfileTasks::approve).toList());
  }

  private static Task approve(BusinessProfile profile) {
    return new Task(
        profile.id(),
        "business-profile.approve",
        "business-profile/" + profile.id(),
        "/v1/business-profiles/" + profile.id(),
        profile.proposal().at(),
        null);
  }
}
