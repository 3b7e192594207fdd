package io.vigie.incident.clock;

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
  public Uni<Void> on(ReceivedEvent event) {
    return switch (event.type()) {
      case "client.registered.v1", "client.changed.v1" -> {
        Terms terms = event.data(Terms.class);
        yield ClientDelay.keep(terms.aggregateId(), terms.notificationDelayHours());
      }
      case "client.snapshot.v1" -> {
        Snapshot snapshot = event.data(Snapshot.class);
        yield ClientDelay.keep(snapshot.aggregateId(), snapshot.state().notificationDelayHours());
      }
      default -> Uni.createFrom().voidItem();
    };
  }
}
