package io.vigie.kernel.web;

import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.SecurityHandlerPriorities;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.security.Refusals;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Refuses a body over its limit (413): by its announced length before a byte of it is read, or,
 * where a chunked body announces none, when it passes the limit.
 *
 * <p>The limit is 1 MiB. An import endpoint declares its own in the service's configuration, up to
 * {@code quarkus.http.limits.max-body-size}: {@code
 * vigie.body-limit."/v1/assets/{id}/inventory"=16M}.
 *
 * <p>Bodies of more than 64 KiB are only for who is signed in (401), and only so many bytes of them
 * are taken at once ({@code vigie.http.body-bytes-at-once}); past that there is 503 with {@code
 * Retry-After}, and nothing of it was kept. A body of unannounced length counts with its limit. One
 * caller has a third of them, or one larger body (429), so that nobody alone keeps the others out:
 * what is left has room for a body of a third. Several together may.
 *
 * <p>Who sends a body byte by byte holds a place that others need: it has {@code
 * vigie.http.body-within}, and a second more for each 64 KiB of it (408).
 *
 * <p>Each of these refusals but 503 is a fact.
 */
@ApplicationScoped
class BodyLimit {

  private static final Logger LOG = Logger.getLogger(BodyLimit.class);
  private static final MemorySize USUAL = new MemorySize(BigInteger.ONE.shiftLeft(20));

  /** So small a body counts for nothing: there are as many as there are requests at once. */
  private static final long SMALL = 1 << 16;

  /** Bytes a second. */
  private static final long SLOWEST = 1 << 16;

  /** So long it is asked whose body was too slow: they wait for the answer. */
  private static final Duration TO_FIND_OUT = Duration.ofSeconds(1);

  /**
   * Before anything answers: a body has no longer to arrive where its answer did not wait for it.
   */
  private static final int BEFORE_ALL = 2_100;

  /** Once it can be found out who asks, and before that decides anything. */
  private static final int WHO_ASKS = SecurityHandlerPriorities.AUTHENTICATION - 1;

  /** Who sends a body of more than 64 KiB, or of unannounced length. */
  private static final String CALLER = BodyLimit.class.getName() + ".caller";

  /** So many callers have room at once, where none of them sends a body of more than a share. */
  private static final int SHARES = 3;

  /** The limits of the paths that have their own. */
  @ConfigMapping(prefix = "vigie.body-limit")
  interface Own {

    @WithParentName
    Map<String, MemorySize> limits();
  }

  private final Map<Pattern, MemorySize> own = new LinkedHashMap<>();
  private final AtomicLong taken = new AtomicLong();
  private final Map<String, Long> takenBy = new ConcurrentHashMap<>();
  private final long atOnce;
  private final Duration within;
  private final Counter refused;
  private final Counter throttled;
  private final RequestRate rate;
  private final Refusals refusals;
  private final ObjectMapper json;

  BodyLimit(
      Own own,
      @ConfigProperty(name = "vigie.http.body-bytes-at-once") MemorySize atOnce,
      @ConfigProperty(name = "vigie.http.body-within") Duration within,
      MeterRegistry metrics,
      RequestRate rate,
      Refusals refusals,
      ObjectMapper json) {
    own.limits().forEach((path, limit) -> this.own.put(template(path), limit));
    this.atOnce = atOnce.asLongValue();
    this.within = within;
    this.refused = metrics.counter("vigie.http.overloaded");
    this.throttled = metrics.counter("vigie.http.throttled");
    this.rate = rate;
    this.refusals = refusals;
    this.json = json;
    metrics.gauge("vigie.http.body.bytes", taken);
  }

  void check(@Observes Filters filters) {
    filters.register(this::bound, BEFORE_ALL);
    filters.register(this::take, WHO_ASKS);
  }

  /** What the reader of an unannounced body found; the rest of that body is read and dropped. */
  void answer(@Observes Router router) {
    router
        .route()
        .order(Integer.MIN_VALUE)
        .failureHandler(
            context -> {
              if (context.statusCode() == 413 && !context.response().ended()) {
                String caller = context.get(CALLER);
                if (Actor.ANONYMOUS.equals(caller)) {
                  refuseUnknown(context);
                } else {
                  refuse(
                      context,
                      caller == null ? Actor.ANONYMOUS : caller,
                      Problem.tooLarge(limit(context)));
                }
              } else {
                context.next();
              }
            });
  }

  private void bound(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean isThere =
        length == null
            ? context.request().headers().contains(HttpHeaders.TRANSFER_ENCODING)
            : !length.equals("0");
    if (isThere) {
      long limit = limit(context);
      bound(context, length != null && isWithin(length, limit) ? Long.parseLong(length) : limit);
    }
    context.next();
  }

  private void bound(RoutingContext context, long bytes) {
    HttpServerRequest request = context.request();
    Context here = context.vertx().getOrCreateContext();
    long timer =
        context
            .vertx()
            .setTimer(
                within.plusSeconds(bytes / SLOWEST).toMillis(),
                over -> here.runOnContext(any -> endIfSlow(context)));
    context.addEndHandler(
        ended -> {
          // The timer holds all of the request for as long as it runs.
          if (request.isEnded() || ended.failed()) {
            context.vertx().cancelTimer(timer);
          } else {
            // Nobody reads it any more: it is dropped, in the time that it has. Who hangs up before
            // its end has had their answer: that is no failure of ours.
            request
                .endHandler(end -> context.vertx().cancelTimer(timer))
                .exceptionHandler(
                    gone -> {
                      context.vertx().cancelTimer(timer);
                      LOG.debugf(
                          "%s hung up after the answer to %s",
                          request.remoteAddress(), context.normalizedPath());
                    })
                .resume();
          }
        });
  }

  private void endIfSlow(RoutingContext context) {
    if (isAnswered(context)) {
      context.request().connection().close();
    } else if (isOpen(context)) {
      Caller.of(context)
          .ifNoItem()
          .after(TO_FIND_OUT)
          .recoverWithItem(Actor.ANONYMOUS)
          .onFailure()
          .recoverWithItem(Actor.ANONYMOUS)
          .emitOn(contextOf(context))
          .subscribe()
          .with(caller -> endIfSlow(context, caller));
    }
  }

  private void endIfSlow(RoutingContext context, String caller) {
    if (isAnswered(context)) {
      context.request().connection().close();
    } else if (isOpen(context)) {
      context.response().putHeader("Connection", "close");
      refuse(context, caller, Problem.tooSlow());
      context.request().connection().close();
    }
  }

  /** Before its end came. */
  private static boolean isAnswered(RoutingContext context) {
    return !context.request().isEnded()
        && context.response().headWritten()
        && !context.response().closed();
  }

  private static boolean isOpen(RoutingContext context) {
    return !context.request().isEnded() && !isOver(context);
  }

  /** It was answered, as too slow, or its sender hung up, while it was found out who that is. */
  private static boolean isOver(RoutingContext context) {
    return context.response().ended() || context.response().closed();
  }

  private void take(RoutingContext context) {
    HttpServerRequest request = context.request();
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null) {
      read(context, SMALL); // there is none
    } else if (length != null && isWithin(length, SMALL)) {
      context.next();
    } else {
      request.pause();
      Caller.of(context)
          .emitOn(contextOf(context))
          .subscribe()
          .with(caller -> take(context, length, caller), failure -> giveUp(context, failure));
    }
  }

  /** Wherever it was found out who asks, what follows is the request's own. */
  private static Executor contextOf(RoutingContext context) {
    Context here = context.vertx().getOrCreateContext();
    return task -> here.runOnContext(any -> task.run());
  }

  private void giveUp(RoutingContext context, Throwable failure) {
    if (isOver(context)) {
      return;
    }
    drop(context);
    if (failure instanceof Problem problem) {
      Problems.answer(context, problem, json);
    } else {
      LOG.warnf("it cannot be found out who asks: %s", failure.toString());
      Problems.answer(context, Problems.ofStatus(503), json);
    }
  }

  private void take(RoutingContext context, String length, String caller) {
    if (isOver(context)) {
      return; // and gives nothing back
    }
    boolean isUnknown = caller.equals(Actor.ANONYMOUS);
    context.put(CALLER, caller);
    if (isUnknown && length == null) {
      read(context, SMALL);
    } else if (isUnknown) {
      drop(context);
      refuseUnknown(context);
    } else if (length != null && !isWithin(length, limit(context))) {
      drop(context);
      refuse(context, caller, Problem.tooLarge(limit(context)));
    } else {
      takeInto(context, length, caller);
    }
  }

  private void takeInto(RoutingContext context, String length, String caller) {
    long bytes = length == null ? limit(context) : Long.parseLong(length);
    long theirs = takenBy.merge(caller, bytes, Long::sum);
    long all = taken.addAndGet(bytes);
    if (theirs > bytes && theirs > atOnce / SHARES) {
      giveBack(caller, bytes);
      throttled.increment();
      drop(context);
      refuse(context, caller, Problem.tooManyBytes());
    } else if (all > atOnce) {
      giveBack(caller, bytes);
      refused.increment();
      drop(context);
      Problems.answer(context, Problem.overloaded(), json);
    } else {
      context.addEndHandler(ended -> giveBack(caller, bytes));
      if (length == null) {
        read(context, bytes);
      } else {
        context.next();
      }
    }
  }

  /** What is on its way is read and dropped: many look at no answer before they have sent all. */
  private static void drop(RoutingContext context) {
    context.response().putHeader("Connection", "close");
    context.request().resume();
  }

  private void giveBack(String caller, long bytes) {
    taken.addAndGet(-bytes);
    takenBy.computeIfPresent(caller, (any, held) -> held == bytes ? null : held - bytes);
  }

  private static void read(RoutingContext context, long limit) {
    BodyHandler.create(false).setBodyLimit(limit).handle(context);
  }

  private long limit(RoutingContext context) {
    return own.entrySet().stream()
        .filter(path -> path.getKey().matcher(context.normalizedPath()).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(USUAL)
        .asLongValue();
  }

  /** What matches a path such as {@code /v1/assets/{id}/inventory}. */
  private static Pattern template(String path) {
    return Pattern.compile(
        Stream.of(path.split("(?<=/)|(?=/)"))
            .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
            .collect(Collectors.joining()));
  }

  /** As the API refuses who is not signed in. */
  private void refuseUnknown(RoutingContext context) {
    rate.countNobody(context)
        .ifPresentOrElse(
            tooMany -> Problems.answer(context, tooMany, json),
            () -> refuse(context, Actor.ANONYMOUS, Problem.unauthenticated()));
  }

  /** It is told first, and noted then: nobody waits for the database, nor is answered twice. */
  private void refuse(RoutingContext context, String caller, Problem problem) {
    Uni<Void> noted = refusals.record(caller, problem, context.request());
    Problems.answer(context, problem, json);
    noted.subscribe().with(done -> {});
  }

  private static boolean isWithin(String length, long limit) {
    try {
      return Long.parseLong(length) <= limit;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
