package io.vigie.console.page;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.logging.Log;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Forms are small: one over 256 KiB is refused (413) by its announced length. One with files may
 * have more; who sends too much of that is led back to where they chose it, which says so. One that
 * takes longer than {@code vigie.http.body-within}, and a second more for each 64 KiB of it, is
 * given up (408), so that it holds no connection. Each of these is a line of the console's log.
 */
@ApplicationScoped
class BodyLimit {

  /** A report of 10,000 letters, each four bytes, each byte three characters of a form. */
  private static final long USUAL = 256 << 10;

  /** More is not even read to its end: a browser shows a page of its own for that. */
  private static final long MOST_READ = 64 << 20;

  /**
   * Before anything answers: a body has no longer to arrive where its answer did not wait for it.
   */
  private static final int BEFORE_ALL = 1_000;

  /** Bytes a second. */
  private static final long SLOWEST = 1 << 16;

  private static final long UNKNOWN = Long.MAX_VALUE;

  /** With files, bytes: {@code quarkus.http.limits.max-body-size}. */
  private static final long WITH_FILES = 31 << 20;

  /** Where forms have files, and say what is too large. The first group is where the form is. */
  private static final Pattern FORMS =
      Pattern.compile("(/|/security-events/[^/]+|/[a-z-]+/import)(/confirmation)?");

  private final RefusalLines lines;
  private final Duration within;

  BodyLimit(RefusalLines lines, @ConfigProperty(name = "vigie.http.body-within") Duration within) {
    this.lines = lines;
    this.within = within;
  }

  /** Of who has a request left; before anything looks at what they sent. */
  void check(@Observes Filters filters) {
    filters.register(this::bound, BEFORE_ALL);
    filters.register(this::check, RequestRate.WHO_ASKS - 1);
  }

  private void bound(RoutingContext context) {
    long length = length(context.request());
    if (length > 0) {
      bound(context, Math.min(length, WITH_FILES));
    }
    context.next();
  }

  private void check(RoutingContext context) {
    long length = length(context.request());
    Matcher path = FORMS.matcher(context.normalizedPath());
    String form = path.matches() ? path.group(1) : null;
    // What is not announced with files is counted as it is read
    if (length <= (form == null ? USUAL : WITH_FILES) || form != null && length == UNKNOWN) {
      context.next();
      return;
    }
    write("refused: 413, a form that is too large");
    if (length <= MOST_READ) {
      drop(context, form);
    } else {
      context.response().putHeader(HttpHeaders.CONNECTION, "close").setStatusCode(413).end();
    }
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
          if (request.isEnded()) {
            context.vertx().cancelTimer(timer);
          } else {
            request.resume(); // nobody reads it any more: it is dropped, in the time that it has
          }
        });
  }

  private void endIfSlow(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (context.request().isEnded() || response.closed()) {
      return;
    }
    if (!response.headWritten()) {
      write("refused: 408, a form that took too long");
      response.putHeader(HttpHeaders.CONNECTION, "close").setStatusCode(408).end();
    }
    context.request().connection().close();
  }

  private void write(String line) {
    if (lines.hasOne(RefusalLines.ANONYMOUS)) {
      Log.warn(line);
    }
  }

  /** Browsers look at no answer before they have sent all. */
  private static void drop(RoutingContext context, String form) {
    HttpServerRequest request = context.request();
    request.handler(part -> {});
    request.endHandler(end -> answer(context.response(), form).end());
    request.resume();
  }

  private static HttpServerResponse answer(HttpServerResponse response, String form) {
    return form == null
        ? response.setStatusCode(413)
        : response.setStatusCode(303).putHeader(HttpHeaders.LOCATION, form + "?tooLarge=true");
  }

  private static long length(HttpServerRequest request) {
    String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (announced != null) {
      return Long.parseLong(announced);
    }
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) ? UNKNOWN : 0;
  }
}
