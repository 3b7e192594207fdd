package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.client.ClientAccess;
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightsObservers;
import io.vigie.access.person.Overdue;
import io.vigie.access.person.ServiceAccount;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;

/**
 * Suspends what nobody certified when the grace of its campaign is over (R4.7), {@value #BATCH} in
 * a transaction. What somebody else has locked is passed over until the next look. Where a batch
 * fails, each of its items is suspended alone: one that fails holds up no other. Accounts of
 * programs are, each alone; accesses to clients' data are revoked, which are asked for again. Each
 * event has the time of its own, however long the run takes: tokens of before that count no more.
 */
@ApplicationScoped
class Suspension {

  static final int BATCH = 500;

  /** Both rows are locked, so that an answer that comes meanwhile is seen or waits. */
  private static final String UNDECIDED =
      """
      select v.id, r.id as right_id from review v
      join campaign c on c.id = v.campaign_id
      join access_right r on r.id = v.right_id
      where c.state = 'OPEN' and c.grace_until <= ?2 and v.state = 'PENDING' and v.id > ?1
        and r.state = 'APPROVED' and (r.valid_until is null or r.valid_until > ?2)
      order by v.id limit ?3 for update of r, v skip locked""";

  private static final String STILL_UNDECIDED = UNDECIDED.replace("v.id > ?1", "v.id = ?1");

  private static final String UNDECIDED_PROGRAMS =
      """
      select v.id, s.id as subject_id from review v
      join campaign c on c.id = v.campaign_id
      join service_account s on s.id = v.service_account_id
      where c.state = 'OPEN' and c.grace_until <= ?2 and v.state = 'PENDING' and v.id > ?1
        and s.state = 'ACTIVE' and (s.valid_until is null or s.valid_until > ?2)
      order by v.id limit ?3 for update of s, v skip locked""";

  private static final String UNDECIDED_ACCESSES =
      UNDECIDED_PROGRAMS
          .replace("service_account s", "client_access s")
          .replace("v.service_account_id", "v.client_access_id")
          .replace("'ACTIVE'", "'APPROVED'");

  private static final String STILL_UNDECIDED_ACCESS =
      UNDECIDED_ACCESSES.replace("v.id > ?1", "v.id = ?1");

  private static final String STILL_UNDECIDED_PROGRAM =
      UNDECIDED_PROGRAMS.replace("v.id > ?1", "v.id = ?1");

  private static final String SILENCE = "Nobody certified it in a review.";

  private final Outbox outbox;
  private final RightsObservers observers;
  private final Actor actor;
  private final Clock clock;

  Suspension(Outbox outbox, RightsObservers observers, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.observers = observers;
    this.actor = actor;
    this.clock = clock;
  }

  Uni<Void> suspendUndecided() {
    Instant now = clock.instant();
    return suspendAfter(new UUID(0, 0), now)
        .chain(() -> suspendPrograms(now))
        .chain(() -> revokeAccesses(now));
  }

  private Uni<Void> suspendPrograms(Instant now) {
    return Overdue.workAll(
        "the suspension of the program of item",
        (last, limit) -> ids(UNDECIDED_PROGRAMS, last, now, limit),
        id ->
            undecided(STILL_UNDECIDED_PROGRAM, id, now, 1)
                .chain(
                    rows ->
                        rows.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : ServiceAccount.take((UUID) rows.get(0)[1])
                                .chain(
                                    account ->
                                        outbox.append(account, account.suspend(clock.instant())))));
  }

  /** Nobody touches a client's data by default: it is asked for again, with its purpose (R10.3). */
  private Uni<Void> revokeAccesses(Instant now) {
    return Overdue.workAll(
        "the access to a client's data of item",
        (last, limit) -> ids(UNDECIDED_ACCESSES, last, now, limit),
        id ->
            undecided(STILL_UNDECIDED_ACCESS, id, now, 1)
                .chain(
                    rows -> ClientAccess.takeAll(rows.stream().map(row -> (UUID) row[1]).toList()))
                .chain(
                    accesses ->
                        outbox.append(
                            accesses.stream()
                                .map(
                                    access ->
                                        new Decided(
                                            access,
                                            List.of(
                                                access.revoke(
                                                    SILENCE, actor.system(), clock.instant()))))
                                .toList())));
  }

  private static Uni<List<UUID>> ids(String query, UUID last, Instant now, int limit) {
    return undecided(query, last, now, limit)
        .map(rows -> rows.stream().map(row -> (UUID) row[0]).toList());
  }

  private Uni<Void> suspendAfter(UUID last, Instant now) {
    return Panache.withTransaction(() -> undecided(UNDECIDED, last, now, BATCH).call(this::suspend))
        .onFailure()
        .recoverWithUni(failure -> suspendOneByOne(now).replaceWith(List.of()))
        .chain(
            rows ->
                rows.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : suspendAfter((UUID) rows.get(BATCH - 1)[0], now));
  }

  private Uni<Void> suspendOneByOne(Instant now) {
    return Overdue.workAll(
        "the suspension of item",
        (last, limit) -> ids(UNDECIDED, last, now, limit),
        id -> undecided(STILL_UNDECIDED, id, now, 1).call(this::suspend));
  }

  private static Uni<List<Object[]>> undecided(String query, UUID id, Instant now, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(query, Object[].class)
                    .setParameter(1, id)
                    .setParameter(2, now.atOffset(ZoneOffset.UTC))
                    .setParameter(3, limit)
                    .getResultList());
  }

  private Uni<Void> suspend(List<Object[]> rows) {
    if (rows.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Right.<Right>list("id in ?1", rows.stream().map(row -> row[1]).toList())
        .call(
            rights ->
                outbox.append(
                    rights.stream()
                        .map(right -> new Decided(right, List.of(right.suspend(clock.instant()))))
                        .toList()))
        .chain(
            rights -> {
              TreeSet<UUID> people = new TreeSet<>();
              rights.forEach(right -> people.add(right.state().person()));
              return observers.tell(people);
            });
  }
}
