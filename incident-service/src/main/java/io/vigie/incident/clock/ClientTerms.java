package io.vigie.incident.clock;

import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** What access-service tells of its clients' contracts, also of those that are over. */
@ApplicationScoped
class ClientTerms implements EventListener {

  private static final String SNAPSHOT = "client.snapshot.v1";
  private static final Set<String> TYPES =
      Set.of("client.registered.v1", "client.changed.v1", SNAPSHOT);

  private record Terms(UUID aggregateId, int notificationDelayHours) {}

  private record Snapshot(UUID aggregateId, State state) {

    private record State(int notificationDelayHours) {}
  }

  private final Instance<Inbox> inbox;

  ClientTerms(Instance<Inbox> inbox) {
    this.inbox = inbox;
  }

  @Override
  public String name() {
    return "client-terms";
  }

  @Incoming("client-events")
  Uni<Void> receive(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Override
  public boolean knows(String type) {
    return TYPES.contains(type);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    if (event.type().equals(SNAPSHOT)) {
      Snapshot snapshot = event.data(Snapshot.class);
      return ClientDelay.keep(snapshot.aggregateId(), snapshot.state().notificationDelayHours());
    }
    Terms terms = event.data(Terms.class);
    return ClientDelay.keep(terms.aggregateId(), terms.notificationDelayHours());
  }
}
