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
 * Objects whose entries miss one of their event numbers: an event that is missing from the middle
 * of an object's life is found, whoever left it out. Looked for where the rules read, not where
 * entries are appended, so that it costs the log nothing.
 *
 * <p>An entry that bears the number behind that of the object's entry before it is in order. Only
 * of an object of which one is not, all entries are read, and its numbers are kept for as long as
 * one is missing of which nobody said that it will not come.
 */
@ApplicationScoped
class ObjectGaps {

  /** How many objects with a gap are told of at the same time, those that have had one longest. */
  private static final int TOLD = 100;

  /**
   * The entry before is looked for in the same partition of the log. The subject is an array of one
   * for the same reason as in searches: so that its own index is read.
   */
  private static final String FIND =
      """
      with arrived as (
        select index, source, subject, event_number, logged_at from entry
        where index >= ?1 and index < ?2 and event_number is not null and subject is not null),
      doubtful as (
        select source, subject, max(logged_at) as logged from arrived a
        where exists (select from object_gap g where g.source = a.source and g.subject = a.subject)
          or event_number > 1 and event_number - 1 is distinct from (
            select e.event_number from entry e
            where e.subject = any(array[a.subject]) and e.source = a.source
              and e.index >= a.index / 4194304 * 4194304 and e.index < a.index
            order by e.subject desc, e.index desc limit 1)
        group by source, subject),
      lives as (
        select source, subject, logged, coalesce(
          g.numbers + (select range_agg(int8range(event_number, event_number, '[]')) from arrived a
            where a.source = d.source and a.subject = d.subject),
          (select range_agg(int8range(event_number, event_number, '[]')) from entry e
            where e.subject = any(array[d.subject]) and e.source = d.source and e.index < ?2)) as numbers
        from doubtful d left join object_gap g using (source, subject)),
      judged as (
        select *, not isempty(open_numbers(source, subject, numbers, 0)) as misses from lives),
      whole as (
        delete from object_gap g using judged j
        where g.source = j.source and g.subject = j.subject and not j.misses)
      insert into object_gap (source, subject, numbers, missing_since)
      select source, subject, numbers, logged from judged where misses
      on conflict (source, subject) do update set numbers = excluded.numbers""";

  private final Pool database;
  private final Clock clock;
  private final Duration gapAfter;

  ObjectGaps(
      Pool database, Clock clock, @ConfigProperty(name = "vigie.log.gap-after") Duration gapAfter) {
    this.database = database;
    this.clock = clock;
    this.gapAfter = gapAfter;
  }

  /** Looks at the entries from {@code from} on and below {@code end}; twice is as good as once. */
  static Uni<Integer> find(Mutiny.Session session, long from, long end) {
    return session
        .createNativeQuery(FIND)
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
            select source, subject, (numbers + acknowledged_numbers(source, subject))::text as settled,
              upper(numbers) - 1 as last, missing_since
            from object_gap
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
    NumberRanges settled = NumberRanges.parse(row.getString("settled"));
    long last = row.getLong("last");
    return new Finding(
        "log.object-gap",
        row.getString("source"),
        row.getString("subject"),
        row.getOffsetDateTime("missing_since").toInstant(),
        "misses %d of its %d events, the first is %d"
            .formatted(settled.missing(last), last, settled.firstMissing(last)));
  }
}
