package io.vigie.kernel.outbox;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What waits in the outbox, as an operator sees it. */
@ApplicationScoped
public class OutboxState {

  /** A fact that the broker refuses by itself, and what waits behind it. */
  @Schema(name = "BlockedFact")
  public record Blocked(long id, String type, String subject, Instant blockedAt, String error) {}

  /** {@code waiting} counts the blocked ones too; {@code oldest} is null when nothing waits. */
  @Schema(name = "Outbox")
  public record View(long waiting, Instant oldest, List<Blocked> blocked) {}

  /** In figures: {@code waiting} counts the blocked ones too. */
  public record Waiting(long waiting, Instant oldest, long blocked) {}

  public Uni<Waiting> waiting() {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(
                                "select count(*), min(occurred_at), count(blocked_at) from outbox",
                                Object[].class)
                            .getSingleResult())
                .map(
                    row ->
                        new Waiting(
                            ((Number) row[0]).longValue(),
                            instant(row[1]),
                            ((Number) row[2]).longValue())));
  }

  /** Facts that the broker refuses, oldest first. */
  public Uni<List<Blocked>> blocked(int limit, long after) {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(
                                """
                                select id, type, subject, blocked_at, blocked_error from outbox
                                where blocked_at is not null and id > ?1 order by id limit ?2""",
                                Object[].class)
                            .setParameter(1, after)
                            .setParameter(2, limit)
                            .getResultList())
                .map(rows -> rows.stream().map(OutboxState::blocked).toList()));
  }

  /** Within a transaction: lets the fact be sent again. Fails with 404 when it is not blocked. */
  public Uni<Integer> unblock(long id) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        update outbox set blocked_at = null, blocked_error = null
                        where id = ?1 and blocked_at is not null""")
                    .setParameter(1, id)
                    .executeUpdate())
        .invoke(
            count -> {
              if (count == 0) {
                throw Problem.notFound("No blocked fact has this id.");
              }
            });
  }

  private static Blocked blocked(Object[] row) {
    return new Blocked(
        ((Number) row[0]).longValue(),
        (String) row[1],
        (String) row[2],
        instant(row[3]),
        (String) row[4]);
  }

  private static Instant instant(Object column) {
    return column == null || column instanceof Instant
        ? (Instant) column
        : ((OffsetDateTime) column).toInstant();
  }
}
