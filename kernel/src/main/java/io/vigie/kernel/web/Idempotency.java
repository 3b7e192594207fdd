package io.vigie.kernel.web;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Valid;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vigie.kernel.Actor;
import io.vigie.kernel.PresentRequest;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code Idempotency-Key} on POST: a client that lost an answer repeats the request and gets the
 * first answer, not a second effect.
 *
 * <p>A key belongs to an actor, a method and a path with its query, for {@value #KEEP_HOURS} hours.
 * The same body gets the recorded answer (with {@code Idempotent-Replayed: true}), whatever its
 * {@code If-Match}; another body 422; a repetition while the first is still running 409. Only
 * answers of committed work are recorded, and of them none with a status of 500 or more: a refusal
 * changed nothing, but for steps that a repetition finds done, a failure may pass, and a repetition
 * is judged anew.
 */
@ApplicationScoped
class Idempotency {

  static final int KEEP_HOURS = 24;
  static final int MAX_KEY_LENGTH = 200;

  private static final int FORGOTTEN_AT_ONCE = 10_000;

  private final Mutiny.SessionFactory sessions;
  private final PresentRequest current;
  private final Actor actor;
  private final ObjectMapper json;
  private final Clock clock;
  private final Semaphore held;

  Idempotency(
      Mutiny.SessionFactory sessions,
      PresentRequest current,
      Actor actor,
      ObjectMapper json,
      Clock clock,
      @ConfigProperty(name = "quarkus.datasource.reactive.max-size") int connections) {
    this.sessions = sessions;
    this.current = current;
    this.actor = actor;
    this.json = json;
    this.clock = clock;
    this.held = new Semaphore(connections / 2);
  }

  /** Runs {@code work} within the current transaction, or answers what it answered before. */
  Uni<RestResponse<?>> once(
      Method method, Object[] arguments, Supplier<Uni<RestResponse<?>>> work) {
    String key = key();
    return key == null
        ? work.get()
        : Panache.getSession().chain(session -> once(session, scope(key, method, arguments), work));
  }

  /** {@link #once} for work that opens transactions itself: they become part of the one here. */
  Uni<RestResponse<?>> around(
      Method method, Object[] arguments, Supplier<Uni<RestResponse<?>>> work) {
    String key = key();
    return key == null
        ? work.get()
        : sessions.withTransaction(
            session ->
                waitForLong(session)
                    .chain(() -> once(session, scope(key, method, arguments), work)));
  }

  /**
   * {@link #once} for work that commits step by step: the key is held, and the answer recorded
   * after the work, in a transaction beside it. Its connection waits while the work needs another
   * one, so half of the connections may be held so: where they are, work is not begun (503).
   */
  Uni<RestResponse<?>> beside(
      Method method, Object[] arguments, Supplier<Uni<RestResponse<?>>> work) {
    String key = key();
    return key == null
        ? work.get()
        : apart(
            session ->
                waitForLong(session)
                    .chain(
                        () -> once(session, scope(key, method, arguments), () -> oneOfFew(work))));
  }

  private <T> Uni<T> oneOfFew(Supplier<Uni<T>> work) {
    if (!held.tryAcquire()) {
      throw Problem.unavailable(
          "As many long requests with an Idempotency-Key run as may at once. Repeat it when one of"
              + " them is done.");
    }
    return Uni.createFrom().deferred(work::get).onTermination().invoke(held::release);
  }

  /** In a transaction that others do not become part of. */
  private <T> Uni<T> apart(Function<Mutiny.Session, Uni<T>> act) {
    return sessions
        .openSession()
        .chain(
            session ->
                session.withTransaction(holding -> act.apply(session)).eventually(session::close));
  }

  /** The transaction that holds the key has nothing to do until the work is done. */
  private static Uni<String> waitForLong(Mutiny.Session session) {
    return session
        .createNativeQuery(
            "select set_config('idle_in_transaction_session_timeout', '1h', true)", String.class)
        .getSingleResult();
  }

  private Uni<RestResponse<?>> once(
      Mutiny.Session session, Scope scope, Supplier<Uni<RestResponse<?>>> work) {
    return lock(session, scope)
        .chain(() -> recorded(session, scope))
        .chain(
            answers ->
                answers.isEmpty()
                    ? work.get()
                        .call(
                            answer ->
                                answer.getStatus() < 500
                                    ? record(session, scope, answer)
                                    : Uni.createFrom().nullItem())
                    : Uni.createFrom().item(replay(scope, answers.get(0))));
  }

  /** The key of the present request, or null where a repetition is a second request. */
  private String key() {
    HttpServerRequest request = current.context().request();
    String key = request.getHeader("Idempotency-Key");
    if (key == null || !request.method().name().equals("POST")) {
      return null;
    }
    if (key.isBlank() || key.length() > MAX_KEY_LENGTH) {
      throw Problem.badRequest(
          "Idempotency-Key is 1 to " + MAX_KEY_LENGTH + " characters, a UUID for example.");
    }
    return key;
  }

  private Scope scope(String key, Method method, Object[] arguments) {
    HttpServerRequest request = current.context().request();
    return new Scope(
        actor.id(),
        request.method().name(),
        request.uri(), // with its query: another query is another request
        key,
        hash(body(method, arguments)));
  }

  /** Not so many at once that it takes long. */
  @Scheduled(
      every = "${vigie.forget-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> forgetOld() {
    OffsetDateTime before = now().minus(Duration.ofHours(KEEP_HOURS));
    return Uni.createFrom()
        .deferred(() -> forget(before))
        .repeat()
        .until(forgotten -> forgotten < FORGOTTEN_AT_ONCE)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static Uni<Integer> forget(OffsetDateTime before) {
    return Panache.withTransaction(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(
                                """
                                delete from idempotency where (actor, path, key, method) in
                                  (select actor, path, key, method from idempotency
                                   where created_at < ?1 order by created_at limit ?2)""")
                            .setParameter(1, before)
                            .setParameter(2, FORGOTTEN_AT_ONCE)
                            .executeUpdate()));
  }

  private Uni<Void> lock(Mutiny.Session session, Scope scope) {
    return session
        .createNativeQuery(
            "select pg_try_advisory_xact_lock(hashtextextended(?1, 0))", Boolean.class)
        .setParameter(
            1, scope.actor() + " " + scope.method() + " " + scope.path() + " " + scope.key())
        .getSingleResult()
        .invoke(
            free -> {
              if (!free) {
                throw Problem.conflict(
                    "request-in-flight",
                    "The first request with this Idempotency-Key is still running. Wait, then repeat.");
              }
            })
        .replaceWithVoid();
  }

  private Uni<List<Object[]>> recorded(Mutiny.Session session, Scope scope) {
    return session
        .createNativeQuery(
            """
            select body_hash, status, etag, location, body, receipt from idempotency
            where actor = ?1 and path = ?2 and key = ?3 and method = ?4""",
            Object[].class)
        .setParameter(1, scope.actor())
        .setParameter(2, scope.path())
        .setParameter(3, scope.key())
        .setParameter(4, scope.method())
        .getResultList();
  }

  private static RestResponse<?> replay(Scope scope, Object[] recorded) {
    if (!scope.bodyHash().equals(recorded[0])) {
      throw reused();
    }
    ResponseBuilder<Object> answer = ResponseBuilder.create(((Number) recorded[1]).intValue());
    if (recorded[4] != null) {
      answer.entity(recorded[4]).type(MediaType.APPLICATION_JSON_TYPE);
    }
    answer.header("Idempotent-Replayed", "true");
    if (recorded[2] != null) {
      answer.header("ETag", recorded[2]);
    }
    if (recorded[3] != null) {
      answer.header("Location", recorded[3]);
    }
    if (recorded[5] != null) {
      answer.header(Answer.RECEIPT, recorded[5]);
    }
    return answer.build();
  }

  static Problem reused() {
    return Problem.unprocessable(
        "idempotency-key-reused",
        "This Idempotency-Key was used with another body. Use a new key for a new request.");
  }

  private Uni<Integer> record(Mutiny.Session session, Scope scope, RestResponse<?> answer) {
    Object entity = answer.getEntity();
    return session
        .createNativeQuery(
            """
            insert into idempotency
              (actor, method, path, key, body_hash, status, etag, location, body, receipt, created_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)""")
        .setParameter(1, scope.actor())
        .setParameter(2, scope.method())
        .setParameter(3, scope.path())
        .setParameter(4, scope.key())
        .setParameter(5, scope.bodyHash())
        .setParameter(6, answer.getStatus())
        .setParameter(7, answer.getHeaderString("ETag"))
        .setParameter(8, answer.getHeaderString("Location"))
        .setParameter(9, entity == null ? null : write(entity))
        .setParameter(10, answer.getHeaderString(Answer.RECEIPT))
        .setParameter(11, now())
        .executeUpdate();
  }

  /** The body as it was understood: by convention the one parameter of bytes, or {@code @Valid}. */
  private static Object body(Method method, Object[] arguments) {
    Parameter[] parameters = method.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getType() == byte[].class
          || parameters[i].isAnnotationPresent(Valid.class)) {
        return arguments[i];
      }
    }
    return null;
  }

  private String hash(Object body) {
    return body instanceof byte[] bytes ? Sha256.hex(bytes) : Sha256.hex(write(body));
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private record Scope(String actor, String method, String path, String key, String bodyHash) {}
}
