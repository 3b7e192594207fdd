package io.vigie.access.physical;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.access.person.PersonState;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits: for hosts, visits that somebody else planned to them, and visitors who are still
 * there; for assignees, findings of rounds; for access managers, visits that they did not plan,
 * badges and keys to get back, and what would wait for somebody who left.
 */
@ApplicationScoped
class PremisesTasks implements Task.Source {

  private static final String TO_APPROVE =
      """
      state = PLANNED and plannedBy <> :actor and (:manages = true or host in :own)
      and (plannedAt > :since or plannedAt = :since and id > :id) order by plannedAt, id""";

  private static final String TO_END =
      """
      from Visit v where v.state = PRESENT and v.plannedUntil <= :now
      and (v.host in :own or :manages = true
        and exists (select 1 from Person p where p.id = v.host and p.state = :left))
      and (v.plannedUntil > :since or v.plannedUntil = :since and v.id > :id)
      order by v.plannedUntil, v.id""";

  private static final String TO_RESOLVE =
      """
      from InspectionFinding f where f.resolvedAt is null
      and (f.assignee in :own or :answers = true
        and exists (select 1 from Person p where p.id = f.assignee and p.state = :left))
      and (f.raisedAt > :since or f.raisedAt = :since and f.id > :id)
      order by f.raisedAt, f.id""";

  private static final String BADGES =
      """
      state = ?3 and (endedAt > ?1 or endedAt = ?1 and id > ?2) order by endedAt, id""";

  private static final String KEYS =
      """
      select k.id, k.changed_at from physical_key k
      where (k.changed_at, k.id) > (?2, ?3) and %s
      order by k.changed_at, k.id"""
          .formatted(KeysToRecover.IS_TO_RECOVER);

  private final Own own;
  private final Actor actor;
  private final Clock clock;

  PremisesTasks(Own own, Actor actor, Clock clock) {
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    boolean manages = actor.hasRole(Roles.ACCESS_MANAGER);
    return own.ids()
        .chain(ids -> ofCaller(ids, manages, after, limit))
        .chain(tasks -> manages ? and(tasks, badges(after, limit)) : just(tasks))
        .chain(tasks -> manages ? and(tasks, keys(after, limit)) : just(tasks))
        .map(Stream::toList);
  }

  private Uni<Stream<Task>> ofCaller(List<UUID> ids, boolean manages, Task.Place after, int limit) {
    Map<String, Object> visits = values(ids, after);
    visits.put("actor", actor.id());
    visits.put("manages", manages);
    Map<String, Object> present = values(ids, after);
    present.put("now", clock.instant());
    present.put("manages", manages);
    present.put("left", PersonState.LEFT);
    Map<String, Object> findings = values(ids, after);
    findings.put("answers", manages || actor.hasRole(Roles.CISO));
    findings.put("left", PersonState.LEFT);
    return Visit.<Visit>find(TO_APPROVE, visits)
        .range(0, limit - 1)
        .list()
        .map(all -> all.stream().map(PremisesTasks::approve))
        .chain(
            tasks ->
                and(
                    tasks,
                    Visit.<Visit>find(TO_END, present)
                        .range(0, limit - 1)
                        .list()
                        .map(all -> all.stream().map(PremisesTasks::end))))
        .chain(
            tasks ->
                and(
                    tasks,
                    InspectionFinding.<InspectionFinding>find(TO_RESOLVE, findings)
                        .range(0, limit - 1)
                        .list()
                        .map(all -> all.stream().map(PremisesTasks::resolve))));
  }

  private static Map<String, Object> values(List<UUID> ids, Task.Place after) {
    Map<String, Object> values = new HashMap<>();
    values.put("own", ids);
    values.put("since", after.since());
    values.put("id", after.id());
    return values;
  }

  private static Uni<Stream<Task>> badges(Task.Place after, int limit) {
    return Badge.<Badge>find(BADGES, after.since(), after.id(), BadgeState.REVOKED)
        .range(0, limit - 1)
        .list()
        .map(all -> all.stream().map(PremisesTasks::recover));
  }

  private Uni<Stream<Task>> keys(Task.Place after, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(KEYS, Object[].class)
                    .setParameter(1, clock.instant().atOffset(ZoneOffset.UTC))
                    .setParameter(2, after.since().atOffset(ZoneOffset.UTC))
                    .setParameter(3, after.id())
                    .setMaxResults(limit)
                    .getResultList())
        .map(rows -> rows.stream().map(PremisesTasks::recoverKey));
  }

  private static Uni<Stream<Task>> and(Stream<Task> some, Uni<Stream<Task>> more) {
    return more.map(others -> Stream.concat(some, others));
  }

  private static Uni<Stream<Task>> just(Stream<Task> tasks) {
    return Uni.createFrom().item(tasks);
  }

  private static Task approve(Visit visit) {
    Visit.State state = visit.state();
    return task(
        visit.id(),
        "visit.approve",
        "visit",
        "/v1/visits/",
        state.plannedAt(),
        state.plannedFrom());
  }

  private static Task end(Visit visit) {
    Instant until = visit.state().plannedUntil();
    return task(visit.id(), "visit.end", "visit", "/v1/visits/", until, until);
  }

  private static Task resolve(InspectionFinding finding) {
    InspectionFinding.State state = finding.state();
    return task(
        finding.id(),
        "inspection-finding.resolve",
        "inspection-finding",
        "/v1/inspection-findings/",
        state.raisedAt(),
        state.dueOn().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private static Task recover(Badge badge) {
    return task(badge.id(), "badge.recover", "badge", "/v1/badges/", badge.state().endedAt(), null);
  }

  private static Task recoverKey(Object[] row) {
    Instant since = row[1] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[1];
    return task((UUID) row[0], "key.recover", "key", "/v1/keys/", since, null);
  }

  private static Task task(
      UUID id, String kind, String subject, String path, Instant since, Instant due) {
    return new Task(id, kind, subject + "/" + id, path + id, since, due);
  }
}
