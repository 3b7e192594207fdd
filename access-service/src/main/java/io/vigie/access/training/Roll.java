package io.vigie.access.training;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.CsvTable.Row;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What the rows of a table of attendances can be about.
 *
 * @param courses the active ones by code
 * @param people those whom the table names, by id and by e-mail address, in lower case
 * @param occasions what is known of these people
 */
record Roll(Map<String, Course> courses, Map<String, Member> people, Set<Occasion> occasions) {

  /** That somebody took a course on a day. */
  record Occasion(UUID person, UUID course, LocalDate day) {}

  /**
   * @param subject of their account, or null
   */
  record Member(UUID id, String subject, boolean left) {}

  /** The cell, empty where there is none. */
  static String cell(Row row, String column) {
    String text = row.get(column);
    return text == null ? "" : text;
  }

  static Uni<Roll> of(List<Row> table) {
    Roll known = new Roll(new HashMap<>(), new HashMap<>(), new HashSet<>());
    return Course.<Course>list("state", CourseState.ACTIVE)
        .invoke(all -> all.forEach(course -> known.courses().put(course.state().code(), course)))
        .chain(() -> people(cells(table, "person"), cells(table, "email"), known))
        .chain(() -> occasions(known))
        .chain(Panache::getSession)
        .invoke(Mutiny.Session::clear)
        .replaceWith(known);
  }

  private static String[] cells(List<Row> table, String column) {
    return table.stream()
        .map(row -> cell(row, column).toLowerCase(Locale.ROOT))
        .distinct()
        .toArray(String[]::new);
  }

  /** Who is named cannot leave before the transaction ends. */
  private static Uni<Void> people(String[] ids, String[] emails, Roll known) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select id, lower(email), subject, state = 'LEFT' from person
                        where cast(id as text) = any (cast(?1 as text[]))
                           or lower(email) = any (cast(?2 as text[]))
                        order by id for share""",
                        Object[].class)
                    .setParameter(1, ids)
                    .setParameter(2, emails)
                    .getResultList())
        .invoke(
            rows -> {
              for (Object[] row : rows) {
                Member person = new Member((UUID) row[0], (String) row[2], (Boolean) row[3]);
                known.people().put(person.id().toString(), person);
                known.people().put((String) row[1], person);
              }
            })
        .replaceWithVoid();
  }

  private static Uni<Void> occasions(Roll known) {
    String[] people =
        known.people().values().stream()
            .map(person -> person.id().toString())
            .distinct()
            .toArray(String[]::new);
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select person_id, course_id, cast(attended_on as text) from attendance
                        where annulled_at is null
                          and person_id = any (cast(cast(?1 as text[]) as uuid[]))""",
                        Object[].class)
                    .setParameter(1, people)
                    .getResultList())
        .invoke(
            rows ->
                rows.forEach(
                    row ->
                        known
                            .occasions()
                            .add(
                                new Occasion(
                                    (UUID) row[0],
                                    (UUID) row[1],
                                    LocalDate.parse((String) row[2])))))
        .replaceWithVoid();
  }
}
