package io.vigie.console.register;

import java.net.URI;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.rest.client.reactive.Url;
import io.smallrye.mutiny.Uni;
import io.vigie.console.service.InTheirName;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

/** What is asked of a service that only data names; each address is a whole one. */
@RegisterRestClient(configKey = "any")
@RegisterProvider(InTheirName.class)
public interface AnyService {

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  Uni<RestResponse<String>> get(@Url URI address);

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  Uni<RestResponse<String>> post(
      @Url URI address,
      @HeaderParam("If-Match") String version,
      @HeaderParam("Idempotency-Key") String key,
      String body);

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  Uni<RestResponse<String>> put(
      @Url URI address, @HeaderParam("If-Match") String version, String body);
}
