package io.vigie.asset;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * People who left, as access-service tells: each asset they own asks for a new owner (R3.3), and
 * nobody can make them an owner again.
 */
@ApplicationScoped
class Departures implements EventListener {

  private record Left(UUID aggregateId, Instant at) {}

  private record Snapshot(UUID aggregateId, State state, Instant at) {
    record State(String state) {}
  }

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final Clock clock;
  private final Duration reassignWithin;

  Departures(
      Instance<Inbox> inbox,
      Outbox outbox,
      Clock clock,
      @ConfigProperty(name = "vigie.asset.reassign-within") Duration reassignWithin) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.clock = clock;
    this.reassignWithin = reassignWithin;
  }

  @Override
  public String name() {
    return "departures";
  }

  @Incoming("access-events")
  Uni<Void> receive(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  /** A snapshot of somebody who left says it again, for a register that began after they did. */
  @Override
  public Uni<Void> on(ReceivedEvent event) {
    if (event.type().equals("person.left.v1")) {
      return depart(event.data(Left.class));
    }
    if (event.type().equals("person.snapshot.v1")) {
      Snapshot person = event.data(Snapshot.class);
      if (person.state().state().equals("LEFT")) {
        return depart(new Left(person.aggregateId(), person.at()));
      }
    }
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> depart(Left left) {
    return lock("pg_advisory_xact_lock", left.aggregateId())
        .chain(() -> remember(left))
        .chain(
            () ->
                Asset.<Asset>list(
                    "owner = ?1 and reassignBy is null and state in ?2 order by id",
                    left.aggregateId(),
                    List.of(AssetState.IN_STOCK, AssetState.IN_SERVICE)))
        .chain(this::requestReassignment);
  }

  /**
   * Fails with 422 when the person left. Until the transaction ends nobody can record that they do,
   * so an asset that is given to a leaver meanwhile is seen by {@link #depart}.
   */
  Uni<Void> requirePresent(UUID person) {
    return lock("pg_advisory_xact_lock_shared", person)
        .chain(Panache::getSession)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select count(*) from departed_person where person_id = ?1", Long.class)
                    .setParameter(1, person)
                    .getSingleResult())
        .invoke(
            count -> {
              if (count > 0) {
                throw Problem.unprocessable(
                    "owner-left", "This person left. Choose somebody who works here.");
              }
            })
        .replaceWithVoid();
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
                        "insert into departed_person (person_id, left_at) values (?1, ?2) on conflict do nothing")
                    .setParameter(1, left.aggregateId())
                    .setParameter(2, OffsetDateTime.ofInstant(left.at(), ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Void> requestReassignment(List<Asset> assets) {
    Instant now = clock.instant();
    return Multi.createFrom()
        .iterable(assets)
        .onItem()
        .transformToUniAndConcatenate(
            asset -> outbox.append(asset, asset.requestReassignment(now.plus(reassignWithin), now)))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
