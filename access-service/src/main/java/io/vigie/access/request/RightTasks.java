package io.vigie.access.request;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Task;

/**
 * What waits for whom: requests and renewals for those who may approve them, until they lapse;
 * emergencies for their holders to say why, and for the CISO to accept that, or to ask.
 */
@ApplicationScoped
class RightTasks implements Task.Source {

  private static final String WAITING =
      """
      select id, kind, since, due from (
        select r.id, 'right.decide' as kind, r.asked_at as since,
          r.asked_at + make_interval(secs => cast(?4 as double precision)) as due
        from access_right r where r.id in (
          select right_id from approvals_open_to(?1, ?2, cast(cast(?3 as text) as timestamptz)))
        union all
        select r.id, 'right.justify', r.requested_at, r.justify_by
        from access_right r join person p on p.id = r.person_id
        where r.justify_by is not null and r.accepted_at is null and r.justified_at is null
          and p.subject = ?1
        union all
        select r.id, case when r.justified_at is null then 'right.unjustified' else 'right.accept' end,
          coalesce(r.justified_at, r.missed_at), null
        from access_right r join person p on p.id = r.person_id
        where r.justify_by is not null and r.accepted_at is null
          and (r.justified_at is not null or r.missed_at is not null)
          and 'CISO' = any(string_to_array(?2, ',')) and p.subject is distinct from ?1) waiting
      where (since, id) > (?5, ?6) order by since, id limit ?7""";

  private final Approvers approvers;
  private final ApprovalPaths paths;

  RightTasks(Approvers approvers, ApprovalPaths paths) {
    this.approvers = approvers;
    this.paths = paths;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    Map<String, Object> caller = approvers.parameters();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(WAITING, Object[].class)
                    .setParameter(1, caller.get("caller"))
                    .setParameter(2, caller.get("roles"))
                    .setParameter(3, caller.get("now"))
                    .setParameter(4, (double) paths.lapseAfter().toSeconds())
                    .setParameter(5, OffsetDateTime.ofInstant(after.since(), ZoneOffset.UTC))
                    .setParameter(6, after.id())
                    .setParameter(7, limit)
                    .getResultList())
        .map(rows -> rows.stream().map(RightTasks::task).toList());
  }

  private static Task task(Object[] row) {
    UUID id = (UUID) row[0];
    return new Task(
        id, (String) row[1], "right/" + id, "/v1/rights/" + id, time(row[2]), time(row[3]));
  }

  private static Instant time(Object value) {
    return value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
  }
}
