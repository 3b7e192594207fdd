package io.vigie.access.review;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.directory.DirectorySettings;
import io.vigie.access.person.Own;
import io.vigie.kernel.Actor;
import io.vigie.kernel.web.Task;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;

/**
 * What waits: for reviewers, campaigns with items that they have not answered; for owners, what was
 * revoked of theirs and is nothing in the directory, to be confirmed; for access managers and the
 * CISO, campaigns whose grace is over, to be closed; for access managers, programs that were
 * revoked and that somebody closes by hand, to be confirmed, and rights and accounts of programs
 * that nobody certified within the time of the policy and that no campaign asks about (R4.7).
 */
@ApplicationScoped
class ReviewTasks implements Task.Source {

  private static final String TO_ANSWER =
      """
      select c.id, c.opened_at as since, c.due_at from campaign c
      where c.state = 'OPEN' and (c.opened_at, c.id) > (:since, :id) and exists
        (select from review v left join access_right r on r.id = v.right_id
         left join service_account s on s.id = v.service_account_id
         left join client_access x on x.id = v.client_access_id
         where v.campaign_id = c.id and v.state = 'PENDING'
           and (v.reviewer_id = any(cast(cast(:own as text[]) as uuid[]))
             or cast(:manages as boolean) and v.reviewer_id is null)
           and coalesce(r.state, s.state, x.state) in ('APPROVED', 'ACTIVE', 'SUSPENDED')
           and coalesce(r.valid_until, s.valid_until, x.valid_until, 'infinity') > :now)
      order by c.opened_at, c.id limit :limit""";

  private static final String TO_CLOSE =
      """
      select c.id, c.grace_until as since, cast(null as timestamptz) as due_at from campaign c
      where c.state = 'OPEN' and c.grace_until <= :now and (c.grace_until, c.id) > (:since, :id)
      order by c.grace_until, c.id limit :limit""";

  /** A right waits since the policy's time was over; what is older than that is read by index. */
  private static final String TO_CERTIFY =
      """
      select r.id, u.since, cast(null as timestamptz) as due_at from access_right r
      cross join lateral
        (select coalesce(r.certified_at, r.decided_at) + cast(cast(:within as text) as interval) as since) u
      where r.state = 'APPROVED' and coalesce(r.certified_at, r.decided_at) <= :certifiedSince
        and (r.valid_until is null or r.valid_until > :now) and (u.since, r.id) > (:since, :id)
        and not exists (select from review v join campaign c on c.id = v.campaign_id
          where v.right_id = r.id and v.state = 'PENDING' and c.state = 'OPEN')
      order by u.since, r.id limit :limit""";

  private static final String PROGRAMS_TO_CERTIFY =
      """
      select s.id, u.since, cast(null as timestamptz) as due_at from service_account s
      cross join lateral
        (select coalesce(s.certified_at, s.registered_at) + cast(cast(:within as text) as interval) as since) u
      where s.state = 'ACTIVE' and coalesce(s.certified_at, s.registered_at) <= :certifiedSince
        and (s.valid_until is null or s.valid_until > :now) and (u.since, s.id) > (:since, :id)
        and not exists (select from review v join campaign c on c.id = v.campaign_id
          where v.service_account_id = s.id and v.state = 'PENDING' and c.state = 'OPEN')
      order by u.since, s.id limit :limit""";

  /** Access managers stand in where the owner left, cannot sign in, or is who lost the right. */
  private static final String TO_CONFIRM =
      """
      select v.id, r.revoked_at as since, v.campaign_id from review v
      join access_right r on r.id = v.right_id
      join entitlement e on e.id = v.entitlement_id
      left join person o on o.id = e.owner_id
      where v.state = 'REVOKED' and v.confirmed_at is null and e.directory_kind is null
        and (e.owner_id = any(cast(cast(:own as text[]) as uuid[])) and e.owner_id <> v.person_id
          or cast(:manages as boolean)
            and (o.state is distinct from 'ACTIVE' or o.subject is null or o.id = v.person_id))
        and (r.revoked_at, v.id) > (:since, :id)
      order by r.revoked_at, v.id limit :limit""";

  private static final String PROGRAMS_TO_CONFIRM =
      """
      select v.id, s.ended_at as since, v.campaign_id from review v
      join service_account s on s.id = v.service_account_id
      where v.state = 'REVOKED' and v.confirmed_at is null and cast(:manages as boolean)
        and not array[v.person_id, s.responsible_id] && cast(cast(:own as text[]) as uuid[])
        and (s.ended_at, v.id) > (:since, :id) and %s
      order by s.ended_at, v.id limit :limit"""
          .formatted(Confirmation.CLOSED_BY_HAND);

  private final ReviewPolicy policy;
  private final DirectorySettings directory;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  ReviewTasks(ReviewPolicy policy, DirectorySettings directory, Own own, Actor actor, Clock clock) {
    this.policy = policy;
    this.directory = directory;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    boolean manages = actor.hasRole(ACCESS_MANAGER);
    Map<String, Object> values = new HashMap<>();
    values.put("since", Rows.utc(after.since()));
    values.put("id", after.id());
    values.put("limit", limit);
    Map<String, Object> timed = with(values, Map.of("now", Rows.utc(clock.instant())));
    return own.ids()
        .map(ids -> with(values, Map.of("own", Scope.texts(ids), "manages", manages)))
        .chain(
            theirs ->
                read(TO_ANSWER, with(timed, theirs), row -> campaign("campaign.review", row))
                    .chain(tasks -> and(tasks, read(TO_CONFIRM, theirs, ReviewTasks::confirmation)))
                    .chain(
                        tasks ->
                            and(
                                tasks,
                                read(
                                    PROGRAMS_TO_CONFIRM,
                                    with(theirs, Map.of("alone", isAlone())),
                                    ReviewTasks::confirmation))))
        .chain(
            tasks ->
                manages || actor.hasRole(CISO)
                    ? and(tasks, read(TO_CLOSE, timed, row -> campaign("campaign.close", row)))
                    : Uni.createFrom().item(tasks))
        .chain(
            tasks ->
                manages
                    ? toCertify(tasks, with(timed, certification()))
                    : Uni.createFrom().item(tasks));
  }

  private boolean isAlone() {
    return directory.kind() == DirectorySettings.Kind.NONE;
  }

  private static Uni<List<Task>> toCertify(List<Task> tasks, Map<String, Object> values) {
    return and(tasks, read(TO_CERTIFY, values, row -> certify("right", "right.certify", row)))
        .chain(
            found ->
                and(
                    found,
                    read(
                        PROGRAMS_TO_CERTIFY,
                        values,
                        row -> certify("service-account", "service-account.certify", row))));
  }

  private Map<String, Object> certification() {
    return Map.of(
        "within",
        policy.certifiedWithin().toString(),
        "certifiedSince",
        Rows.utc(policy.certifiedSince(clock.instant())));
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  private static Uni<List<Task>> and(List<Task> some, Uni<List<Task>> more) {
    return more.map(
        others -> {
          List<Task> all = new ArrayList<>(some);
          all.addAll(others);
          return all;
        });
  }

  private static Uni<List<Task>> read(
      String sql, Map<String, Object> values, Function<Object[], Task> task) {
    return Panache.getSession()
        .chain(
            session -> {
              var query = session.createNativeQuery(sql, Object[].class);
              values.forEach(query::setParameter);
              return query.getResultList();
            })
        .map(rows -> rows.stream().map(task).toList());
  }

  private static Task campaign(String kind, Object[] row) {
    return new Task(
        (UUID) row[0],
        kind,
        "campaign/" + row[0],
        "/v1/campaigns/" + row[0],
        Rows.time(row[1]),
        Rows.time(row[2]));
  }

  private static Task confirmation(Object[] row) {
    return new Task(
        (UUID) row[0],
        "review.confirm",
        "review/" + row[0],
        "/v1/campaigns/" + row[2] + "/confirmations",
        Rows.time(row[1]),
        null);
  }

  private static Task certify(String what, String kind, Object[] row) {
    return new Task(
        (UUID) row[0], kind, what + "/" + row[0], "/v1/certifications", Rows.time(row[1]), null);
  }
}
