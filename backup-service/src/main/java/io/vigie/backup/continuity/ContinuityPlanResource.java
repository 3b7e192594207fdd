package io.vigie.backup.continuity;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.LockModeType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
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
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Continuity plans, one for each critical function (R14.4). */
@Path("/v1/continuity-plans")
public class ContinuityPlanResource {

  /**
   * Objectives and steps.
   *
   * @param rtoSeconds within how long the function must be restored, to 366 days
   * @param rpoSeconds how much work, in time, may be lost, from none to 366 days
   * @param steps a line each
   */
  @Schema(name = "ContinuityProcedure")
  record Procedure(
      @NotNull @Min(1) @Max(31_622_400) Long rtoSeconds,
      @NotNull @Min(0) @Max(31_622_400) Long rpoSeconds,
      @NotEmpty @Size(max = 100)
          List<@NotBlank @Size(max = 500) @Pattern(regexp = "[^\\u0000-\\u001F\\u007F]*") String>
              steps) {}

  /** A plan and its first version. */
  @Schema(name = "NewContinuityPlan")
  record NewPlan(
      @NotNull UUID criticalFunction,
      @NotBlank @Size(max = 200) String title,
      @NotNull @Valid Procedure procedure) {}

  @Schema(name = "ContinuityPlanReturn")
  record Return(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * A plan.
   *
   * @param submitted number of the last version, which waits for a decision since {@code
   *     pendingSince}
   * @param inForce number of the version whose objectives these are
   * @param rtoMeasuredSeconds what the last exercise that restored the function measured
   */
  @Schema(name = "ContinuityPlan")
  record View(
      UUID id,
      UUID criticalFunction,
      String title,
      int submitted,
      Instant pendingSince,
      Integer inForce,
      Long rtoSeconds,
      Long rpoSeconds,
      Long rtoMeasuredSeconds,
      Long rpoMeasuredSeconds,
      Instant exercisedAt,
      Instant exerciseDueAt,
      Instant endedAt,
      long version) {

    static View of(ContinuityPlan plan) {
      ContinuityPlan.State state = plan.state();
      return new View(
          plan.id(),
          state.criticalFunction(),
          plan.title(),
          state.submitted(),
          state.pendingSince(),
          state.inForce(),
          state.rtoSeconds(),
          state.rpoSeconds(),
          state.rtoMeasuredSeconds(),
          state.rpoMeasuredSeconds(),
          state.exercisedAt(),
          state.exerciseDueAt(),
          state.endedAt(),
          plan.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "title", "lower(%stitle)",
          "pendingSince", "%spendingSince",
          "exercisedAt", "%sexercisedAt",
          "exerciseDueAt", "%sexerciseDueAt");

  private final ContinuityPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  ContinuityPlanResource(
      ContinuityPolicy policy, Outbox outbox, History history, Actor actor, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Writes the plan of a function that has none; its first version waits for approval. */
  @POST
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> write(@NotNull @Valid NewPlan body) {
    ContinuityPlan plan = new ContinuityPlan(body.criticalFunction(), body.title());
    return requireFunction(body.criticalFunction())
        .chain(() -> submit(plan, body.procedure()))
        .map(
            done ->
                Answer.created("/v1/continuity-plans/" + plan.id(), View.of(plan), plan.version()));
  }

  /** Held, so that it is not retired before the plan that would end with it is there. */
  private static Uni<Void> requireFunction(UUID id) {
    return CriticalFunction.<CriticalFunction>findById(id, LockModeType.PESSIMISTIC_READ)
        .onItem()
        .ifNull()
        .failWith(
            () ->
                Problem.unprocessable(
                    "no-such-function", "No critical function has this id. Declare it first."))
        .invoke(CriticalFunction::requireNotRetired)
        .replaceWithVoid();
  }

  private Uni<Void> submit(ContinuityPlan plan, Procedure procedure) {
    Instant now = clock.instant();
    ContinuityPlanVersion written =
        new ContinuityPlanVersion(
            plan.id(),
            plan.next(),
            procedure.rtoSeconds(),
            procedure.rpoSeconds(),
            procedure.steps(),
            actor.id(),
            now);
    return outbox
        .append(plan, plan.submit(written, now))
        .chain(() -> written.persist())
        .replaceWithVoid();
  }

  /** Plans in the order in which they were written. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("criticalFunction") UUID criticalFunction,
      @QueryParam("pending") Boolean pending,
      @QueryParam("overdue") Boolean overdue,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("criticalFunction", criticalFunction)
            .after(paging, sorting, ContinuityPlan.class, SORTS);
    if (pending != null) {
      filter.where(pending ? "pendingSince is not null" : "pendingSince is null");
    }
    if (overdue != null) {
      filter.where(
          overdue
              ? "endedAt is null and exerciseDueAt <= :value"
              : "(endedAt is not null or exerciseDueAt is null or exerciseDueAt > :value)",
          clock.instant());
    }
    return ContinuityPlan.<ContinuityPlan>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(plans -> paging.page(plans, ContinuityPlan::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return ContinuityPlan.require(id).map(ContinuityPlanResource::ok);
  }

  /** Submits a new version, where none waits for a decision. */
  @POST
  @Path("{id}/versions")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Procedure body) {
    return ContinuityPlan.require(id, ifMatch)
        .call(plan -> submit(plan, body))
        .map(ContinuityPlanResource::ok);
  }

  /** Its versions in their order. */
  @GET
  @Path("{id}/versions")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<ContinuityPlanVersion.View>>> versions(
      UUID id, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("plan", id).after(paging);
    return ContinuityPlan.require(id)
        .chain(
            plan ->
                ContinuityPlanVersion.<ContinuityPlanVersion>find(
                        filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(
            versions ->
                paging.page(versions, ContinuityPlanVersion::id, ContinuityPlanVersion::view));
  }

  /** By somebody else than its author: the version that waits is in force. */
  @POST
  @Path("{id}/approval")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return ContinuityPlan.require(id, ifMatch)
        .call(
            plan ->
                ContinuityPlanVersion.of(id, plan.state().submitted())
                    .chain(
                        written ->
                            outbox.append(
                                plan, plan.approve(written, policy, actor.id(), clock.instant()))))
        .map(ContinuityPlanResource::ok);
  }

  /** Sends the version that waits back to its author. */
  @POST
  @Path("{id}/return")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> sendBack(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Return body) {
    return ContinuityPlan.require(id, ifMatch)
        .call(
            plan ->
                ContinuityPlanVersion.of(id, plan.state().submitted())
                    .chain(
                        written ->
                            outbox.append(
                                plan,
                                plan.sendBack(
                                    written, actor.id(), body.reason(), clock.instant()))))
        .map(ContinuityPlanResource::ok);
  }

  /** What happened to the plan, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("continuity-plan", id, query);
  }

  private static RestResponse<View> ok(ContinuityPlan plan) {
    return Answer.ok(View.of(plan), plan.version());
  }
}
