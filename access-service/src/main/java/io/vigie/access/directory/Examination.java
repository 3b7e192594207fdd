package io.vigie.access.directory;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.ServiceAccount;
import io.vigie.access.person.ServiceAccountState;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/**
 * Compares accounts with what they must be, and writes down what differs: new findings, and those
 * that are over. An account that waits in the queue, or was changed by this service since it was
 * read, is not yet, or no longer, what was read, and is marked to be looked at again. So is one of
 * which something was written down: whoever gives and takes by hand may have done so since it was
 * read. One whose change the directory has refused for long is what it will stay, and is judged.
 */
@ApplicationScoped
class Examination {

  /** An account, and what else had to be asked about it. */
  private record Seen(Account account, boolean isSignedIn, boolean lacksSecondFactor) {}

  private final Directory directory;
  private final DesiredAccounts desiredAccounts;
  private final DirectoryRules rules;
  private final DirectorySettings settings;
  private final Changes changes;
  private final PendingExaminations pending;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  Examination(
      Directory directory,
      DesiredAccounts desiredAccounts,
      DirectoryRules rules,
      DirectorySettings settings,
      Changes changes,
      PendingExaminations pending,
      Outbox outbox,
      Relay relay,
      Clock clock) {
    this.directory = directory;
    this.desiredAccounts = desiredAccounts;
    this.rules = rules;
    this.settings = settings;
    this.changes = changes;
    this.pending = pending;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  /**
   * Looks at these accounts, a hundred at most; at none that the policy calls untouchable. One that
   * was registered as a program's is looked at as such, where the directory does not tell.
   *
   * @param readAt a time before they were read
   */
  Uni<Void> of(Collection<Account> read, Instant readAt) {
    List<Account> accounts =
        read.stream().filter(account -> !rules.isUntouchable(account.username())).toList();
    if (accounts.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Panache.withSession(() -> ServiceAccount.states(subjects(accounts)))
        .map(
            registered ->
                accounts.stream()
                    .collect(
                        Collectors.partitioningBy(
                            account -> registered.containsKey(account.subject()))))
        .chain(
            isProgram ->
                ofPeople(isProgram.get(false), readAt)
                    .chain(() -> ofPrograms(isProgram.get(true), readAt)));
  }

  private static List<String> subjects(Collection<Account> accounts) {
    return accounts.stream().map(Account::subject).toList();
  }

  private Uni<Void> ofPeople(Collection<Account> accounts, Instant readAt) {
    if (accounts.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    List<String> subjects = subjects(accounts);
    return Panache.withSession(() -> desiredAccounts.withSubjects(subjects))
        .chain(desired -> look(accounts, desired))
        .chain(
            seen ->
                Panache.withTransaction(
                    () ->
                        settle(
                            subjects,
                            accounts,
                            readAt,
                            (subject, desired) -> differences(subject, desired, seen),
                            rules::repairs)))
        .invoke(relay::wake);
  }

  /**
   * Looks at these accounts of programs, a hundred at most: what differs waits for somebody,
   * whatever the policy repairs, since what depends on a program is not known here.
   *
   * @param readAt a time before they were read
   */
  Uni<Void> ofPrograms(Collection<Account> programs, Instant readAt) {
    if (programs.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Map<String, Account> bySubject =
        programs.stream().collect(Collectors.toMap(Account::subject, Function.identity()));
    return Panache.withTransaction(
            () ->
                ServiceAccount.states(bySubject.keySet())
                    .chain(
                        registered ->
                            settle(
                                bySubject.keySet(),
                                List.of(),
                                readAt,
                                (subject, desired) ->
                                    desired == null
                                        ? differences(
                                            bySubject.get(subject), registered.get(subject))
                                        : ofAbsent(desired),
                                kind -> false)))
        .invoke(relay::wake);
  }

  /** The same as {@link #of} for an account that is not there. */
  Uni<Void> ofAbsent(String subject, Instant readAt) {
    return Panache.withTransaction(
            () ->
                settle(
                    List.of(subject),
                    List.of(),
                    readAt,
                    (any, desired) -> ofAbsent(desired),
                    rules::repairs))
        .invoke(relay::wake);
  }

  /**
   * Looks at the directory itself: what differs waits for somebody.
   *
   * @param locksOutGuessers whether it is known to lock out who guesses passwords
   */
  Uni<Void> ofDirectory(boolean locksOutGuessers) {
    List<Difference> differences =
        locksOutGuessers || !rules.asksForBruteForceProtection()
            ? List.of()
            : List.of(new Difference(DriftKind.GUESSERS_NOT_LOCKED_OUT));
    return Panache.withTransaction(
            () ->
                begin()
                    .chain(() -> Drift.takeLiveOfDirectory())
                    .chain(live -> settle(null, null, differences, live, kind -> false)))
        .replaceWithVoid()
        .invoke(relay::wake);
  }

  private Uni<List<Seen>> look(Collection<Account> accounts, Map<String, DesiredAccount> desired) {
    return Multi.createFrom()
        .iterable(accounts)
        .onItem()
        .transformToUniAndConcatenate(account -> look(account, desired.get(account.subject())))
        .collect()
        .asList();
  }

  private Uni<Seen> look(Account account, DesiredAccount desired) {
    Uni<Boolean> isSignedIn =
        desired == null || desired.enabled()
            ? Uni.createFrom().item(false)
            : directory.hasSessions(account.subject());
    return isSignedIn.chain(
        signedIn ->
            (rules.isPrivileged(account.roles())
                    ? directory.hasSecondFactor(account.subject())
                    : Uni.createFrom().item(true))
                .map(hasSecondFactor -> new Seen(account, signedIn, !hasSecondFactor)));
  }

  /**
   * @param read those of them that may be somebody's, as they were read
   */
  private Uni<Void> settle(
      Collection<String> subjects,
      Collection<Account> read,
      Instant readAt,
      BiFunction<String, DesiredAccount, List<Difference>> differences,
      Predicate<DriftKind> repairs) {
    return begin()
        .chain(() -> desiredAccounts.withSubjects(subjects))
        .chain(
            desired ->
                unsettled(subjects, desired, readAt)
                    .call(unsettled -> addThoseBeingMade(read, desired, unsettled))
                    .chain(
                        unsettled -> {
                          Set<String> again = new HashSet<>(unsettled);
                          return Drift.takeLive(subjects)
                              .chain(
                                  live ->
                                      each(
                                          subjects.stream()
                                              .filter(subject -> !unsettled.contains(subject))
                                              .toList(),
                                          subject ->
                                              settle(
                                                      subject,
                                                      desired.get(subject),
                                                      differences.apply(
                                                          subject, desired.get(subject)),
                                                      live,
                                                      repairs)
                                                  .invoke(
                                                      isAsBefore -> {
                                                        if (!isAsBefore) {
                                                          again.add(subject);
                                                        }
                                                      })
                                                  .replaceWithVoid()))
                              .chain(() -> pending.mark(again));
                        }));
  }

  /** One after the other, so that no two find the same. */
  private static Uni<Void> begin() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended('drift', 0))",
                        Integer.class)
                    .getSingleResult())
        .replaceWithVoid();
  }

  /** The accounts that are not, or no more, what was read. */
  private Uni<Set<String>> unsettled(
      Collection<String> subjects, Map<String, DesiredAccount> desired, Instant readAt) {
    Map<UUID, String> subjectOf =
        desired.values().stream()
            .collect(Collectors.toMap(DesiredAccount::person, DesiredAccount::subject));
    return waiting(subjects, subjectOf)
        .chain(
            waiting ->
                KnownAccount.<KnownAccount>list(
                        "account in ?1 and appliedAt >= ?2", subjects, readAt)
                    .map(
                        touched -> {
                          Set<String> unsettled = new HashSet<>(waiting);
                          touched.forEach(account -> unsettled.add(account.account()));
                          return unsettled;
                        }));
  }

  /** An account that is being made is nobody's only until that is written down. */
  private static Uni<Void> addThoseBeingMade(
      Collection<Account> read, Map<String, DesiredAccount> desired, Set<String> unsettled) {
    Map<String, String> nobodys =
        read.stream()
            .filter(account -> !desired.containsKey(account.subject()))
            .collect(Collectors.toMap(Account::username, Account::subject));
    if (nobodys.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select username from directory_intent where username = any(cast(?1 as text[]))",
                        String.class)
                    .setParameter(1, nobodys.keySet().toArray(String[]::new))
                    .getResultList())
        .invoke(names -> names.forEach(name -> unsettled.add(nobodys.get(name))))
        .replaceWithVoid();
  }

  /** Those of these accounts that could not be judged now: they wait in the queue. */
  Uni<Set<String>> waiting(Collection<String> subjects) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "select id, details.subject from Person where details.subject in ?1",
                        Object[].class)
                    .setParameter(1, subjects)
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .collect(Collectors.toMap(row -> (UUID) row[0], row -> (String) row[1])))
        .chain(subjectOf -> waiting(subjects, subjectOf));
  }

  private Uni<Set<String>> waiting(Collection<String> subjects, Map<UUID, String> subjectOf) {
    Instant late = clock.instant().minus(settings.lateAfter());
    return DirectoryChange.<DirectoryChange>list(
            "person in ?1 or account in ?2", subjectOf.keySet(), subjects)
        .map(
            changes ->
                changes.stream()
                    .filter(change -> !change.isRefusedSince(late))
                    .map(
                        change ->
                            change.account() == null
                                ? subjectOf.get(change.person())
                                : change.account())
                    .collect(Collectors.toSet()));
  }

  /** What differs about a program; {@code registered} is null where nobody ever registered it. */
  private List<Difference> differences(Account program, ServiceAccountState registered) {
    String client = program.username();
    return Difference.ofProgram(
        program,
        registered == null ? rules.isOwn(client) : registered == ServiceAccountState.ACTIVE,
        rules.rolesOfProgram(client));
  }

  private static List<Difference> differences(
      String subject, DesiredAccount desired, List<Seen> seen) {
    for (Seen each : seen) {
      if (each.account().subject().equals(subject)) {
        return Difference.between(
            each.account(), desired, each.isSignedIn(), each.lacksSecondFactor());
      }
    }
    return ofAbsent(desired);
  }

  private static List<Difference> ofAbsent(DesiredAccount desired) {
    return desired == null || !desired.enabled()
        ? List.of()
        : List.of(new Difference(DriftKind.MISSING_ACCOUNT));
  }

  /** Whether nothing had to be written down; {@code subject} is null for the directory itself. */
  private Uni<Boolean> settle(
      String subject,
      DesiredAccount desired,
      List<Difference> differences,
      List<Drift> all,
      Predicate<DriftKind> repairs) {
    Instant now = clock.instant();
    List<Drift> live =
        all.stream().filter(drift -> Objects.equals(drift.account(), subject)).toList();
    List<Drift> over = new ArrayList<>();
    Set<Difference> known = new HashSet<>();
    for (Drift drift : live) {
      if (differences.contains(drift.difference()) && !drift.hasLapsed(now)) {
        known.add(drift.difference());
      } else {
        over.add(drift);
      }
    }
    List<Difference> found = differences.stream().filter(each -> !known.contains(each)).toList();
    return each(over, drift -> outbox.append(drift, drift.end(reason(drift, differences), now)))
        .chain(
            () ->
                each(
                    found,
                    difference ->
                        find(
                            difference,
                            subject,
                            desired == null ? null : desired.person(),
                            repairs.test(difference.kind()),
                            now)))
        .replaceWith(over.isEmpty() && found.isEmpty());
  }

  private static Drift.End reason(Drift drift, List<Difference> differences) {
    return differences.contains(drift.difference()) ? Drift.End.LAPSED : Drift.End.GONE;
  }

  private Uni<Void> find(
      Difference difference, String account, UUID person, boolean repair, Instant now) {
    Drift drift = new Drift(difference, account, person, repair, now);
    Uni<Void> found = outbox.append(drift, drift.found());
    if (!repair) {
      return found;
    }
    return found.chain(
        () -> person == null ? changes.markAccount(account) : changes.mark(List.of(person), true));
  }

  private static <T> Uni<Void> each(Collection<T> items, Function<T, Uni<Void>> act) {
    return Multi.createFrom()
        .iterable(items)
        .onItem()
        .transformToUniAndConcatenate(act::apply)
        .collect()
        .last();
  }
}
