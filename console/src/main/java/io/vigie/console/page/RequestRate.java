package io.vigie.console.page;

import java.time.Clock;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.security.ForbiddenException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.SecurityHandlerPriorities;
import io.vertx.core.Context;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * So many requests a minute for each person ({@code vigie.http.requests-per-minute}), and then 429
 * with the seconds until the next minute, as services give their callers. Who has a session counts
 * as themselves, wherever they ask from; who has none, or a cookie that opens none, as their
 * address. Files that pages name, health and figures are not counted.
 *
 * <p>Each replica counts by itself, in memory.
 */
@ApplicationScoped
class RequestRate {

  /** Once it can be found out who asks, and before that decides anything. */
  static final int WHO_ASKS = SecurityHandlerPriorities.AUTHENTICATION - 1;

  private static final int SECONDS = 60;
  private static final Pattern NOT_COUNTED = Pattern.compile("/(own|vendor|q)/.*");

  /**
   * Of an IPv6 address that is none of IPv4 in its form: one machine has as many addresses in it as
   * it likes.
   */
  private static final Pattern NETWORK =
      Pattern.compile("^(?!(?:0:){5}ffff:)((?:[0-9a-f]+:){4}).*");

  /** A refusal, so that the framework has {@link Failures} answer it, wherever it comes up. */
  static final class TooMany extends ForbiddenException {

    private static final long serialVersionUID = 1;

    private final int secondsUntilMore;

    TooMany(int secondsUntilMore) {
      super("more than one person's share");
      this.secondsUntilMore = secondsUntilMore;
    }

    int secondsUntilMore() {
      return secondsUntilMore;
    }
  }

  private final Clock clock;
  private final int perMinute;
  private final Counter refused;
  private final MinuteCounts people;
  private final MinuteCounts addresses;

  RequestRate(
      Clock clock,
      @ConfigProperty(name = "vigie.http.requests-per-minute") int perMinute,
      MeterRegistry metrics) {
    this.clock = clock;
    this.perMinute = perMinute;
    this.refused = metrics.counter("vigie.http.throttled");
    this.people = new MinuteCounts(clock);
    this.addresses = new MinuteCounts(clock);
  }

  void limit(@Observes Filters filters) {
    filters.register(this::limit, WHO_ASKS);
  }

  /** Who has no session is counted before a sign-in is looked at, which would ask Keycloak. */
  private void limit(RoutingContext context) {
    if (NOT_COUNTED.matcher(context.normalizedPath()).matches()) {
      context.next();
    } else if (!hasSession(context)) {
      limit(context, RefusalLines.ANONYMOUS);
    } else {
      Context here = context.vertx().getOrCreateContext();
      Caller.of(context)
          .emitOn(task -> here.runOnContext(any -> task.run()))
          .subscribe()
          .with(caller -> limit(context, caller), leaving -> context.next());
    }
  }

  /** By the name of one cookie, or of the parts of a large one. */
  private static boolean hasSession(RoutingContext context) {
    return context.request().cookies().stream()
        .anyMatch(cookie -> cookie.getName().startsWith(OidcUtils.SESSION_COOKIE_NAME));
  }

  private void limit(RoutingContext context, String caller) {
    int count =
        RefusalLines.ANONYMOUS.equals(caller)
            ? addresses.add(network(context.request().remoteAddress()))
            : people.add(caller);
    if (count <= perMinute) {
      context.next();
    } else {
      refused.increment();
      context.fail(new TooMany(SECONDS - (int) (clock.instant().getEpochSecond() % SECONDS)));
    }
  }

  private static String network(SocketAddress address) {
    return NETWORK.matcher(String.valueOf(address.hostAddress())).replaceFirst("$1");
  }
}
