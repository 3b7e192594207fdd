package io.vigie.access.training;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * Who has to take which course by when: worked out from people, courses and attendances as they
 * are, since a copy could be wrong. A course waits from the day on which it is asked of somebody
 * (their arrival, or when the course came or the profile that needs it), and again from some days
 * before the certificate ends that counts longest.
 */
final class Standings {

  /**
   * Which business profiles people hold, since when: those assigned to them, and the one that their
   * record names where none of that name is.
   */
  private static final String PROFILES_HELD =
      """
      (select a.person_id, b.name as profile,
         cast(a.valid_from at time zone 'UTC' as date) as since
       from profile_assignment a join business_profile b on b.id = a.profile_id
       where a.state = 'CURRENT'
       union all
       select r.id, r.business_profile, r.joined_on from person r where not exists
         (select from profile_assignment a join business_profile b on b.id = a.profile_id
          where a.person_id = r.id and a.state = 'CURRENT'
            and lower(b.name) = lower(r.business_profile)))
      """;

  /** One row for each person who works here and course that is asked of them. */
  private static final String ALL =
      """
      (select p.id as person_id, c.id as course_id, c.code, last.id as attendance_id,
         last.valid_until, due.due_on,
         case when last.id is null then asked.on_day
           else greatest(asked.on_day, last.valid_until - c.remind_days) end as since,
         case
           when due.due_on < :today then 'OVERDUE'
           when last.id is not null and (last.valid_until is null
             or last.valid_until >= :today and due.due_on - c.remind_days > :today) then 'VALID'
           else 'DUE'
         end as due
       from person p
       join course c on c.state = 'ACTIVE'
       cross join lateral
         (select greatest(min(each.since), c.required_from) as on_day from
            (select p.joined_on as since where c.everyone
             union all
             select held.since from %s held
             where held.person_id = p.id
               and lower(held.profile) in (select lower(name) from unnest(c.profiles) as name)
            ) each
          having count(*) > 0) asked
       left join lateral
         (select a.id, a.valid_until from attendance a
          where a.person_id = p.id and a.course_id = c.id and a.annulled_at is null
          order by a.valid_until desc nulls first, a.id desc limit 1) last on true
       cross join lateral
         (select case when last.id is not null and last.valid_until is null then null
            else greatest(last.valid_until, asked.on_day + c.first_within_days)
          end as due_on) due
       where p.state = 'ACTIVE') s
      """
          .formatted(PROFILES_HELD);

  private Standings() {}

  /** Those that fit, where null restricts nothing, behind {@code after}. */
  static Uni<List<Standing>> page(
      TrainingDue due, UUID person, UUID course, LocalDate today, Standing.Place after, int limit) {
    StringBuilder conditions =
        new StringBuilder("(s.person_id, s.course_id) > (:afterPerson, :afterCourse)");
    Map<String, Object> values = new HashMap<>();
    values.put("afterPerson", after.person());
    values.put("afterCourse", after.course());
    if (due != null) {
      conditions.append(" and s.due = :due");
      values.put("due", due.name());
    }
    if (person != null) {
      conditions.append(" and s.person_id = :person");
      values.put("person", person);
    }
    if (course != null) {
      conditions.append(" and s.course_id = :course");
      values.put("course", course);
    }
    return find(conditions.toString(), values, today, limit);
  }

  /** All of one person. */
  static Uni<List<Standing>> of(UUID person, LocalDate today) {
    return find("s.person_id = :person", Map.of("person", person), today, Integer.MAX_VALUE);
  }

  /** Of one person with one course; null where it is not asked of them. */
  static Uni<Standing> of(UUID person, UUID course, LocalDate today) {
    return find(
            "s.person_id = :person and s.course_id = :course",
            Map.of("person", person, "course", course),
            today,
            1)
        .map(found -> found.isEmpty() ? null : found.get(0));
  }

  /** The ids of people behind {@code after} who are overdue with what no {@link Lapse} tells. */
  static Uni<List<UUID>> unnoticed(LocalDate today, UUID after, int limit) {
    return ids(
        """
        select distinct s.person_id from %s
        where s.due = 'OVERDUE' and s.person_id > :after
          and not exists (select from training_lapse l where l.person_id = s.person_id
            and l.course_id = s.course_id and l.stage = 'OVERDUE')
        order by s.person_id""",
        today, after, limit);
  }

  /** The ids of lapses behind {@code after} that are over, in order. */
  static Uni<List<UUID>> overcome(LocalDate today, UUID after, int limit) {
    return ids(
        """
        select l.id from training_lapse l
        where l.stage = 'OVERDUE' and l.id > :after and not exists
          (select from %s where s.person_id = l.person_id and s.course_id = l.course_id
             and s.due = 'OVERDUE')
        order by l.id""",
        today, after, limit);
  }

  private static Uni<List<UUID>> ids(String query, LocalDate today, UUID after, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(query.formatted(ALL), UUID.class)
                    .setParameter("today", today)
                    .setParameter("after", after)
                    .setMaxResults(limit)
                    .getResultList());
  }

  private static Uni<List<Standing>> find(
      String condition, Map<String, Object> values, LocalDate today, int limit) {
    String query =
        """
        select s.person_id, s.course_id, s.code, s.due, s.since, s.due_on, s.valid_until,
          s.attendance_id
        from %s where %s order by s.person_id, s.course_id"""
            .formatted(ALL, condition);
    return Panache.getSession()
        .chain(
            session -> {
              var selection = session.createNativeQuery(query, Object[].class);
              values.forEach(selection::setParameter);
              return selection.setParameter("today", today).setMaxResults(limit).getResultList();
            })
        .map(rows -> rows.stream().map(Standings::standing).toList());
  }

  private static Standing standing(Object[] row) {
    return new Standing(
        (UUID) row[0],
        (UUID) row[1],
        (String) row[2],
        TrainingDue.valueOf((String) row[3]),
        (LocalDate) row[4],
        (LocalDate) row[5],
        (LocalDate) row[6],
        (UUID) row[7]);
  }
}
