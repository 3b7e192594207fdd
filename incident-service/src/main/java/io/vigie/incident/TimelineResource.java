package io.vigie.incident;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/** What was said, done and decided about an incident; only added to. The ETag is the incident's. */
@Path("/v1/incidents/{incident}/timeline")
public class TimelineResource {

  /**
   * @param at when it happened, if not just now
   * @param supersedes the entry that this one corrects, or null
   */
  @Schema(name = "NewIncidentEntry")
  record NewEntry(
      @NotNull EntryKind kind,
      @NotBlank @Size(max = 10_000) String text,
      @PastOrPresent Instant at,
      UUID supersedes) {

    IncidentEntry of(UUID incident, String author, Instant now) {
      return new IncidentEntry(
          incident, kind, text, at == null ? now : at, now, author, supersedes);
    }
  }

  private final IncidentAccess incidents;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  TimelineResource(IncidentAccess incidents, Outbox outbox, Actor actor, Clock clock) {
    this.incidents = incidents;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Entries in order of their recording.
   *
   * @param superseded false for those that stand, true for those that were corrected
   */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<IncidentEntry.View>>> list(
      UUID incident,
      @QueryParam("kind") EntryKind kind,
      @QueryParam("superseded") Boolean superseded,
      @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("incident", incident).equal("kind", kind).after(paging);
    if (superseded != null) {
      filter.where(
          "id %s (select c.supersedes from IncidentEntry c where c.supersedes is not null)"
              .formatted(superseded ? "in" : "not in"));
    }
    return incidents
        .require(incident)
        .chain(
            found ->
                IncidentEntry.<IncidentEntry>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .chain(
                        entries ->
                            IncidentEntry.corrections(entries)
                                .map(
                                    by ->
                                        paging.page(
                                            entries,
                                            IncidentEntry::id,
                                            entry ->
                                                entry.view(by.get(entry.id()), found.version())))));
  }

  /**
   * What clients are told of the incident, to be sent to them or published: the last hundred
   * statuses that stand, each under the time it is of, the latest first.
   */
  @GET
  @Path("status-page")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Produces("text/plain; charset=utf-8")
  @Read
  @APIResponse(
      responseCode = "200",
      description = "The text",
      content =
          @Content(
              mediaType = "text/plain",
              schema = @Schema(type = SchemaType.STRING),
              example = "2026-03-02T10:20:00Z\nThe shop is back.\n"))
  public Uni<String> statusPage(UUID incident) {
    return incidents.require(incident).chain(found -> IncidentEntry.statusPage(incident));
  }

  /** 409 where the entry is superseded already; on a closed incident anything but a correction. */
  @POST
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<IncidentEntry.View>> add(
      UUID incident,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid NewEntry body) {
    Instant now = clock.instant();
    IncidentEntry entry = body.of(incident, actor.id(), now);
    return incidents
        .require(incident, ifMatch)
        .call(() -> IncidentEntry.requireStands(incident, body.supersedes()))
        .call(found -> outbox.append(found, found.noted(entry, now)))
        .call(() -> entry.persist())
        .map(
            found ->
                Answer.created(
                    "/v1/incidents/" + incident + "/timeline",
                    entry.view(null, found.version()),
                    found.version()));
  }
}
