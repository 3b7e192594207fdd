package io.vigie.incident.playbook;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** What asset-service tells of documents: which are in force, and which are not any more. */
@ApplicationScoped
class ApprovedDocuments implements EventListener {

  private record Changed(UUID aggregateId) {}

  private record Snapshot(UUID aggregateId, State state) {

    private record State(String state) {}

    boolean isInForce() {
      return state.state().equals("IN_FORCE");
    }
  }

  private final Instance<Inbox> inbox;

  ApprovedDocuments(Instance<Inbox> inbox) {
    this.inbox = inbox;
  }

  @Override
  public String name() {
    return "approved-documents";
  }

  @Incoming("document-events")
  Uni<Void> receive(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    return switch (event.type()) {
      case "document.version-approved.v1" ->
          DocumentInForce.keep(event.data(Changed.class).aggregateId());
      case "document.withdrawn.v1" ->
          DocumentInForce.forget(event.data(Changed.class).aggregateId());
      case "document.snapshot.v1" -> {
        Snapshot snapshot = event.data(Snapshot.class);
        yield snapshot.isInForce()
            ? DocumentInForce.keep(snapshot.aggregateId())
            : DocumentInForce.forget(snapshot.aggregateId());
      }
      default -> Uni.createFrom().voidItem();
    };
  }
}
