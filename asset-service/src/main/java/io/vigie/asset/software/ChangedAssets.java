package io.vigie.asset.software;

import java.util.List;
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
 * Matches all that an asset holds when it is back: what ended while it was lost begins again, and
 * advisories that came meanwhile count. And when others can reach it who could not, or no longer:
 * due dates depend on whether it is in production, public, and in which zone, and those of
 * applications also on what they depend on and what depends on them.
 */
@ApplicationScoped
class ChangedAssets implements EventListener {

  private static final String DESCRIBED = "asset.described.v1";
  private static final String DEPENDING = "asset.dependencies-changed.v1";

  private static final Set<String> KNOWN =
      Set.of(
          DESCRIBED,
          DEPENDING,
          "asset.placed.v1",
          "asset.recovered.v1",
          "asset.rejected.v1",
          "asset.retired.v1",
          "asset.lost.v1");

  /**
   * @param removed what it no longer depends on; null for events of other types
   */
  private record Changed(UUID aggregateId, List<UUID> removed, JsonNode changes) {
    private boolean changesReach(String type) {
      return switch (type) {
        case DESCRIBED ->
            changes.has("kind")
                || changes.has("production")
                || changes.path("attributes").has("public");
        case DEPENDING -> changes.has("dependsOn");
        default -> true;
      };
    }

    private List<UUID> before() {
      return removed == null ? List.of() : removed;
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
    return KNOWN.contains(type);
  }

  @Override
  public boolean concerns(ReceivedEvent event) {
    return event.data(Changed.class).changesReach(event.type());
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    Changed asset = event.data(Changed.class);
    return matching.rematchReached(asset.aggregateId(), asset.before());
  }
}
