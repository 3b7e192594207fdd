package io.vigie.audit.control;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import io.vigie.audit.control.Control.Naming;
import io.vigie.kernel.DatabaseAway;
import org.jboss.logging.Logger;

/**
 * Asks the queries of controls, and keeps what they answer and when that turned. For one time and
 * one transaction.
 */
final class Verdicts {

  private static final Logger LOG = Logger.getLogger(Verdicts.class);

  /** Why something is judged again; what turns then, turned because of it. */
  enum Cause {
    EVENT,
    TIME,
    /** By another query than before, or from a log that was read anew. */
    QUERY
  }

  /**
   * What fails under exceptions in force has the one of them that ends last, until it ends.
   * Parameters: now, rule, objects and the event that means each, the cause, and the event that
   * means all others, if all are judged. Only the filters differ between some and all: so that the
   * planner sees them, and the query is asked for some objects at the cost of some.
   */
  private static final String JUDGE =
      """
      with meant as (
        select * from unnest($3::uuid[], $4::uuid[]) as m(id, event)),
      excepting as materialized (
        select o.id, o.state ->> 'object' as object, moment(o.state, 'endsAt') as ends_at from object o
        where o.kind = 'control-exception'
          and o.state @> jsonb_build_object('rule', $2::text, 'stage', 'APPROVED')
          and moment(o.state, 'endsAt') > $1::timestamptz),
      judged as materialized (
        select q.kind, q.id, q.holds, q.why, q.owner,
          case when q.turns_at > $1::timestamptz then q.turns_at end as turns_at
        from (%1$s
        ) q %2$s),
      excepted as materialized (
        select j.kind, j.id, j.holds, j.why, j.owner, e.id as exception, least(j.turns_at, e.ends_at) as turns_at
        from judged j left join lateral (
          select x.id, x.ends_at from excepting x
          where not j.holds and coalesce(x.object = j.kind || '/' || j.id, true)
          order by x.ends_at desc, x.id limit 1) e on true),
      gone as (
        delete from verdict v where v.rule = $2::text %3$s and not exists (select from judged j where j.id = v.id)
        returning v.kind, v.id, v.owner),
      turned as (
        select j.kind, j.id, j.holds, j.why, j.owner::text as owner, j.exception
        from excepted j left join verdict v on v.rule = $2::text and v.id = j.id
        where (v.holds, v.exception) is distinct from (j.holds, j.exception)
        union all
        select g.kind, g.id, null, null, g.owner, null from gone g),
      kept as (
        insert into verdict as v (rule, kind, id, holds, why, owner, since, event, turns_at, exception)
        select $2::text, j.kind, j.id, j.holds, j.why, j.owner, $1::timestamptz, coalesce(m.event, $6::uuid), j.turns_at,
          j.exception
        from excepted j left join meant m using (id)
        on conflict (rule, id) do update set kind = excluded.kind, holds = excluded.holds,
          why = excluded.why, owner = excluded.owner, turns_at = excluded.turns_at, exception = excluded.exception,
          since = case when v.holds = excluded.holds then v.since else excluded.since end,
          event = case when v.holds = excluded.holds then v.event else excluded.event end
        where (v.holds, v.why, v.owner, v.turns_at, v.exception)
          is distinct from (excluded.holds, excluded.why, excluded.owner, excluded.turns_at, excluded.exception))
      insert into verdict_turn (rule, kind, object, holds, why, owner, exception, at, cause, event)
      select $2::text, t.kind, t.id, t.holds, t.why, t.owner, t.exception, $1::timestamptz, $5::text, coalesce(m.event, $6::uuid)
      from turned t left join meant m using (id)""";

  private static final String SOME_QUERIED = "where q.id = any($3::uuid[])";
  private static final String SOME_KEPT = "and v.id = any($3::uuid[])";

  /**
   * The state that the verdicts come to, of a query that could be asked; where it turns, by the
   * event of an object that turned with it. Parameters: now, rule, digest, cause, and the event
   * where none did.
   */
  private static final String STATE =
      """
      with counted as (
        select count(*) as in_scope, count(*) filter (where not holds) as failing, count(exception) as excepted
        from verdict where rule = $2::text),
      stated as (
        select in_scope, failing, excepted,
          case when in_scope = 0 then 'NOT_APPLICABLE' when failing = 0 then 'GREEN'
            when failing = excepted then 'AMBER' else 'RED' end as state
        from counted),
      turned as (
        insert into control_turn (rule, state, in_scope, failing, excepted, at, cause, event)
        select $2::text, s.state, s.in_scope, s.failing, s.excepted, $1::timestamptz, $4::text, coalesce((
          select t.event from verdict_turn t
          where t.rule = $2::text and t.at = $1::timestamptz and t.cause = $4::text
            and (t.holds is false and t.exception is null) = (s.state = 'RED')
          order by (s.state = 'AMBER' and t.exception is not null) desc, t.id desc limit 1), $5::uuid)
        from stated s where not exists (
          select from control c where c.rule = $2::text and c.state = s.state)),
      mended as (delete from control_failure where rule = $2::text)
      insert into control as c (rule, digest, state, in_scope, failing, excepted, since)
      select $2::text, $3::text, s.state, s.in_scope, s.failing, s.excepted, $1::timestamptz from stated s
      on conflict (rule) do update set digest = excluded.digest, state = excluded.state,
        in_scope = excluded.in_scope, failing = excluded.failing, excepted = excluded.excepted,
        since = case when c.state = excluded.state then c.since else excluded.since end""";

  /** Parameters: rule, digest, why, now, when to try again. */
  private static final String FAILED =
      """
      with outdated as (update control set digest = '' where rule = $1::text)
      insert into control_failure as f (rule, digest, why, since, retry_at)
      values ($1::text, $2::text, $3::text, $4::timestamptz, $5::timestamptz)
      on conflict (rule) do update set digest = excluded.digest, why = excluded.why, retry_at = excluded.retry_at,
        since = case when f.why = excluded.why then f.since else excluded.since end
      returning since = $4::timestamptz as is_new""";

  /** After a failure a query is not asked again for so long. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** As much as is kept of what the database says of a failure. */
  private static final int WHY = 500;

  private static final String NAMED_BY =
      """
      select o.id, n.event from unnest($1::uuid[], $2::uuid[]) as n(id, event)
      join object o on o.kind = $3::text and o.state @> jsonb_build_object($4::text, n.id::text)""";

  private final SqlConnection connection;
  private final OffsetDateTime now;

  Verdicts(SqlConnection connection, Instant now) {
    this.connection = connection;
    this.now = now.atOffset(ZoneOffset.UTC);
  }

  /** Judges what events mean. */
  Uni<Void> judge(Control control, Affected affected) {
    if (affected.isNothing()) {
      return Uni.createFrom().voidItem();
    }
    Map<UUID, UUID> eventByObject = new LinkedHashMap<>();
    return Multi.createFrom()
        .iterable(affected.eventByNamed().entrySet())
        .onItem()
        .transformToUniAndConcatenate(
            named -> naming(named.getKey(), named.getValue(), eventByObject))
        .collect()
        .last()
        .invoke(() -> eventByObject.putAll(affected.eventByObject()))
        .chain(
            () ->
                affected.every() == null
                    ? judge(control, eventByObject, Cause.EVENT, affected.last())
                    : judgeAll(control, eventByObject, Cause.EVENT, affected.every()));
  }

  private Uni<Void> naming(Naming naming, Map<UUID, UUID> named, Map<UUID, UUID> eventByObject) {
    return connection
        .preparedQuery(NAMED_BY)
        .execute(Tuple.of(keys(named), values(named), naming.kind(), naming.member()))
        .invoke(
            rows -> rows.forEach(row -> eventByObject.put(row.getUUID("id"), row.getUUID("event"))))
        .replaceWithVoid();
  }

  /** Judges objects for which the time has come. */
  Uni<Void> judge(Control control, UUID[] due) {
    Map<UUID, UUID> eventByObject = new LinkedHashMap<>();
    for (UUID id : due) {
      eventByObject.put(id, null);
    }
    return judge(control, eventByObject, Cause.TIME, null);
  }

  private Uni<Void> judge(
      Control control, Map<UUID, UUID> eventByObject, Cause cause, UUID lastEvent) {
    if (eventByObject.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return judge(
        control,
        JUDGE.formatted(control.sql(), SOME_QUERIED, SOME_KEPT),
        parameters(control, keys(eventByObject), values(eventByObject), cause, null),
        cause,
        lastEvent);
  }

  /** Judges everything by another query than before, or from a log that was read anew. */
  Uni<Void> judgeAll(Control control) {
    return judgeAll(control, Map.of(), Cause.QUERY, null);
  }

  private Uni<Void> judgeAll(
      Control control, Map<UUID, UUID> eventByObject, Cause cause, UUID event) {
    return judge(
        control,
        JUDGE.formatted(control.sql(), "", ""),
        parameters(control, keys(eventByObject), values(eventByObject), cause, event),
        cause,
        event);
  }

  /** A query that fails undoes its own verdicts alone, and its control keeps its last state. */
  private Uni<Void> judge(
      Control control, String query, Tuple parameters, Cause cause, UUID lastEvent) {
    return run("savepoint judging")
        .chain(() -> connection.preparedQuery(query).execute(parameters))
        .chain(() -> state(control, cause, lastEvent))
        .chain(() -> run("release savepoint judging"))
        .onFailure(failure -> failure instanceof PgException && !DatabaseAway.is(failure))
        .recoverWithUni(
            failure -> run("rollback to savepoint judging").chain(() -> fail(control, failure)));
  }

  private Uni<Void> run(String statement) {
    return connection.query(statement).execute().replaceWithVoid();
  }

  /** What events and time mean meanwhile is made up for when all is judged again. */
  private Uni<Void> fail(Control control, Throwable failure) {
    String message = failure.getMessage();
    String why = message.substring(0, Math.min(WHY, message.length()));
    return connection
        .preparedQuery(FAILED)
        .execute(Tuple.of(control.rule(), control.digest(), why, now, now.plus(PAUSE)))
        .invoke(
            rows -> {
              if (rows.iterator().next().getBoolean("is_new")) {
                LOG.errorf(
                    "The query of control %s fails, and is asked again each %s: %s",
                    control.rule(), PAUSE, why);
              }
            })
        .replaceWithVoid();
  }

  private Tuple parameters(
      Control control, UUID[] objects, UUID[] events, Cause cause, UUID event) {
    return Tuple.of(now, control.rule(), objects, events, cause.name(), event);
  }

  private Uni<Void> state(Control control, Cause cause, UUID event) {
    return connection
        .preparedQuery(STATE)
        .execute(Tuple.of(now, control.rule(), control.digest(), cause.name(), event))
        .replaceWithVoid();
  }

  private static UUID[] keys(Map<UUID, UUID> events) {
    return events.keySet().toArray(UUID[]::new);
  }

  private static UUID[] values(Map<UUID, UUID> events) {
    return events.values().toArray(UUID[]::new);
  }
}
