package io.vigie.audit.control;

import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.vigie.audit.control.Control.Text;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A figure of a dashboard as a query: a row for each object behind it, with its amount.
 *
 * @param query as it is written in {@code contracts/kpis/<id>.sql}
 * @param about the file beside it
 */
record Kpi(String query, About about) {

  /** Whose dashboard a figure is on. */
  @Schema(name = "KpiLevel")
  enum Level {
    STRATEGIC,
    STEERING,
    /** For system administrators, too. */
    OPERATIONAL
  }

  /** What a figure is counted in. */
  @Schema(name = "KpiUnit")
  enum Unit {
    COUNT,
    PERCENT,
    SECONDS,
    MINUTES,
    HOURS,
    DAYS
  }

  /** Which direction is good. */
  @Schema(name = "KpiBetter")
  enum Better {
    HIGHER,
    LOWER
  }

  /** What the amounts come to; those that are not known are left out. */
  @Schema(name = "KpiMeasure")
  enum Measure {
    SUM("sum(q.amount)"),
    /** The sum of the amounts, in percent of the sum of what they are parts of. */
    SHARE("100.0 * sum(q.amount) / nullif(sum(q.whole), 0)"),
    MEAN("avg(q.amount)"),
    MEDIAN("percentile_cont(0.5) within group (order by q.amount)"),
    MAX("max(q.amount)");

    private final String expression;

    Measure(String expression) {
      this.expression = expression;
    }
  }

  /**
   * What the policy wants the figure to be.
   *
   * @param value in the figure's unit
   * @param rule that sets it
   */
  @Schema(name = "KpiTarget")
  record Target(double value, String rule) {}

  /**
   * {@code contracts/kpis/<id>.json}; its schema explains every member.
   *
   * @param target null where the policy sets none
   * @param rules whether it reads what controls keep of rules
   * @param history whether the query answers what was so at an earlier time
   * @param nothing why there is no figure where no amount is known; null where a sum is 0 then
   */
  @JsonIgnoreProperties("$schema")
  record About(
      String id,
      Level level,
      Text title,
      Text explanation,
      Unit unit,
      Measure measure,
      Better better,
      Target target,
      Map<String, Set<String>> reads,
      boolean rules,
      boolean history,
      Text nothing) {}

  private static final String VALUE = "round((%s)::numeric, 2)::float8";

  /** Each amount is computed once, however often it is read. */
  private static final String FIGURE =
      """
      with q as materialized (%2$s
      )
      select %1$s as value, count(*) as objects, count(*) filter (where q.amount is null) as unmeasured,
        $1::timestamptz as at
      from q""";

  /** In UTC. The query is asked once for each day, whose end stands where it reads its time. */
  private static final String SERIES =
      """
      select evening.day, f.value, f.objects
      from generate_series($2::date, ($1::timestamptz at time zone 'UTC')::date, interval '1 day') as d
      cross join lateral (select d::date as day, least(morning(d::date + 1), $1::timestamptz) as at) evening
      cross join lateral (
        with q as materialized (%2$s
        )
        select %1$s as value, count(*) as objects from q
      ) f
      order by evening.day""";

  private static final String BEHIND =
      """
      select q.kind, q.id::text as id, q.amount::float8 as amount, %s as whole, e.index as entry, $1::timestamptz as at,
        (select e.id from entry n where n.index = e.index
          and ($5::text[] is null or split_part(n.subject, '/', 1) = any($5))) as event
      from (%s
      ) q left join event_id e on e.id = q.event
      where ($2::float8 is null or q.amount::float8 = $2) and ($3::text is null or q.id::text collate "C" > $3)
      order by q.id::text collate "C" limit $4""";

  String id() {
    return about.id;
  }

  /** What all amounts come to. Parameter: now. */
  String figure() {
    return FIGURE.formatted(value(), asked("$1::timestamptz"));
  }

  /** The figure at the end of each day, of today now. Parameters: now, the first day. */
  String series() {
    return SERIES.formatted(value(), asked("evening.at"));
  }

  /**
   * The objects behind it, by id. Parameters: now, an amount or null, after which id, how many, and
   * of which kinds of objects the events are told, null for all.
   */
  String behind() {
    return BEHIND.formatted(
        about.measure == Measure.SHARE ? "q.whole::float8" : "null::float8",
        asked("$1::timestamptz"));
  }

  private String value() {
    return VALUE.formatted(about.measure.expression);
  }

  private String asked(String now) {
    return query.replaceAll(":now\\b", now.replace("$", "\\$"));
  }
}
