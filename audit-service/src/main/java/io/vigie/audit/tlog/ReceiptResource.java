package io.vigie.audit.tlog;

import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;

import io.smallrye.mutiny.Uni;
import io.vigie.audit.room.Rooms;
import io.vigie.audit.tlog.Receipts.Found;
import io.vigie.kernel.Actor;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;
import static io.vigie.kernel.security.Roles.TOOL;

/** Where the {@code Vigie-Receipt} of every change leads. */
@Path("/v1/receipts")
public class ReceiptResource {

  private final Receipts receipts;
  private final Delivery delivery;
  private final Rooms rooms;
  private final Actor actor;

  ReceiptResource(Receipts receipts, Delivery delivery, Rooms rooms, Actor actor) {
    this.receipts = receipts;
    this.delivery = delivery;
    this.rooms = rooms;
    this.actor = actor;
  }

  /**
   * The proof that an event is in the log, for the newest checkpoint (c2sp.org/tlog-proof; the
   * extra data is the entry). For whoever caused the event, and for auditor, ciso and sysadmin, and
   * for an auditor from outside where an audit covers it that is open to them; nobody else learns
   * whether there is such an event. The payload is not in it; who may read that takes the entry's
   * tlog-proof.
   */
  @GET
  @Path("{eventId}")
  @RolesAllowed({STAFF, TOOL, THIRD_PARTY_AUDITOR})
  @Produces(TlogProof.MEDIA_TYPE)
  @APIResponse(responseCode = "200", description = "The event is in the log: keep this file")
  @APIResponse(
      responseCode = "202",
      description = "It may be on its way: ask again after Retry-After")
  @Read(inSession = false)
  public Uni<RestResponse<String>> receipt(@PathParam("eventId") UUID eventId) {
    return receipts
        .ofEvent(eventId)
        .chain(
            entry -> {
              if (entry == null) {
                return delivery.notLogged(eventId);
              }
              return mayRead(entry).chain(mayRead -> answer(eventId, entry, mayRead));
            });
  }

  private Uni<Boolean> mayRead(Found entry) {
    boolean mayRead =
        actor.hasRole(AUDITOR)
            || actor.hasRole(CISO)
            || actor.hasRole(SYSADMIN)
            || actor.id().equals(entry.actor());
    return !mayRead && actor.hasRole(THIRD_PARTY_AUDITOR)
        ? rooms.reaches(entry.index())
        : Uni.createFrom().item(mayRead);
  }

  private Uni<RestResponse<String>> answer(UUID eventId, Found entry, boolean mayRead) {
    if (!mayRead) {
      throw Delivery.never();
    }
    return entry.isPublished()
        ? receipts.file(entry).map(file -> answer(eventId, file))
        : Uni.createFrom().item(Delivery.soon());
  }

  private static RestResponse<String> answer(UUID eventId, String file) {
    return ResponseBuilder.ok(file)
        .header("Content-Disposition", "attachment; filename=\"" + eventId + ".tlog-proof\"")
        .build();
  }
}
