package io.vigie.incident.reaction;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.LockModeType;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.Cause;
import io.vigie.incident.SecurityEvent;
import io.vigie.incident.SecurityEventState;
import io.vigie.incident.alert.AlertIntake;
import io.vigie.incident.alert.Severity;
import io.vigie.incident.alert.Signal;
import io.vigie.incident.reaction.ReactionRules.Change;
import io.vigie.incident.reaction.ReactionRules.Rule;
import io.vigie.incident.reaction.ReactionRules.Trigger;
import io.vigie.kernel.Actor;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Opens and closes what the rules say, as other services tell: each once, however often an event is
 * delivered. Events about one thing may come on different keys, and so in another order than they
 * happened: an older one is passed over.
 */
@ApplicationScoped
class Reactions implements EventListener {

  /** Who says so, in alerts. */
  private static final String SOURCE = "vigie";

  private static final String ABOUT = "about";

  private final Instance<Inbox> inbox;
  private final AlertIntake alerts;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;
  private final ReactionRules rules = ReactionRules.read();
  private final Set<String> events = rules.events();

  Reactions(Instance<Inbox> inbox, AlertIntake alerts, Outbox outbox, Actor actor, Clock clock) {
    this.inbox = inbox;
    this.alerts = alerts;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "reactions";
  }

  /** What no rule asks for is by far the most. */
  @Override
  public boolean knows(String type) {
    return events.contains(type);
  }

  @Incoming("reactions")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    JsonNode data = event.data(JsonNode.class);
    return Multi.createFrom()
        .iterable(rules.changes(event.type(), data))
        .onItem()
        .transformToUniAndConcatenate(change -> react(change, event, data))
        .collect()
        .last();
  }

  private Uni<Void> react(Change change, ReceivedEvent event, JsonNode data) {
    Instant order = change.trigger().order(data);
    String about = change.trigger().about(data);
    Cause cause = new Cause(event.id(), event.subject());
    return Reaction.of(change.rule().code(), about, order)
        .chain(
            reaction -> {
              if (reaction.isPast(order)) {
                return Uni.createFrom().voidItem();
              }
              return change.opens()
                  ? open(reaction, change, about, cause, data)
                  : close(reaction, change, about, cause, data);
            });
  }

  private Uni<Void> open(
      Reaction reaction, Change change, String about, Cause cause, JsonNode data) {
    Rule rule = change.rule();
    Instant order = change.trigger().order(data);
    if (rule.opens().alert() != null) {
      UUID asset = change.trigger().asset(data);
      reaction.open(asset, null, order);
      return signal(rule, about, asset, change.trigger().since(data), true, cause);
    }
    return waitsForDecision(reaction, rule)
        .chain(
            waits -> {
              if (waits) {
                reaction.open(reaction.asset(), reaction.securityEvent(), order);
                return Uni.createFrom().voidItem();
              }
              return report(reaction, change, cause, data);
            });
  }

  /** Whether it is told already: what somebody has decided on is not what happens after. */
  private static Uni<Boolean> waitsForDecision(Reaction reaction, Rule rule) {
    return reaction.isOpen() && rule.ends()
        ? SecurityEvent.<SecurityEvent>findById(reaction.securityEvent())
            .map(event -> event.state().state() == SecurityEventState.REPORTED)
        : Uni.createFrom().item(false);
  }

  private Uni<Void> report(Reaction reaction, Change change, Cause cause, JsonNode data) {
    Rule rule = change.rule();
    Trigger trigger = change.trigger();
    UUID asset = trigger.asset(data);
    String told = trigger.description(data);
    SecurityEvent opened =
        new SecurityEvent(
            rule.title().en(),
            told == null ? rule.explanation().en() : told,
            asset,
            rule.opens().securityEvent(),
            trigger.since(data),
            actor.id(),
            ReactionRules.toldAt(data),
            cause);
    return outbox
        .append(opened, opened.reported())
        .invoke(() -> reaction.open(asset, opened.id(), trigger.order(data)));
  }

  private Uni<Void> close(
      Reaction reaction, Change change, String about, Cause cause, JsonNode data) {
    Rule rule = change.rule();
    boolean wasOpen = reaction.isOpen();
    reaction.close(change.trigger().order(data));
    if (!wasOpen) {
      return Uni.createFrom().voidItem();
    }
    return rule.opens().alert() != null
        ? signal(rule, about, reaction.asset(), ReactionRules.toldAt(data), false, cause)
        : dismiss(reaction.securityEvent(), cause);
  }

  private Uni<Void> signal(
      Rule rule, String about, UUID asset, Instant since, boolean isFiring, Cause cause) {
    Severity severity = rule.opens().alert();
    TreeMap<String, String> labels = new TreeMap<>();
    labels.put(Signal.RULE, rule.code());
    if (!about.isEmpty()) {
      labels.put(ABOUT, about);
    }
    if (asset != null) {
      labels.put(Signal.ASSET, asset.toString());
    }
    return alerts
        .take(
            List.of(
                new Signal(
                    SOURCE,
                    rule.code(),
                    severity,
                    labels,
                    rule.title().en(),
                    rule.explanation().en(),
                    isFiring,
                    since,
                    cause)))
        .replaceWithVoid();
  }

  /** Unless somebody has decided already: then that stands. */
  private Uni<Void> dismiss(UUID id, Cause cause) {
    return SecurityEvent.<SecurityEvent>findById(id, LockModeType.PESSIMISTIC_WRITE)
        .chain(
            event ->
                event.state().state() == SecurityEventState.REPORTED
                    ? outbox.append(
                        event,
                        event.dismiss(
                            "Its cause is gone, as event %s about %s tells."
                                .formatted(cause.event(), cause.subject()),
                            clock.instant()))
                    : Uni.createFrom().voidItem());
  }
}
