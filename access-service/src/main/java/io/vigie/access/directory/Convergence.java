package io.vigie.access.directory;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.access.person.ServiceAccount;
import io.vigie.kernel.outbox.Relay;
import org.jboss.logging.Logger;

/**
 * Makes accounts what they must be, one after the other, those first where something may have to be
 * taken away. An attempt reads what the account must be and what it is, does what is missing, and
 * writes down what it did together with the facts of it; where it dies in between, the next one
 * finds the effect there and writes it down. An attempt that fails is made again, ever more seldom;
 * one that fails because the directory is away ends the round.
 */
@ApplicationScoped
class Convergence {

  private static final Logger LOG = Logger.getLogger(Convergence.class);
  private static final int MOST_IN_A_ROUND = 500;

  private record Situation(
      DesiredAccount desired, KnownAccount known, Collection<Difference> repairs) {}

  private final Directory directory;
  private final NewAccounts newAccounts;
  private final DesiredAccounts desiredAccounts;
  private final Examination examination;
  private final Changes changes;
  private final DirectorySettings settings;
  private final DirectoryRules rules;
  private final AccountBooks books;
  private final Relay relay;
  private final Clock clock;

  Convergence(
      Directory directory,
      NewAccounts newAccounts,
      DesiredAccounts desiredAccounts,
      Examination examination,
      Changes changes,
      DirectorySettings settings,
      DirectoryRules rules,
      AccountBooks books,
      Relay relay,
      Clock clock) {
    this.directory = directory;
    this.newAccounts = newAccounts;
    this.desiredAccounts = desiredAccounts;
    this.examination = examination;
    this.changes = changes;
    this.settings = settings;
    this.rules = rules;
    this.books = books;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.directory.work-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> work() {
    if (settings.kind() == DirectorySettings.Kind.NONE) {
      return Uni.createFrom().voidItem();
    }
    return Multi.createBy()
        .repeating()
        .uni(this::workNext)
        .whilst(isMore -> isMore)
        .select()
        .first(MOST_IN_A_ROUND)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Boolean> workNext() {
    return Panache.withTransaction(changes::claim)
        .chain(claim -> claim == null ? Uni.createFrom().item(false) : attempt(claim));
  }

  /** Whether another one may fare better. */
  private Uni<Boolean> attempt(Changes.Claim claim) {
    return (claim.person() == null ? workNobodys(claim) : workPerson(claim))
        .invoke(relay::wake)
        .replaceWith(true)
        .onFailure()
        .recoverWithUni(
            failure -> {
              boolean isKnown = failure instanceof DirectoryFailure;
              boolean isAway = isKnown && ((DirectoryFailure) failure).isAway();
              if (!isKnown) {
                LOG.errorf(failure, "change %s of the directory fails", claim.id());
              }
              String why = isKnown ? failure.getMessage() : failure.toString();
              return Panache.withTransaction(() -> changes.fail(claim, why, isAway))
                  .replaceWith(!isAway);
            });
  }

  private Uni<Void> workPerson(Changes.Claim claim) {
    return Panache.withSession(() -> situation(claim.person()))
        .chain(
            now -> {
              if (now.desired() == null) {
                return done(claim);
              }
              if (now.desired().erased()) {
                return newAccounts.found(now.desired()).chain(found -> delete(claim, found));
              }
              if (now.desired().subject() == null) {
                return now.desired().enabled() && rules.createsAccounts()
                    ? newAccounts.make(claim, now.desired())
                    : newAccounts.adopt(claim, now.desired());
              }
              return converge(claim, now);
            });
  }

  /** Whoever was erased has no account, and nothing here tells any more what it was. */
  private Uni<Void> delete(Changes.Claim claim, DesiredAccount desired) {
    String subject = desired.subject();
    Uni<Boolean> deleted =
        subject == null ? Uni.createFrom().item(false) : directory.delete(subject);
    return deleted
        .chain(
            wasThere ->
                Panache.withTransaction(
                    () -> books.forget(desired, wasThere).chain(() -> changes.finish(claim))))
        .chain(
            () ->
                subject == null
                    ? Uni.createFrom().voidItem()
                    : examination.ofAbsent(subject, clock.instant()));
  }

  private Uni<Void> done(Changes.Claim claim) {
    return Panache.withTransaction(() -> changes.finish(claim));
  }

  private Uni<Situation> situation(UUID person) {
    return desiredAccounts
        .of(person)
        .chain(
            desired -> {
              if (desired == null || desired.subject() == null) {
                return Uni.createFrom().item(new Situation(desired, null, List.of()));
              }
              return KnownAccount.<KnownAccount>findById(desired.subject())
                  .chain(
                      known ->
                          repairs(desired.subject())
                              .map(repairs -> new Situation(desired, known, repairs)));
            });
  }

  private static Uni<List<Difference>> repairs(String account) {
    return Drift.toRepair(account).map(drifts -> drifts.stream().map(Drift::difference).toList());
  }

  private Uni<Void> converge(Changes.Claim claim, Situation now) {
    String subject = now.desired().subject();
    Instant readAt = clock.instant();
    return directory
        .account(subject)
        .chain(
            account ->
                account == null
                    ? done(claim).chain(() -> examination.ofAbsent(subject, readAt))
                    : actions(subject, now.desired().roles())
                        .map(actions -> plan(account, now, actions))
                        .chain(plan -> carryOut(claim, now.desired(), now.repairs(), plan)));
  }

  private Plan plan(Account account, Situation now, Set<String> actions) {
    rules.requireTouchable(account.username());
    boolean isKnown = now.known() != null && now.known().isOf(now.desired().person());
    return Plan.of(
        account,
        now.desired(),
        isKnown ? now.known() : new KnownAccount(account.subject(), now.desired().person()),
        now.repairs(),
        !isKnown,
        actions);
  }

  /** What the holder must do before these roles are safe with them. */
  private Uni<Set<String>> actions(String subject, Set<String> roles) {
    return rules.isPrivileged(roles)
        ? directory
            .hasSecondFactor(subject)
            .map(has -> has ? Set.<String>of() : rules.privilegedActions())
        : Uni.createFrom().item(Set.of());
  }

  private Uni<Void> carryOut(
      Changes.Claim claim, DesiredAccount desired, Collection<Difference> repairs, Plan plan) {
    String subject = desired.subject();
    return (plan.isNothing()
            ? Uni.createFrom().voidItem()
            : directory.change(subject, plan.change()))
        .onFailure(DirectoryFailure.class)
        .call(failure -> recordSome(desired, repairs, plan, (DirectoryFailure) failure))
        .call(() -> requireTaken(desired, plan))
        .chain(
            () ->
                Panache.withTransaction(
                    () ->
                        books
                            .record(desired, repairs, plan)
                            .chain(
                                () -> plan.takes() ? changes.goOn(claim) : changes.finish(claim))));
  }

  /** What was given is known, so that it is taken when it is lost, whatever is missing. */
  private Uni<Void> recordSome(
      DesiredAccount desired, Collection<Difference> repairs, Plan plan, DirectoryFailure failure) {
    Set<String> roles = failure.missingRoles();
    Set<String> groups = failure.missingGroups();
    Plan done = plan.without(roles, groups);
    if (!failure.isOfSome() || plan.takes() || done.isNothingButActions()) {
      return Uni.createFrom().voidItem();
    }
    List<Difference> repaired =
        repairs.stream()
            .filter(each -> each.kind() != DriftKind.MISSING_ROLE || !roles.contains(each.what()))
            .filter(each -> each.kind() != DriftKind.MISSING_GROUP || !groups.contains(each.what()))
            .toList();
    return Panache.withTransaction(
        () -> books.record(desired.without(roles, groups), repaired, done));
  }

  /** A closed account has nothing, whatever roles it still bears. */
  private Uni<Void> requireTaken(DesiredAccount desired, Plan plan) {
    return plan.change().takeRoles().isEmpty() || !desired.enabled()
        ? Uni.createFrom().voidItem()
        : directory
            .account(desired.subject())
            .onItem()
            .ifNotNull()
            .invoke(plan::requireTakenFrom)
            .replaceWithVoid();
  }

  private Uni<Void> workNobodys(Changes.Claim claim) {
    return Panache.withSession(() -> ServiceAccount.hasEnded(claim.account()))
        .chain(ended -> ended ? closeProgram(claim) : repairNobodys(claim));
  }

  private Uni<Void> closeProgram(Changes.Claim claim) {
    return directory
        .closeProgram(claim.account())
        .chain(
            closed ->
                Panache.withTransaction(
                    () ->
                        books
                            .recordProgram(claim.account(), closed)
                            .chain(() -> changes.finish(claim))));
  }

  private Uni<Void> repairNobodys(Changes.Claim claim) {
    String subject = claim.account();
    return Panache.withSession(
            () ->
                Person.withSubject(subject)
                    .chain(
                        people ->
                            people.isEmpty()
                                ? repairsUnlessRegistered(subject)
                                : Uni.createFrom().item(List.<Difference>of())))
        .chain(
            repairs -> {
              Plan plan = Plan.ofNobodys(repairs, rules.privilegedActions());
              return (plan.isNothing()
                      ? Uni.createFrom().voidItem()
                      : changeNobodys(subject, plan.change()))
                  .chain(
                      () ->
                          Panache.withTransaction(
                              () ->
                                  books
                                      .recordNobodys(subject, repairs, plan)
                                      .chain(() -> changes.finish(claim))));
            });
  }

  private static Uni<List<Difference>> repairsUnlessRegistered(String subject) {
    return ServiceAccount.states(List.of(subject))
        .chain(
            registered ->
                registered.isEmpty() ? repairs(subject) : Uni.createFrom().item(List.of()));
  }

  private Uni<Void> changeNobodys(String subject, AccountChange change) {
    return directory
        .program(subject)
        .chain(
            program ->
                program == null
                    ? directory.change(subject, change)
                    : directory.closeProgram(subject).replaceWithVoid());
  }
}
