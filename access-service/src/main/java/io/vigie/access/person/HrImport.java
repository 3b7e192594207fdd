package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;
import jakarta.validation.Validator;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver.Change;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.reactive.mutiny.Mutiny;

/** Takes tables of people, as a whole or row by row. */
@ApplicationScoped
class HrImport {

  /** So many of a kind are told of. */
  static final int MOST_ROWS = 1_000;

  /** So many rows are stored at once. */
  private static final int PORTION = 500;

  private final Validator validator;
  private final Outbox outbox;
  private final Observers observers;
  private final Actor actor;
  private final Clock clock;

  HrImport(Validator validator, Outbox outbox, Observers observers, Actor actor, Clock clock) {
    this.validator = validator;
    this.outbox = outbox;
    this.observers = observers;
    this.actor = actor;
    this.clock = clock;
  }

  /** What the table would come to; nothing is kept. */
  Uni<HrTable> plan(HrTable table, boolean atomic) {
    return Panache.withTransaction(() -> planned(table))
        .invoke(
            planned -> {
              if (!atomic) {
                refuseWhoNamesRefused(table.rows());
              }
            });
  }

  private Uni<HrTable> planned(HrTable table) {
    return new HrPlan(table, validator, actor.id(), clock.instant()).made();
  }

  /** All rows or, when one is refused, none (422, with what is wrong with which). */
  Uni<HrTable> takeWhole(HrTable table) {
    return Panache.withTransaction(
        () ->
            Relations.alone()
                .chain(() -> planned(table))
                .invoke(HrImport::requireNoneRefused)
                .call(() -> lock(table.rows().stream().filter(HrRow::changes).toList()))
                .call(
                    () ->
                        inPortions(
                            table.rows().stream().filter(HrRow::changes).toList(), this::apply)));
  }

  /** What is refused keeps no other from being kept, save those whose rows name its newcomer. */
  Uni<HrTable> takeEach(HrTable table) {
    return plan(table, false)
        .call(
            () ->
                inPortions(
                    namedFirst(table.rows()),
                    some ->
                        inTransaction(some, Set.of())
                            .onFailure(HrImport::isConflict)
                            .recoverWithUni(() -> oneByOne(some))));
  }

  /** All at once and in the order of their ids, as whatever locks people does. */
  private static Uni<Void> lock(List<HrRow> rows) {
    String[] known =
        rows.stream()
            .filter(row -> !row.isAboutNewcomer())
            .map(row -> row.id().toString())
            .toArray(String[]::new);
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with locked as (
                          select id from person
                          where id = any(array(select cast(each as uuid)
                            from unnest(cast(?1 as text[])) as each))
                          order by id for no key update)
                        select count(*) from locked""",
                        Long.class)
                    .setParameter(1, known)
                    .getSingleResult())
        .replaceWithVoid();
  }

  private static void requireNoneRefused(HrTable table) {
    List<FieldError> errors =
        table.rows().stream()
            .flatMap(
                row ->
                    row.errors().stream()
                        .map(
                            error ->
                                new FieldError(
                                    "row %d: %s".formatted(row.number(), error.field()),
                                    error.message())))
            .limit(MOST_ROWS)
            .toList();
    if (!errors.isEmpty()) {
      throw Problem.unprocessable(
          "rows-refused",
          "Nothing was imported. Correct the listed rows, or import with atomic=false to leave them"
              + " out.",
          errors);
    }
  }

  private static Uni<Void> inPortions(List<HrRow> rows, Function<List<HrRow>, Uni<Void>> work) {
    return Multi.createFrom()
        .iterable(rows)
        .group()
        .intoLists()
        .of(PORTION)
        .onItem()
        .transformToUniAndConcatenate(some -> work.apply(some))
        .collect()
        .last()
        .replaceWithVoid();
  }

  /**
   * What changes, in such an order that nobody comes before the row of whom theirs names, as far as
   * rows do not name each other.
   */
  private static List<HrRow> namedFirst(List<HrRow> rows) {
    Set<HrRow> ordered = new LinkedHashSet<>();
    Set<HrRow> begun = new HashSet<>();
    Deque<HrRow> open = new ArrayDeque<>();
    for (HrRow row : rows) {
      open.push(row);
      while (!open.isEmpty()) {
        if (begun.add(open.peek())) {
          open.peek().namedRows().values().stream()
              .filter(named -> !begun.contains(named))
              .toList()
              .forEach(open::push);
        } else {
          ordered.add(open.pop());
        }
      }
    }
    return ordered.stream().filter(HrRow::changes).toList();
  }

  private static void refuseWhoNamesRefused(List<HrRow> rows) {
    List<HrRow> left = namedFirst(rows);
    int before;
    // Once is enough, save where rows name each other.
    do {
      left.forEach(row -> requireNamedKept(row, Set.of()));
      before = left.size();
      left = left.stream().filter(HrRow::changes).toList();
    } while (left.size() < before);
  }

  private Uni<Void> inTransaction(List<HrRow> rows, Set<HrRow> later) {
    rows.forEach(row -> requireNamedKept(row, later));
    List<HrRow> kept = rows.stream().filter(HrRow::changes).toList();
    return outbox.step(() -> Relations.alone().chain(() -> apply(kept)));
  }

  /**
   * @param later what is stored after this row, if at all
   */
  private static void requireNamedKept(HrRow row, Set<HrRow> later) {
    for (Map.Entry<String, HrRow> each : row.namedRows().entrySet()) {
      HrRow named = each.getValue();
      if (named.isAboutNewcomer() && (named.isRefused() || later.contains(named))) {
        String state = named.isRefused() ? "refused" : "not stored yet: import both again";
        row.refuse(each.getKey(), "stands in row " + named.number() + ", which is " + state);
      }
    }
  }

  private Uni<Void> oneByOne(List<HrRow> rows) {
    Set<HrRow> later = new HashSet<>(rows);
    return Multi.createFrom()
        .iterable(rows)
        .filter(HrRow::changes)
        .onItem()
        .transformToUniAndConcatenate(
            row -> {
              later.remove(row);
              return inTransaction(List.of(row), later)
                  .onFailure(HrImport::isConflict)
                  .recoverWithUni(
                      failure -> {
                        row.refuse("row", reason(failure));
                        return Uni.createFrom().voidItem();
                      });
            })
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static boolean isConflict(Throwable failure) {
    return failure instanceof Problem
        || failure instanceof ConstraintViolationException
        || failure instanceof OptimisticLockException;
  }

  private static String reason(Throwable failure) {
    return failure instanceof Problem rule && rule.status() != 412
        ? rule.getMessage()
        : "met another change at the same time; import it again";
  }

  private Uni<Void> apply(List<HrRow> rows) {
    List<UUID> known =
        rows.stream().filter(row -> !row.isAboutNewcomer()).map(HrRow::id).sorted().toList();
    Instant now = clock.instant();
    return Person.<Person>find("id in ?1 order by id", known)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .chain(people -> apply(rows, people, now))
        .call(() -> Relations.requireNoCircle(rows.stream().map(HrRow::id).toList()))
        .chain(observers::tell)
        // What is kept needs no watching: each flush would look at all rows before.
        .chain(() -> Panache.getSession().invoke(Mutiny.Session::clear))
        .replaceWithVoid();
  }

  private Uni<List<Change>> apply(List<HrRow> rows, List<Person> people, Instant now) {
    Map<UUID, Person> byId = new HashMap<>();
    people.forEach(person -> byId.put(person.id(), person));
    List<Decided> decided = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (HrRow row : rows) {
      Person person = byId.get(row.id());
      String formerProfile = person == null ? null : person.details().businessProfile();
      List<PersonEvent> events = new ArrayList<>();
      if (person == null) {
        person = new Person(row.id(), row.details(), actor.id(), now);
        events.add(person.joined(now));
      } else {
        if (person.version() != row.version()) {
          throw Problem.stale();
        }
        // The account stays, whatever rights there are.
        events.addAll(person.change(row.details(), true, actor.id(), now));
      }
      events.addAll(plan(row, person, now));
      events.addAll(planMove(row, person, now));
      decided.add(new Decided(person, events));
      changes.add(Change.of(person, formerProfile, now));
    }
    return outbox.append(decided).replaceWith(changes);
  }

  /** An empty cell takes a planned departure back. */
  private static List<PersonEvent> plan(HrRow row, Person person, Instant now) {
    if (!row.changesLastDay(person.lastDay())) {
      return List.of();
    }
    return List.of(
        row.lastDay() == null
            ? person.withdrawDeparture(now)
            : person.planDeparture(row.lastDay(), null, now));
  }

  /** The same for a planned move. */
  private static List<PersonEvent> planMove(HrRow row, Person person, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (!row.changesMove(person.plannedMove(), person.details(), today)) {
      return List.of();
    }
    PlannedMove move = row.plannedMove();
    return List.of(move == null ? person.withdrawMove(now) : person.planMove(move, now));
  }
}
