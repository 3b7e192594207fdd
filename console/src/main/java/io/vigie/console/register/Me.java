package io.vigie.console.register;

import java.util.Collection;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.ServiceUnavailableException;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vigie.console.register.Services.Answer;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who is there, as the services know them. Templates have it as {@code inject:me}. */
@Named("me")
@RequestScoped
public class Me {

  private final SecurityIdentity identity;
  private final Services services;
  private final Registers registers;
  private Uni<String> person;

  Me(SecurityIdentity identity, Services services, Registers registers) {
    this.identity = identity;
    this.services = services;
    this.registers = registers;
  }

  /** The subject of their tokens. */
  String account() {
    return identity.getPrincipal() instanceof JsonWebToken token && token.getSubject() != null
        ? token.getSubject()
        : identity.getPrincipal().getName();
  }

  boolean hasOneOf(Collection<String> roles) {
    return roles.stream().anyMatch(identity::hasRole);
  }

  /**
   * Where something is that is named as {@code <kind>/<id>}; null where it has no page of its own,
   * or none that they may read.
   */
  public String page(String object) {
    Register of = registers.of(object);
    return of != null && hasOneOf(of.roles()) ? registers.address(object) : null;
  }

  /** Whether they may make something new in this register. */
  public boolean makes(String register) {
    return hasOneOf(registers.named(register).create().roles());
  }

  /**
   * The register, which they may read.
   *
   * @throws ForbiddenException where they may not
   */
  Register requireReader(Register register) {
    if (!hasOneOf(register.roles())) {
      throw new ForbiddenException();
    }
    return register;
  }

  /**
   * Their id as a person; null where nobody has their account. Fails where access-service does not
   * say.
   */
  Uni<String> person() {
    if (person == null) {
      person = services.get("access", "/v1/people/me").map(Me::id).memoize().indefinitely();
    }
    return person;
  }

  private static String id(Answer answer) {
    if (answer.status() == 404) {
      return null;
    }
    if (!answer.isOk()) {
      throw new ServiceUnavailableException();
    }
    return answer.body().path("id").asText(null);
  }
}
