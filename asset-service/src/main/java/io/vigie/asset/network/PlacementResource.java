package io.vigie.asset.network;

import java.time.Clock;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetView;
import io.vigie.asset.inventory.Kinds;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Where in the network an asset is. */
@Path("/v1/assets/{id}/zone")
public class PlacementResource {

  record Placement(@NotNull UUID zone) {}

  private final Outbox outbox;
  private final Kinds kinds;
  private final Clock clock;

  PlacementResource(Outbox outbox, Kinds kinds, Clock clock) {
    this.outbox = outbox;
    this.kinds = kinds;
    this.clock = clock;
  }

  /** A networked asset sits in one zone (R9.1). */
  @PUT
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<AssetView>> place(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Placement body) {
    return Asset.require(id, ifMatch)
        .invoke(
            asset -> {
              if (!kinds.require(asset.details().kind()).networked()) {
                throw Problem.unprocessable(
                    "asset-not-networked", "Such an asset has no address, and so no zone.");
              }
            })
        .call(() -> Zone.requireInUse(body.zone()))
        .call(asset -> outbox.append(asset, asset.placeIn(body.zone(), clock.instant())))
        .map(AssetView::ok);
  }
}
