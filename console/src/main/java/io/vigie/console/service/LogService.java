package io.vigie.console.service;

import java.util.Map;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** audit-service, asked for what the log says. */
@RegisterRestClient(configKey = "audit")
@RegisterProvider(InTheirName.class)
public interface LogService {

  /**
   * @param entry its members
   */
  record Entry(long index, Map<String, String> entry) {}

  /**
   * @param canonical what the leaf hash covers
   * @param leafHash in base64
   * @param payload null where it was erased
   */
  record WholeEntry(
      long index, Map<String, String> entry, String canonical, String leafHash, byte[] payload) {}

  /**
   * What happened to an object, or to another that refers to it.
   *
   * @param changes of its public state, as a merge patch; null where there are none or they were
   *     erased
   * @param alert what the log found wrong with the event; null for a sound one
   */
  record Happening(
      long index,
      String type,
      String subject,
      String actor,
      String time,
      JsonNode changes,
      String alert) {}

  /**
   * @param asked filters and paging, by their names there; where the next and the previous page
   *     begin is in the {@code Link} headers of the answer
   */
  @GET
  @Path("/v1/log/entries")
  Uni<RestResponse<Items<Entry>>> search(@RestQuery Map<String, String> asked);

  /** That it was read goes into the log too. */
  @GET
  @Path("/v1/log/entries/{index}")
  Uni<WholeEntry> entry(@PathParam("index") String index);

  /** A proof with the payload, to keep; that it was taken goes into the log. */
  @GET
  @Path("/v1/log/entries/{index}/tlog-proof")
  @Produces(MediaType.TEXT_PLAIN)
  Uni<String> proof(@PathParam("index") String index);

  /**
   * @param paging as of a search
   */
  @GET
  @Path("/v1/objects/{kind}/{id}/timeline")
  Uni<RestResponse<Items<Happening>>> timeline(
      @PathParam("kind") String kind,
      @PathParam("id") UUID id,
      @RestQuery Map<String, String> paging);

  /** The proof that an event is in the log; 202 while it is on its way there. */
  @GET
  @Path("/v1/receipts/{event}")
  @Produces(MediaType.TEXT_PLAIN)
  Uni<RestResponse<String>> receipt(@PathParam("event") UUID event);

  /** The keys that verify what the log signs, one a line. */
  @GET
  @Path("/log/vkey")
  @Produces(MediaType.TEXT_PLAIN)
  Uni<String> keys();
}
