package io.vigie.asset.inventory;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Whom assets can serve: the clients of whom access-service told, until they end (R1.2). What
 * serves one then asks for a decision: {@link EndedClientTasks}.
 */
@ApplicationScoped
class Clients implements EventListener {

  private static final String REGISTERED = "client.registered.v1";
  private static final String ENDED = "client.ended.v1";
  private static final String SNAPSHOT = "client.snapshot.v1";

  private record Told(UUID aggregateId, Instant at) {}

  private record Snapshot(UUID aggregateId, State state, Instant at) {
    record State(String state) {}
  }

  private final Instance<Inbox> inbox;

  Clients(Instance<Inbox> inbox) {
    this.inbox = inbox;
  }

  @Override
  public String name() {
    return "clients";
  }

  @Incoming("client-events")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return Set.of(REGISTERED, ENDED, SNAPSHOT).contains(type);
  }

  /** A snapshot of a client that has ended says so, not when: it had by then. */
  @Override
  public Uni<Void> on(ReceivedEvent event) {
    if (event.type().equals(SNAPSHOT)) {
      Snapshot snapshot = event.data(Snapshot.class);
      return keep(snapshot.aggregateId(), snapshot.state().state().equals("ENDED"), snapshot.at());
    }
    Told told = event.data(Told.class);
    return keep(told.aggregateId(), event.type().equals(ENDED), told.at());
  }

  private static Uni<Void> keep(UUID client, boolean ended, Instant at) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into known_client (client_id, ended_at)
                        values (?1, case when ?2 then cast(?3 as timestamptz) end)
                        on conflict (client_id) do update
                        set ended_at = least(known_client.ended_at, excluded.ended_at)""")
                    .setParameter(1, client)
                    .setParameter(2, ended)
                    .setParameter(3, at.atOffset(ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** Those of these ids that no client has, or one that has ended. */
  Uni<Set<UUID>> unknown(Collection<UUID> ids) {
    String all = ids.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select client_id from known_client
                        where client_id = any(cast(cast(?1 as text) as uuid[])) and ended_at is null""",
                        UUID.class)
                    .setParameter(1, all)
                    .getResultList())
        .map(
            known -> {
              Set<UUID> unknown = new HashSet<>(ids);
              known.forEach(unknown::remove);
              return unknown;
            });
  }
}
