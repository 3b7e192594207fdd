package io.vigie.kernel;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.Arc;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who acts now: the subject of the request's token, or the service itself outside requests. */
@ApplicationScoped
public class Actor {

  public static final String ANONYMOUS = "anonymous";

  private final SecurityIdentity identity;
  private final CurrentVertxRequest request;
  private final String service;

  Actor(
      SecurityIdentity identity,
      CurrentVertxRequest request,
      @ConfigProperty(name = "vigie.name") String service) {
    this.identity = identity;
    this.request = request;
    this.service = service;
  }

  /**
   * A pseudonymous id: the token's {@code sub}, or {@code system:<service>} when the service acts
   * by itself (a listener, a clock).
   */
  public String id() {
    return isRequest() && !identity.isAnonymous() ? of(identity) : system();
  }

  /** This service, acting by itself. */
  public String system() {
    return "system:" + service;
  }

  public boolean hasRole(String role) {
    return isRequest() && identity.hasRole(role);
  }

  /** Listeners and clocks have a request context too, but no request. */
  private boolean isRequest() {
    return Arc.container().requestContext().isActive() && request.getCurrent() != null;
  }

  /** The pseudonymous id behind an identity; {@link #ANONYMOUS} for nobody. */
  public static String of(SecurityIdentity identity) {
    if (identity == null || identity.isAnonymous()) {
      return ANONYMOUS;
    }
    return identity.getPrincipal() instanceof JsonWebToken token
        ? token.getSubject()
        : identity.getPrincipal().getName();
  }
}
