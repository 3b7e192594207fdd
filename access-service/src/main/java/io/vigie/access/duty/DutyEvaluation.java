package io.vigie.access.duty;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Stored;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Brings people's conflicts of rights to what their rights and the rules are now: the one place
 * where these are found and resolved. For one person or many it is the same few statements ({@link
 * DutySql}); each conflict that they change gets its event.
 */
@ApplicationScoped
class DutyEvaluation {

  private final Outbox outbox;
  private final ObjectMapper json;
  private final Clock clock;

  DutyEvaluation(Outbox outbox, ObjectMapper json, Clock clock) {
    this.outbox = outbox;
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

    private Stored stored(DutyConflictEvent event) {
      try {
        ObjectNode changes = (ObjectNode) json.readTree(text(3));
        return new Stored("duty-conflict", ((Number) row[1]).longValue(), changes, event);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    private DutyConflictEvent found() {
      List<UUID> entitlements =
          Arrays.stream(text(7).split(","))
              .filter(each -> !each.isEmpty())
              .map(UUID::fromString)
              .toList();
      return new DutyConflictEvent.Found(
          id(0), ConflictKind.RIGHTS.name(), text(4), id(2), null, text(5), entitlements, now);
    }

    private DutyConflictEvent lapsed() {
      return text(6).equals("TIME")
          ? new DutyConflictEvent.Lapsed(id(0), text(4), id(2), text(5), text(6), null, now)
          : resolved();
    }

    private DutyConflictEvent resolved() {
      return new DutyConflictEvent.Resolved(id(0), text(4), id(2), text(5), text(6), null, now);
    }
  }

  /** Does it for {@code people}, who are locked, and marked no more, when the transaction ends. */
  Uni<Void> of(Collection<UUID> people) {
    Instant now = clock.instant();
    String[] ids = new TreeSet<>(people).stream().map(UUID::toString).toArray(String[]::new);
    List<Stored> facts = new ArrayList<>();
    return Panache.getSession()
        .call(session -> prepare(session, DutySql.LOCK_PEOPLE, ids))
        .call(session -> prepare(session, DutySql.UNMARK, ids))
        .call(session -> run(session, DutySql.LAPSE, ids, now, Changed::lapsed, facts))
        .call(session -> run(session, DutySql.RESOLVE, ids, now, Changed::resolved, facts))
        .call(session -> run(session, DutySql.MEET, ids, now, Changed::found, facts))
        .call(session -> run(session, DutySql.FIND, ids, now, Changed::found, facts))
        .chain(() -> outbox.publish(facts));
  }

  private static Uni<List<Object[]>> prepare(Mutiny.Session session, String sql, String[] people) {
    return session.createNativeQuery(sql, Object[].class).setParameter(1, people).getResultList();
  }

  private Uni<List<Object[]>> run(
      Mutiny.Session session,
      String sql,
      String[] people,
      Instant now,
      Function<Changed, DutyConflictEvent> event,
      List<Stored> facts) {
    return session
        .createNativeQuery(sql, Object[].class)
        .setParameter(1, people)
        .setParameter(2, OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .setParameter(3, now.toString())
        .getResultList()
        .invoke(
            rows ->
                rows.forEach(
                    row -> {
                      Changed changed = new Changed(row, now);
                      facts.add(changed.stored(event.apply(changed)));
                    }));
  }
}
