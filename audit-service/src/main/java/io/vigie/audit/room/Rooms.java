package io.vigie.audit.room;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.kernel.Actor;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/**
 * What the caller may read of the log: an auditor from outside what the audits cover that name them
 * and are open at this moment (begun, neither closed nor cancelled, in their period); others
 * everything, as far as their roles let them ask. It is looked up for each call.
 */
@ApplicationScoped
public class Rooms {

  /**
   * Two tables of a statement: {@code restricted}, the incidents that are restricted now, and
   * {@code closed}, these and whatever an event of which refers to one, as its clocks. Packs of
   * evidence have of either what names the client or the asset itself; auditors from outside find
   * nothing of them.
   */
  public static final String CLOSED =
      """
      restricted as (
        select i.subject from entry i
        where i.type = 'incident.restricted.v1' and i.subject is not null and not exists (
          select from entry l
          where l.subject = i.subject and l.type = 'incident.restriction-lifted.v1' and l.index > i.index)),
      closed as (
        select subject from restricted
        union
        select e.subject from restricted i join reference r on r.object = i.subject join entry e using (index)
        where e.subject is not null)""";

  private static final String SCOPE =
      "select id, title, rules, clients, period_from, period_until from control_audit where ";

  /** $1 the account, $2 the time. */
  private static final String OPEN =
      "auditor = $1 and state = 'BEGUN' and period_from <= $2 and period_until > $2";

  /** As many objects as the clients of an audit may have, or as may be closed to one of all. */
  private static final int MOST_SUBJECTS = 10_000;

  /**
   * $1 clients, as objects, $2 a limit: what is about them but for what is closed, and whether
   * about another client as well. Behind "offset 0" that is looked up by object, whatever the log
   * has of other clients.
   */
  private static final String SUBJECTS =
      """
      with %s,
      own as (
        select unnest($1::text[]) as subject
        union
        select e.subject from reference r join entry e using (index)
        where r.object = any($1)
          and not exists (select from closed where closed.subject = e.subject)
        limit $2)
      select subject, exists (
        select from entry e join reference r using (index)
        where e.subject = own.subject and r.object >= 'client/' and r.object < 'client0'
          and r.object <> all($1) offset 0) as is_shared
      from own"""
          .formatted(CLOSED);

  /**
   * ?1 an audit, ?2 indexes, ?3 types of events: which of these entries it covers, as {@link
   * Scope#sql} has it, but of the objects of the entries alone.
   */
  private static final String COVERED =
      """
      with %s
      select e.index from control_audit a join entry e on e.index = any(cast(cast(?2 as text[]) as bigint[]))
      where a.id = ?1 and e.event_time >= a.period_from and e.event_time < a.period_until
        and (cardinality(a.rules) = 0 or e.type = any(cast(?3 as text[])))
        and not exists (select from closed where closed.subject = e.subject)
        and (cardinality(a.clients) = 0 or (
          exists (
            select from unnest(a.clients) client where e.subject = 'client/' || client
            union all
            select from entry o join reference r using (index) join unnest(a.clients) client on r.object = 'client/' || client
            where o.subject = e.subject)
          and not exists (
            select from entry o join reference r using (index)
            where o.subject = e.subject and r.object >= 'client/' and r.object < 'client0'
              and r.object <> all(select 'client/' || client from unnest(a.clients) client))))"""
          .formatted(CLOSED);

  private record Ids(List<String> rules) {}

  private record Proof(Set<String> provenBy) {}

  private final Map<String, Set<String>> provenBy = new HashMap<>();
  private final Pool database;
  private final Actor actor;
  private final Clock clock;

  Rooms(Pool database, Actor actor, Clock clock) {
    this.database = database;
    this.actor = actor;
    this.clock = clock;
    for (String rule : PolicyTable.read("rules", Ids.class).rules()) {
      provenBy.put(rule, PolicyTable.control(rule, Proof.class).provenBy());
    }
  }

  /** The types of the events that prove a rule; none where the policy has no such rule. */
  public Set<String> provenBy(String rule) {
    return provenBy.getOrDefault(rule, Set.of());
  }

  /** What the caller may read now; 409 where the clients of an audit have too many objects. */
  public Uni<Reach> reach() {
    return isThirdParty()
        ? scopes(OPEN, Tuple.of(actor.id(), now())).map(scopes -> new Reach(false, scopes))
        : Uni.createFrom().item(Reach.WHOLE);
  }

  /** Whether the caller may read the entry at this index now; not where there is none. */
  public Uni<Boolean> reaches(long index) {
    return reach()
        .chain(
            reach -> {
              List<Object> values = new ArrayList<>(List.of(index));
              String covered = reach.sql("e", values);
              return database
                  .preparedQuery("select from entry e where e.index = $1 and " + covered)
                  .execute(Tuple.tuple(values))
                  .map(rows -> rows.size() > 0);
            });
  }

  /**
   * Which of these entries an audit does not cover, in their order. It is asked in the transaction
   * of the caller, who has a connection and must not wait for another one.
   *
   * @param rules those that the audit has in scope
   */
  public Uni<Set<Long>> uncovered(UUID audit, List<String> rules, Set<Long> entries) {
    Set<Long> uncovered = new TreeSet<>(entries);
    if (uncovered.isEmpty()) {
      return Uni.createFrom().item(uncovered);
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(COVERED, Long.class)
                    .setParameter(1, audit)
                    .setParameter(2, entries.stream().map(String::valueOf).toArray(String[]::new))
                    .setParameter(3, types(rules).toArray(String[]::new))
                    .getResultList())
        .invoke(covered -> covered.forEach(uncovered::remove))
        .replaceWith(uncovered);
  }

  private Set<String> types(List<String> rules) {
    Set<String> types = new HashSet<>();
    rules.forEach(rule -> types.addAll(provenBy(rule)));
    return types;
  }

  /**
   * What an audit covers: for the CISO at any time, and for its auditor while it is open; 404 for
   * others.
   */
  public Uni<Scope> scope(UUID audit) {
    return scopes(
            "id = $3 and ($4 or " + OPEN + ")",
            Tuple.of(actor.id(), now(), audit, actor.hasRole(CISO)))
        .map(
            scopes -> {
              if (scopes.isEmpty()) {
                throw Problem.notFound("No audit has this id, or it is not yours to read now.");
              }
              return scopes.get(0);
            });
  }

  /** Whether the caller audits from outside. */
  boolean isThirdParty() {
    return actor.hasRole(THIRD_PARTY_AUDITOR) && !actor.hasRole(CISO) && !actor.hasRole(AUDITOR);
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private Uni<List<Scope>> scopes(String which, Tuple values) {
    return database
        .preparedQuery(SCOPE + which + " order by id")
        .execute(values)
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(this::scope)
        .collect()
        .asList();
  }

  private Uni<Scope> scope(Row row) {
    List<UUID> clients = Stream.of(row.getArrayOfStrings("clients")).map(UUID::fromString).toList();
    return clients.isEmpty()
        ? closed().map(closed -> scope(row, clients, null, closed))
        : subjects(clients).map(subjects -> scope(row, clients, subjects, Set.of()));
  }

  private Scope scope(Row row, List<UUID> clients, Set<String> subjects, Set<String> closed) {
    List<String> rules = List.of(row.getArrayOfStrings("rules"));
    return new Scope(
        row.getUUID("id"),
        row.getString("title"),
        rules,
        types(rules),
        clients,
        subjects,
        closed,
        row.getOffsetDateTime("period_from").toInstant(),
        row.getOffsetDateTime("period_until").toInstant());
  }

  private Uni<Set<String>> closed() {
    return database
        .preparedQuery("with " + CLOSED + " select subject from closed limit $1")
        .execute(Tuple.of(MOST_SUBJECTS + 1))
        .map(
            rows -> {
              if (rows.size() > MOST_SUBJECTS) {
                throw Problem.conflict(
                    "audit-of-all-too-wide",
                    "More than 10,000 objects are of restricted incidents: plan the audit anew for some clients.");
              }
              Set<String> closed = new HashSet<>();
              rows.forEach(row -> closed.add(row.getString("subject")));
              return closed;
            });
  }

  private Uni<Set<String>> subjects(List<UUID> clients) {
    String[] objects = clients.stream().map(client -> "client/" + client).toArray(String[]::new);
    return database
        .preparedQuery(SUBJECTS)
        .execute(Tuple.of(objects, MOST_SUBJECTS + 1))
        .map(
            rows -> {
              if (rows.size() > MOST_SUBJECTS) {
                throw Problem.conflict(
                    "audit-too-wide",
                    "The clients of an audit have more than 10,000 objects: plan it anew for fewer of them.");
              }
              Set<String> subjects = new HashSet<>();
              rows.forEach(
                  row -> {
                    if (!row.getBoolean("is_shared")) {
                      subjects.add(row.getString("subject"));
                    }
                  });
              return subjects;
            });
  }
}
