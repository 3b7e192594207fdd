package io.vigie.console.page;

import java.net.URI;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.logging.Log;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vigie.console.service.OwnAccount;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** Ends what somebody left open elsewhere: a browser of others, a machine that is lost. */
@Path("/sign-out-everywhere")
@Authenticated
public class SignOutEverywhereResource {

  record StillSignedIn() implements TemplateInstance {}

  private final OwnAccount account;

  SignOutEverywhereResource(@RestClient OwnAccount account) {
    this.account = account;
  }

  /** Who must sign in again while they ask for it asks once more. */
  @GET
  public RestResponse<Void> notAgain() {
    return RestResponse.seeOther(URI.create("/"));
  }

  /** Ends their other sessions, and leads to the end of this one; where that fails, none ends. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Uni<RestResponse<Object>> signOut() {
    return account
        .endOtherSessions()
        .map(ended -> ResponseBuilder.<Object>seeOther(URI.create("/logout")).build())
        .onFailure()
        .invoke(failure -> Log.warnf("Keycloak ends no sessions: %s", failure))
        .onFailure()
        .recoverWithItem(
            () ->
                ResponseBuilder.<Object>create(Status.SERVICE_UNAVAILABLE)
                    .entity(new StillSignedIn())
                    .build());
  }
}
