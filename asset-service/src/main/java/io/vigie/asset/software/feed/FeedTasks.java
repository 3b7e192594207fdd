package io.vigie.asset.software.feed;

import java.time.Clock;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/** What waits for asset managers: feeds that fail, or were not read on time. */
@ApplicationScoped
class FeedTasks implements Task.Source {

  private final Actor actor;
  private final FeedSettings settings;
  private final Clock clock;

  FeedTasks(Actor actor, FeedSettings settings, Clock clock) {
    this.actor = actor;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Feed.<Feed>find(
            """
            endedAt is null
            and (failingSince is not null or coalesce(readAt, registeredAt) < ?1)
            and (coalesce(readAt, registeredAt) > ?2
              or coalesce(readAt, registeredAt) = ?2 and id > ?3)
            order by coalesce(readAt, registeredAt), id""",
            clock.instant().minus(settings.lateAfter()),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(feeds -> feeds.stream().map(this::mend).toList());
  }

  private Task mend(Feed feed) {
    return new Task(
        feed.id(),
        "feed.mend",
        "feed/" + feed.id(),
        "/v1/feeds/" + feed.id(),
        feed.late(),
        feed.late().plus(settings.lateAfter()));
  }
}
