package io.vigie.asset.inventory;

import java.util.Set;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;

/**
 * What an asset needs to work: other assets, and suppliers. Who needs them is asked with {@code GET
 * /v1/assets?dependsOn=…} and {@code ?dependsOnSupplier=…}.
 */
@Path("/v1/assets/{id}/dependencies")
public class DependencyResource {

  /**
   * @param dependsOnSuppliers those that it could not work without, whoever it was bought from;
   *     left out, they stay as they are
   */
  record Needs(
      @NotNull @Size(max = 200) Set<@NotNull UUID> dependsOn,
      @Size(max = 200) Set<@NotNull UUID> dependsOnSuppliers) {}

  private final Dependencies dependencies;

  DependencyResource(Dependencies dependencies) {
    this.dependencies = dependencies;
  }

  /**
   * These and no others. Each asset is at least as sensitive as what depends on it (R3.2), and each
   * supplier at least as critical (R8.1).
   */
  @PUT
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> replace(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Needs body) {
    return dependencies
        .alone()
        .chain(() -> Asset.require(id, ifMatch))
        .call(asset -> dependencies.replace(asset, body.dependsOn(), body.dependsOnSuppliers()))
        .map(AssetView::ok);
  }
}
