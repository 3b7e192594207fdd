package io.vigie.asset.supplier;

import java.time.Clock;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** What assessments of a supplier want mended. The ETag is the supplier's. */
@Path("/v1/suppliers/{supplier}/reservations")
public class ReservationResource {

  @Schema(name = "AssessmentReservationLifting")
  record Lifting(@NotBlank @Size(max = 4_000) String evidence) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  ReservationResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** {@code lifted=false}: those that are still to be mended. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<Reservation.View>>> list(
      UUID supplier,
      @QueryParam("assessment") UUID assessment,
      @QueryParam("lifted") Boolean lifted,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter().equal("supplier", supplier).equal("assessment", assessment).after(paging);
    if (lifted != null) {
      filter.where(lifted ? "liftedAt is not null" : "liftedAt is null");
    }
    return Supplier.require(supplier)
        .chain(
            found ->
                Reservation.<Reservation>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all ->
                            paging.page(all, Reservation::id, one -> one.view(found.version()))));
  }

  @POST
  @Path("{id}/lifting")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<Reservation.View>> lift(
      UUID supplier,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Lifting body) {
    return Supplier.require(supplier, ifMatch)
        .chain(
            found ->
                Reservation.require(supplier, id)
                    .call(
                        one ->
                            outbox.append(
                                found, one.lift(body.evidence(), actor.id(), clock.instant())))
                    .map(one -> Answer.ok(one.view(found.version()), found.version())));
  }
}
