package io.vigie.incident.playbook;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * What asset-service tells of documents: which are in force, by which version, and which are not.
 */
@ApplicationScoped
class ApprovedDocuments implements EventListener {

  private static final String APPROVED = "document.version-approved.v1";
  private static final String WITHDRAWN = "document.withdrawn.v1";
  private static final String SNAPSHOT = "document.snapshot.v1";

  /** Of one that was withdrawn it has no number. */
  private record Changed(UUID aggregateId, Integer number) {}

  private record Snapshot(UUID aggregateId, State state) {

    private record State(String state, Integer currentNumber) {}

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
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return type.equals(APPROVED) || type.equals(WITHDRAWN) || type.equals(SNAPSHOT);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    if (event.type().equals(SNAPSHOT)) {
      Snapshot snapshot = event.data(Snapshot.class);
      return snapshot.isInForce()
          ? DocumentInForce.keep(snapshot.aggregateId(), snapshot.state().currentNumber())
          : DocumentInForce.forget(snapshot.aggregateId());
    }
    Changed changed = event.data(Changed.class);
    return event.type().equals(APPROVED)
        ? DocumentInForce.keep(changed.aggregateId(), changed.number())
        : DocumentInForce.forget(changed.aggregateId());
  }
}
