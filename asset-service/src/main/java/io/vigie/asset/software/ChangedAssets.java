package io.vigie.asset.software;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Matches all that an asset holds when it is back: what ended while it was lost begins again, and
 * advisories that came meanwhile count. And when it goes into production or out of it, which due
 * dates depend on.
 */
@ApplicationScoped
class ChangedAssets implements EventListener {

  private static final String RECOVERED = "asset.recovered.v1";
  private static final String DESCRIBED = "asset.described.v1";

  private record Changed(UUID aggregateId, JsonNode changes) {}

  private final Instance<Inbox> inbox;
  private final Matching matching;

  ChangedAssets(Instance<Inbox> inbox, Matching matching) {
    this.inbox = inbox;
    this.matching = matching;
  }

  @Override
  public String name() {
    return "software-assets";
  }

  @Incoming("software-assets")
  Uni<Void> receive(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Override
  public boolean knows(String type) {
    return type.equals(RECOVERED) || type.equals(DESCRIBED);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    Changed asset = event.data(Changed.class);
    return event.type().equals(RECOVERED) || asset.changes().has("production")
        ? matching.rematch(asset.aggregateId())
        : Uni.createFrom().voidItem();
  }
}
