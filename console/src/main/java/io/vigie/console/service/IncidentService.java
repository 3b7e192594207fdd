package io.vigie.console.service;

import java.time.Instant;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

@RegisterRestClient(configKey = "incident")
@RegisterProvider(InTheirName.class)
public interface IncidentService extends TaskService {

  /**
   * @param place null where nobody said, as {@code noticedAt}
   */
  record Report(
      String title, String description, Instant occurredAt, String place, Instant noticedAt) {}

  /** Where a report stands. */
  enum State {
    REPORTED,
    PROMOTED,
    MERGED,
    DISMISSED
  }

  /**
   * What somebody reported.
   *
   * @param dismissalReason null unless it is dismissed
   * @param incident that it became, or is of; else null
   */
  record SecurityEvent(
      UUID id,
      String title,
      String description,
      State state,
      Instant occurredAt,
      Instant reportedAt,
      String dismissalReason,
      UUID incident) {}

  record Attachment(UUID id, String name) {}

  /** Under the same key it is reported once, however often it is sent. */
  @POST
  @Path("/v1/security-events")
  Uni<RestResponse<SecurityEvent>> report(
      @HeaderParam("Idempotency-Key") String key, Report report);

  @GET
  @Path("/v1/security-events/{id}")
  Uni<SecurityEvent> securityEvent(@PathParam("id") UUID id);

  @GET
  @Path("/v1/attachments")
  Uni<Items<Attachment>> attachments(@QueryParam("securityEvent") UUID event);
}
