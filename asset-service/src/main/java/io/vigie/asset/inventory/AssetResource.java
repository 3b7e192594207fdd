package io.vigie.asset.inventory;

import java.time.Clock;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
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
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
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

  record Ownership(@NotNull UUID owner) {}

  record Assessment(
      @Min(1) @Max(4) int availability,
      @Min(1) @Max(4) int integrity,
      @Min(1) @Max(4) int confidentiality,
      @Min(1) @Max(4) int proof,
      @NotBlank @Size(max = 2_000) String rationale) {

    Classification levels() {
      return new Classification(availability, integrity, confidentiality, proof);
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sdetails.name)",
          "kind", "%sdetails.kind",
          "state", "%sstate",
          "assetTag", "%sdetails.assetTag");

  private final Outbox outbox;
  private final Kinds kinds;
  private final Dependencies dependencies;
  private final People people;
  private final Sites sites;
  private final References references;
  private final History history;
  private final Clock clock;

  AssetResource(
      Outbox outbox,
      Kinds kinds,
      Dependencies dependencies,
      People people,
      Sites sites,
      References references,
      History history,
      Clock clock) {
    this.outbox = outbox;
    this.kinds = kinds;
    this.dependencies = dependencies;
    this.people = people;
    this.sites = sites;
    this.references = references;
    this.history = history;
    this.clock = clock;
  }

  /** An asset that is here; with {@code ordered=true}, one that is to come. */
  @POST
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<AssetView>> register(
      @QueryParam("ordered") @DefaultValue("false") Boolean ordered, @NotNull @Valid Details body) {
    kinds.check(body);
    Asset asset = Asset.register(body, ordered, clock.instant());
    return sites
        .requireOpen(null, body.site())
        .chain(() -> references.require(body, null))
        .chain(() -> outbox.append(asset, asset.entered()))
        .map(
            done ->
                Answer.created("/v1/assets/" + asset.id(), AssetView.of(asset), asset.version()));
  }

  /** Assets in order of registration. */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<AssetView>>> list(
      @Valid @BeanParam AssetFilter wanted,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    var filter = wanted.filter(kinds, clock.instant()).after(paging, sorting, Asset.class, SORTS);
    return Asset.<Asset>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(assets -> paging.page(assets, Asset::id, AssetView::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<AssetView>> get(UUID id) {
    return Asset.require(id).map(AssetView::ok);
  }

  /** Replaces what is said of the asset; what is left out, it has no longer. */
  @PUT
  @Path("{id}")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> describe(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Details body) {
    kinds.check(body);
    return Asset.require(id, ifMatch)
        .call(asset -> sites.requireOpen(asset.details().site(), body.site()))
        .call(asset -> references.require(body, asset.details()))
        .call(asset -> outbox.append(asset, asset.describe(body, clock.instant())))
        .map(AssetView::ok);
  }

  /** Its own levels, and why. What it depends on inherits them. */
  @PUT
  @Path("{id}/classification")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> classify(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Assessment body) {
    return dependencies
        .alone()
        .chain(() -> Asset.require(id, ifMatch))
        .call(
            asset ->
                outbox.append(
                    asset, asset.classify(body.levels(), body.rationale(), clock.instant())))
        .call(dependencies::spread)
        .map(AssetView::ok);
  }

  @PUT
  @Path("{id}/owner")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AssetView>> assign(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Ownership body) {
    return Asset.require(id, ifMatch)
        .call(() -> people.requirePresent(body.owner()))
        .call(asset -> outbox.append(asset, asset.assignTo(body.owner(), clock.instant())))
        .map(AssetView::ok);
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
}
