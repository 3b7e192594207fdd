package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Overdue;
import io.vigie.kernel.outbox.Relay;

/**
 * What comes by itself: campaigns open, reviewers are reminded, silence ends in suspension, and
 * what the directory has taken is confirmed.
 */
@ApplicationScoped
class ReviewClock {

  private final Opening opening;
  private final Reminders reminders;
  private final Suspension suspension;
  private final Relay relay;
  private final Clock clock;

  ReviewClock(
      Opening opening, Reminders reminders, Suspension suspension, Relay relay, Clock clock) {
    this.opening = opening;
    this.reminders = reminders;
    this.suspension = suspension;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.review-look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant now = clock.instant();
    return Overdue.workAll(
            "the opening of campaign",
            (last, limit) -> Opening.due(now, last, limit),
            opening::open)
        .chain(reminders::remind)
        .chain(suspension::suspendUndecided)
        .chain(() -> Panache.withTransaction(() -> Confirmation.note(now)))
        .invoke(relay::wake);
  }
}
