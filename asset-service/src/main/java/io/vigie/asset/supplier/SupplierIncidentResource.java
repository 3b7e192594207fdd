package io.vigie.asset.supplier;

import java.time.Clock;
import java.util.List;
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
import io.vigie.asset.inventory.Asset;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
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
import static io.vigie.kernel.security.Roles.RESPONDER;

/** What went wrong at a supplier. The ETag is the supplier's. */
@Path("/v1/suppliers/{supplier}/incidents")
public class SupplierIncidentResource {

  @Schema(name = "SupplierIncidentClosing")
  record Closing(@NotBlank @Size(max = 4_000) String outcome) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  SupplierIncidentResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** Whatever the supplier's state and version: what happened is told at any time. */
  @POST
  @RolesAllowed({ASSET_MANAGER, CISO, RESPONDER})
  @Command
  public Uni<RestResponse<SupplierIncident.View>> report(
      UUID supplier, @NotNull @Valid SupplierIncident.Report body) {
    return Supplier.require(supplier)
        .call(() -> requireKnown(body.assets()))
        .chain(
            found -> {
              SupplierIncident incident =
                  new SupplierIncident(supplier, body, actor.id(), clock.instant());
              return incident
                  .persist()
                  .chain(() -> outbox.append(found, incident.reported()))
                  .map(
                      done ->
                          Answer.created(
                              "/v1/suppliers/" + supplier + "/incidents/" + incident.id(),
                              incident.view(found.version()),
                              found.version()));
            });
  }

  private static Uni<Void> requireKnown(List<UUID> assets) {
    return assets.isEmpty()
        ? Uni.createFrom().voidItem()
        : Asset.count("id in ?1", assets)
            .invoke(
                known -> {
                  if (known < assets.stream().distinct().count()) {
                    throw Problem.unprocessable(
                        "asset-unknown", "One of these assets is not in the register.");
                  }
                })
            .replaceWithVoid();
  }

  /** In the order in which they were recorded; {@code open=true}: those that are not closed. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR, RESPONDER})
  @Read
  public Uni<RestResponse<Answer.Page<SupplierIncident.View>>> list(
      UUID supplier, @QueryParam("open") Boolean open, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("supplier", supplier).after(paging);
    if (open != null) {
      filter.where(open ? "closedAt is null" : "closedAt is not null");
    }
    return Supplier.require(supplier)
        .chain(
            found ->
                SupplierIncident.<SupplierIncident>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all ->
                            paging.page(
                                all, SupplierIncident::id, one -> one.view(found.version()))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR, RESPONDER})
  @Read
  public Uni<RestResponse<SupplierIncident.View>> get(UUID supplier, UUID id) {
    return Supplier.require(supplier)
        .chain(found -> SupplierIncident.require(supplier, id).map(one -> ok(found, one)));
  }

  @POST
  @Path("{id}/closing")
  @RolesAllowed({ASSET_MANAGER, CISO, RESPONDER})
  @Command
  public Uni<RestResponse<SupplierIncident.View>> close(
      UUID supplier,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Closing body) {
    return Supplier.require(supplier, ifMatch)
        .chain(
            found ->
                SupplierIncident.require(supplier, id)
                    .call(one -> outbox.append(found, one.close(body.outcome(), clock.instant())))
                    .map(one -> ok(found, one)));
  }

  private static RestResponse<SupplierIncident.View> ok(Supplier of, SupplierIncident one) {
    return Answer.ok(one.view(of.version()), of.version());
  }
}
