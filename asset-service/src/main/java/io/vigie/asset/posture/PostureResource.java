package io.vigie.asset.posture;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.ETag;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** How well one asset is protected. */
@Path("/v1/assets/{id}")
public class PostureResource {

  /**
   * @param observedAt when it was so; a time to come counts as now
   */
  @Schema(name = "PostureReport")
  record Observation(@NotNull Instant observedAt, @NotNull @Valid Facts facts) {}

  record DeclaredPorts(
      @NotNull @Size(max = 65_535) List<@NotNull @Min(1) @Max(65_535) Integer> ports) {}

  private final Outbox outbox;
  private final Postures postures;
  private final PostureRules rules;
  private final History history;
  private final Clock clock;

  PostureResource(
      Outbox outbox, Postures postures, PostureRules rules, History history, Clock clock) {
    this.outbox = outbox;
    this.postures = postures;
    this.rules = rules;
    this.history = history;
    this.clock = clock;
  }

  /**
   * Takes what a tool found out. Each fact counts from {@code observedAt}: what is known from later
   * stays, and so does what is not told. No version is needed, as the time orders reports.
   */
  @PUT
  @Path("posture")
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<PostureView>> report(UUID id, @NotNull @Valid Observation body) {
    return Asset.require(id)
        .invoke(PostureResource::requireInUse)
        .chain(() -> postures.observe(id, body.facts(), body.observedAt()))
        .map(this::ok);
  }

  /** Each fact with its date, and each rule with its verdict. */
  @GET
  @Path("posture")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<PostureView>> posture(UUID id) {
    return Asset.require(id).chain(Postures::of).map(this::ok);
  }

  /** The TCP ports that may be open on it, and no others (R11.1). */
  @PUT
  @Path("declared-ports")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<PostureView>> declarePorts(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid DeclaredPorts body) {
    return Asset.require(id)
        .invoke(PostureResource::requireInUse)
        .chain(() -> postures.lock(id))
        .invoke(posture -> ETag.require(ifMatch, posture.version()))
        .call(
            posture -> outbox.append(posture, posture.declarePorts(body.ports(), clock.instant())))
        .call(postures::judge)
        .map(this::ok);
  }

  /** What happened to the asset's posture, from the log, with each event's index in it. */
  @GET
  @Path("posture/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("posture", id, query);
  }

  private static void requireInUse(Asset asset) {
    AssetState state = asset.state().state();
    if (!state.isHeld() && state != AssetState.DISCOVERED && state != AssetState.LOST) {
      throw Problem.conflict("asset-not-held", "What is out of use is not watched any more.");
    }
  }

  private RestResponse<PostureView> ok(Posture posture) {
    return PostureView.ok(posture, rules, clock.instant());
  }
}
