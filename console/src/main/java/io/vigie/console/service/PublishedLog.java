package io.vigie.console.service;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** What audit-service tells everybody of the log; asked in nobody's name. */
@RegisterRestClient(configKey = "audit")
public interface PublishedLog {

  /** The newest signed note; its second line is how many entries the log has. */
  @GET
  @Path("/log/checkpoint")
  @Produces(MediaType.TEXT_PLAIN)
  Uni<String> checkpoint();
}
