package io.vigie.access.directory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * The queue of accounts to be looked at, one row each however often it is marked. A mark is made in
 * the transaction of what makes it necessary, so that neither is without the other.
 */
@ApplicationScoped
public class Changes {

  /**
   * For so long an account waits that a process which died was at work on. An attempt takes less
   * even where every request comes close to its limit; of one that does not, see {@link #finish}.
   */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final int LONGEST_ERROR = 500;

  /** A row that is being worked, and by whom: {@code until} is told from the next one's. */
  record Claim(UUID id, UUID person, String account, long mark, int attempts, Instant until) {}

  private final DirectorySettings settings;
  private final Clock clock;

  Changes(DirectorySettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Says that what these people's accounts must be has changed, perhaps. Where the database marks
   * them by itself, as it does when people change, it need not be said.
   *
   * @param urgent whether something may have to be taken away, which goes before what is given
   */
  public Uni<Void> mark(Collection<UUID> people, boolean urgent) {
    return mark("person_id", "uuid", people.stream().map(UUID::toString), urgent);
  }

  /** The same of an account that is nobody's. */
  Uni<Void> markAccount(String account) {
    return mark("account", "text", Stream.of(account), true);
  }

  private Uni<Void> mark(String column, String type, Stream<String> values, boolean urgent) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into directory_change (%1$s, urgent, since)
                        select cast(each as %2$s), cast(?2 as boolean), cast(?3 as timestamptz)
                        from unnest(cast(?1 as text[])) as each order by each
                        on conflict (%1$s) do update set mark = directory_change.mark + 1,
                          next_at = null, urgent = directory_change.urgent or excluded.urgent"""
                            .formatted(column, type))
                    .setParameter(1, values.distinct().toArray(String[]::new))
                    .setParameter(2, urgent)
                    .setParameter(3, utc(clock.instant()))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** Takes what is most pressing among what is due; null when nothing is. */
  Uni<Claim> claim() {
    Instant now = clock.instant();
    Instant until = now.plus(LEASE);
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        update directory_change set claimed_until = ?1, attempts = attempts + 1
                        where id = (select id from directory_change
                          where (next_at is null or next_at <= ?2)
                            and (claimed_until is null or claimed_until <= ?2)
                          order by urgent desc, since, id limit 1 for update skip locked)
                        returning id, person_id, account, mark, attempts""",
                        Object[].class)
                    .setParameter(1, utc(until))
                    .setParameter(2, utc(now))
                    .getResultList())
        .map(
            rows -> {
              if (rows.isEmpty()) {
                return null;
              }
              Object[] row = rows.get(0);
              return new Claim(
                  (UUID) row[0],
                  (UUID) row[1],
                  (String) row[2],
                  ((Number) row[3]).longValue(),
                  ((Number) row[4]).intValue(),
                  until);
            });
  }

  /**
   * Ends the work on it: the row goes, unless it was marked meanwhile. Where somebody else has
   * taken over, since it took so long, the account is marked again: whose work came last is not
   * known.
   */
  Uni<Void> finish(Claim claim) {
    return update(
            "delete from directory_change where id = ?1 and claimed_until = ?2 and mark = ?3",
            claim)
        .chain(done -> done ? Uni.createFrom().voidItem() : goOn(claim));
  }

  /** Leaves it for the next round, at once. */
  Uni<Void> goOn(Claim claim) {
    return update(
            """
            update directory_change
              set claimed_until = null, next_at = null, attempts = 0, last_error = null
              where id = ?1 and claimed_until = ?2 and ?3 > 0""",
            claim)
        .chain(done -> done ? Uni.createFrom().voidItem() : markAgain(claim));
  }

  private Uni<Void> markAgain(Claim claim) {
    return claim.person() == null
        ? markAccount(claim.account())
        : mark(List.of(claim.person()), true);
  }

  /**
   * Leaves it for later, after a time that doubles up to a limit.
   *
   * @param isAway whether the directory did not refuse it, but was away
   */
  Uni<Void> fail(Claim claim, String why, boolean isAway) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(claim.attempts() - 1, 20));
    Duration most = settings.retryWithin();
    Instant next = clock.instant().plus(pause.compareTo(most) < 0 ? pause : most);
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        update directory_change set claimed_until = null, last_error = ?3,
                          away = ?6, next_at = case when mark = ?4 then cast(?5 as timestamptz) end
                        where id = ?1 and claimed_until = ?2""")
                    .setParameter(1, claim.id())
                    .setParameter(2, utc(claim.until()))
                    .setParameter(
                        3, why.length() <= LONGEST_ERROR ? why : why.substring(0, LONGEST_ERROR))
                    .setParameter(4, claim.mark())
                    .setParameter(5, utc(next))
                    .setParameter(6, isAway)
                    .executeUpdate())
        .replaceWithVoid();
  }

  private static Uni<Boolean> update(String statement, Claim claim) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(statement)
                    .setParameter(1, claim.id())
                    .setParameter(2, utc(claim.until()))
                    .setParameter(3, claim.mark())
                    .executeUpdate())
        .map(rows -> rows > 0);
  }

  /** Has it tried at once; whether there is such a row. */
  Uni<Boolean> retry(UUID id) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("update directory_change set next_at = null where id = ?1")
                    .setParameter(1, id)
                    .executeUpdate())
        .map(rows -> rows > 0);
  }

  static OffsetDateTime utc(Instant time) {
    return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
  }
}
