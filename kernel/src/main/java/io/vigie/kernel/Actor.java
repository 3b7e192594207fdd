package io.vigie.kernel;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.identity.SecurityIdentity;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who acts now: whose request is worked on, or the service itself outside requests. */
@ApplicationScoped
public class Actor {

  public static final String ANONYMOUS = "anonymous";

  private final PresentRequest request;
  private final String service;

  Actor(PresentRequest request, @ConfigProperty(name = "vigie.name") String service) {
    this.request = request;
    this.service = service;
  }

  /**
   * A pseudonymous id: the token's {@code sub}, or {@code system:<service>} when the service acts
   * by itself (a listener, a clock).
   */
  public String id() {
    SecurityIdentity caller = request.caller();
    return caller == null || caller.isAnonymous() ? system() : of(caller);
  }

  /** This service, acting by itself. */
  public String system() {
    return "system:" + service;
  }

  public boolean hasRole(String role) {
    SecurityIdentity caller = request.caller();
    return caller != null && caller.hasRole(role);
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
