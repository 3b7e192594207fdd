package io.vigie.asset;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** The asset register. */
@Path("/v1/assets")
public class AssetResource {

  record Registration(
      @NotBlank @Size(max = 200) String name,
      @NotNull AssetKind kind,
      @Size(min = 1, max = 100) String serialNumber,
      boolean production) {}

  record Ownership(@NotNull UUID owner) {}

  record Loss(
      boolean stolen,
      @NotBlank @Size(max = 4_000) String circumstances,
      @NotNull @PastOrPresent Instant occurredAt) {}

  record Retirement(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Asset")
  record View(
      UUID id,
      String name,
      AssetKind kind,
      String serialNumber,
      boolean production,
      AssetState state,
      UUID owner,
      Instant reassignBy,
      Classification classification,
      String inventoryDigest,
      Instant inventoriedAt,
      Instant registeredAt,
      long version) {

    static View of(Asset asset) {
      Asset.State state = asset.state();
      return new View(
          asset.id(),
          state.name(),
          state.kind(),
          state.serialNumber(),
          state.production(),
          state.state(),
          state.owner(),
          state.reassignBy(),
          state.classification(),
          state.inventoryDigest(),
          state.inventoriedAt(),
          state.registeredAt(),
          asset.version());
    }
  }

  private final Outbox outbox;
  private final Inventories inventories;
  private final Departures departures;
  private final History history;
  private final Clock clock;

  AssetResource(
      Outbox outbox, Inventories inventories, Departures departures, History history, Clock clock) {
    this.outbox = outbox;
    this.inventories = inventories;
    this.departures = departures;
    this.history = history;
    this.clock = clock;
  }

  @POST
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<View>> register(@NotNull @Valid Registration body) {
    Asset asset =
        new Asset(
            body.name(), body.kind(), body.serialNumber(), body.production(), clock.instant());
    return outbox
        .append(asset, asset.registered())
        .map(done -> Answer.created("/v1/assets/" + asset.id(), View.of(asset), asset.version()));
  }

  /** Assets in order of registration; {@code toReassign=true}: those whose owner left. */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") AssetState state,
      @QueryParam("kind") AssetKind kind,
      @QueryParam("owner") UUID owner,
      @QueryParam("serialNumber") String serialNumber,
      @QueryParam("production") Boolean production,
      @QueryParam("toReassign") Boolean toReassign,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("kind", kind)
            .equal("owner", owner)
            .equal("serialNumber", serialNumber)
            .equal("production", production)
            .after(paging);
    if (toReassign != null) {
      filter.where(toReassign ? "reassignBy is not null" : "reassignBy is null");
    }
    return Asset.<Asset>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(assets -> paging.page(assets, Asset::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Asset.require(id).map(AssetResource::ok);
  }

  @PUT
  @Path("{id}/classification")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> classify(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Classification body) {
    return Asset.require(id, ifMatch)
        .call(asset -> outbox.append(asset, asset.classify(body, clock.instant())))
        .map(AssetResource::ok);
  }

  @PUT
  @Path("{id}/owner")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> assign(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Ownership body) {
    return Asset.require(id, ifMatch)
        .call(() -> departures.requirePresent(body.owner()))
        .call(asset -> outbox.append(asset, asset.assignTo(body.owner(), clock.instant())))
        .map(AssetResource::ok);
  }

  @POST
  @Path("{id}/commissioning")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> commission(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Asset.require(id, ifMatch)
        .call(asset -> outbox.append(asset, asset.commission(clock.instant())))
        .map(AssetResource::ok);
  }

  /**
   * Any member of staff may say that something was lost or stolen (R13.4); no version is needed.
   */
  @POST
  @Path("{id}/loss")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> lose(UUID id, @NotNull @Valid Loss body) {
    return Asset.require(id)
        .call(
            asset ->
                outbox.append(
                    asset,
                    asset.lose(
                        body.stolen(), body.circumstances(), body.occurredAt(), clock.instant())))
        .map(AssetResource::ok);
  }

  @POST
  @Path("{id}/retirement")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Retirement body) {
    return Asset.require(id, ifMatch)
        .call(asset -> outbox.append(asset, asset.retire(body.reason(), clock.instant())))
        .map(AssetResource::ok);
  }

  /** Replaces the machine's inventory; the event carries its digest, not its content. */
  @PUT
  @Path("{id}/inventory")
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<View>> takeInventory(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Inventory body) {
    return Asset.require(id, ifMatch)
        .call(
            asset ->
                inventories
                    .replace(asset, body)
                    .chain(
                        digest ->
                            outbox.append(asset, asset.inventoried(body, digest, clock.instant()))))
        .map(AssetResource::ok);
  }

  @GET
  @Path("{id}/inventory")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<Inventory> inventory(UUID id) {
    return Asset.require(id).chain(inventories::of);
  }

  /** What happened to the asset, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("asset", id, query);
  }

  private static RestResponse<View> ok(Asset asset) {
    return Answer.ok(View.of(asset), asset.version());
  }
}
