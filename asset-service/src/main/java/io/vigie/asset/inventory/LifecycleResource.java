package io.vigie.asset.inventory;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;

/** An asset's way from order to retirement. What comes after is the disposal procedure's (R3.4). */
@Path("/v1/assets/{id}")
public class LifecycleResource {

  record Rejection(@NotBlank @Size(max = 2_000) String reason) {}

  record Repair(@NotBlank @Size(max = 2_000) String fault) {}

  record Loss(
      boolean stolen,
      @NotBlank @Size(max = 4_000) String circumstances,
      @NotNull @PastOrPresent Instant occurredAt) {}

  record Recovery(@NotBlank @Size(max = 4_000) String circumstances) {}

  record Retirement(@NotBlank @Size(max = 2_000) String reason) {}

  private final Outbox outbox;
  private final People people;
  private final Sites sites;
  private final Clock clock;

  LifecycleResource(Outbox outbox, People people, Sites sites, Clock clock) {
    this.outbox = outbox;
    this.people = people;
    this.sites = sites;
    this.clock = clock;
  }

  /** What was ordered arrived. */
  @POST
  @Path("receipt")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> receive(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, asset -> asset.receive(clock.instant()));
  }

  /** What was discovered is the agency's (R3.1). */
  @POST
  @Path("adoption")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> adopt(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, asset -> asset.adopt(clock.instant()));
  }

  /** What was discovered is not the agency's. Of premises, once nothing is there. */
  @POST
  @Path("rejection")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> reject(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Rejection body) {
    return decide(
        Asset.require(id, ifMatch).call(sites::requireEmpty),
        asset -> asset.reject(body.reason(), clock.instant()));
  }

  @POST
  @Path("commissioning")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> commission(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(
        Asset.require(id, ifMatch).call(people::requireOwnerPresent),
        asset -> asset.commission(clock.instant()));
  }

  /** Out of service, or back from repair, into the stock. */
  @POST
  @Path("shelving")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> shelve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, asset -> asset.shelve(clock.instant()));
  }

  @POST
  @Path("repair")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> sendToRepair(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Repair body) {
    return decide(id, ifMatch, asset -> asset.sendToRepair(body.fault(), clock.instant()));
  }

  /**
   * Any member of staff may say that something was lost or stolen (R13.4); no version is needed.
   */
  @POST
  @Path("loss")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<AssetView>> lose(UUID id, @NotNull @Valid Loss body) {
    return Asset.require(id)
        .call(
            asset ->
                outbox.append(
                    asset,
                    asset.lose(
                        body.stolen(), body.circumstances(), body.occurredAt(), clock.instant())))
        .call(people::replaceLeaver)
        .map(AssetView::ok);
  }

  /** What was lost is back. */
  @POST
  @Path("recovery")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> recover(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Recovery body) {
    return decide(id, ifMatch, asset -> asset.recover(body.circumstances(), clock.instant()));
  }

  /**
   * Out of use for good; the disposal procedure follows. Premises are given up once nothing is
   * there.
   */
  @POST
  @Path("retirement")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Retirement body) {
    return decide(
        Asset.require(id, ifMatch).call(sites::requireEmpty),
        asset -> asset.retire(body.reason(), clock.instant()));
  }

  private Uni<RestResponse<AssetView>> decide(
      UUID id, String ifMatch, Function<Asset, AssetEvent> decision) {
    return decide(Asset.require(id, ifMatch), decision);
  }

  private Uni<RestResponse<AssetView>> decide(
      Uni<Asset> asset, Function<Asset, AssetEvent> decision) {
    return asset.call(found -> outbox.append(found, decision.apply(found))).map(AssetView::ok);
  }
}
