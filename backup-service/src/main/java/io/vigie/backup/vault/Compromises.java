package io.vigie.backup.vault;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Which assets have malicious code on them, as incident-service tells. */
@ApplicationScoped
class Compromises implements EventListener {

  private static final String DECLARED = "compromise.declared.v1";
  private static final String LIFTED = "compromise.lifted.v1";
  private static final String SNAPSHOT = "compromise.snapshot.v1";
  private static final List<String> KNOWN = List.of(DECLARED, LIFTED, SNAPSHOT);

  /** Of a snapshot all is in the state. */
  private record News(
      UUID aggregateId, UUID asset, UUID incident, Instant compromisedSince, State state) {

    private record State(String state, UUID asset, UUID incident, Instant compromisedSince) {}
  }

  private final Instance<Inbox> inbox;
  private final Holds holds;

  Compromises(Instance<Inbox> inbox, Holds holds) {
    this.inbox = inbox;
    this.holds = holds;
  }

  @Override
  public String name() {
    return "compromises";
  }

  @Override
  public boolean knows(String type) {
    return KNOWN.contains(type);
  }

  @Incoming("compromises")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    News news = event.data(News.class);
    return switch (event.type()) {
      case DECLARED ->
          holds.place(news.aggregateId(), news.asset(), news.incident(), news.compromisedSince());
      case LIFTED -> holds.lift(news.aggregateId());
      default -> follow(news.aggregateId(), news.state());
    };
  }

  private Uni<Void> follow(UUID compromise, News.State state) {
    return state.state().equals("DECLARED")
        ? holds.place(compromise, state.asset(), state.incident(), state.compromisedSince())
        : holds.lift(compromise);
  }
}
