package io.vigie.incident;

import java.time.Instant;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Assets lost or stolen, as asset-service tells: each is a security event without anybody reporting
 * it a second time.
 */
@ApplicationScoped
class LostAssets implements EventListener {

  private record Lost(
      UUID aggregateId, boolean stolen, String circumstances, Instant occurredAt, Instant at) {

    /** Told to asset-service at {@code at}: that is when it was reported. */
    SecurityEvent reportedBy(String reporter) {
      return new SecurityEvent(
          stolen ? "An asset was stolen" : "An asset was lost",
          circumstances,
          aggregateId,
          category(),
          occurredAt,
          reporter,
          at);
    }

    /**
     * RSIT counts physical theft as data loss, under information content security; for what is
     * merely lost it has no place of its own.
     */
    private Category category() {
      return stolen ? Category.INFORMATION_CONTENT_SECURITY : Category.OTHER;
    }
  }

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final Actor actor;

  LostAssets(Instance<Inbox> inbox, Outbox outbox, Actor actor) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.actor = actor;
  }

  @Override
  public String name() {
    return "lost-assets";
  }

  @Incoming("asset-events")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return type.equals("asset.lost.v1");
  }

  @Override
  public Uni<Void> on(ReceivedEvent received) {
    SecurityEvent event = received.data(Lost.class).reportedBy(actor.id());
    return outbox.append(event, event.reported());
  }
}
