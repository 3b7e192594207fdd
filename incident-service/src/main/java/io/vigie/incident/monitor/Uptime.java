package io.vigie.incident.monitor;

import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;

/**
 * How often monitors found what they watch as it should be, by the day. Results that are older than
 * the policy keeps them are counted, and go, in one statement: none is lost or counted twice.
 */
@ApplicationScoped
class Uptime {

  /** So many results go at once; the rest the next time. */
  private static final int MOST = 50_000;

  private static final String CONDENSE =
      """
      with gone as (
        delete from monitor_result where id in (
          select id from monitor_result where at < ?1 order by at limit ?2)
        returning monitor, cast(at at time zone 'UTC' as date) as day, good, took_millis)
      insert into monitor_day (monitor, day, results, good, timed, took_millis)
      select monitor, day, count(*), count(*) filter (where good), count(took_millis),
        coalesce(sum(took_millis), 0)
      from gone group by monitor, day order by monitor, day
      on conflict (monitor, day) do update set
        results = monitor_day.results + excluded.results,
        good = monitor_day.good + excluded.good,
        timed = monitor_day.timed + excluded.timed,
        took_millis = monitor_day.took_millis + excluded.took_millis""";

  private static final String DAYS =
      """
      select cast(day as text), cast(sum(results) as bigint), cast(sum(good) as bigint),
        cast(sum(timed) as bigint), cast(sum(took_millis) as bigint)
      from (
        select day, results, good, timed, took_millis from monitor_day
        where monitor = ?1 and day >= cast(?2 as date)
        union all
        select cast(at at time zone 'UTC' as date), 1, case when good then 1 else 0 end,
          case when took_millis is null then 0 else 1 end, coalesce(took_millis, 0)
        from monitor_result
        where monitor = ?1 and at >= cast(cast(?2 as date) as timestamp) at time zone 'UTC') each
      group by day order by day""";

  /**
   * Results of a day, or of several.
   *
   * @param timed how many of them took a time that is known, {@code millis} together
   */
  record Count(LocalDate day, long results, long good, long timed, long millis) {

    Count plus(Count other) {
      return new Count(
          day,
          results + other.results,
          good + other.good,
          timed + other.timed,
          millis + other.millis);
    }

    /**
     * The share of good ones in percent, two digits behind the point; null where there are none.
     */
    Double percent() {
      return results == 0 ? null : Math.floor(10_000.0 * good / results) / 100;
    }

    /** Null where no time is known. */
    Long averageMillis() {
      return timed == 0 ? null : Math.round((double) millis / timed);
    }
  }

  private final MonitorPolicy policy;
  private final Clock clock;

  Uptime(MonitorPolicy policy, Clock clock) {
    this.policy = policy;
    this.clock = clock;
  }

  /** The first of {@code days} days of UTC, of which today is the last. */
  LocalDate first(int days) {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(days - 1);
  }

  /** Of each day from {@code first} on that has results, the oldest first. */
  Uni<List<Count>> of(UUID monitor, LocalDate first) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(DAYS, Object[].class)
                    .setParameter(1, monitor)
                    .setParameter(2, first)
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Count(
                                LocalDate.parse((String) row[0]),
                                (Long) row[1],
                                (Long) row[2],
                                (Long) row[3],
                                (Long) row[4]))
                    .toList());
  }

  @Scheduled(
      every = "${vigie.monitors.condense-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> condense() {
    OffsetDateTime before =
        clock
            .instant()
            .minus(policy.keepResults())
            .truncatedTo(ChronoUnit.DAYS)
            .atOffset(ZoneOffset.UTC);
    return Panache.withTransaction(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            session
                                .createNativeQuery(CONDENSE)
                                .setParameter(1, before)
                                .setParameter(2, MOST)
                                .executeUpdate()))
        .replaceWithVoid();
  }
}
