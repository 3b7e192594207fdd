package io.vigie.backup.plan;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.Medium;
import io.vigie.backup.copy.PlacedCopy;
import io.vigie.backup.copy.Protection;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** How assets stand with what the policy asks of their backups (R12.1, R12.2, R12.3). */
@Path("/v1/coverage")
public class CoverageResource {

  /**
   * @param kind of the asset; absent where it was not told yet
   * @param shortfalls what there is too little of; empty unless the status is FALLS_SHORT
   * @param since since when it has this status
   */
  @Schema(name = "AssetCoverage")
  record View(
      UUID asset,
      String kind,
      String assetState,
      CoverageStatus status,
      List<Aspect> shortfalls,
      Instant since) {

    static View of(AssetCoverage coverage) {
      AssetCoverage.State state = coverage.state();
      return new View(
          coverage.id(),
          coverage.assetKind(),
          coverage.assetState(),
          state.status(),
          state.shortfalls(),
          state.since());
    }
  }

  /**
   * The newest copy of a plan.
   *
   * @param site where it is, as far as anybody knows; of one on tape, where the register has the
   *     tape
   * @param offSite whether that is known to be another datacenter than the asset's
   * @param dedicated whether what keeps it is known, and serves nothing else
   * @param flaw why it counts for nothing, or absent
   */
  @Schema(name = "CheckedCopy")
  record CheckedCopy(
      UUID plan,
      Medium medium,
      Protection protection,
      UUID site,
      boolean offSite,
      boolean dedicated,
      PlacedCopy.Flaw flaw) {

    static CheckedCopy of(PlacedCopy copy) {
      return new CheckedCopy(
          copy.plan(),
          copy.copy() == null ? null : copy.copy().medium(),
          copy.copy() == null ? null : copy.copy().protection(),
          copy.site(),
          copy.offSite(),
          copy.dedicated(),
          copy.flaw());
    }
  }

  /**
   * @param shortfalls what there is too little of, excepted or not
   * @param requirement what the rules ask for and why; absent where that is nothing
   * @param withoutBecause why assets of its kind need no backup; absent where they need one
   * @param exceptions the ids of those that hold
   */
  @Schema(name = "AssetCoverageDetail")
  record Detail(
      UUID asset,
      String kind,
      String assetState,
      UUID site,
      CoverageStatus status,
      List<Aspect> shortfalls,
      Instant since,
      Requirement requirement,
      PlanRules.Title withoutBecause,
      List<CheckedCopy> copies,
      List<UUID> exceptions) {}

  private static final Map<String, String> SORTS =
      Map.of(
          "kind", "%sassetKind",
          "assetState", "%sassetState",
          "status", Sorting.ranked("status", CoverageStatus.values()),
          "since", "%ssince");

  private final Coverage coverage;
  private final PlanRules rules;
  private final History history;

  CoverageResource(Coverage coverage, PlanRules rules, History history) {
    this.coverage = coverage;
    this.rules = rules;
    this.history = history;
  }

  /** Assets in the order of their ids, which is that of their registration. */
  @GET
  @RolesAllowed({SYSADMIN, ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("status") CoverageStatus status,
      @QueryParam("shortfall") Aspect shortfall,
      @QueryParam("kind") @Size(max = 40) String kind,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("status", status)
            .equal("assetKind", kind)
            .where("shortfalls like :value", AssetCoverage.lacking(shortfall))
            .after(paging, sorting, AssetCoverage.class, SORTS);
    return AssetCoverage.<AssetCoverage>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(assets -> paging.page(assets, AssetCoverage::id, View::of));
  }

  /** How one asset stands, copy by copy, and which rules ask for what. */
  @GET
  @Path("{asset}")
  @RolesAllowed({SYSADMIN, ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Detail>> get(UUID asset) {
    return AssetCoverage.require(asset)
        .chain(
            known ->
                coverage.standing(known).map(standing -> RestResponse.ok(detail(known, standing))));
  }

  private Detail detail(AssetCoverage known, Standing standing) {
    return new Detail(
        known.id(),
        known.assetKind(),
        known.assetState(),
        known.site(),
        standing.status(),
        standing.shortfalls(),
        known.state().since(),
        standing.requirement(),
        rules.without(known.assetKind()),
        standing.copies().stream().map(CheckedCopy::of).toList(),
        standing.exceptions().stream().map(BackupException::id).toList());
  }

  /** What happened to the asset's coverage, from the log, with each event's index in it. */
  @GET
  @Path("{asset}/history")
  @RolesAllowed({SYSADMIN, ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID asset, @Valid @BeanParam History.Query query) {
    return history.of("asset-coverage", asset, query);
  }
}
