package io.vigie.access.directory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonState;
import org.jboss.logging.Logger;

/**
 * Compares every account, and the directory itself, with what it must be, from time to time and
 * when something was changed that may concern any: a role, a group, the realm. Of several replicas
 * one does it. Where it fails it is begun again a minute later.
 */
@ApplicationScoped
class Reconciliation {

  private static final Logger LOG = Logger.getLogger(Reconciliation.class);
  private static final String STREAM = "reconciliation";
  private static final int PAGE = 100;
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  /** Somebody's account, or one with a finding. */
  private record Expected(UUID id, String account) {}

  private final Directory directory;
  private final Examination examination;
  private final DirectoryPositions positions;
  private final DirectorySettings settings;
  private final Clock clock;

  Reconciliation(
      Directory directory,
      Examination examination,
      DirectoryPositions positions,
      DirectorySettings settings,
      Clock clock) {
    this.directory = directory;
    this.examination = examination;
    this.positions = positions;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.directory.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> reconcileWhenDue() {
    if (settings.kind() == DirectorySettings.Kind.NONE) {
      return Uni.createFrom().voidItem();
    }
    Instant now = clock.instant();
    return Panache.withTransaction(
            () -> positions.claim(STREAM, now.minus(settings.reconcileEvery()), now))
        .chain(isDue -> isDue ? reconcile() : Uni.createFrom().voidItem());
  }

  /** Within a transaction: has it done at the next look. */
  Uni<Void> soon() {
    return positions.set(STREAM, Instant.EPOCH);
  }

  /** All of it, now. */
  Uni<Void> reconcile() {
    Set<String> seen = new HashSet<>();
    return page(directory::accounts, examination::of, null, seen)
        .chain(() -> page(directory::programs, examination::ofPrograms, null, seen))
        .chain(() -> absentPeople(BEFORE_ALL, seen))
        .chain(() -> absentFindings(BEFORE_ALL, seen))
        .chain(() -> directory.locksOutGuessers())
        .chain(examination::ofDirectory)
        .onFailure()
        .recoverWithUni(
            failure -> {
              LOG.warnf("the directory is not compared: %s", failure.getMessage());
              Instant inAMinute =
                  clock.instant().minus(settings.reconcileEvery()).plus(Duration.ofMinutes(1));
              return Panache.withTransaction(() -> positions.set(STREAM, inAMinute));
            });
  }

  private Uni<Void> page(
      BiFunction<String, Integer, Uni<Directory.Page>> accounts,
      BiFunction<Collection<Account>, Instant, Uni<Void>> look,
      String from,
      Set<String> seen) {
    Instant readAt = clock.instant();
    return accounts
        .apply(from, PAGE)
        .call(
            page -> {
              page.accounts().forEach(account -> seen.add(account.subject()));
              return look.apply(page.accounts(), readAt);
            })
        .chain(
            page ->
                page.next() == null
                    ? Uni.createFrom().voidItem()
                    : page(accounts, look, page.next(), seen));
  }

  private Uni<Void> absentPeople(UUID after, Set<String> seen) {
    return absent(
        """
        select id, details.subject from Person
        where state = ?2 and details.subject is not null and id > ?1 order by id""",
        PersonState.ACTIVE,
        after,
        seen);
  }

  private Uni<Void> absentFindings(UUID after, Set<String> seen) {
    return absent(
        """
        select id, account from Drift
        where state in ?2 and account is not null and id > ?1 order by id""",
        DriftState.LIVE,
        after,
        seen);
  }

  private Uni<Void> absent(String query, Object state, UUID after, Set<String> seen) {
    return Panache.withSession(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            session
                                .createSelectionQuery(query, Object[].class)
                                .setParameter(1, after)
                                .setParameter(2, state)
                                .setMaxResults(PAGE)
                                .getResultList()))
        .map(
            rows -> rows.stream().map(row -> new Expected((UUID) row[0], (String) row[1])).toList())
        .call(expected -> examineAbsent(expected, seen))
        .chain(
            expected ->
                expected.size() < PAGE
                    ? Uni.createFrom().voidItem()
                    : absent(query, state, expected.get(PAGE - 1).id(), seen));
  }

  private Uni<Void> examineAbsent(List<Expected> expected, Set<String> seen) {
    return Multi.createFrom()
        .iterable(expected)
        .filter(each -> seen.add(each.account()))
        .onItem()
        .transformToUniAndConcatenate(each -> examine(each.account()))
        .collect()
        .last();
  }

  /** Asks for this one account, and looks at it. */
  Uni<Void> examine(String subject) {
    Instant readAt = clock.instant();
    return directory
        .account(subject)
        .chain(
            account -> {
              if (account == null) {
                return examineProgram(subject, readAt);
              }
              return examination.of(List.of(account), readAt);
            });
  }

  private Uni<Void> examineProgram(String subject, Instant readAt) {
    return directory
        .program(subject)
        .chain(
            program ->
                program == null
                    ? examination.ofAbsent(subject, readAt)
                    : examination.ofPrograms(List.of(program), readAt));
  }
}
