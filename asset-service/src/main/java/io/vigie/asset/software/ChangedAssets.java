package io.vigie.asset.software;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Matches all that an asset holds when it is back: what ended while it was lost begins again, and
 * advisories that came meanwhile count. And when others can reach it who could not, or no longer:
 * due dates depend on whether it is in production, public, and in which zone.
 */
@ApplicationScoped
class ChangedAssets implements EventListener {

  private static final String RECOVERED = "asset.recovered.v1";
  private static final String PLACED = "asset.placed.v1";
  private static final String DESCRIBED = "asset.described.v1";

  private record Changed(UUID aggregateId, JsonNode changes) {
    private boolean changesItsReach() {
      return changes.has("production") || changes.path("attributes").has("public");
    }
  }

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
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return type.equals(RECOVERED) || type.equals(PLACED) || type.equals(DESCRIBED);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    Changed asset = event.data(Changed.class);
    return !event.type().equals(DESCRIBED) || asset.changesItsReach()
        ? matching.rematch(asset.aggregateId())
        : Uni.createFrom().voidItem();
  }
}
