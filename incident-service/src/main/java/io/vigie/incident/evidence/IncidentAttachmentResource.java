package io.vigie.incident.evidence;

import java.time.Clock;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.Incident;
import io.vigie.incident.IncidentAccess;
import io.vigie.incident.IncidentState;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.RESPONDER;

/** Evidence of an incident. */
@Path("/v1/incidents/{incident}/attachments")
public class IncidentAttachmentResource {

  private final IncidentAccess incidents;
  private final AttachmentIntake intake;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  IncidentAttachmentResource(
      IncidentAccess incidents, AttachmentIntake intake, Outbox outbox, Actor actor, Clock clock) {
    this.incidents = incidents;
    this.intake = intake;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Takes in evidence, up to 10 MiB, which the caller keeps until they hand it over.
   *
   * <p>Adding it again changes nothing.
   *
   * @param name of the file, which means nothing
   */
  @POST
  @RolesAllowed(RESPONDER)
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Command(inOneTransaction = false)
  public Uni<RestResponse<AttachmentResource.View>> add(
      UUID incident,
      @QueryParam("name") @NotBlank @Size(max = 200) @Pattern(regexp = "[^\\u0000-\\u001F\\u007F]*")
          String name,
      @NotNull @Size(min = 1) byte[] body) {
    return Panache.withSession(() -> open(incident))
        .chain(() -> intake.keep(body))
        .chain(
            file ->
                Panache.withTransaction(
                    () ->
                        open(incident)
                            .map(
                                worked ->
                                    Attachment.ofIncident(
                                        incident, file, name, actor.id(), clock.instant()))
                            .chain(this::keepOnce)))
        .map(AttachmentResource::ok);
  }

  private Uni<Attachment> keepOnce(Attachment attachment) {
    return attachment
        .first()
        .onItem()
        .ifNull()
        .switchTo(() -> outbox.append(attachment, attachment.added()).replaceWith(attachment));
  }

  private Uni<Incident> open(UUID id) {
    return incidents
        .require(id)
        .invoke(
            incident -> {
              if (incident.state().state() == IncidentState.CLOSED) {
                throw Problem.conflict("incident-closed", "A closed incident changes no more.");
              }
            });
  }
}
