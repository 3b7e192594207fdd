package io.vigie.kernel.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Contracts;
import io.vigie.kernel.DomainEvent;
import io.vigie.kernel.Ids;
import io.vigie.kernel.MergePatch;
import io.vigie.kernel.PresentRequest;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Facts, written in the same transaction as the state they follow from: both commit or neither
 * does. The relay sends them afterwards, so a write succeeds while Kafka is down.
 *
 * <p>Called inside a transaction ({@code @Command}, the inbox, {@code Panache.withTransaction});
 * outside one it fails with {@link IllegalStateException}.
 */
@ApplicationScoped
public class Outbox {

  /** Largest payload, in bytes: under Kafka's default record limit of 1 MiB, headers included. */
  static final int MAX_PAYLOAD_BYTES = 900_000;

  /** As many rows go into one statement at most. */
  private static final int ROWS = 500;

  private static final String FIRST_EVENT = Outbox.class.getName() + ".first";

  private final ObjectMapper json;
  private final Actor actor;
  private final PresentRequest request;

  Outbox(ObjectMapper json, Actor actor, PresentRequest request) {
    this.json = json;
    this.actor = actor;
    this.request = request;
  }

  /**
   * An aggregate, and what a decision about it established.
   *
   * @param eventId of the first event, where the aggregate keeps it, to say later where the receipt
   *     is; null for any
   */
  public record Decided(Aggregate aggregate, List<? extends DomainEvent> events, UUID eventId) {

    public Decided(Aggregate aggregate, List<? extends DomainEvent> events) {
      this(aggregate, events, null);
    }
  }

  /**
   * A fact of an aggregate that a statement of the caller's has changed, with the number and the
   * published state that its row now has.
   *
   * @param kind of the aggregate
   * @param changes from the public state published before, as a merge patch
   */
  public record Stored(String kind, long number, ObjectNode changes, DomainEvent event) {}

  /**
   * Publishes what a decision established. The aggregate is stored first, inserted when it is new
   * and flushed otherwise, so that a version conflict fails here, in the request that caused it.
   * Each event takes the aggregate's next event number; the first one carries what changed, as a
   * merge patch of the public state.
   *
   * @throws IllegalStateException (as a failure of the Uni) if an event breaks its contract or is
   *     over {@value #MAX_PAYLOAD_BYTES} bytes: a defect of the producer, nothing is committed
   */
  public Uni<Void> append(Aggregate aggregate, List<? extends DomainEvent> events) {
    return append(List.of(new Decided(aggregate, events)));
  }

  /** The same for many aggregates: stored in one flush, published by a few statements. */
  public Uni<Void> append(List<Decided> decisions) {
    List<Stored> facts = new ArrayList<>();
    List<UUID> eventIds = new ArrayList<>();
    for (Decided decision : decisions) {
      Aggregate aggregate = decision.aggregate();
      UUID eventId = decision.eventId();
      for (DomainEvent event : decision.events()) {
        String state = write(aggregate.state());
        // Both sides as they are read: a number made in Java and the same number read are not
        // equal.
        ObjectNode changes =
            MergePatch.diff(read(aggregate.journal().publishedState()), read(state));
        facts.add(new Stored(aggregate.kind(), aggregate.journal().next(state), changes, event));
        eventIds.add(eventId == null ? Ids.next() : eventId);
        eventId = null;
      }
    }
    return inTransaction()
        .call(session -> store(session, decisions))
        .chain(() -> publish(facts, eventIds));
  }

  /** {@link #append(Aggregate, List)} for the usual decision: one event. */
  public Uni<Void> append(Aggregate aggregate, DomainEvent event) {
    return append(aggregate, List.of(event));
  }

  /** Publishes what statements of the caller's own changed, where there is too much to load. */
  public Uni<Void> publish(List<Stored> facts) {
    return publish(facts, facts.stream().map(fact -> Ids.next()).toList());
  }

  private Uni<Void> publish(List<Stored> facts, List<UUID> eventIds) {
    List<OutboxRow> rows = new ArrayList<>();
    for (Stored fact : facts) {
      ObjectNode payload = json.valueToTree(fact.event());
      payload.set("changes", fact.changes());
      UUID id = fact.event().aggregateId();
      String subject = fact.kind() + "/" + id;
      UUID eventId = eventIds.get(rows.size());
      rows.add(
          row(eventId, fact.event(), subject, id.toString(), fact.number(), actor.id(), payload));
    }
    return insert(rows);
  }

  /**
   * Publishes a fact that belongs to no aggregate, such as a refusal. It has no event number and no
   * changes; facts of one {@code key} keep their order.
   */
  public Uni<Void> appendFact(String kind, String key, String actor, DomainEvent fact) {
    return Uni.createFrom()
        .item(() -> fact(kind, key, actor, fact, json.valueToTree(fact)))
        .chain(row -> insert(List.of(row)));
  }

  /**
   * The same of a fact that is an object by itself, which nothing happens to afterwards.
   *
   * @param state what others may know of that object; its changes are all of it
   */
  public Uni<Void> appendFact(
      String kind, String key, String actor, DomainEvent fact, Record state) {
    return Uni.createFrom()
        .item(
            () -> {
              ObjectNode payload = json.valueToTree(fact);
              payload.set("changes", json.valueToTree(state));
              return fact(kind, key, actor, fact, payload);
            })
        .chain(row -> insert(List.of(row)));
  }

  private OutboxRow fact(
      String kind, String key, String actor, DomainEvent fact, ObjectNode payload) {
    return row(Ids.next(), fact, kind + "/" + fact.aggregateId(), key, null, actor, payload);
  }

  /**
   * The id of the first event that the present request has appended; null where it has appended
   * none yet, or nobody requested anything.
   */
  public UUID firstOfRequest() {
    RoutingContext present = request.context();
    return present == null ? null : present.get(FIRST_EVENT);
  }

  /**
   * Has the answer to the present request say where the receipt of this event is, unless the
   * request appended one before. For an event that gets into the log without the outbox.
   */
  public void note(UUID eventId) {
    RoutingContext present = request.context();
    if (present != null && present.get(FIRST_EVENT) == null) {
      present.put(FIRST_EVENT, eventId);
    }
  }

  /**
   * A transaction that is one of several of the present request. Where it fails, the answer says
   * nothing of the receipts of what it appended.
   */
  public <T> Uni<T> step(Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              UUID first = firstOfRequest();
              return Panache.withTransaction(work).onFailure().invoke(() -> forgetAllAfter(first));
            });
  }

  private void forgetAllAfter(UUID first) {
    RoutingContext present = request.context();
    if (present != null) {
      present.put(FIRST_EVENT, first);
    }
  }

  /**
   * Publishes the whole public state of an aggregate that was published before, to tell of it when
   * it was looked at last where nothing else changed. The caller has it locked, and asks now and
   * then only: the log keeps each snapshot. The changes of the next event are those since the last
   * event, so what may become again what it was is told by events.
   */
  public Uni<Void> appendSnapshot(Aggregate aggregate, Instant at) {
    return appendSnapshots(List.of(aggregate), at);
  }

  /**
   * The same for many, also for read models that start from nothing: the state of each as it stands
   * now, under its current event number.
   */
  public Uni<Void> appendSnapshots(List<? extends Aggregate> aggregates, Instant at) {
    return Uni.createFrom()
        .item(() -> aggregates.stream().map(aggregate -> snapshot(aggregate, at)).toList())
        .chain(this::insert);
  }

  private OutboxRow snapshot(Aggregate aggregate, Instant at) {
    Snapshot snapshot = new Snapshot(aggregate.kind(), aggregate.id(), aggregate.state(), at);
    ObjectNode payload = json.valueToTree(snapshot);
    payload.remove("kind"); // which stands in the type
    return row(
        Ids.next(),
        snapshot,
        aggregate.kind() + "/" + aggregate.id(),
        aggregate.id().toString(),
        aggregate.journal().eventNumber(),
        actor.id(),
        payload);
  }

  /** After the journals moved on: a new aggregate then needs one insert, not an update as well. */
  private static Uni<Void> store(Mutiny.Session session, List<Decided> decisions) {
    Object[] unknown =
        decisions.stream()
            .map(Decided::aggregate)
            .filter(aggregate -> !session.contains(aggregate))
            .toArray();
    Uni<Void> known =
        unknown.length == 0 ? Uni.createFrom().voidItem() : session.persistAll(unknown);
    if (decisions.size() > 1) {
      session.setBatchSize(ROWS);
    }
    return known.chain(session::flush);
  }

  private OutboxRow row(
      UUID eventId,
      DomainEvent event,
      String subject,
      String key,
      Long number,
      String actor,
      ObjectNode payload) {
    List<String> violations = Contracts.violations(event.type(), payload);
    if (!violations.isEmpty()) {
      throw new IllegalStateException(event.type() + " breaks its contract: " + violations);
    }
    String text = write(payload);
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_PAYLOAD_BYTES) {
      throw new IllegalStateException(event.type() + " is over the size of one record");
    }
    return new OutboxRow(
        eventId, event.type(), subject, key, number, text, actor, event.at(), traceparent());
  }

  private Uni<Void> insert(List<OutboxRow> rows) {
    if (rows.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return inTransaction()
        .call(
            session ->
                rows.size() == 1
                    ? rows.get(0).insert(session)
                    : Multi.createFrom()
                        .iterable(rows)
                        .group()
                        .intoLists()
                        .of(ROWS)
                        .onItem()
                        .transformToUniAndConcatenate(
                            some -> OutboxRow.insert(session, write(some)))
                        .collect()
                        .last())
        .invoke(() -> note(rows.get(0).eventId()))
        .replaceWithVoid();
  }

  private static Uni<Mutiny.Session> inTransaction() {
    return Panache.getSession()
        .invoke(
            session -> {
              if (session.currentTransaction() == null) {
                throw new IllegalStateException("a fact needs the transaction that made it true");
              }
            });
  }

  /** W3C trace context of the current span, or null where nothing is traced. */
  private static String traceparent() {
    SpanContext span = Span.current().getSpanContext();
    return span.isValid()
        ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex()
        : null;
  }

  private ObjectNode read(String state) {
    try {
      JsonNode node = json.readTree(state);
      return node.isObject() ? (ObjectNode) node : JsonNodeFactory.instance.objectNode();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the published state is not JSON", e);
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The current public state of an aggregate: {@code <kind>.snapshot.v1}. */
  record Snapshot(String kind, UUID aggregateId, Object state, Instant at) implements DomainEvent {
    @Override
    public String type() {
      return kind + ".snapshot.v1";
    }
  }
}
