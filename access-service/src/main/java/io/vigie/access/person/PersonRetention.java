package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/**
 * Forgets who worked here when the policy says so ({@code contracts/policy/people-retention.json}),
 * as if each had asked for it.
 */
@ApplicationScoped
class PersonRetention {

  private static final String TABLE = "people-retention";

  private record Table(Period leavers) {}

  private final Table table = PolicyTable.read(TABLE, Table.class);
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  PersonRetention(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.retention-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant before = clock.instant().atOffset(ZoneOffset.UTC).minus(table.leavers()).toInstant();
    return Overdue.workAll(
            "the retention of person", (last, limit) -> left(before, last, limit), this::erase)
        .invoke(relay::wake);
  }

  private static Uni<List<UUID>> left(Instant before, UUID last, int limit) {
    return Person.find(
            """
            select id from Person
            where state = ?1 and leftAt < ?2 and erasedAt is null and id > ?3 order by id""",
            PersonState.LEFT,
            before,
            last)
        .project(UUID.class)
        .range(0, limit - 1)
        .list();
  }

  private Uni<Void> erase(UUID id) {
    return Person.takeAlone(id)
        .chain(
            person ->
                outbox.append(
                    person,
                    person.erase(
                        "They left longer ago than the policy has it kept who worked here.",
                        TABLE,
                        clock.instant())));
  }
}
