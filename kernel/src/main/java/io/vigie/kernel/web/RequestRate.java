package io.vigie.kernel.web;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.security.Refusals;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * So many requests to the API a minute for each caller ({@code vigie.http.requests-per-minute}),
 * and then 429 with the seconds until the next minute, so that one who sends too many takes no
 * places from the others. Who is signed in counts as the subject of their token, wherever they send
 * from; who has no token, or one that is not valid, as their address, or the network (/64) of an
 * IPv6 one. Each such refusal is a fact.
 *
 * <p>Each replica counts by itself, in memory, for the minute under way: as many subjects as the
 * realm has, and {@value #MOST_ADDRESSES} addresses; further ones count together.
 */
@ApplicationScoped
class RequestRate implements SecurityIdentityAugmentor {

  static final int MOST_ADDRESSES = 10_000;

  private static final int SECONDS = 60;
  private static final String FURTHER = "further ones";

  /**
   * Of an IPv6 address that is none of IPv4 in its form: one machine has as many addresses in it as
   * it likes.
   */
  private static final Pattern NETWORK =
      Pattern.compile("^(?!(?:0:){5}ffff:)((?:[0-9a-f]+:){4}).*");

  /** Once it is known that there is a place for it. */
  private static final int AFTER_OVERLOAD = 1_900;

  private record Minute(
      long number, Map<String, AtomicInteger> subjects, Map<String, AtomicInteger> addresses) {

    Minute(long number) {
      this(number, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    int countSubject(String subject) {
      return count(subjects, subject);
    }

    int countAddress(String address) {
      boolean isFurther = addresses.size() >= MOST_ADDRESSES && !addresses.containsKey(address);
      return count(addresses, isFurther ? FURTHER : address);
    }

    private static int count(Map<String, AtomicInteger> counts, String caller) {
      AtomicInteger known = counts.get(caller); // which takes no lock
      return (known == null ? counts.computeIfAbsent(caller, first -> new AtomicInteger()) : known)
          .incrementAndGet();
    }
  }

  private final Clock clock;
  private final int perMinute;
  private final Counter refused;
  private final Refusals refusals;
  private final ObjectMapper json;
  private volatile Minute current = new Minute(-1);

  RequestRate(
      Clock clock,
      @ConfigProperty(name = "vigie.http.requests-per-minute") int perMinute,
      MeterRegistry metrics,
      Refusals refusals,
      ObjectMapper json) {
    this.clock = clock;
    this.perMinute = perMinute;
    this.refused = metrics.counter("vigie.http.throttled");
    this.refusals = refusals;
    this.json = json;
  }

  void limit(@Observes Filters filters) {
    filters.register(this::limit, AFTER_OVERLOAD);
  }

  /** Who sends a token is counted once it is known whose it is, or that it is nobody's. */
  private void limit(RoutingContext context) {
    Optional<Problem> problem =
        Overload.isOfTheApi(context) && !hasToken(context.request())
            ? countAddress(context)
            : Optional.empty();
    problem.ifPresentOrElse(
        tooMany -> {
          // Who is not signed in, and is not read to its end, may not go on here.
          context.response().putHeader(HttpHeaders.CONNECTION, "close");
          Problems.answer(context, tooMany, json);
        },
        context::next);
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity,
      AuthenticationRequestContext context,
      Map<String, Object> attributes) {
    RoutingContext request = HttpSecurityUtils.getRoutingContextAttribute(attributes);
    if (identity.isAnonymous() || request == null || !Overload.isOfTheApi(request)) {
      return Uni.createFrom().item(identity);
    }
    String subject = Actor.of(identity);
    if (subject == null) {
      return Uni.createFrom().item(identity); // and refused, as a token of nobody
    }
    return problem(now().countSubject(subject), subject, request)
        .map(tooMany -> Uni.createFrom().<SecurityIdentity>failure(tooMany))
        .orElseGet(() -> Uni.createFrom().item(identity));
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    return Uni.createFrom().item(identity); // of no request
  }

  /**
   * Counts a request that was found to be of nobody, where what it came with kept it from being
   * counted before; the refusal, where its address has had its share.
   */
  Optional<Problem> countNobody(RoutingContext context) {
    return hasToken(context.request()) ? countAddress(context) : Optional.empty();
  }

  private Optional<Problem> countAddress(RoutingContext context) {
    String address = context.request().remoteAddress().hostAddress();
    String network = NETWORK.matcher(address).replaceFirst("$1");
    return problem(now().countAddress(network), Actor.ANONYMOUS, context);
  }

  private Optional<Problem> problem(int count, String actor, RoutingContext context) {
    if (count <= perMinute) {
      return Optional.empty();
    }
    refused.increment();
    Problem tooMany = Problem.tooMany(SECONDS - (int) (clock.instant().getEpochSecond() % SECONDS));
    // Whoever answers waits for nothing; on the request's own context, wherever it was looked at.
    context
        .vertx()
        .getOrCreateContext()
        .runOnContext(
            any -> refusals.record(actor, tooMany, context.request()).subscribe().with(done -> {}));
    return Optional.of(tooMany);
  }

  private Minute now() {
    long number = clock.instant().getEpochSecond() / SECONDS;
    Minute known = current;
    return known.number() == number ? known : begin(number);
  }

  private synchronized Minute begin(long number) {
    if (current.number() != number) {
      current = new Minute(number);
    }
    return current;
  }

  private static boolean hasToken(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.AUTHORIZATION);
  }
}
