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

/** What an asset needs to work. Who needs it is asked with {@code GET /v1/assets?dependsOn=…}. */
@Path("/v1/assets/{id}/dependencies")
public class DependencyResource {

  record Needs(@NotNull @Size(max = 200) Set<@NotNull UUID> dependsOn) {}

  private final Dependencies dependencies;

  DependencyResource(Dependencies dependencies) {
    this.dependencies = dependencies;
  }

  /** These and no others. Each is at least as sensitive as what depends on it (R3.2). */
  @PUT
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> replace(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Needs body) {
    return dependencies
        .alone()
        .chain(() -> Asset.require(id, ifMatch))
        .call(asset -> dependencies.replace(asset, body.dependsOn()))
        .map(AssetView::ok);
  }
}
