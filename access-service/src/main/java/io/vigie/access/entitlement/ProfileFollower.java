package io.vigie.access.entitlement;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonObserver;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Stored;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Keeps profiles and rights as people's records have them. Whoever's record names another business
 * profile than before holds that one, where the catalogue has it, from the first day or from now
 * on, and no more the one that it named, whatever that is called by now; other profiles stay.
 * Leavers lose everything.
 */
@ApplicationScoped
class ProfileFollower implements PersonObserver {

  private static final String REASON = "The record names it.";
  private static final String MOVED = "The record names another.";

  private static final String MOVES =
      """
      json_to_recordset(cast(cast(?1 as text) as json))
        as m(person uuid, former text, profile text, since text)""";

  private static final String END_FORMER =
      """
      with changed as (
        update profile_assignment a set state = 'ENDED', version = version + 1,
          event_number = event_number + 1, ended_by = ?3, ended_at = cast(?2 as timestamptz),
          ended_reason = ?4,
          published_state = cast(cast(published_state as jsonb) || '{"state":"ENDED"}' as text)
        where a.id in (
          select x.id from %s join profile_assignment x on x.person_id = m.person
          join business_profile b on b.id = x.profile_id
          where x.state <> 'ENDED' and x.valid_from <= cast(m.since as timestamptz)
            and (lower(b.name) = lower(m.former) or x.assigned_reason = '%s'))
        returning id, event_number, person_id, profile_id)
      select id, event_number, '{"state":"ENDED"}', person_id, profile_id from changed order by id"""
          .formatted(MOVES, REASON);

  private static final String BEGIN_NAMED =
      """
      with missing as (
        select uuidv7() as id, m.person, b.id as profile, m.since,
          case when cast(m.since as timestamptz) <= cast(?2 as timestamptz) then 'CURRENT' else 'PLANNED' end as state
        from %s join business_profile b on lower(b.name) = lower(m.profile) and b.state = 'ACTIVE'
        where not exists
          (select from profile_assignment x where x.person_id = m.person and x.profile_id = b.id
           and x.state <> 'ENDED'
           and (x.valid_until is null or x.valid_until > cast(m.since as timestamptz)))),
      stored as (
        insert into profile_assignment
          (id, version, event_number, published_state, person_id, profile_id, valid_from, state,
           assigned_by, assigned_at, assigned_reason)
        select id, 0, 1,
          cast(jsonb_build_object(
            'person', person, 'profile', profile, 'validFrom', since, 'state', state) as text),
          person, profile, cast(since as timestamptz), state, ?3, cast(?2 as timestamptz), ?4
        from missing
        returning id, event_number, published_state, person_id, profile_id, valid_from)
      select * from stored order by id"""
          .formatted(MOVES);

  /** {@code since} it holds; {@code former} is null for a newcomer. */
  private record Move(UUID person, String former, String profile, Instant since) {

    static Move of(Change change) {
      Instant firstDay = change.joinedOn().atStartOfDay(ZoneOffset.UTC).toInstant();
      return new Move(
          change.person(),
          change.formerProfile(),
          change.profile(),
          firstDay.isAfter(change.at()) ? firstDay : change.at());
    }
  }

  private final Outbox outbox;
  private final Recomputation recomputation;
  private final RightsDue due;
  private final Actor actor;
  private final ObjectMapper json;

  ProfileFollower(
      Outbox outbox, Recomputation recomputation, RightsDue due, Actor actor, ObjectMapper json) {
    this.outbox = outbox;
    this.recomputation = recomputation;
    this.due = due;
    this.actor = actor;
    this.json = json;
  }

  /** Of one person at once, of many within seconds. */
  @Override
  public Uni<Void> changed(List<Change> changes) {
    List<Move> moves =
        changes.stream()
            .filter(change -> !change.isDeparture() && change.isMove())
            .map(Move::of)
            .toList();
    List<UUID> people = changes.stream().map(Change::person).toList();
    return (moves.isEmpty() ? Uni.createFrom().voidItem() : follow(moves, changes.get(0).at()))
        .chain(() -> people.size() == 1 ? recomputation.of(people) : due.people(people));
  }

  private Uni<Void> follow(List<Move> moves, Instant now) {
    return Panache.getSession()
        .call(session -> requireNotOwn(session, moves))
        .chain(
            session ->
                run(session, END_FORMER, moves, now, MOVED)
                    .map(rows -> rows.stream().map(row -> ended(row, now)).toList())
                    .call(outbox::publish)
                    .chain(() -> run(session, BEGIN_NAMED, moves, now, REASON))
                    .map(rows -> rows.stream().map(row -> made(row, now)).toList())
                    .call(outbox::publish))
        .replaceWithVoid();
  }

  /** Nobody gives themselves a profile (R4.6). */
  private Uni<Long> requireNotOwn(Mutiny.Session session, List<Move> moves) {
    return session
        .createNativeQuery(
            """
            select count(*) from person p join %s on p.id = m.person
            join business_profile b on lower(b.name) = lower(m.profile) and b.state = 'ACTIVE'
            where p.subject = ?2"""
                .formatted(MOVES),
            Long.class)
        .setParameter(1, write(moves))
        .setParameter(2, actor.id())
        .getSingleResult()
        .invoke(
            own -> {
              if (own > 0) {
                throw Person.selfAssignment();
              }
            });
  }

  private Uni<List<Object[]>> run(
      Mutiny.Session session, String sql, List<Move> moves, Instant now, String reason) {
    return session
        .createNativeQuery(sql, Object[].class)
        .setParameter(1, write(moves))
        .setParameter(2, OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .setParameter(3, actor.id())
        .setParameter(4, reason)
        .getResultList();
  }

  private Stored ended(Object[] row, Instant now) {
    return stored(
        row, new AssignmentEvent.Ended((UUID) row[0], (UUID) row[3], (UUID) row[4], MOVED, now));
  }

  private Stored made(Object[] row, Instant now) {
    Instant from = row[5] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[5];
    return stored(
        row,
        new AssignmentEvent.Made((UUID) row[0], (UUID) row[3], (UUID) row[4], from, null, now));
  }

  private Stored stored(Object[] row, AssignmentEvent event) {
    try {
      ObjectNode changes = (ObjectNode) json.readTree((String) row[2]);
      return new Stored("profile-assignment", ((Number) row[1]).longValue(), changes, event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(List<Move> moves) {
    try {
      return json.writeValueAsString(moves);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
