package io.vigie.audit.detect;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.intake.LogWatch.Finding;
import io.vigie.audit.intake.NumberRanges;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Which of its event numbers each object's entries in the log have: an event that is missing from
 * the middle of an object's life is found, whoever left it out. Counted where the rules read, not
 * where entries are appended, so that it costs the log nothing.
 */
@ApplicationScoped
class ObjectNumbers {

  /** How many objects with a gap are told of at the same time, those that have had one longest. */
  private static final int TOLD = 100;

  private static final String COUNT =
      """
      with seen as (
        select source, subject, range_agg(int8range(event_number, event_number, '[]')) as numbers,
          max(logged_at) as logged
        from entry
        where index >= ?1 and index < ?2 and event_number is not null and subject is not null
        group by source, subject)
      insert into object_number as o (source, subject, numbers, missing_since)
      select source, subject, numbers,
        case when numbers <> int8multirange(int8range(1, upper(numbers))) then logged end
      from seen
      on conflict (source, subject) do update set numbers = o.numbers + excluded.numbers,
        missing_since = case
          when o.numbers + excluded.numbers <> int8multirange(int8range(1, upper(o.numbers + excluded.numbers)))
          then coalesce(o.missing_since, excluded.missing_since) end""";

  private final Pool database;
  private final Clock clock;
  private final Duration gapAfter;

  ObjectNumbers(
      Pool database, Clock clock, @ConfigProperty(name = "vigie.log.gap-after") Duration gapAfter) {
    this.database = database;
    this.clock = clock;
    this.gapAfter = gapAfter;
  }

  /** Counts the entries from {@code from} on and below {@code end}; twice is as good as once. */
  static Uni<Integer> count(Mutiny.Session session, long from, long end) {
    return session
        .createNativeQuery(COUNT)
        .setParameter(1, from)
        .setParameter(2, end)
        .executeUpdate();
  }

  /**
   * Objects that have missed a number for longer than the log's delay, the first {@value #TOLD}.
   */
  Uni<List<Finding>> findings() {
    return database
        .preparedQuery(
            """
            select source, subject, numbers::text, missing_since from object_number
            where missing_since < $1 order by missing_since, source, subject limit $2""")
        .execute(Tuple.of(MemoryRows.utc(clock.instant().minus(gapAfter)), TOLD))
        .map(
            rows -> {
              List<Finding> findings = new ArrayList<>();
              rows.forEach(row -> findings.add(finding(row)));
              return findings;
            });
  }

  private static Finding finding(Row row) {
    NumberRanges numbers = NumberRanges.parse(row.getString("numbers"));
    return new Finding(
        "log.object-gap",
        row.getString("source"),
        row.getString("subject"),
        row.getOffsetDateTime("missing_since").toInstant(),
        "misses %d of its %d events, the first is %d"
            .formatted(
                numbers.missing(numbers.last()),
                numbers.last(),
                numbers.firstMissing(numbers.last())));
  }
}
