package io.vigie.console.page;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;

/** Where people come out after they signed out at Keycloak. */
@Path("/signed-out")
@PermitAll
public class SignOutResource {

  record SignedOut() implements TemplateInstance {}

  @GET
  @Produces(MediaType.TEXT_HTML)
  public TemplateInstance signedOut() {
    return new SignedOut();
  }
}
