package io.vigie.kernel.web;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vigie.kernel.Problem;
import org.jboss.logging.Logger;

/**
 * Refuses a body over its limit (413): by its announced length before a byte of it is read, or,
 * where a chunked body announces none, when it passes the limit.
 *
 * <p>The limit is 1 MiB. An import endpoint declares its own in the service's configuration, up to
 * {@code quarkus.http.limits.max-body-size}: {@code
 * vigie.body-limit."/v1/assets/{id}/inventory"=16M}.
 */
@ApplicationScoped
class BodyLimit {

  private static final Logger LOG = Logger.getLogger(BodyLimit.class);
  private static final MemorySize USUAL = new MemorySize(BigInteger.ONE.shiftLeft(20));

  /** The limits of the paths that have their own. */
  @ConfigMapping(prefix = "vigie.body-limit")
  interface Own {

    @WithParentName
    Map<String, MemorySize> limits();
  }

  private final Map<Pattern, MemorySize> own = new LinkedHashMap<>();
  private final ObjectMapper json;

  BodyLimit(Own own, ObjectMapper json) {
    own.limits().forEach((path, limit) -> this.own.put(template(path), limit));
    this.json = json;
  }

  void check(@Observes Filters filters) {
    filters.register(this::check, 1_000);
  }

  /**
   * What the reader of an unannounced body found; the rest of that body is read and dropped. Who
   * hangs up before its end has had their answer: that is no failure of ours.
   */
  void answer(@Observes Router router) {
    router
        .route()
        .order(Integer.MIN_VALUE)
        .failureHandler(
            context -> {
              if (context.statusCode() == 413 && !context.response().ended()) {
                refuse(context, limit(context));
              } else if (context.failure() instanceof HttpClosedException
                  && context.response().ended()) {
                LOG.debugf(
                    "%s hung up after the answer to %s",
                    context.request().remoteAddress(), context.normalizedPath());
              } else {
                context.next();
              }
            });
  }

  private void check(RoutingContext context) {
    long limit = limit(context);
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      BodyHandler.create(false).setBodyLimit(limit).handle(context);
    } else if (isWithin(length, limit)) {
      context.next();
    } else {
      context.response().putHeader("Connection", "close");
      refuse(context, limit);
    }
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

  private void refuse(RoutingContext context, long limit) {
    Problems.answer(context, Problem.tooLarge(limit), json);
  }

  private static boolean isWithin(String length, long limit) {
    try {
      return Long.parseLong(length) <= limit;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
