package io.vigie.access.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.jboss.logging.Logger;

/**
 * Reads what the directory tells of itself. A sign-in becomes a fact, once: that it was read is
 * remembered in the transaction that publishes it, and events are asked for from some time before
 * the last one, since one can become readable after a later one. A change marks the account to be
 * looked at, or all of them, in the transaction that remembers it; the mark goes when the account
 * was judged, and not where a change of ours waits for it.
 */
@ApplicationScoped
class DirectoryNews {

  private static final Logger LOG = Logger.getLogger(DirectoryNews.class);
  private static final String SIGN_INS = "sign-ins";
  private static final String CHANGES = "changes";
  private static final int PAGE = 200;

  /** One page, from a place on. */
  private interface Source<T> {
    Uni<List<T>> page(Instant from, int first, int limit);
  }

  private final DirectoryEvents events;
  private final DirectoryPositions positions;
  private final Reconciliation reconciliation;
  private final Examination examination;
  private final PendingExaminations pending;
  private final DirectorySettings settings;
  private final Outbox outbox;
  private final Relay relay;
  private final Actor actor;

  DirectoryNews(
      DirectoryEvents events,
      DirectoryPositions positions,
      Reconciliation reconciliation,
      Examination examination,
      PendingExaminations pending,
      DirectorySettings settings,
      Outbox outbox,
      Relay relay,
      Actor actor) {
    this.events = events;
    this.positions = positions;
    this.reconciliation = reconciliation;
    this.examination = examination;
    this.pending = pending;
    this.settings = settings;
    this.outbox = outbox;
    this.relay = relay;
    this.actor = actor;
  }

  @Scheduled(
      every = "${vigie.directory.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> readSignIns() {
    return read(SIGN_INS, events::signIns, this::publish).invoke(relay::wake);
  }

  @Scheduled(
      every = "${vigie.directory.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> readChanges() {
    return read(CHANGES, events::changes, this::mark)
        .chain(
            () ->
                settings.kind() == DirectorySettings.Kind.NONE
                    ? Uni.createFrom().voidItem()
                    : examine(""))
        .onFailure(DirectoryFailure.class)
        .invoke(failure -> LOG.debugf("accounts are not looked at: %s", failure))
        .onFailure(DirectoryFailure.class)
        .recoverWithNull();
  }

  private <T extends DirectoryEvents.Event> Uni<Void> read(
      String stream, Source<T> source, Function<List<T>, Uni<Void>> take) {
    if (settings.kind() != DirectorySettings.Kind.KEYCLOAK) {
      return Uni.createFrom().voidItem();
    }
    return Panache.withSession(() -> positions.of(stream))
        .map(at -> at.equals(Instant.EPOCH) ? at : at.minus(settings.eventsOverlap()))
        .chain(from -> page(stream, source, take, from, 0))
        .onFailure(DirectoryFailure.class)
        .invoke(failure -> LOG.debugf("the directory's %s are not read: %s", stream, failure))
        .onFailure(DirectoryFailure.class)
        .recoverWithNull();
  }

  private <T extends DirectoryEvents.Event> Uni<Void> page(
      String stream, Source<T> source, Function<List<T>, Uni<Void>> take, Instant from, int first) {
    return source
        .page(from, first, PAGE)
        .call(page -> page.isEmpty() ? Uni.createFrom().voidItem() : take.apply(page))
        .chain(
            page ->
                page.size() < PAGE
                    ? Uni.createFrom().voidItem()
                    : page(stream, source, take, from, first + PAGE));
  }

  private Uni<Void> publish(List<DirectoryEvents.SignIn> signIns) {
    return Panache.withTransaction(
        () ->
            remember(SIGN_INS, signIns)
                .chain(
                    fresh ->
                        Multi.createFrom()
                            .iterable(signIns)
                            .filter(signIn -> fresh.contains(signIn.id()))
                            .onItem()
                            .transformToUniAndConcatenate(this::publish)
                            .collect()
                            .last()));
  }

  private Uni<Void> publish(DirectoryEvents.SignIn signIn) {
    boolean failed = signIn.kind() == DirectoryEvents.SignInKind.FAILED;
    // Whose name was tried did not act: anybody can try it.
    String who = failed || signIn.account() == null ? Actor.ANONYMOUS : signIn.account();
    String key = Objects.requireNonNullElse(signIn.account(), Actor.ANONYMOUS);
    return outbox
        .appendFact(failed ? "sign-in" : "session", key, who, event(signIn))
        .chain(
            () ->
                signIn.kind() == DirectoryEvents.SignInKind.STARTED
                    ? LastSignIn.remember(signIn)
                    : Uni.createFrom().voidItem());
  }

  private static SignInEvent event(DirectoryEvents.SignIn signIn) {
    return switch (signIn.kind()) {
      case STARTED ->
          new SignInEvent.Started(
              session(signIn), signIn.account(), signIn.client(), signIn.address(), signIn.at());
      case ENDED ->
          new SignInEvent.Ended(
              session(signIn), signIn.account(), signIn.client(), signIn.address(), signIn.at());
      case FAILED ->
          new SignInEvent.Failed(
              standsFor("event", signIn.id()),
              signIn.account(),
              signIn.client(),
              signIn.error(),
              signIn.address(),
              signIn.at());
    };
  }

  private static UUID session(DirectoryEvents.SignIn signIn) {
    return signIn.session() == null
        ? standsFor("event", signIn.id())
        : standsFor("session", signIn.session());
  }

  private static UUID standsFor(String kind, String id) {
    return UUID.nameUUIDFromBytes(
        (kind + "/" + id).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private Uni<Set<String>> remember(String stream, List<? extends DirectoryEvents.Event> page) {
    Instant last = page.get(page.size() - 1).at();
    Duration kept = settings.eventsOverlap().multipliedBy(2);
    return positions
        .advance(stream, last)
        .chain(() -> positions.remember(stream, page))
        .call(() -> positions.of(stream).chain(at -> positions.forget(stream, at.minus(kept))));
  }

  private Uni<Void> mark(List<DirectoryEvents.Change> page) {
    return Panache.withTransaction(
        () ->
            remember(CHANGES, page)
                .chain(
                    fresh -> {
                      Set<String> accounts = new HashSet<>();
                      page.stream()
                          .filter(change -> fresh.contains(change.id()))
                          .forEach(change -> accounts.add(change.account()));
                      boolean mayConcernAny = accounts.remove(null);
                      return pending
                          .mark(accounts)
                          .chain(
                              () ->
                                  mayConcernAny
                                      ? reconciliation.soon()
                                      : Uni.createFrom().voidItem());
                    }));
  }

  /**
   * Looks at the accounts that are to be looked at, from there on, but for those that wait in the
   * queue: until they do not, nothing can be said of them.
   */
  private Uni<Void> examine(String after) {
    return Panache.withSession(() -> pending.after(after, PAGE))
        .chain(
            page ->
                page.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : examine(page)
                        .chain(
                            () ->
                                page.size() < PAGE
                                    ? Uni.createFrom().voidItem()
                                    : examine(page.get(PAGE - 1).account())));
  }

  private Uni<Void> examine(List<PendingExaminations.Pending> page) {
    List<String> accounts = page.stream().map(PendingExaminations.Pending::account).toList();
    return Panache.withSession(() -> examination.waiting(accounts))
        .chain(
            waiting ->
                Multi.createFrom()
                    .iterable(page)
                    .filter(each -> !waiting.contains(each.account()))
                    .onItem()
                    .transformToUniAndConcatenate(
                        each ->
                            reconciliation
                                .examine(each.account())
                                .chain(() -> Panache.withTransaction(() -> pending.finish(each)))
                                .onFailure(DirectoryNews::isOfThisAccount)
                                .recoverWithUni(
                                    failure -> {
                                      LOG.debugf("%s is not judged: %s", each.account(), failure);
                                      return Uni.createFrom().voidItem();
                                    }))
                    .collect()
                    .last());
  }

  private static boolean isOfThisAccount(Throwable failure) {
    return failure instanceof DirectoryFailure refused && !refused.isAway();
  }
}
