package io.vigie.backup.plan;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
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
import io.vigie.backup.copy.Copy;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** Backup plans. Everyone may know that an asset is backed up; system administrators decide how. */
@Path("/v1/plans")
public class PlanResource {

  /**
   * @param site where the copies go, in words
   * @param copy what the runs make; a copy of which nobody said where it is counts as off site
   *     nowhere
   */
  record Creation(
      @NotNull UUID asset,
      @NotBlank @Size(max = 200) String name,
      @NotBlank @Size(max = 100) String site,
      @NotNull @Valid Schedule schedule,
      @Valid Copy copy) {}

  record Suspension(@NotBlank @Size(max = 2_000) String reason, Instant until) {}

  record Ending(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "BackupPlan")
  record View(
      UUID id,
      UUID asset,
      String name,
      String site,
      Schedule schedule,
      Copy copy,
      PlanState state,
      Instant suspendedUntil,
      Instant nextDueAt,
      Instant lastSuccessAt,
      Instant missedSince,
      AssetState assetState,
      Instant createdAt,
      long version) {

    static View of(BackupPlan plan) {
      BackupPlan.State state = plan.state();
      return new View(
          plan.id(),
          state.asset(),
          state.name(),
          state.site(),
          state.schedule(),
          state.copy(),
          state.state(),
          state.suspendedUntil(),
          plan.nextDueAt(),
          plan.lastSuccessAt(),
          state.missedSince(),
          state.assetState(),
          state.createdAt(),
          plan.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "state", "%sstate",
          "lastSuccessAt", "%slastSuccessAt",
          "nextDueAt", "%snextDueAt",
          "missedSince", "%smissedSince");

  private final Outbox outbox;
  private final GoneAssets goneAssets;
  private final Coverage coverage;
  private final History history;
  private final Clock clock;

  PlanResource(
      Outbox outbox, GoneAssets goneAssets, Coverage coverage, History history, Clock clock) {
    this.outbox = outbox;
    this.goneAssets = goneAssets;
    this.coverage = coverage;
    this.history = history;
    this.clock = clock;
  }

  /**
   * An asset has one plan of a name that has not ended, whatever the name's case. One that is laxer
   * than the rules allow for the asset is refused unless somebody approved that.
   */
  @POST
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> create(@NotNull @Valid Creation body) {
    BackupPlan plan =
        new BackupPlan(
            body.asset(), body.name(), body.site(), body.schedule(), body.copy(), clock.instant());
    return goneAssets
        .requireHeld(body.asset())
        .chain(() -> coverage.requireStrict(body.asset(), body.schedule(), body.copy()))
        .chain(() -> outbox.append(plan, plan.created()))
        .chain(() -> coverage.judgeTwice(body.asset()))
        .map(done -> Answer.created("/v1/plans/" + plan.id(), View.of(plan), plan.version()));
  }

  /** Plans in order of creation; {@code missed=true}: those that owe a run past its tolerance. */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("state") PlanState state,
      @QueryParam("assetState") AssetState assetState,
      @QueryParam("missed") Boolean missed,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("state", state)
            .equal("assetState", assetState)
            .after(paging, sorting, BackupPlan.class, SORTS);
    if (missed != null) {
      filter.where(missed ? "missedSince is not null" : "missedSince is null");
    }
    return BackupPlan.<BackupPlan>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(plans -> paging.page(plans, BackupPlan::id, View::of));
  }

  /** The ETag changes with decisions and misses, not with each run. */
  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return BackupPlan.require(id).map(PlanResource::ok);
  }

  @PUT
  @Path("{id}/schedule")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> reschedule(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Schedule body) {
    return BackupPlan.lock(id, ifMatch)
        .call(plan -> coverage.requireStrict(plan.state().asset(), body, plan.state().copy()))
        .call(plan -> decide(plan, plan.reschedule(body, clock.instant())))
        .map(PlanResource::ok);
  }

  /** Says anew what the runs make and where it goes; what was made before stays where it is. */
  @PUT
  @Path("{id}/copy")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> redirect(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Copy body) {
    return BackupPlan.lock(id, ifMatch)
        .call(plan -> coverage.requireStrict(plan.state().asset(), plan.state().schedule(), body))
        .call(plan -> outbox.append(plan, plan.redirect(body, clock.instant())))
        .call(plan -> coverage.judgeTwice(plan.state().asset()))
        .map(PlanResource::ok);
  }

  /** With {@code until}, the clock resumes it. */
  @POST
  @Path("{id}/suspension")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> suspend(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Suspension body) {
    return BackupPlan.lock(id, ifMatch)
        .call(plan -> decide(plan, plan.suspend(body.reason(), body.until(), clock.instant())))
        .map(PlanResource::ok);
  }

  @POST
  @Path("{id}/resumption")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> resume(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return BackupPlan.lock(id, ifMatch)
        .call(plan -> decide(plan, plan.resume(clock.instant())))
        .map(PlanResource::ok);
  }

  @POST
  @Path("{id}/ending")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> end(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Ending body) {
    return BackupPlan.lock(id, ifMatch)
        .call(plan -> decide(plan, plan.end(body.reason(), clock.instant())))
        .map(PlanResource::ok);
  }

  /** What happened to the plan, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("backup-plan", id, query);
  }

  private Uni<Void> decide(BackupPlan plan, PlanEvent decided) {
    return outbox.append(plan, decided).chain(() -> coverage.judge(plan.state().asset()));
  }

  private static RestResponse<View> ok(BackupPlan plan) {
    return Answer.ok(View.of(plan), plan.version());
  }
}
