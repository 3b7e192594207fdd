package io.vigie.access.person;

import java.util.List;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * Somebody known, by what tables call them, in lower case.
 *
 * @param employeeNumber null where they have none
 */
record Known(UUID id, String email, String employeeNumber, long version, PersonState state) {

  boolean isGone() {
    return state == PersonState.LEFT;
  }

  /** Whoever has one of these. */
  static Uni<List<Known>> by(List<String> emails, List<String> numbers, List<String> ids) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select id, lower(email), lower(employee_number), version, state from person
                        where lower(email) = any(cast(?1 as text[]))
                        union
                        select id, lower(email), lower(employee_number), version, state from person
                        where lower(employee_number) = any(cast(?2 as text[]))
                        union
                        select id, lower(email), lower(employee_number), version, state from person
                        where id = any(cast(cast(?3 as text[]) as uuid[]))""",
                        Object[].class)
                    .setParameter(1, emails.toArray(String[]::new))
                    .setParameter(2, numbers.toArray(String[]::new))
                    .setParameter(3, ids.toArray(String[]::new))
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Known(
                                (UUID) row[0],
                                (String) row[1],
                                (String) row[2],
                                ((Number) row[3]).longValue(),
                                PersonState.valueOf((String) row[4])))
                    .toList());
  }
}
