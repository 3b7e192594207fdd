package io.vigie.console.register;

import java.net.URI;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.rest.client.reactive.Url;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * As {@link AnyService}, of tables: a service may work on one for a while, and longer than who sent
 * it is there.
 */
@RegisterRestClient(configKey = "table")
public interface TableService {

  @POST
  @Consumes("text/csv")
  @Produces(MediaType.APPLICATION_JSON)
  Uni<RestResponse<String>> take(
      @Url URI address,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      @HeaderParam("Idempotency-Key") String key,
      byte[] table);
}
