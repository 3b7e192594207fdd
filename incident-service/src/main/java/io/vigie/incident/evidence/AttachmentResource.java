package io.vigie.incident.evidence;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.IncidentAccess;
import io.vigie.incident.SecurityEvent;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.ETag;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * Files of security events and incidents. A caller sees those of the security events that they
 * reported; responders, the CISO and auditors see all.
 */
@Path("/v1/attachments")
public class AttachmentResource {

  /**
   * Evidence goes from hand to hand.
   *
   * @param to the subject of whoever keeps it from now on
   */
  @Schema(name = "EvidenceHandOver")
  record HandOver(
      @NotBlank @Size(max = 255) String to,
      @NotNull Purpose purpose,
      @NotBlank @Size(max = 2_000) String reason) {}

  /**
   * A file.
   *
   * @param mediaType as its content says
   * @param scanned whether a program looked for viruses in it, and found none
   * @param holder who keeps evidence
   * @param intact what the last check found
   */
  @Schema(name = "Attachment")
  record View(
      UUID id,
      UUID securityEvent,
      UUID incident,
      String name,
      String mediaType,
      long size,
      String sha256,
      boolean scanned,
      String addedBy,
      Instant addedAt,
      String holder,
      Instant checkedAt,
      Boolean intact,
      long version) {

    static View of(Attachment attachment) {
      Attachment.State state = attachment.state();
      return new View(
          attachment.id(),
          state.securityEvent(),
          state.incident(),
          attachment.name(),
          state.mediaType(),
          state.size(),
          state.sha256(),
          state.scanned(),
          attachment.addedBy(),
          state.addedAt(),
          state.holder(),
          state.checkedAt(),
          state.intact(),
          attachment.version());
    }
  }

  private final IncidentAccess incidents;
  private final AttachmentIntake intake;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  AttachmentResource(
      IncidentAccess incidents,
      AttachmentIntake intake,
      Outbox outbox,
      History history,
      Actor actor,
      Clock clock) {
    this.incidents = incidents;
    this.intake = intake;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Files in the order in which they were added. */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("securityEvent") UUID securityEvent,
      @QueryParam("incident") UUID incident,
      @QueryParam("sha256") @Pattern(regexp = "[0-9a-f]{64}", message = "is a SHA-256")
          String sha256,
      @QueryParam("intact") Boolean intact,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("securityEvent", securityEvent)
            .equal("incident", incident)
            .equal("sha256", sha256)
            .equal("intact", intact)
            .after(paging);
    if (!seesAll()) {
      filter.where(
          "securityEvent in (select e.id from SecurityEvent e where e.reporter = :value)",
          actor.id());
    } else {
      incidents.ofReadableReportOrNone(filter);
    }
    incidents.ofReadableOrNone(filter);
    return Attachment.<Attachment>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(files -> paging.page(files, Attachment::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return visible(id).map(AttachmentResource::ok);
  }

  /** The bytes as they were brought, to be saved and not shown. */
  @GET
  @Path("{id}/content")
  @RolesAllowed({STAFF, TOOL})
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Read
  @APIResponse(
      responseCode = "200",
      description = "The file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Uni<RestResponse<byte[]>> content(UUID id) {
    return visible(id)
        .chain(
            attachment ->
                intake
                    .content(attachment.state().sha256())
                    .map(content -> download(attachment, content)));
  }

  /** Its name may be anything, so it is not the file's. */
  private static RestResponse<byte[]> download(Attachment attachment, byte[] content) {
    return ResponseBuilder.ok(content)
        .header(HttpHeaders.CONTENT_TYPE, attachment.state().mediaType())
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            "attachment; filename=\"%s.%s\"".formatted(attachment.id(), attachment.extension()))
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  /** Hands evidence of an incident over: by whoever keeps it, or the CISO in their place. */
  @POST
  @Path("{id}/hand-over")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> handOver(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid HandOver body) {
    return readable(id)
        .invoke(attachment -> ETag.require(ifMatch, attachment.version()))
        .call(
            attachment -> {
              AttachmentEvent handOver =
                  attachment.handOver(
                      body.to(), body.purpose(), actor.id(), actor.hasRole(CISO), clock.instant());
              return outbox
                  .append(attachment, handOver)
                  .chain(
                      () ->
                          new CustodyStep(
                                  (AttachmentEvent.HandedOver) handOver, body.reason(), actor.id())
                              .persist());
            })
        .map(AttachmentResource::ok);
  }

  /** The hand-overs of evidence so far, in their order. */
  @GET
  @Path("{id}/custody")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<CustodyStep.View>>> custody(
      UUID id, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("attachment", id).after(paging);
    return readable(id)
        .chain(
            file ->
                CustodyStep.<CustodyStep>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(steps -> paging.page(steps, CustodyStep::id, CustodyStep::view));
  }

  /** Reads what is kept and says whether it has the digest that it had at its intake. */
  @POST
  @Path("{id}/check")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> check(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return readable(id)
        .invoke(attachment -> ETag.require(ifMatch, attachment.version()))
        .call(
            attachment ->
                intake
                    .digest(attachment.state().sha256())
                    .chain(
                        found ->
                            outbox.append(attachment, attachment.check(found, clock.instant()))))
        .map(AttachmentResource::ok);
  }

  /** What happened to the file, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return readable(id).chain(() -> history.of("attachment", id, query));
  }

  /**
   * The attachment; 404, as where there is none, where its incident, or the one that its security
   * event became, is not there for the caller.
   */
  private Uni<Attachment> readable(UUID id) {
    return Attachment.require(id)
        .call(
            attachment ->
                isReadable(attachment.state())
                    .invoke(
                        readable -> {
                          if (!readable) {
                            throw Attachment.unknown();
                          }
                        }));
  }

  private Uni<Boolean> isReadable(Attachment.State state) {
    return state.securityEvent() == null
        ? incidents.isReadable(state.incident())
        : SecurityEvent.require(state.securityEvent()).chain(incidents::isReadable);
  }

  /** The attachment, where the caller may see it. */
  private Uni<Attachment> visible(UUID id) {
    return readable(id)
        .call(
            attachment ->
                seesAll()
                    ? Uni.createFrom().voidItem()
                    : SecurityEvent.count(
                            "id = ?1 and reporter = ?2",
                            attachment.state().securityEvent(),
                            actor.id())
                        .invoke(
                            own -> {
                              if (own == 0) {
                                throw Problem.forbidden(
                                    "You see the files of what you reported yourself.");
                              }
                            }));
  }

  private boolean seesAll() {
    return actor.hasRole(RESPONDER) || actor.hasRole(CISO) || actor.hasRole(AUDITOR);
  }

  static RestResponse<View> ok(Attachment attachment) {
    return Answer.ok(View.of(attachment), attachment.version());
  }
}
