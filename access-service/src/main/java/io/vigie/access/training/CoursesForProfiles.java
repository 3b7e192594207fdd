package io.vigie.access.training;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;

/** Courses name the business profiles that they are for (R2.1). */
@ApplicationScoped
public class CoursesForProfiles {

  private final Outbox outbox;
  private final Clock clock;

  CoursesForProfiles(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Within a transaction: courses for a profile that gets another name go on asking its people. */
  public Uni<Void> rename(String before, String name) {
    return Course.active()
        .onItem()
        .transformToMulti(courses -> Multi.createFrom().iterable(courses))
        .onItem()
        .transformToUniAndConcatenate(
            course -> outbox.append(course, course.renameProfile(before, name, clock.instant())))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
