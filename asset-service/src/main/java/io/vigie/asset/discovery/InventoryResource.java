package io.vigie.asset.discovery;

import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetView;
import io.vigie.asset.posture.Facts;
import io.vigie.asset.posture.Postures;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Read;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** The inventory of a machine that is in the register. */
@Path("/v1/assets/{id}/inventory")
public class InventoryResource {

  private final Inventories inventories;
  private final Postures postures;

  InventoryResource(Inventories inventories, Postures postures) {
    this.inventories = inventories;
    this.postures = postures;
  }

  /**
   * Replaces the machine's inventory; the event carries its digest, not its content. What listens
   * counts as an open port of the machine.
   */
  @PUT
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<AssetView>> takeInventory(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Inventory body) {
    return Asset.require(id, ifMatch)
        .call(asset -> inventories.take(asset, body, false))
        .call(
            () ->
                postures.observe(
                    id,
                    Facts.of(body.operatingSystem(), body.listeningPorts()),
                    body.collectedAt()))
        .map(AssetView::ok);
  }

  /** For those who read postures: what is installed and listens says where a machine is weak. */
  @GET
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<Inventory> inventory(UUID id) {
    return Asset.require(id).chain(inventories::of);
  }
}
