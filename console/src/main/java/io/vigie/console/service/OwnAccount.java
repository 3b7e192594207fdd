package io.vigie.console.service;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** Keycloak, asked by the holder of an account about that account alone. */
@RegisterRestClient(configKey = "own-account")
@RegisterProvider(InTheirName.class)
public interface OwnAccount {

  /**
   * Ends all sessions but the one that asks: Keycloak tells whoever has a part in them
   * (back-channel logout). It refuses accounts without the role {@code manage-account} of its
   * client {@code account}, which new ones have.
   */
  @DELETE
  @Path("/account/sessions")
  @Produces(MediaType.APPLICATION_JSON)
  Uni<Void> endOtherSessions();
}
