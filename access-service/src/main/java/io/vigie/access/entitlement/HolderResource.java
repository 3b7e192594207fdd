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
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.STAFF;

/** Who has an entitlement now, and why. Its owner sees them, too. */
@Path("/v1/entitlements/{id}/holders")
public class HolderResource {

  /**
   * @param until when the last reason ends, where all have an end
   */
  @Schema(name = "Holder")
  record View(UUID person, Instant until, List<Reason> reasons) {

    static View of(Held held) {
      return new View(held.person(), held.until(), held.reasons());
    }
  }

  private final EffectiveRights rights;
  private final RightReaders readers;

  HolderResource(EffectiveRights rights, RightReaders readers) {
    this.rights = rights;
    this.readers = readers;
  }

  /** By the person's id, each once, with all reasons. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(UUID id, @Valid @BeanParam Paging paging) {
    return Entitlement.require(id)
        .call(readers::requireOfAllWith)
        .chain(() -> rights.with(id, paging))
        .map(held -> paging.page(held, Held::person, View::of));
  }
}
