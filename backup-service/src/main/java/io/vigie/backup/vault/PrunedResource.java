package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.BackupPlan;
import io.vigie.backup.plan.Coverage;
import io.vigie.backup.run.BackupRun;
import io.vigie.backup.run.RunReport;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.TOOL;

/** Which copies tools deleted, so that each deletion is in the log with its reason (R12.4). */
@Path("/v1/prunings")
public class PrunedResource {

  /**
   * @param prunedAt when they were deleted
   * @param snapshots what the tool calls them, 1 to 200
   */
  @Schema(name = "NewPruning")
  record NewPruning(
      @NotNull Instant prunedAt,
      @NotNull @Size(min = 1, max = 200)
          List<@NotBlank @Size(max = RunReport.SNAPSHOT) String> snapshots) {}

  /**
   * @param runs that made these copies, told now or before; of what no run of the plan is known to
   *     have made there is none
   */
  @Schema(name = "Pruning")
  record View(UUID plan, List<UUID> runs) {}

  private final Holds holds;
  private final Coverage coverage;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  PrunedResource(Holds holds, Coverage coverage, Outbox outbox, Actor actor, Clock clock) {
    this.holds = holds;
    this.coverage = coverage;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Takes which copies of a plan a tool has deleted; those that were told before change nothing. It
   * is no permission to delete them: a tool asks before it does.
   */
  @POST
  @RolesAllowed({TOOL})
  @Command
  public Uni<RestResponse<View>> report(
      @QueryParam("plan") @NotNull UUID plan, @NotNull @Valid NewPruning body) {
    return BackupPlan.require(plan)
        .chain(
            found ->
                BackupRun.lockCalled(plan, body.snapshots())
                    .call(runs -> tell(found.state(), runs, body.prunedAt())))
        .map(runs -> RestResponse.ok(new View(plan, runs.stream().map(BackupRun::id).toList())));
  }

  /** What counts less from now on is judged anew, once for all of them. */
  private Uni<Void> tell(BackupPlan.State plan, List<BackupRun> runs, Instant prunedAt) {
    if (runs.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return coverage
        .hold(plan.asset())
        .chain(
            () ->
                Multi.createFrom()
                    .iterable(runs)
                    .onItem()
                    .transformToUniAndConcatenate(run -> tell(plan, run, prunedAt))
                    .collect()
                    .last())
        .chain(() -> holds.tested(plan.asset()))
        .chain(() -> coverage.judgeTwice(plan.asset()));
  }

  private Uni<Void> tell(BackupPlan.State plan, BackupRun run, Instant prunedAt) {
    Integer retentionDays = plan.copy() == null ? null : plan.copy().retentionDays();
    return run.prune(actor.id(), retentionDays, prunedAt, clock.instant())
        .map(event -> outbox.append(run, event))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }
}
