package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

import jakarta.validation.Validator;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.HrRow.Named;
import io.vigie.access.person.HrRow.Result;
import io.vigie.kernel.Ids;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Finds out what a table of people would come to: whom each row is about (by employee number, else
 * by address), whom its cells name, what it changes and what is wrong with it. Reads, and keeps
 * nothing; what is known is read in portions, so that memory holds the table alone.
 */
final class HrPlan {

  private static final int PORTION = 1_000;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final HrTable table;
  private final Validator validator;
  private final String actor;
  private final Instant now;

  /**
   * @param actor whose table it is
   */
  HrPlan(HrTable table, Validator validator, String actor, Instant now) {
    this.table = table;
    this.validator = validator;
    this.actor = actor;
    this.now = now;
  }

  /** Within a transaction. */
  Uni<HrTable> made() {
    requireDistinct();
    return planWithTheseValues()
        .chain(() -> inPortions(table.rows(), this::match))
        .invoke(this::requireOneRowEach)
        .chain(() -> inPortions(named(), this::resolve))
        .chain(() -> inPortions(table.rows(), this::compare))
        .chain(this::findCircles)
        .chain(this::findMoves)
        .replaceWith(table);
  }

  /**
   * For the rest of the transaction. A plan for any values, once made while few people were known,
   * is kept, and goes through all of them for each of a portion's.
   */
  private static Uni<Void> planWithTheseValues() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select set_config('plan_cache_mode', 'force_custom_plan', true)",
                        String.class)
                    .getSingleResult())
        .replaceWithVoid();
  }

  private static <T> Uni<Void> inPortions(Collection<T> all, Function<List<T>, Uni<?>> work) {
    return Multi.createFrom()
        .iterable(all)
        .group()
        .intoLists()
        .of(PORTION)
        .onItem()
        .transformToUniAndConcatenate(some -> work.apply(some).replaceWithVoid())
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** No two rows have an address or a number in common, and each has one. */
  private void requireDistinct() {
    Map<String, HrRow> emails = new HashMap<>();
    Map<String, HrRow> numbers = new HashMap<>();
    for (HrRow row : table.rows()) {
      if (row.email() == null && row.employeeNumber() == null) {
        row.refuse("row", "names nobody: it needs an email or an employeeNumber");
      }
      requireFirst("email", row.email(), row, emails);
      requireFirst("employeeNumber", row.employeeNumber(), row, numbers);
    }
  }

  private static <K> void requireFirst(String field, K key, HrRow row, Map<K, HrRow> seen) {
    HrRow first = key == null ? null : seen.putIfAbsent(key, row);
    if (first != null) {
      row.refuse(field, "stands in row " + first.number() + ", too");
    }
  }

  private Uni<Void> match(List<HrRow> rows) {
    return Known.by(
            rows.stream().map(HrRow::email).filter(text -> text != null).toList(),
            rows.stream().map(HrRow::employeeNumber).filter(text -> text != null).toList(),
            List.of())
        .invoke(
            people -> {
              Map<String, Known> byEmail = new HashMap<>();
              Map<String, Known> byNumber = new HashMap<>();
              people.forEach(
                  person -> {
                    byEmail.put(person.email(), person);
                    byNumber.put(person.employeeNumber(), person);
                  });
              rows.forEach(
                  row ->
                      match(
                          row,
                          row.employeeNumber() == null ? null : byNumber.get(row.employeeNumber()),
                          row.email() == null ? null : byEmail.get(row.email())));
            })
        .chain(() -> requireNotErased(rows));
  }

  /** Whom a table still has, though they were erased, does not come back with it as a newcomer. */
  private static Uni<Void> requireNotErased(List<HrRow> rows) {
    List<HrRow> newcomers = rows.stream().filter(HrRow::isAboutNewcomer).toList();
    return erased(newcomers, HrRow::email, "erased_email")
        .invoke(found -> refuse(newcomers, HrRow::email, "email", found))
        .chain(() -> erased(newcomers, HrRow::employeeNumber, "erased_number"))
        .invoke(found -> refuse(newcomers, HrRow::employeeNumber, "employeeNumber", found))
        .replaceWithVoid();
  }

  /** The texts of {@code cell} that somebody had who was erased. */
  private static Uni<Set<String>> erased(
      List<HrRow> rows, Function<HrRow, String> cell, String column) {
    String[] texts = rows.stream().map(cell).filter(Objects::nonNull).toArray(String[]::new);
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select said from unnest(cast(?1 as text[])) as said
                        join person p on p.%s = erased_digest(said)"""
                            .formatted(column),
                        String.class)
                    .setParameter(1, texts)
                    .getResultList())
        .map(HashSet::new);
  }

  private static void refuse(
      List<HrRow> rows, Function<HrRow, String> cell, String field, Set<String> erased) {
    rows.stream()
        .filter(row -> erased.contains(cell.apply(row)))
        .forEach(
            row ->
                row.refuse(
                    field,
                    "is of somebody who was erased: leave the row out, in the HR software too. Whoever"
                        + " has it now is registered by hand"));
  }

  private static void match(HrRow row, Known byNumber, Known byEmail) {
    Known person = byNumber == null ? byEmail : byNumber;
    boolean isAnothers =
        byEmail != null
            && row.employeeNumber() != null
            && (byNumber == null
                ? byEmail.employeeNumber() != null
                : !byNumber.id().equals(byEmail.id()));
    if (isAnothers) {
      row.refuse("email", "belongs to somebody who has another employee number");
    }
    if (person == null) {
      row.isAboutNewcomer(Ids.next());
    } else {
      row.isAbout(person);
    }
  }

  private void requireOneRowEach() {
    Map<UUID, HrRow> seen = new HashMap<>();
    for (HrRow row : table.rows()) {
      if (!row.isRefused() && !row.isAboutNewcomer()) {
        HrRow first = seen.putIfAbsent(row.id(), row);
        if (first != null) {
          row.refuse("row", "is about the same person as row " + first.number());
        }
      }
    }
  }

  /** What cells name that no row is about, each text once. */
  private Collection<List<Named>> named() {
    Map<String, HrRow> rows = new HashMap<>();
    for (HrRow row : table.rows()) {
      if (row.email() != null) {
        rows.putIfAbsent(row.email(), row);
      }
      if (row.employeeNumber() != null) {
        rows.putIfAbsent(row.employeeNumber(), row);
      }
    }
    Map<String, List<Named>> others = new HashMap<>();
    for (HrRow row : table.rows()) {
      for (Named named : new Named[] {row.managerCell(), row.hostCell(), row.nextManagerCell()}) {
        if (named != null) {
          HrRow other = rows.get(named.text());
          if (other == null) {
            others.computeIfAbsent(named.text(), text -> new ArrayList<>()).add(named);
          } else {
            named.is(other);
          }
        }
      }
    }
    return others.values();
  }

  private Uni<Void> resolve(List<List<Named>> named) {
    List<String> texts = named.stream().map(same -> same.get(0).text()).toList();
    return Known.by(texts, texts, texts.stream().filter(ID.asMatchPredicate()).toList())
        .invoke(
            people -> {
              Map<String, Known> known = new HashMap<>();
              for (Known person : people) {
                known.put(person.id().toString(), person);
                known.put(person.email(), person);
                known.put(person.employeeNumber(), person);
              }
              for (List<Named> same : named) {
                Known person = known.get(same.get(0).text());
                if (person != null) {
                  same.forEach(each -> each.is(person));
                }
              }
            })
        .replaceWithVoid();
  }

  /** Holds each row against what is known of whom it is about. */
  private Uni<Void> compare(List<HrRow> rows) {
    Set<UUID> ids = new HashSet<>();
    rows.stream()
        .filter(row -> row.id() != null && !row.isAboutNewcomer())
        .forEach(row -> ids.add(row.id()));
    return Person.<Person>list("id in ?1", ids)
        .call(() -> Panache.getSession().invoke(Mutiny.Session::clear))
        .invoke(
            people -> {
              Map<UUID, Person> byId = new HashMap<>();
              people.forEach(person -> byId.put(person.id(), person));
              rows.forEach(row -> compare(row, byId.get(row.id())));
            })
        .replaceWithVoid();
  }

  private void compare(HrRow row, Person known) {
    Details before = known == null ? null : known.details();
    PlannedMove planned = known == null ? null : known.plannedMove();
    UUID manager = before == null ? null : before.manager();
    UUID next = planned == null ? manager : planned.manager();
    requireHere(row, "manager", row.managerCell(), row.manager(), manager);
    UUID host = before == null ? null : before.host();
    requireHere(row, "host", row.hostCell(), row.host(), host);
    if (row.host() != null && row.host().equals(row.id()) && !row.host().equals(host)) {
      row.refuse("host", "is the person of this row: nobody hosts themselves");
    }
    requireHere(row, "nextManager", row.nextManagerCell(), row.nextManager(), next);
    Details details = table.details(row, before);
    boolean hasLeft = known != null && known.state().state() == PersonState.LEFT;
    boolean moves = !hasLeft && row.changesMove(planned, details, today());
    boolean leaves =
        row.changesLastDay(known == null ? null : known.lastDay()) && !(hasLeft && row.isLeaver());
    boolean isSame = known != null && details.equals(before) && !leaves && !moves;
    if (!isSame) {
      validate(row, details, known, leaves, moves);
    }
    row.comesTo(
        known == null ? Result.CREATED : isSame ? Result.UNCHANGED : Result.UPDATED,
        details,
        moves);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  /** Whom a cell names works here, or was named before: who left stays in the records of others. */
  private static void requireHere(HrRow row, String field, Named cell, UUID id, UUID before) {
    if (cell == null || id != null && id.equals(before)) {
      return;
    }
    if (id == null || cell.isGone()) {
      row.refuse(field, "is no id, address or employee number of somebody here");
    }
  }

  private void validate(HrRow row, Details details, Person known, boolean leaves, boolean moves) {
    validator
        .validate(details)
        .forEach(wrong -> row.refuse(wrong.getPropertyPath().toString(), wrong.getMessage()));
    details
        .implausible(known == null ? PersonState.ANNOUNCED : known.state().state(), now)
        .forEach(wrong -> row.refuse(wrong.field(), wrong.message()));
    if (leaves) {
      details
          .implausibleLastDay(row.lastDay(), now)
          .forEach(wrong -> row.refuse(wrong.field(), wrong.message()));
    }
    PlannedMove move = row.plannedMove();
    if (moves && move != null) {
      if (move.businessProfile() != null) {
        validator
            .validateValue(Details.class, "businessProfile", move.businessProfile())
            .forEach(wrong -> row.refuse("nextBusinessProfile", wrong.getMessage()));
      }
      LocalDate lastDay = row.lastDayAfter(known == null ? null : known.lastDay());
      details
          .implausibleMove(move.movesOn(), details.leavesOn(lastDay), now)
          .forEach(wrong -> row.refuse(wrong.field(), wrong.message()));
    }
    if (known != null && known.state().state() == PersonState.LEFT) {
      row.refuse("row", "is about somebody who left");
    }
    if (known != null && known.isHolder(actor)) {
      requireAnothers(row, details, known, moves);
    }
  }

  /** R4.6: who leads somebody approves and reviews what they have, and profiles give it. */
  private static void requireAnothers(HrRow row, Details details, Person known, boolean moves) {
    boolean movesLeader = moves && known.moves(PlannedMove::manager, row.plannedMove());
    if (movesLeader || known.details().isLedOtherwise(details)) {
      row.refuse(
          "manager",
          "or host would be another, who decides on what you have: have somebody else import this row");
    }
    if (moves && known.moves(PlannedMove::businessProfile, row.plannedMove())) {
      row.refuse(
          "nextBusinessProfile", "would be what you get: have somebody else import this row");
    }
  }

  /** With the table's managers in place of those that are known. */
  private Uni<Void> findCircles() {
    if (!table.has("manager")) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select id, manager_id from person where manager_id is not null",
                        Object[].class)
                    .getResultList())
        .invoke(
            rows -> {
              Map<UUID, UUID> managers = new HashMap<>();
              rows.forEach(row -> managers.put((UUID) row[0], (UUID) row[1]));
              new Circles(table, managers).refuse();
            })
        .replaceWithVoid();
  }

  /** Of those that the table plans, with what it says of everybody. */
  private Uni<Void> findMoves() {
    if (!table.has("nextManager")) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select id, manager_id,
                          case when move_refused_at is null then next_manager_id end, moves_on,
                          ends_on, last_day
                        from person where state <> 'LEFT'""",
                        Object[].class)
                    .getResultList())
        .invoke(people -> new HrMoves(table, people).refuse())
        .replaceWithVoid();
  }
}
