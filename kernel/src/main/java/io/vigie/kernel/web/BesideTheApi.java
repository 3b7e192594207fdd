package io.vigie.kernel.web;

import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.security.Refusals;
import io.vigie.kernel.security.Roles;

/**
 * Who may see what the framework answers beside the API, under {@code /q/}: whether the service is
 * well everybody, its figures who runs it, its API's description whoever is signed in, and nobody
 * anything else. Refuses as the API does, and it is a fact just the same; a token that is not valid
 * is refused where the API refuses it.
 */
@ApplicationScoped
class BesideTheApi implements HttpSecurityPolicy {

  private final Refusals refusals;
  private final ObjectMapper json;

  BesideTheApi(Refusals refusals, ObjectMapper json) {
    this.refusals = refusals;
    this.json = json;
  }

  @Override
  public Uni<CheckResult> checkPermission(
      RoutingContext request, Uni<SecurityIdentity> identity, AuthorizationRequestContext context) {
    String path = request.normalizedPath();
    return !path.startsWith("/q/") || isUnder(path, "/q/health")
        ? CheckResult.permit()
        : identity
            .call(caller -> require(caller, path, request.request()))
            .replaceWith(CheckResult.PERMIT);
  }

  private Uni<Void> require(SecurityIdentity caller, String path, HttpServerRequest request) {
    if (caller.isAnonymous()) {
      return refuse(Problem.unauthenticated(), caller, request);
    }
    boolean isAllowed =
        isUnder(path, "/q/metrics")
            ? Stream.of(Roles.SYSADMIN, Roles.TOOL).anyMatch(caller::hasRole)
            : path.matches("/q/openapi(\\.[a-z]+)?");
    return isAllowed
        ? Uni.createFrom().voidItem()
        : refuse(Problems.ofStatus(403), caller, request);
  }

  private Uni<Void> refuse(Problem problem, SecurityIdentity caller, HttpServerRequest request) {
    return refusals.record(Actor.of(caller), problem, request).onItem().failWith(() -> problem);
  }

  void answer(@Observes Router router) {
    router
        .route("/q/*")
        .order(Integer.MIN_VALUE + 1)
        .failureHandler(
            context -> {
              if (context.failure() instanceof Problem problem && !context.response().ended()) {
                Problems.answer(context, problem, json);
              } else {
                context.next();
              }
            });
  }

  private static boolean isUnder(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }
}
