package io.vigie.bench.plain;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** Creates and reads, as the framework's guide writes a resource. */
@Path("/v1/assets")
public class AssetResource {

  @Inject JsonWebToken token;
  @Inject ObjectMapper json;

  @POST
  @RolesAllowed("asset-manager")
  public Uni<RestResponse<Asset>> create(Asset asset) {
    begin(asset);
    return Panache.withTransaction(asset::persist)
        .replaceWith(() -> RestResponse.status(Status.CREATED, asset));
  }

  /** The same, and a fact about it in the same transaction, which nobody reads. */
  @POST
  @Path("told")
  @RolesAllowed("asset-manager")
  public Uni<RestResponse<Asset>> createAndTell(Asset asset) {
    begin(asset);
    return Panache.withTransaction(() -> asset.persist().chain(() -> registered(asset).persist()))
        .replaceWith(() -> RestResponse.status(Status.CREATED, asset));
  }

  private static void begin(Asset asset) {
    asset.state = "IN_STOCK";
    asset.registeredAt = Instant.now();
  }

  private Fact registered(Asset asset) {
    Fact fact = new Fact();
    fact.type = "asset.registered.v1";
    fact.subject = asset.id;
    fact.payload = written(asset);
    fact.actor = token.getSubject();
    fact.occurredAt = asset.registeredAt;
    return fact;
  }

  private String written(Asset asset) {
    try {
      return json.writeValueAsString(asset);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
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

  /** The same, of objects that are put together of parts. */
  @GET
  @Path("in-parts")
  @RolesAllowed("staff")
  @WithSession
  public Uni<List<AssetInParts>> listInParts(
      @QueryParam("kind") String kind,
      @QueryParam("production") boolean production,
      @QueryParam("after") UUID after,
      @QueryParam("limit") int limit) {
    return AssetInParts.<AssetInParts>find(
            "details.kind = ?1 and details.production = ?2 and id > ?3 order by id",
            kind,
            production,
            after)
        .page(0, limit)
        .list();
  }
}
