package io.vigie.backup;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * A plan's runs. Where a copy is and what the tool wrote about it lead to the copy, so only
 * administrators and the CISO read that (R12.4); auditors read the rest. Tools report runs and read
 * none: they share one role, and one tool's copies are not another's business.
 */
@Path("/v1/plans/{plan}/runs")
public class RunResource {

  /**
   * @param location null for auditors
   * @param message null for auditors
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
      String sha256,
      String location,
      String message,
      BackupRun.RecoveryPoint recoveryPoint,
      Instant reportedAt,
      long version) {

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
          state.sha256(),
          run.report().location(),
          run.report().message(),
          state.recoveryPoint(),
          state.reportedAt(),
          run.version());
    }

    View withoutWayToTheCopy() {
      return new View(
          id,
          plan,
          asset,
          outcome,
          startedAt,
          endedAt,
          bytes,
          sha256,
          null,
          null,
          recoveryPoint,
          reportedAt,
          version);
    }
  }

  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  RunResource(Outbox outbox, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Takes a report, late or early, once: a plan has one run with a start. The same report again is
   * answered 200 with the run that it made; another one of the same start 409.
   */
  @POST
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> report(UUID plan, @NotNull @Valid RunReport body) {
    return BackupPlan.lock(plan)
        .chain(
            locked ->
                BackupRun.startedAt(plan, body.startedAt())
                    .chain(
                        known ->
                            known == null
                                ? take(locked, body)
                                : Uni.createFrom().item(() -> again(known, body))));
  }

  private Uni<RestResponse<View>> take(BackupPlan plan, RunReport body) {
    Instant now = clock.instant();
    BackupRun run = new BackupRun(plan.id(), plan.state().asset(), body, now);
    Uni<Void> planMoves =
        plan.count(run.id(), body, now)
            .map(event -> outbox.append(plan, event))
            .orElseGet(() -> Uni.createFrom().voidItem());
    String location = "/v1/plans/" + plan.id() + "/runs/" + run.id();
    return outbox
        .append(run, run.reported())
        .chain(() -> planMoves)
        .map(done -> Answer.created(location, View.of(run), run.version()));
  }

  private static RestResponse<View> again(BackupRun known, RunReport body) {
    if (!known.report().equals(body)) {
      throw Problem.conflict(
          "run-already-reported", "A run with this start was reported with other results.");
    }
    return Answer.ok(View.of(known), known.version());
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
        .map(runs -> paging.page(runs, BackupRun::id, this::view));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID plan, UUID id) {
    return BackupRun.require(plan, id).map(run -> Answer.ok(view(run), run.version()));
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

  private View view(BackupRun run) {
    View whole = View.of(run);
    return Stream.of(SYSADMIN, CISO).anyMatch(actor::hasRole) ? whole : whole.withoutWayToTheCopy();
  }
}
