package io.vigie.asset.inventory;

import java.time.Clock;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;

/**
 * Who has an asset. It is handed over, and whoever gets it signs under their own account: the event
 * of the signature, in the log, is the hand-over slip.
 */
@Path("/v1/assets/{id}")
public class CustodyResource {

  record Handover(@NotNull UUID to) {}

  private final Outbox outbox;
  private final People people;
  private final Actor actor;
  private final Clock clock;

  CustodyResource(Outbox outbox, People people, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.people = people;
    this.actor = actor;
    this.clock = clock;
  }

  /** Hands it to somebody. Until they sign, whoever had it has it. */
  @POST
  @Path("handover")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> handOver(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Handover body) {
    return Asset.require(id, ifMatch)
        .call(() -> people.requirePresent(body.to()))
        .call(asset -> outbox.append(asset, asset.handOver(body.to(), clock.instant())))
        .map(AssetView::ok);
  }

  /** Whoever it was handed to says that they have it; nobody signs for another. */
  @POST
  @Path("handover/signature")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<AssetView>> sign(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Asset.require(id, ifMatch)
        .call(
            asset ->
                people
                    .withAccount(actor.id())
                    .chain(person -> outbox.append(asset, asset.sign(person, clock.instant()))))
        .map(AssetView::ok);
  }

  /** It came back, or the hand-over is called off before anybody signed. */
  @POST
  @Path("return")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> takeBack(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Asset.require(id, ifMatch)
        .call(asset -> outbox.append(asset, asset.takeBack(clock.instant())))
        .map(AssetView::ok);
  }
}
