package io.vigie.kernel.security;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Not ready before it is known who is revoked. A bean of its own: the qualifier would hide {@link
 * Revocations} from those who look for it as what else it is.
 */
@Readiness
@ApplicationScoped
class RevocationsLoaded implements HealthCheck {

  private final Revocations revocations;

  RevocationsLoaded(Revocations revocations) {
    this.revocations = revocations;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("revocations").status(revocations.isLoaded()).build();
  }
}
