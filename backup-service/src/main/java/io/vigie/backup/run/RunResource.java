package io.vigie.backup.run;

import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.BackupPlan;
import io.vigie.kernel.Actor;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * A plan's runs. Where a copy is, what the tool calls it and what the tool wrote lead to the copy:
 * whoever needs that records a use of it under an access (R12.4), and nobody reads it here. Tools
 * report runs and read none: they share one role, and one tool's copies are not another's business.
 */
@Path("/v1/plans/{plan}/runs")
public class RunResource {

  /**
   * @param anomaly what is odd about its size, or absent
   * @param location where the copy is; in the answer to its report alone
   * @param message for administrators and the CISO
   * @param snapshot what the tool calls the copy; in the answer to its report alone
   * @param nativeReport what the tool wrote in its own form; in the answer to its report alone
   * @param prunedAt when a tool deleted the copy; absent where none has told
   * @param reportedBy the account
   */
  @Schema(name = "BackupRun")
  record View(
      UUID id,
      UUID plan,
      UUID asset,
      RunReport.Outcome outcome,
      Instant startedAt,
      Instant endedAt,
      Long bytes,
      SizeAnomaly anomaly,
      String sha256,
      String location,
      String message,
      String tool,
      String snapshot,
      UUID tape,
      String nativeReport,
      BackupRun.RecoveryPoint recoveryPoint,
      Instant prunedAt,
      String reportedBy,
      Instant reportedAt,
      long version) {

    /** As who reported it sees it. */
    static View of(BackupRun run) {
      BackupRun.State state = run.state();
      return new View(
          run.id(),
          state.plan(),
          state.asset(),
          state.outcome(),
          state.startedAt(),
          state.endedAt(),
          state.bytes(),
          state.anomaly(),
          state.sha256(),
          run.report().location(),
          run.report().message(),
          state.tool(),
          run.report().snapshot(),
          state.tape(),
          run.nativeReport(),
          state.recoveryPoint(),
          state.prunedAt(),
          run.reportedBy(),
          state.reportedAt(),
          run.version());
    }

    /** As the present caller may see it. */
    static View of(BackupRun run, Actor reader) {
      boolean administers = reader.hasRole(SYSADMIN) || reader.hasRole(CISO);
      return of(run).withoutWayToTheCopy(administers);
    }

    private View withoutWayToTheCopy(boolean withMessage) {
      return new View(
          id,
          plan,
          asset,
          outcome,
          startedAt,
          endedAt,
          bytes,
          anomaly,
          sha256,
          null,
          withMessage ? message : null,
          tool,
          null,
          tape,
          null,
          recoveryPoint,
          prunedAt,
          reportedBy,
          reportedAt,
          version);
    }
  }

  private final RunIntake intake;
  private final History history;
  private final Actor actor;

  RunResource(RunIntake intake, History history, Actor actor) {
    this.intake = intake;
    this.history = history;
    this.actor = actor;
  }

  /**
   * Takes a report, late or early, once: a plan has one run with a start. The same report again is
   * answered 200 with the run that it made; another one of the same start, and one that another
   * account reports, 409.
   */
  @POST
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> report(UUID plan, @NotNull @Valid RunReport body) {
    return intake.take(plan, body, null).map(RunResource::answer);
  }

  /** 201 with a new run, 200 with one that was reported before. */
  static RestResponse<View> answer(RunIntake.Taken taken) {
    BackupRun run = taken.run();
    View view = View.of(run);
    return taken.isNew()
        ? Answer.created("/v1/plans/" + view.plan() + "/runs/" + view.id(), view, run.version())
        : Answer.ok(view, run.version());
  }

  /** The plan's runs in the order in which they were reported. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      UUID plan,
      @QueryParam("outcome") RunReport.Outcome outcome,
      @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("plan", plan).equal("report.outcome", outcome).after(paging);
    return BackupPlan.require(plan)
        .chain(
            found ->
                BackupRun.<BackupRun>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(runs -> paging.page(runs, BackupRun::id, run -> View.of(run, actor)));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID plan, UUID id) {
    return BackupRun.require(plan, id).map(run -> Answer.ok(View.of(run, actor), run.version()));
  }

  /** What happened to the run, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID plan, UUID id, @Valid @BeanParam History.Query query) {
    return history.of("backup-run", id, query);
  }
}
