package io.vigie.audit.room;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/** As whom audits are read: the realm's roles alone do not tell. */
@Path("/v1/reach")
@RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR, CISO})
public class ReachResource {

  /**
   * @param whole whether the log and the rules are open to the caller for all of the house, and not
   *     for what the audits cover that name them
   */
  @Schema(name = "Reach")
  record ReachView(boolean whole) {}

  private final Rooms rooms;

  ReachResource(Rooms rooms) {
    this.rooms = rooms;
  }

  /** How far the caller reads, so that nobody offers them what is refused. */
  @GET
  @Read(inSession = false)
  public Uni<ReachView> reach() {
    return Uni.createFrom().item(() -> new ReachView(!rooms.isThirdParty()));
  }
}
