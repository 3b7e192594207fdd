package io.vigie.console.service;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.console.service.AuditService.Control;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

/** audit-service, asked for audits, their rooms and the evidence that is asked for in them. */
@RegisterRestClient(configKey = "audit")
@RegisterProvider(InTheirName.class)
public interface AuditRooms {

  enum AuditKind {
    INTERNAL,
    THIRD_PARTY
  }

  /** How far an audit is. */
  enum AuditState {
    PLANNED,
    BEGUN,
    CLOSED,
    CANCELLED
  }

  /** How much a finding weighs. */
  enum Severity {
    MAJOR,
    MINOR,
    OBSERVATION
  }

  /** How far a finding is. */
  enum FindingState {
    OPEN,
    ACTED,
    VERIFIED,
    ACCEPTED
  }

  /**
   * What an auditor found.
   *
   * @param owner the account that is to act
   * @param action what the owner did last; null for nothing
   */
  record Finding(
      UUID id,
      String reference,
      String rule,
      Severity severity,
      String text,
      String owner,
      Instant dueAt,
      FindingState state,
      String action) {}

  /** How far evidence is that was asked for. */
  enum RequestState {
    ASKED,
    ANSWERED,
    ACCEPTED,
    WITHDRAWN
  }

  /**
   * An audit of the policy.
   *
   * @param auditor the account that audits
   * @param unsettled findings that are neither verified nor accepted
   * @param unanswered requests for evidence that wait for an answer
   */
  record Audit(
      UUID id,
      String title,
      AuditKind kind,
      List<String> rules,
      List<UUID> clients,
      String auditor,
      Instant periodFrom,
      Instant periodUntil,
      AuditState state,
      long unsettled,
      long unanswered) {}

  /**
   * Evidence that an auditor asked for.
   *
   * @param rule null where it is about none; as is {@code object}
   * @param assignee the account that is to answer; null while that is the CISO
   * @param answer null until there is one; as are {@code answeredBy} and {@code answeredAt}
   * @param entries of the log that the answer names
   * @param objects that the answer names, as {@code <kind>/<id>}
   * @param reason why it was sent back or withdrawn last; null for no reason
   */
  record EvidenceRequest(
      UUID id,
      UUID audit,
      String rule,
      String object,
      String text,
      String askedBy,
      Instant askedAt,
      Instant dueAt,
      String assignee,
      RequestState state,
      Instant since,
      String answer,
      List<Long> entries,
      List<String> objects,
      String answeredBy,
      Instant answeredAt,
      String reason,
      long version) {}

  /**
   * An entry of the log.
   *
   * @param leafHash in base64
   */
  record RoomEntry(long index, String leafHash) {}

  /**
   * @param evidence how many entries prove it
   * @param last the last of them; null where there is none
   */
  record RoomRule(Control control, long evidence, RoomEntry last) {}

  /**
   * @param entries those that the answer names
   */
  record RoomRequest(EvidenceRequest request, List<RoomEntry> entries) {}

  /**
   * @param evidence how many entries of the log the audit covers
   */
  record Room(long evidence, List<RoomRule> controls, List<RoomRequest> requests) {}

  /**
   * @param rule null where it is about none; as is {@code object}
   */
  record NewRequest(UUID audit, String rule, String object, String text, Instant dueAt) {}

  /**
   * A page of audits; there is a {@code Link} where there is more.
   *
   * @param state null for any
   * @param after the last that was seen; null for the first page
   */
  @GET
  @Path("/v1/audits")
  Uni<RestResponse<Items<Audit>>> audits(
      @QueryParam("state") AuditState state, @QueryParam("after") UUID after);

  @GET
  @Path("/v1/audits/{id}")
  Uni<Audit> audit(@PathParam("id") UUID id);

  @GET
  @Path("/v1/audits/{id}/room")
  Uni<Room> room(@PathParam("id") UUID id);

  /** Findings of an audit in the order in which they were raised, up to {@code limit}. */
  @GET
  @Path("/v1/audit-findings")
  Uni<Items<Finding>> findings(@QueryParam("audit") UUID audit, @QueryParam("limit") int limit);

  /**
   * A page of requests; there is a {@code Link} where there is more.
   *
   * @param waiting whether those that wait for an answer
   * @param after the last that was seen; null for the first page
   */
  @GET
  @Path("/v1/evidence-requests")
  Uni<RestResponse<Items<EvidenceRequest>>> requests(
      @QueryParam("waiting") boolean waiting, @QueryParam("after") UUID after);

  @GET
  @Path("/v1/evidence-requests/{id}")
  Uni<EvidenceRequest> request(@PathParam("id") UUID id);

  /** Under the same key it is asked for once, however often it is sent. */
  @POST
  @Path("/v1/evidence-requests")
  Uni<RestResponse<EvidenceRequest>> ask(
      @HeaderParam("Idempotency-Key") String key, NewRequest request);

  /**
   * Under the same key it is done once.
   *
   * @param what {@code assignment}, {@code answer}, {@code review} or {@code withdrawal}
   * @param version the ETag of the request that was read
   */
  @POST
  @Path("/v1/evidence-requests/{id}/{what}")
  Uni<RestResponse<EvidenceRequest>> act(
      @PathParam("id") UUID id,
      @PathParam("what") String what,
      @HeaderParam("If-Match") String version,
      @HeaderParam("Idempotency-Key") String key,
      Map<String, Object> body);
}
