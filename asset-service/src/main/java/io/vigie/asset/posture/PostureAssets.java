package io.vigie.asset.posture;

import java.util.Set;
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
 * Judges an asset as soon as it is in service, whether a tool ever reported it or not, and when the
 * register says something else of it that rules go by; ends its breaches when it leaves.
 */
@ApplicationScoped
class PostureAssets implements EventListener {

  private static final String DESCRIBED = "asset.described.v1";

  private static final Set<String> TYPES =
      Set.of(
          "asset.commissioned.v1",
          "asset.shelved.v1",
          "asset.sent-to-repair.v1",
          "asset.lost.v1",
          "asset.retired.v1",
          DESCRIBED);

  private record Changed(UUID aggregateId, JsonNode changes) {
    private boolean bearsOnRules() {
      return changes.has("production") || changes.has("attributes");
    }
  }

  private final Instance<Inbox> inbox;
  private final Postures postures;

  PostureAssets(Instance<Inbox> inbox, Postures postures) {
    this.inbox = inbox;
    this.postures = postures;
  }

  @Override
  public String name() {
    return "posture-assets";
  }

  @Incoming("posture-assets")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return TYPES.contains(type);
  }

  @Override
  public boolean concerns(ReceivedEvent event) {
    return !event.type().equals(DESCRIBED) || event.data(Changed.class).bearsOnRules();
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    return postures.judge(event.data(Changed.class).aggregateId()).replaceWithVoid();
  }
}
