package io.vigie.access.directory;

import java.text.Normalizer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;

/**
 * Makes accounts for people who have none. The name is chosen and written down first: where nobody
 * saw the account made, the next attempt finds it by that name and makes no second one, or, where
 * they are to have none any more, lets it be closed.
 */
@ApplicationScoped
class NewAccounts {

  private static final int MOST_NAMESAKES = 100;
  private static final int LONGEST_NAME = 60;

  private final Directory directory;
  private final DirectoryRules rules;
  private final Changes changes;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  NewAccounts(
      Directory directory,
      DirectoryRules rules,
      Changes changes,
      Outbox outbox,
      Actor actor,
      Clock clock) {
    this.directory = directory;
    this.rules = rules;
    this.changes = changes;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** Makes one, or finds the one that was made, and says whose it is. */
  Uni<Void> make(Changes.Claim claim, DesiredAccount desired) {
    return Panache.withSession(() -> intent(desired.person()))
        .chain(
            known ->
                known == null
                    ? choose(desired, 1).chain(username -> create(username, desired))
                    : findOrCreate(known, desired))
        .chain(subject -> Panache.withTransaction(() -> link(claim, desired, subject)));
  }

  /**
   * Says whose the account is that was made for somebody who is to have none, and that nobody saw:
   * then it is theirs to be closed. Where there is none, nothing is left to do.
   */
  Uni<Void> adopt(Changes.Claim claim, DesiredAccount desired) {
    return unseen(desired)
        .chain(
            subject ->
                Panache.withTransaction(
                    () ->
                        subject != null
                            ? link(claim, desired, subject)
                            : forget(desired.person()).chain(() -> changes.finish(claim))));
  }

  /** The same with the subject of the account that was made for them and that nobody saw. */
  Uni<DesiredAccount> found(DesiredAccount desired) {
    return desired.subject() != null
        ? Uni.createFrom().item(desired)
        : unseen(desired).map(desired::at);
  }

  private Uni<String> unseen(DesiredAccount desired) {
    Uni<String> none = Uni.createFrom().nullItem();
    return Panache.withSession(() -> intent(desired.person()))
        .chain(username -> username == null ? none : theirs(username, desired));
  }

  private Uni<String> theirs(String username, DesiredAccount desired) {
    return directory
        .named(username)
        .chain(
            made ->
                made == null
                    ? Uni.createFrom().nullItem()
                    : Panache.withSession(() -> isTheirs(made, desired))
                        .map(theirs -> theirs ? made.subject() : null));
  }

  /** Somebody else may have been given the name meanwhile. */
  private static Uni<Boolean> isTheirs(Account made, DesiredAccount desired) {
    return desired.erased()
        ? Panache.getSession()
            .chain(
                session ->
                    session
                        .createNativeQuery(
                            "select erased_email = erased_digest(?2) from person where id = ?1",
                            Boolean.class)
                        .setParameter(1, desired.person())
                        .setParameter(2, made.email())
                        .getSingleResultOrNull())
            .map(Boolean.TRUE::equals)
        : Uni.createFrom().item(hasTheirAddress(made, desired));
  }

  private static boolean hasTheirAddress(Account made, DesiredAccount desired) {
    return desired.holder().email().equalsIgnoreCase(made.email());
  }

  private static Uni<String> intent(UUID person) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select username from directory_intent where person_id = ?1", String.class)
                    .setParameter(1, person)
                    .getSingleResultOrNull());
  }

  private Uni<String> choose(DesiredAccount desired, int number) {
    if (number > MOST_NAMESAKES) {
      throw DirectoryFailure.refused(
          "A hundred accounts have the name that this one would get. Make it, and link it to the"
              + " person.");
    }
    String name = name(desired.holder()) + (number == 1 ? "" : number);
    return directory
        .named(name)
        .chain(
            taken ->
                taken != null
                    ? Uni.createFrom().item(false)
                    : Panache.withTransaction(() -> intend(desired.person(), name)))
        .chain(free -> free ? Uni.createFrom().item(name) : choose(desired, number + 1));
  }

  /** Given name, dot, family name, in small letters without accents. */
  static String name(AccountChange.Holder holder) {
    String name = plain(holder.givenName()) + "." + plain(holder.familyName());
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }

  private static String plain(String name) {
    String letters =
        Normalizer.normalize(name, Normalizer.Form.NFKD)
            .toLowerCase(Locale.ROOT)
            .replace("œ", "oe")
            .replace("æ", "ae")
            .replace("ß", "ss")
            .replaceAll("[^a-z0-9]", "");
    return letters.isEmpty() ? "x" : letters;
  }

  private static Uni<Boolean> intend(UUID person, String username) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into directory_intent (person_id, username) values (?1, ?2)
                        on conflict (username) do nothing""")
                    .setParameter(1, person)
                    .setParameter(2, username)
                    .executeUpdate())
        .map(rows -> rows > 0);
  }

  private Uni<String> findOrCreate(String username, DesiredAccount desired) {
    return directory
        .named(username)
        .chain(
            made -> {
              if (made == null) {
                return create(username, desired);
              }
              if (!hasTheirAddress(made, desired)) {
                // Somebody else was given the name meanwhile; another is chosen the next time.
                return Panache.withTransaction(() -> forget(desired.person()))
                    .map(
                        done -> {
                          throw DirectoryFailure.refused("The name was taken. It gets another.");
                        });
              }
              return Uni.createFrom().item(made.subject());
            });
  }

  private Uni<String> create(String username, DesiredAccount desired) {
    return directory.create(
        new NewAccount(
            username,
            desired.holder().email(),
            desired.holder().givenName(),
            desired.holder().familyName(),
            firstActions(desired)));
  }

  private Set<String> firstActions(DesiredAccount desired) {
    Set<String> actions = new HashSet<>(rules.firstActions());
    if (rules.isPrivileged(desired.roles())) {
      actions.addAll(rules.privilegedActions());
    }
    return actions;
  }

  private Uni<Void> link(Changes.Claim claim, DesiredAccount desired, String subject) {
    UUID account = id(subject);
    Instant now = clock.instant();
    return Person.<Person>findById(desired.person(), LockModeType.PESSIMISTIC_WRITE)
        .chain(
            person ->
                person.state().subject() != null
                    ? Uni.createFrom().voidItem()
                    : outbox
                        .append(person, person.receive(subject, now))
                        .chain(() -> KnownAccount.remember(subject, desired.person(), now))
                        .chain(
                            () ->
                                outbox.appendFact(
                                    "account",
                                    subject,
                                    actor.system(),
                                    new AccountEvent.Created(account, desired.person(), now))))
        .chain(() -> forget(desired.person()))
        .chain(() -> changes.goOn(claim));
  }

  private static UUID id(String subject) {
    try {
      return UUID.fromString(subject);
    } catch (IllegalArgumentException e) {
      throw DirectoryFailure.refused(
          "The directory's id of the account is no UUID, as the subject of tokens must be.");
    }
  }

  private static Uni<Void> forget(UUID person) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("delete from directory_intent where person_id = ?1")
                    .setParameter(1, person)
                    .executeUpdate())
        .replaceWithVoid();
  }
}
