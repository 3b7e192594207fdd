package io.vigie.asset.inventory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * People, as access-service tells: which account is whose, so that somebody signs for what they
 * get; and who left. What leavers own, assets and documents, asks for a new owner (R3.3), and
 * nobody can make them an owner again.
 */
@ApplicationScoped
public class People implements EventListener {

  private static final Set<String> TYPES =
      Set.of("person.joined.v1", "person.changed.v1", "person.left.v1", "person.snapshot.v1");

  private record Left(UUID aggregateId, String subject, Instant at) {}

  private record Account(UUID aggregateId, String subject) {}

  private record Changed(UUID aggregateId, JsonNode changes) {}

  private record Snapshot(UUID aggregateId, State state, Instant at) {
    record State(String state, String subject) {}
  }

  private final Instance<Inbox> inbox;
  private final Owned owned;
  private final Outbox outbox;
  private final Clock clock;
  private final Duration reassignWithin;

  People(
      Instance<Inbox> inbox,
      Owned owned,
      Outbox outbox,
      Clock clock,
      @ConfigProperty(name = "vigie.asset.reassign-within") Duration reassignWithin) {
    this.inbox = inbox;
    this.owned = owned;
    this.outbox = outbox;
    this.clock = clock;
    this.reassignWithin = reassignWithin;
  }

  @Override
  public String name() {
    return "departures";
  }

  @Incoming("access-events")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return TYPES.contains(type);
  }

  /** A snapshot of somebody who left says it again, for a register that began after they did. */
  @Override
  public Uni<Void> on(ReceivedEvent event) {
    switch (event.type()) {
      case "person.joined.v1":
        Account joined = event.data(Account.class);
        return hear(joined.aggregateId()).chain(() -> keep(joined));
      case "person.changed.v1":
        Changed changed = event.data(Changed.class);
        return changed.changes().has("subject")
            ? keep(new Account(changed.aggregateId(), changed.changes().get("subject").textValue()))
            : Uni.createFrom().voidItem();
      case "person.left.v1":
        return depart(event.data(Left.class));
      case "person.snapshot.v1":
        Snapshot person = event.data(Snapshot.class);
        return hear(person.aggregateId())
            .chain(
                () ->
                    person.state().state().equals("LEFT")
                        ? depart(
                            new Left(person.aggregateId(), person.state().subject(), person.at()))
                        : keep(new Account(person.aggregateId(), person.state().subject())));
      default:
        return Uni.createFrom().voidItem();
    }
  }

  private static Uni<Void> hear(UUID person) {
    return Panache.getSession()
        .call(
            session ->
                session
                    .createNativeQuery(
                        "insert into heard_person (person_id) values (?1) on conflict do nothing")
                    .setParameter(1, person)
                    .executeUpdate())
        .chain(
            session ->
                session
                    .createNativeQuery("delete from unheard_person where person_id = ?1")
                    .setParameter(1, person)
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** That somebody has or had the account with this subject; null for none. */
  private static Uni<Void> know(String subject) {
    return subject == null
        ? Uni.createFrom().voidItem()
        : Panache.getSession()
            .chain(
                session ->
                    session
                        .createNativeQuery(
                            "insert into known_account (subject) values (?1) on conflict do nothing")
                        .setParameter(1, subject)
                        .executeUpdate())
            .replaceWithVoid();
  }

  /** An account is one person's: the last to get it has it. */
  private static Uni<Void> keep(Account account) {
    return know(account.subject())
        .chain(Panache::getSession)
        .call(
            session ->
                session
                    .createNativeQuery(
                        "delete from person_account where person_id = ?1 or subject = ?2")
                    .setParameter(1, account.aggregateId())
                    .setParameter(2, account.subject())
                    .executeUpdate())
        .chain(
            session ->
                account.subject() == null
                    ? Uni.createFrom().item(0)
                    : session
                        .createNativeQuery(
                            "insert into person_account (person_id, subject) values (?1, ?2)")
                        .setParameter(1, account.aggregateId())
                        .setParameter(2, account.subject())
                        .executeUpdate())
        .replaceWithVoid();
  }

  /** Who has the account with this subject; 403 when nobody is known to. */
  Uni<UUID> withAccount(String subject) {
    return find(subject)
        .onItem()
        .ifNull()
        .failWith(
            () ->
                Problem.forbidden(
                    "Your account belongs to no person in access-service. Have it entered there."));
  }

  /** Who has the account with this subject, or null. */
  Uni<UUID> find(String subject) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select person_id from person_account where subject = ?1", UUID.class)
                    .setParameter(1, subject)
                    .getSingleResultOrNull());
  }

  /**
   * Those of these accounts, by their subjects, that nobody has or had by what access-service told.
   */
  public Uni<Set<UUID>> unknownAccounts(Collection<UUID> subjects) {
    String all = subjects.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select asked from unnest(cast(cast(?1 as text) as uuid[])) asked
                        where not exists
                          (select from known_account a where a.subject = cast(asked as text))""",
                        UUID.class)
                    .setParameter(1, all)
                    .getResultList())
        .map(Set::copyOf);
  }

  private Uni<Void> depart(Left left) {
    UUID leaver = left.aggregateId();
    return lock("pg_advisory_xact_lock", leaver)
        .chain(() -> remember(left))
        .chain(() -> know(left.subject()))
        .chain(
            () ->
                Asset.<Asset>list(
                    "owner = ?1 and reassignment.until is null and state in ?2 order by id",
                    leaver,
                    Stream.of(AssetState.values()).filter(AssetState::isAnsweredFor).toList()))
        .chain(this::reassign)
        .chain(() -> owned.reassign(leaver, request()));
  }

  /**
   * Fails with 422 when the person left; notes it of somebody of whom nobody told yet, since events
   * come in any order: {@link UnheardOwnerTasks} ask about them later. Until the transaction ends
   * nobody can record that they do, so an asset that is given to a leaver meanwhile is seen by
   * {@link #depart}.
   */
  public Uni<Void> requirePresent(UUID person) {
    return hasLeft(person)
        .invoke(
            left -> {
              if (left) {
                throw Problem.unprocessable(
                    "owner-left", "This person left. Choose somebody who works here.");
              }
            })
        .chain(() -> noteUnheard(person));
  }

  private Uni<Void> noteUnheard(UUID person) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into unheard_person (person_id, since) select ?1, ?2
                        where not exists (select from heard_person where person_id = ?1)
                        on conflict do nothing""")
                    .setParameter(1, person)
                    .setParameter(2, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }

  private static Uni<Boolean> hasLeft(UUID person) {
    return lock("pg_advisory_xact_lock_shared", person)
        .chain(Panache::getSession)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select count(*) from departed_person where person_id = ?1", Long.class)
                    .setParameter(1, person)
                    .getSingleResult())
        .map(count -> count > 0);
  }

  /**
   * Asks for another owner where the present one left, and nobody was asked: what was out of use as
   * they left is of concern again.
   */
  Uni<Void> replaceLeaver(Asset asset) {
    UUID owner = asset.state().owner();
    return owner == null || asset.reassignment() != null
        ? Uni.createFrom().voidItem()
        : hasLeft(owner)
            .chain(left -> left ? reassign(List.of(asset)) : Uni.createFrom().voidItem());
  }

  /** The same for whoever owns the asset; it may have nobody. */
  Uni<Void> requireOwnerPresent(Asset asset) {
    UUID owner = asset.state().owner();
    return owner == null ? Uni.createFrom().voidItem() : requirePresent(owner);
  }

  private static Uni<Void> lock(String function, UUID person) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from " + function + "(hashtextextended(?1, 0))", Integer.class)
                    .setParameter(1, person.toString())
                    .getSingleResult())
        .replaceWithVoid();
  }

  private Uni<Void> remember(Left left) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "insert into departed_person (person_id, left_at) values (?1, ?2) on"
                            + " conflict do nothing")
                    .setParameter(1, left.aggregateId())
                    .setParameter(2, OffsetDateTime.ofInstant(left.at(), ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Void> reassign(List<Asset> assets) {
    Reassignment request = request();
    return Multi.createFrom()
        .iterable(assets)
        .onItem()
        .transformToUniAndConcatenate(
            asset -> outbox.append(asset, asset.requestReassignment(request)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Reassignment request() {
    Instant now = clock.instant();
    return new Reassignment(now, now.plus(reassignWithin));
  }
}
