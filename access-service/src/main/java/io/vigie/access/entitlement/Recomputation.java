package io.vigie.access.entitlement;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.DomainEvent;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Stored;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Brings people's rights to what their profiles give now, and takes what nobody may have any more:
 * the one place where rights are granted and ended without a decision about each. For one person or
 * many it is the same few statements ({@link RecomputationSql}); each right that they change gets
 * its event.
 */
@ApplicationScoped
class Recomputation {

  private final Outbox outbox;
  private final RightsObservers observers;
  private final MoverGrace grace;
  private final Actor actor;
  private final ObjectMapper json;
  private final Clock clock;

  Recomputation(
      Outbox outbox,
      RightsObservers observers,
      MoverGrace grace,
      Actor actor,
      ObjectMapper json,
      Clock clock) {
    this.outbox = outbox;
    this.observers = observers;
    this.grace = grace;
    this.actor = actor;
    this.json = json;
    this.clock = clock;
  }

  /** A row that a statement changed. */
  private final class Changed {
    private final Object[] row;
    private final Instant now;

    private Changed(Object[] row, Instant now) {
      this.row = row;
      this.now = now;
    }

    private UUID id(int column) {
      return (UUID) row[column];
    }

    private String text(int column) {
      return (String) row[column];
    }

    private UUID person() {
      return id(2);
    }

    private Stored stored(String kind, DomainEvent event) {
      try {
        ObjectNode changes = (ObjectNode) json.readTree(text(3));
        return new Stored(kind, ((Number) row[1]).longValue(), changes, event);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    private DomainEvent assignmentEnded() {
      return new AssignmentEvent.Ended(id(0), person(), id(4), text(5), now);
    }

    private DomainEvent assignmentBegun() {
      return new AssignmentEvent.Begun(id(0), person(), id(4), now);
    }

    private Ground ground() {
      return Ground.valueOf(text(7));
    }

    private DomainEvent ended() {
      return text(9).isEmpty()
          ? new RightEvent.Expired(id(0), person(), id(4), text(5), id(6), ground(), id(8), now)
          : new RightEvent.Revoked(
              id(0), person(), id(4), text(5), id(6), ground(), id(8), text(9), now);
    }

    private DomainEvent ending() {
      return new RightEvent.Ending(
          id(0), person(), id(4), text(5), id(6), ground(), id(8), Instant.parse(text(9)), now);
    }

    private DomainEvent continued() {
      return new RightEvent.Continued(id(0), person(), id(4), text(5), id(6), ground(), id(8), now);
    }

    private DomainEvent granted() {
      return new RightEvent.Granted(
          id(0),
          person(),
          id(4),
          text(5),
          id(6),
          Sensitivity.valueOf(text(9)),
          ground(),
          id(8),
          now);
    }
  }

  /**
   * Does it for {@code people}, who are locked until the transaction ends. Profiles and
   * entitlements that it looks at do not change meanwhile.
   */
  Uni<Void> of(Collection<UUID> people) {
    Instant now = clock.instant();
    OffsetDateTime time = OffsetDateTime.ofInstant(now, ZoneOffset.UTC);
    String[] ids = new TreeSet<>(people).stream().map(UUID::toString).toArray(String[]::new);
    Set<UUID> losing = new TreeSet<>();
    Set<UUID> gaining = new TreeSet<>();
    List<Stored> facts = new ArrayList<>();
    return Panache.getSession()
        .call(Mutiny.Session::flush)
        .call(session -> lock(session, RecomputationSql.LOCK_PEOPLE, ids))
        .call(session -> lock(session, RecomputationSql.LOCK_PROFILES, ids))
        .call(session -> lock(session, RecomputationSql.LOCK_ENTITLEMENTS, ids))
        .call(
            session ->
                run(session, RecomputationSql.END_ASSIGNMENTS, now, ids, time, actor.id())
                    .invoke(
                        rows -> note(rows, Changed::assignmentEnded, "profile-assignment", facts)))
        .call(
            session ->
                run(session, RecomputationSql.BEGIN_ASSIGNMENTS, now, ids, time)
                    .invoke(
                        rows -> note(rows, Changed::assignmentBegun, "profile-assignment", facts)))
        .call(
            session ->
                run(session, RecomputationSql.END, now, ids, time, actor.id(), grace.none())
                    .invoke(rows -> note(rows, Changed::ended, "right", facts))
                    .invoke(rows -> rows.forEach(row -> losing.add(row.person()))))
        .call(
            session ->
                run(session, RecomputationSql.ENDING, now, ids, write(grace.ends(now)))
                    .invoke(rows -> note(rows, Changed::ending, "right", facts)))
        .call(
            session ->
                run(session, RecomputationSql.CONTINUE, now, (Object) ids)
                    .invoke(rows -> note(rows, Changed::continued, "right", facts)))
        .call(session -> lock(session, RecomputationSql.GIVE_BACK, ids))
        .call(
            session ->
                run(session, RecomputationSql.GRANT, now, ids, time, actor.id(), now.toString())
                    .invoke(rows -> note(rows, Changed::granted, "right", facts))
                    .invoke(rows -> rows.forEach(row -> gaining.add(row.person()))))
        .chain(() -> outbox.publish(facts))
        .chain(() -> observers.tell(losing))
        .invoke(() -> gaining.removeAll(losing))
        .chain(() -> observers.tellGained(gaining));
  }

  private static void note(
      List<Changed> rows, Function<Changed, DomainEvent> event, String kind, List<Stored> facts) {
    rows.forEach(row -> facts.add(row.stored(kind, event.apply(row))));
  }

  private static Uni<List<Object[]>> lock(Mutiny.Session session, String sql, String[] people) {
    return session.createNativeQuery(sql, Object[].class).setParameter(1, people).getResultList();
  }

  private Uni<List<Changed>> run(
      Mutiny.Session session, String sql, Instant now, Object... parameters) {
    var query = session.createNativeQuery(sql, Object[].class);
    for (int i = 0; i < parameters.length; i++) {
      query.setParameter(i + 1, parameters[i]);
    }
    return query
        .getResultList()
        .map(rows -> rows.stream().map(row -> new Changed(row, now)).toList());
  }

  private String write(Map<String, Instant> ends) {
    try {
      return json.writeValueAsString(ends);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
