package io.vigie.console.service;

import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

@RegisterRestClient(configKey = "asset")
@RegisterProvider(InTheirName.class)
public interface AssetService extends TaskService {

  record Sheet(String titleFr, String titleEn) {}

  /**
   * @param current the version in force
   * @param currentNumber its number
   */
  record Document(UUID id, Sheet sheet, UUID current, Integer currentNumber) {}

  record Acknowledgement(UUID id) {}

  /**
   * Documents in order of registration; there is a {@code Link} where there is more.
   *
   * @param awaiting {@code me} for those that the caller is asked to acknowledge
   */
  @GET
  @Path("/v1/documents")
  Uni<RestResponse<Items<Document>>> documents(@QueryParam("awaiting") String awaiting);

  /** A version of a document as it was submitted, 5 MiB at most, to be saved and not shown. */
  @GET
  @Path("/v1/documents/{document}/versions/{version}/content")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  Uni<RestResponse<byte[]>> content(
      @PathParam("document") UUID document, @PathParam("version") UUID version);

  /**
   * The caller acknowledges the document.
   *
   * @param version the one that they read: 409 where another is current by now
   */
  @POST
  @Path("/v1/documents/{document}/acknowledgements")
  Uni<RestResponse<Acknowledgement>> acknowledge(
      @PathParam("document") UUID document,
      @QueryParam("version") UUID version,
      @HeaderParam("Idempotency-Key") String key);
}
