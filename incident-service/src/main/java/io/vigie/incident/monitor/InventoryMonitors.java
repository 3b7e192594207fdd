package io.vigie.incident.monitor;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * What the inventory says is to be watched (R11.2, R11.7): a web property that comes into service
 * gets a monitor of its page and one of its TLS, unless it has one; when its address changes, those
 * that watched the old one watch the new one. The monitors of a retired asset of any kind end.
 */
@ApplicationScoped
class InventoryMonitors implements EventListener {

  private static final String WEB_PROPERTY = "WEB_PROPERTY";
  private static final String REGISTERED = "asset.registered.v1";
  private static final String SNAPSHOT = "asset.snapshot.v1";

  /** What changes whether it is in service, or its name or address. */
  private static final Set<String> CHANGES =
      Set.of(
          REGISTERED,
          "asset.discovered.v1",
          "asset.described.v1",
          "asset.commissioned.v1",
          "asset.shelved.v1",
          "asset.retired.v1",
          "asset.rejected.v1");

  private static final Set<String> GONE = Set.of("RETIRED", "SANITISED", "DISPOSED", "REJECTED");

  private record Attributes(String url) {}

  /** What was told of an asset; what is null did not change. */
  private record Told(String name, String kind, String state, Attributes attributes) {

    private String url() {
      return attributes == null ? null : attributes.url();
    }
  }

  private record Changed(UUID aggregateId, Told changes) {}

  private record Snapshot(UUID aggregateId, Told state) {}

  private final Instance<Inbox> inbox;
  private final MonitorPolicy policy;
  private final Outbox outbox;
  private final Clock clock;

  InventoryMonitors(Instance<Inbox> inbox, MonitorPolicy policy, Outbox outbox, Clock clock) {
    this.inbox = inbox;
    this.policy = policy;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "inventory-monitors";
  }

  @Incoming("inventory")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return type.equals(SNAPSHOT) || CHANGES.contains(type);
  }

  /** Nothing is watched yet of what is new. */
  @Override
  public boolean concerns(ReceivedEvent event) {
    return !event.type().equals(REGISTERED)
        || WEB_PROPERTY.equals(event.data(Changed.class).changes().kind());
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    if (event.type().equals(SNAPSHOT)) {
      Snapshot snapshot = event.data(Snapshot.class);
      return take(snapshot.aggregateId(), snapshot.state());
    }
    Changed changed = event.data(Changed.class);
    return take(changed.aggregateId(), changed.changes());
  }

  private Uni<Void> take(UUID asset, Told told) {
    if (told.state() != null && GONE.contains(told.state())) {
      return WebProperty.deleteById(asset).chain(gone -> retire(asset));
    }
    return WebProperty.<WebProperty>findById(asset)
        .chain(
            known ->
                known != null
                    ? follow(known, told)
                    : WEB_PROPERTY.equals(told.kind())
                        ? follow(new WebProperty(asset), told)
                        : Uni.createFrom().voidItem());
  }

  private Uni<Void> follow(WebProperty property, Told told) {
    String before = property.url();
    boolean wasInService = property.isInService();
    property.tell(told.name(), told.url(), told.state());
    return property
        .persist()
        .chain(
            () -> {
              if (property.url() == null || !property.isInService()) {
                return Uni.createFrom().voidItem();
              }
              return before == null || !wasInService
                  ? watch(property)
                  : Objects.equals(before, property.url())
                      ? Uni.createFrom().voidItem()
                      : move(property, before);
            });
  }

  private Uni<Void> watch(WebProperty property) {
    return Multi.createFrom()
        .items(MonitorType.HTTP, MonitorType.TLS)
        .onItem()
        .transformToUniAndConcatenate(type -> watch(property, type))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> watch(WebProperty property, MonitorType type) {
    Target target = Target.of(property.url(), type);
    if (!target.errors(type).isEmpty()) {
      return Uni.createFrom().voidItem(); // no page can be there
    }
    Instant now = clock.instant();
    return Monitor.count(
            "asset = ?1 and type = ?2 and state <> ?3",
            property.asset(),
            type,
            MonitorState.RETIRED)
        .chain(
            there -> {
              if (there > 0) {
                return Uni.createFrom().voidItem();
              }
              Monitor monitor =
                  new Monitor(
                      property.asset(),
                      property.name(),
                      type,
                      target,
                      policy.of(type).everySeconds(),
                      now);
              return outbox.append(monitor, monitor.created());
            });
  }

  private Uni<Void> move(WebProperty property, String before) {
    Instant now = clock.instant();
    return decide(
        property.asset(),
        monitor -> {
          Monitor.State state = monitor.state();
          Target moved = state.target().moved(before, property.url(), state.type());
          return moved.errors(state.type()).isEmpty()
              ? monitor.change(state.name(), moved, state.everySeconds(), now)
              : List.of();
        });
  }

  private Uni<Void> retire(UUID asset) {
    Instant now = clock.instant();
    return decide(asset, monitor -> List.of(monitor.retire("Its asset was retired.", now)));
  }

  private Uni<Void> decide(UUID asset, Function<Monitor, List<MonitorEvent>> decision) {
    return Monitor.<Monitor>find(
            "asset = ?1 and state <> ?2 order by id", asset, MonitorState.RETIRED)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .chain(
            monitors ->
                outbox.append(
                    monitors.stream()
                        .map(monitor -> new Decided(monitor, decision.apply(monitor)))
                        .toList()));
  }
}
