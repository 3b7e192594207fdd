package io.vigie.kernel.security;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.Arc;
import io.quarkus.security.identity.SecurityIdentity;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who acts now: the subject of the request's token, or the service itself outside requests. */
@ApplicationScoped
public class Actor {

  public static final String ANONYMOUS = "anonymous";

  private final SecurityIdentity identity;
  private final String service;

  Actor(SecurityIdentity identity, @ConfigProperty(name = "vigie.name") String service) {
    this.identity = identity;
    this.service = service;
  }

  /**
   * A pseudonymous id: the token's {@code sub}, or {@code system:<service>} when the service acts
   * by itself (a listener, a clock).
   */
  public String id() {
    if (Arc.container().requestContext().isActive() && !identity.isAnonymous()) {
      return of(identity);
    }
    return "system:" + service;
  }

  public boolean hasRole(String role) {
    return Arc.container().requestContext().isActive() && identity.hasRole(role);
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
