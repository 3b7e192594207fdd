package io.vigie.asset;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Contracts;
import io.vigie.kernel.DomainEvent;
import io.vigie.kernel.MergePatch;
import io.vigie.kernel.Problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

/**
 * An aggregate beside a small model of it, whatever is asked of it in whatever order. What the
 * model allows makes one event, which keeps its contract, and leaves the aggregate as the model
 * says. Anything else is refused and changes nothing. What the events say of changes adds up to the
 * public state.
 */
public final class Life {

  /** The first event of each life. */
  public static final Instant BEGIN = Instant.parse("2026-01-02T03:00:00Z");

  /** So much later is each thing asked. */
  public static final Duration STEP = Duration.ofHours(1);

  /** Who asks; Anna asked for the aggregate. */
  public enum Person {
    ANNA,
    BEN,
    CARLA
  }

  /** What is allowed: the event that it makes, and what the model knows then. */
  public record Step<M>(Class<? extends DomainEvent> event, M then) {}

  /** What the model allows; null is a refusal. */
  @FunctionalInterface
  public interface Rules<M, A> {
    Step<M> of(M known, A ask, Instant at);
  }

  /** What the aggregate decides. */
  @FunctionalInterface
  public interface Decisions<A> {
    DomainEvent on(A ask, Instant at);
  }

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .setSerializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private Life() {}

  /**
   * Asks everything in turn.
   *
   * @param known what the model knows in the beginning
   * @param seen what the model should know, read from the aggregate; what cannot be read is taken
   *     from the model
   * @return the kinds of events that there were
   */
  public static <M, A> Set<Class<?>> of(
      Aggregate aggregate,
      DomainEvent first,
      M known,
      UnaryOperator<M> seen,
      Rules<M, A> rules,
      Decisions<A> decisions,
      List<A> asks) {
    Set<Class<?>> happened = new HashSet<>(Set.of(first.getClass()));
    JsonNode told = publish(aggregate, first, JSON.createObjectNode());
    assertEquals(known, seen.apply(known));
    Instant at = BEGIN;
    for (A ask : asks) {
      at = at.plus(STEP);
      String what = ask + " when " + known;
      Object before = aggregate.state();
      Step<M> step = rules.of(known, ask, at);
      DomainEvent event = unlessRefused(decisions, ask, at);
      if (step == null) {
        assertNull(event, what + ": not refused");
        assertEquals(before, aggregate.state(), what + ": refused, and yet it changed");
        continue;
      }
      assertNotNull(event, what + ": refused");
      assertEquals(step.event(), event.getClass(), what);
      assertEquals(aggregate.id(), event.aggregateId(), what);
      assertEquals(at, event.at(), what);
      known = step.then();
      assertEquals(known, seen.apply(known), what);
      told = publish(aggregate, event, told);
      happened.add(event.getClass());
    }
    return happened;
  }

  private static <A> DomainEvent unlessRefused(Decisions<A> decisions, A ask, Instant at) {
    try {
      return decisions.on(ask, at);
    } catch (Problem refused) {
      return null;
    }
  }

  /**
   * What nobody but the service asks: where it is not allowed, {@link IllegalStateException} says
   * whose mistake that is.
   *
   * @return null when it was refused like this
   */
  public static <E extends DomainEvent> E unlessIllegal(Supplier<E> decision) {
    try {
      return decision.get();
    } catch (IllegalStateException refused) {
      return null;
    }
  }

  /**
   * As the outbox does, once for each event: it keeps its contract, and what it says of changes
   * adds up to the public state.
   *
   * @param told what others knew before, an empty object before the first event
   * @return what others know then, who read nothing but events
   */
  public static JsonNode publish(Aggregate aggregate, DomainEvent event, JsonNode told) {
    try {
      String state = JSON.writeValueAsString(aggregate.state());
      ObjectNode changes =
          MergePatch.diff(
              JSON.readTree(aggregate.journal().publishedState()), JSON.readTree(state));
      aggregate.journal().next(state);
      ObjectNode payload = JSON.valueToTree(event);
      payload.set("changes", changes);
      assertEquals(List.of(), Contracts.violations(event.type(), payload), payload::toString);
      JsonNode now = MergePatch.apply(told, changes);
      assertEquals(JSON.readTree(state), now);
      return now;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
