package io.vigie.bench.plain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** Creates and reads, as the framework's guide writes a resource. */
@Path("/v1/assets")
public class AssetResource {

  @POST
  @RolesAllowed("asset-manager")
  public Uni<RestResponse<Asset>> create(Asset asset) {
    asset.state = "IN_STOCK";
    asset.registeredAt = Instant.now();
    return Panache.withTransaction(asset::persist)
        .replaceWith(() -> RestResponse.status(Status.CREATED, asset));
  }

  @GET
  @Path("{id}")
  @RolesAllowed("staff")
  @WithSession
  public Uni<Asset> get(UUID id) {
    return Asset.<Asset>findById(id).onItem().ifNull().failWith(NotFoundException::new);
  }

  @GET
  @RolesAllowed("staff")
  @WithSession
  public Uni<List<Asset>> list(
      @QueryParam("kind") String kind,
      @QueryParam("production") boolean production,
      @QueryParam("after") UUID after,
      @QueryParam("limit") int limit) {
    return Asset.<Asset>find(
            "kind = ?1 and production = ?2 and id > ?3 order by id", kind, production, after)
        .page(0, limit)
        .list();
  }
}
