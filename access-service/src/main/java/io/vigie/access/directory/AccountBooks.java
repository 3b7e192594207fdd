package io.vigie.access.directory;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.ServiceAccount;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;

/** Writes down what was done to accounts: what they are now, the fact of it, what it repaired. */
@ApplicationScoped
class AccountBooks {

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  AccountBooks(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** In a transaction: the plan was carried out on the account of {@code desired}. */
  Uni<Void> record(DesiredAccount desired, Collection<Difference> repairs, Plan plan) {
    return remember(desired, plan)
        .chain(() -> publish(desired.subject(), desired.person(), plan))
        .chain(() -> close(desired.subject(), repairs, Plan.kinds(plan.takes())));
  }

  /** In a transaction: the plan was carried out on an account that is nobody's. */
  Uni<Void> recordNobodys(String account, Collection<Difference> repairs, Plan plan) {
    return publish(account, null, plan)
        .chain(() -> close(account, repairs, EnumSet.allOf(DriftKind.class)));
  }

  /** In a transaction: the account of a program was closed, or is not there to be closed. */
  Uni<Void> recordProgram(String account, boolean isClosed) {
    return ServiceAccount.noteClosing(account, isClosed, clock.instant())
        .chain(() -> isClosed ? recordClosed(account) : Uni.createFrom().voidItem());
  }

  private Uni<Void> recordClosed(String account) {
    DriftKind open = DriftKind.ACCOUNT_WITHOUT_PERSON;
    return publish(account, null, new Plan(true, AccountChange.CLOSING, Set.of()))
        .chain(() -> close(account, Set.of(new Difference(open)), Set.of(open)));
  }

  /**
   * In a transaction: the directory has the account no more, and its holder is forgotten. That is
   * told where it was there until now, or where whoever deleted it died before this.
   */
  Uni<Void> forget(DesiredAccount desired, boolean wasThere) {
    return execute("delete from directory_intent where person_id = ?1", desired.person())
        .chain(() -> execute("delete from last_sign_in where account = ?1", desired.subject()))
        .chain(
            () ->
                execute(
                    """
                    update directory_account set holder = null, enabled = false
                    where person_id = ?1 and (holder is not null or enabled)""",
                    desired.person()))
        .chain(
            known ->
                desired.subject() != null && (wasThere || known > 0)
                    ? publishDeleted(desired)
                    : Uni.createFrom().voidItem());
  }

  private Uni<Void> publishDeleted(DesiredAccount desired) {
    return outbox.appendFact(
        "account",
        desired.subject(),
        actor.system(),
        new AccountEvent.Deleted(
            UUID.fromString(desired.subject()), desired.person(), clock.instant()));
  }

  private static Uni<Integer> execute(String sql, Object parameter) {
    return parameter == null
        ? Uni.createFrom().item(0)
        : Panache.getSession()
            .chain(
                session ->
                    session.createNativeQuery(sql).setParameter(1, parameter).executeUpdate());
  }

  private Uni<Void> remember(DesiredAccount desired, Plan plan) {
    Instant now = clock.instant();
    return KnownAccount.<KnownAccount>findById(desired.subject())
        .chain(
            known -> {
              KnownAccount account =
                  known == null ? new KnownAccount(desired.subject(), desired.person()) : known;
              if (!account.isOf(desired.person())) {
                account.handOver(desired.person());
              }
              if (plan.takes()) {
                account.taken(desired, plan.stuck(), now);
              } else {
                account.settled(desired, now);
              }
              return known == null ? account.persist() : Uni.createFrom().voidItem();
            })
        .replaceWithVoid();
  }

  private Uni<Void> publish(String account, UUID person, Plan plan) {
    if (plan.isNothing()) {
      return Uni.createFrom().voidItem();
    }
    AccountChange change = plan.change();
    return outbox.appendFact(
        "account",
        account,
        actor.system(),
        new AccountEvent.Changed(
            UUID.fromString(account),
            person,
            change.enabled(),
            sorted(change.giveRoles()),
            sorted(change.takeRoles()),
            sorted(change.giveGroups()),
            sorted(change.takeGroups()),
            sorted(change.addActions()),
            change.holder() != null,
            change.endSessions(),
            clock.instant()));
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  /** Closes the findings that were to be repaired, and now are. */
  private Uni<Void> close(
      String account, Collection<Difference> repairs, Collection<DriftKind> kinds) {
    return Drift.toRepair(account)
        .chain(
            drifts ->
                Multi.createFrom()
                    .iterable(drifts)
                    .filter(drift -> repairs.contains(drift.difference()))
                    .filter(drift -> kinds.contains(drift.difference().kind()))
                    .onItem()
                    .transformToUniAndConcatenate(
                        drift -> outbox.append(drift, drift.repaired(clock.instant())))
                    .collect()
                    .last());
  }
}
