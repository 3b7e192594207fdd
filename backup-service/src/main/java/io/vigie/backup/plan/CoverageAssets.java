package io.vigie.backup.plan;

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
 * Learns of every asset what its backups depend on, as asset-service tells: what it is, where, how
 * sensitive and how large, and whether it is in service (R12.1).
 */
@ApplicationScoped
class CoverageAssets implements EventListener {

  private static final String SNAPSHOT = "asset.snapshot.v1";

  private static final Set<String> TYPES =
      Set.of(
          "asset.registered.v1",
          "asset.discovered.v1",
          "asset.adopted.v1",
          "asset.rejected.v1",
          "asset.described.v1",
          "asset.classified.v1",
          "asset.levels-inherited.v1",
          "asset.dependencies-changed.v1",
          "asset.received.v1",
          "asset.commissioned.v1",
          "asset.shelved.v1",
          "asset.sent-to-repair.v1",
          "asset.lost.v1",
          "asset.recovered.v1",
          "asset.retired.v1",
          "asset.sanitised.v1",
          "asset.disposed.v1",
          SNAPSHOT);

  private record Told(UUID aggregateId, JsonNode changes, JsonNode state) {}

  private final Instance<Inbox> inbox;
  private final Coverage coverage;

  CoverageAssets(Instance<Inbox> inbox, Coverage coverage) {
    this.inbox = inbox;
    this.coverage = coverage;
  }

  @Override
  public String name() {
    return "coverage-assets";
  }

  @Override
  public boolean knows(String type) {
    return TYPES.contains(type);
  }

  @Incoming("coverage-assets")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    Told told = event.data(Told.class);
    boolean whole = event.type().equals(SNAPSHOT);
    JsonNode news = whole ? told.state() : told.changes();
    return news == null
        ? Uni.createFrom().voidItem()
        : coverage.learn(told.aggregateId(), news, whole);
  }
}
