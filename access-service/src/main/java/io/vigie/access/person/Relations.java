package io.vigie.access.person;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;

/**
 * Whom a person's record names: a manager and a host, who work here and are others, and managers in
 * no circle. Transactions that give somebody another manager come one after the other.
 */
final class Relations {

  static final long LOCK = 0x5647_4D47_5253L; // "VGMGRS"

  static final int MOST_LEVELS = 100;

  private Relations() {}

  /** Fails with 422 for somebody unknown or gone. */
  static Uni<Void> requireOfNewcomer(Details details) {
    return requirePresent("manager", details.manager())
        .chain(() -> requirePresent("host", details.host()));
  }

  /**
   * The same for whom the record names anew, and 409 for somebody as their own host. Whoever gets
   * another manager is looked at once more when that is stored: {@link #requireNoCircle}.
   */
  static Uni<Void> requireOf(Person person, Details to) {
    Details now = person.details();
    return Objects.equals(now.manager(), to.manager()) || to.manager() == null
        ? requireHost(person, to)
        : alone()
            .chain(() -> requirePresent("manager", to.manager()))
            .chain(() -> requireHost(person, to));
  }

  /**
   * Before somebody's row is locked, as imports do: waits for its turn where the record names
   * another manager than the row now.
   */
  static Uni<Void> aloneIfLedByAnother(UUID person, UUID manager) {
    return manager == null
        ? Uni.createFrom().voidItem()
        : Panache.getSession()
            .chain(
                session ->
                    session
                        .createNativeQuery(
                            """
                            select count(*) from person
                            where id = ?1 and manager_id is distinct from ?2""",
                            Long.class)
                        .setParameter(1, person)
                        .setParameter(2, manager)
                        .getSingleResult())
            .chain(others -> others > 0 ? alone() : Uni.createFrom().voidItem());
  }

  private static Uni<Void> requireHost(Person person, Details to) {
    if (Objects.equals(person.details().host(), to.host())) {
      return Uni.createFrom().voidItem();
    }
    if (person.id().equals(to.host())) {
      throw Problem.conflict("own-host", "Nobody hosts themselves. Choose somebody else as host.");
    }
    return requirePresent("host", to.host());
  }

  /** Until the transaction ends nobody else gets another manager. */
  static Uni<Void> alone() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("select 1 from pg_advisory_xact_lock(?1)", Integer.class)
                    .setParameter(1, LOCK)
                    .getSingleResult())
        .replaceWithVoid();
  }

  private static Uni<Void> requirePresent(String role, UUID id) {
    return id == null
        ? Uni.createFrom().voidItem()
        : Person.count("id = ?1 and state <> ?2", id, PersonState.LEFT)
            .invoke(
                found -> {
                  if (found == 0) {
                    throw Problem.unprocessable(
                        "unknown-" + role,
                        "Nobody who works here has the id that is given as " + role + ".");
                  }
                })
            .replaceWithVoid();
  }

  /**
   * Fails with 409 for people who lead themselves, directly or not, and names a circle; and for
   * somebody below too many levels of managers.
   */
  static Uni<Void> requireNoCircle(Collection<UUID> people) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with recursive led(start, manager_id, path) as (
                          select id, manager_id, array[id] from person
                          where id = any(cast(cast(?1 as text[]) as uuid[]))
                            and manager_id is not null
                          union all
                          select l.start, p.manager_id, l.path || p.id
                          from led l join person p on p.id = l.manager_id
                          where p.manager_id is not null and not p.id = any(l.path)
                            and cardinality(l.path) <= ?2)
                        select case when manager_id = start
                          then array_to_string(path || start, ' → ') else '' end
                        from led where manager_id = start or cardinality(path) > ?2 limit 1""",
                        String.class)
                    .setParameter(1, people.stream().map(UUID::toString).toArray(String[]::new))
                    .setParameter(2, MOST_LEVELS)
                    .getSingleResultOrNull())
        .invoke(Relations::refuse)
        .replaceWithVoid();
  }

  /**
   * Fails unless {@code manager}, who may be null, can lead {@code person} from {@code day} on, as
   * far as is known now: 422 for somebody unknown, gone, or gone by then, 409 for a circle or too
   * many levels. Managers of others who are planned to be theirs before that day are taken for it.
   */
  static Uni<Void> requireToLead(UUID person, UUID manager, LocalDate day) {
    return manager == null
        ? Uni.createFrom().voidItem()
        : requirePresent("manager", manager)
            .chain(() -> requireThere(manager, day))
            .chain(() -> requireNoCircleOn(person, manager, day));
  }

  private static Uni<Void> requireThere(UUID manager, LocalDate day) {
    return Person.count("id = ?1 and least(details.endsOn, lastDay) < ?2", manager, day)
        .invoke(
            leaving -> {
              if (leaving > 0) {
                throw Problem.unprocessable(
                    "manager-leaves",
                    "Whoever is given as manager leaves before that day. Choose somebody who stays.");
              }
            })
        .replaceWithVoid();
  }

  private static Uni<Void> requireNoCircleOn(UUID person, UUID manager, LocalDate day) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with recursive planned(id, manager_id) as (
                          select id, case when next_manager_id is not null and moves_on < ?3
                            and move_refused_at is null then next_manager_id else manager_id end
                          from person),
                        above(id, path) as (
                          select cast(?2 as uuid), array[cast(?2 as uuid)]
                          union all
                          select p.manager_id, a.path || p.manager_id
                          from above a join planned p on p.id = a.id
                          where a.id <> ?1 and p.manager_id is not null
                            and not p.manager_id = any(a.path) and cardinality(a.path) <= ?4)
                        select case when id = ?1
                          then array_to_string(cast(?1 as uuid) || path, ' → ') else '' end
                        from above where id = ?1 or cardinality(path) > ?4 limit 1""",
                        String.class)
                    .setParameter(1, person)
                    .setParameter(2, manager)
                    .setParameter(3, day)
                    .setParameter(4, MOST_LEVELS)
                    .getSingleResultOrNull())
        .invoke(Relations::refuse)
        .replaceWithVoid();
  }

  /** {@code circle} is null where there is none, and empty where there are too many levels. */
  private static void refuse(String circle) {
    if ("".equals(circle)) {
      throw Problem.conflict(
          "manager-levels", "Nobody is led over more than " + MOST_LEVELS + " levels of managers.");
    }
    if (circle != null) {
      throw Problem.conflict(
          "manager-circle", "These people would lead themselves: " + circle + ".");
    }
  }
}
