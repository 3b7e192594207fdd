package io.vigie.access.entitlement;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.EffectiveRights.Held;
import io.vigie.access.entitlement.EffectiveRights.Reason;
import io.vigie.access.person.Person;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.STAFF;

/** What somebody may do now, and why. How it was at another time, the log tells (as of). */
@Path("/v1/people/{id}/effective-rights")
public class EffectiveRightResource {

  /**
   * @param until when the last reason ends, where all have an end
   */
  @Schema(name = "EffectiveRight")
  record View(
      UUID entitlement,
      String name,
      UUID asset,
      EntitlementType type,
      Sensitivity sensitivity,
      Instant until,
      List<Reason> reasons) {

    static View of(Held held) {
      Entitlement.State state = held.entitlement().state();
      return new View(
          held.entitlement().id(),
          state.name(),
          state.asset(),
          state.type(),
          state.sensitivity(),
          held.until(),
          held.reasons());
    }
  }

  private final EffectiveRights rights;
  private final RightReaders readers;

  EffectiveRightResource(EffectiveRights rights, RightReaders readers) {
    this.rights = rights;
    this.readers = readers;
  }

  /** By the entitlement's id, each once, with all reasons. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(UUID id, @Valid @BeanParam Paging paging) {
    return Person.require(id)
        .call(() -> readers.requireOf(id))
        .chain(() -> rights.of(id, paging))
        .map(held -> paging.page(held, each -> each.entitlement().id(), View::of));
  }
}
