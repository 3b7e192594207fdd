package io.vigie.kernel.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.quarkus.arc.Arc;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Contracts;
import io.vigie.kernel.DomainEvent;
import io.vigie.kernel.Ids;
import io.vigie.kernel.MergePatch;
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

  private static final String INSERT =
      """
      insert into outbox
        (event_id, type, subject, message_key, event_number, payload, actor, occurred_at, traceparent)
      values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)""";

  private static final String FIRST_EVENT = Outbox.class.getName() + ".first";

  private final ObjectMapper json;
  private final Actor actor;
  private final CurrentVertxRequest request;

  Outbox(ObjectMapper json, Actor actor, CurrentVertxRequest request) {
    this.json = json;
    this.actor = actor;
    this.request = request;
  }

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
    Uni<Void> chain = Uni.createFrom().voidItem();
    for (DomainEvent event : events) {
      String state = write(aggregate.state());
      // Both sides as they are read: a number made in Java and the same number read are not equal.
      ObjectNode changes = MergePatch.diff(read(aggregate.journal().publishedState()), read(state));
      long number = aggregate.journal().next(state);
      ObjectNode payload = json.valueToTree(event);
      payload.set("changes", changes);
      String subject = aggregate.kind() + "/" + aggregate.id();
      chain =
          chain.chain(
              () -> insert(event, subject, aggregate.id().toString(), number, actor.id(), payload));
    }
    Uni<Void> rows = chain;
    return inTransaction().call(session -> store(session, aggregate)).chain(() -> rows);
  }

  /** {@link #append(Aggregate, List)} for the usual decision: one event. */
  public Uni<Void> append(Aggregate aggregate, DomainEvent event) {
    return append(aggregate, List.of(event));
  }

  /**
   * Publishes a fact that belongs to no aggregate, such as a refusal. It has no event number and no
   * changes; facts of one {@code key} keep their order.
   */
  public Uni<Void> appendFact(String kind, String key, String actor, DomainEvent fact) {
    return insert(fact, kind + "/" + fact.aggregateId(), key, null, actor, json.valueToTree(fact));
  }

  /**
   * The id of the first event that the present request has appended; null where it has appended
   * none yet, or nobody requested anything.
   */
  public UUID firstOfRequest() {
    RoutingContext present = present();
    return present == null ? null : present.get(FIRST_EVENT);
  }

  private RoutingContext present() {
    return Arc.container().requestContext().isActive() ? request.getCurrent() : null;
  }

  /**
   * Has the answer to the present request say where the receipt of this event is, unless the
   * request appended one before. For an event that gets into the log without the outbox.
   */
  public void note(UUID eventId) {
    RoutingContext present = present();
    if (present != null && present.get(FIRST_EVENT) == null) {
      present.put(FIRST_EVENT, eventId);
    }
  }

  /**
   * Publishes the whole public state as it stands now, under the current event number, for read
   * models that start from nothing.
   */
  Uni<Void> appendSnapshot(Aggregate aggregate, Instant at) {
    Snapshot snapshot = new Snapshot(aggregate.kind(), aggregate.id(), aggregate.state(), at);
    ObjectNode payload = json.valueToTree(snapshot);
    payload.remove("kind"); // which stands in the type
    return insert(
        snapshot,
        aggregate.kind() + "/" + aggregate.id(),
        aggregate.id().toString(),
        aggregate.journal().eventNumber(),
        actor.id(),
        payload);
  }

  /** After the journal moved on: a new aggregate then needs one insert, not an update as well. */
  private static Uni<Void> store(Mutiny.Session session, Aggregate aggregate) {
    Uni<Void> known =
        session.contains(aggregate) ? Uni.createFrom().voidItem() : session.persist(aggregate);
    return known.chain(session::flush);
  }

  private Uni<Void> insert(
      DomainEvent event,
      String subject,
      String key,
      Long number,
      String actor,
      ObjectNode payload) {
    List<String> violations = Contracts.violations(event.type(), payload);
    if (!violations.isEmpty()) {
      return Uni.createFrom()
          .failure(new IllegalStateException(event.type() + " breaks its contract: " + violations));
    }
    String text = write(payload);
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_PAYLOAD_BYTES) {
      return Uni.createFrom()
          .failure(new IllegalStateException(event.type() + " is over the size of one record"));
    }
    UUID eventId = Ids.next();
    return inTransaction()
        .chain(
            session ->
                session
                    .createNativeQuery(INSERT)
                    .setParameter(1, eventId)
                    .setParameter(2, event.type())
                    .setParameter(3, subject)
                    .setParameter(4, key)
                    .setParameter(5, number)
                    .setParameter(6, text)
                    .setParameter(7, actor)
                    .setParameter(8, OffsetDateTime.ofInstant(event.at(), ZoneOffset.UTC))
                    .setParameter(9, traceparent())
                    .executeUpdate())
        .invoke(() -> note(eventId))
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
