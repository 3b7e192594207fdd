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
import io.vigie.incident.IncidentAccess;
import io.vigie.incident.SecurityEvent;
import io.vigie.incident.SecurityEventState;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/** Files that come with a report of a security event. */
@Path("/v1/security-events/{event}/attachments")
public class EventAttachmentResource {

  private final IncidentAccess incidents;
  private final AttachmentIntake intake;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  EventAttachmentResource(
      IncidentAccess incidents, AttachmentIntake intake, Outbox outbox, Actor actor, Clock clock) {
    this.incidents = incidents;
    this.intake = intake;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Adds a file, up to 10 MiB, to what the caller reported; responders add to any report. What it
   * is, its content says.
   *
   * <p>Adding it again changes nothing.
   *
   * @param name of the file, which means nothing
   */
  @POST
  @RolesAllowed({STAFF, TOOL})
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Command(inOneTransaction = false)
  public Uni<RestResponse<AttachmentResource.View>> add(
      UUID event,
      @QueryParam("name") @NotBlank @Size(max = 200) @Pattern(regexp = "[^\\u0000-\\u001F\\u007F]*")
          String name,
      @NotNull @Size(min = 1) byte[] body) {
    return Panache.withSession(() -> open(event))
        .chain(() -> intake.keep(body))
        .chain(
            file ->
                Panache.withTransaction(
                    () ->
                        open(event)
                            .map(
                                report ->
                                    Attachment.ofSecurityEvent(
                                        event, file, name, actor.id(), clock.instant()))
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

  private Uni<SecurityEvent> open(UUID id) {
    return incidents
        .requireEvent(id)
        .invoke(
            event -> {
              if (!event.state().reporter().equals(actor.id()) && !actor.hasRole(RESPONDER)) {
                throw Problem.forbidden("You add files to what you reported yourself.");
              }
            })
        .invoke(
            event -> {
              if (event.state().state() == SecurityEventState.DISMISSED) {
                throw Problem.conflict(
                    "security-event-decided", "It was dismissed; report it anew.");
              }
            });
  }
}
