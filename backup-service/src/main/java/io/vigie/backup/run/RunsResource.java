package io.vigie.backup.run;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.run.RunResource.View;
import io.vigie.kernel.Actor;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * Where tools report their runs, each in its own form; the plan stands in the query. The same
 * report again is answered 200 with the run that it made; another one of the same start, and one
 * that another account reports, 409.
 */
@Path("/v1/runs")
public class RunsResource {

  private static final String NDJSON = "application/x-ndjson";

  private static final Map<String, String> SORTS =
      Map.of(
          "startedAt", "%sreport.startedAt",
          "outcome", "%sreport.outcome",
          "bytes", "%sreport.bytes",
          "anomaly", "%sanomaly");

  /**
   * @param fresh how many were reported for the first time
   * @param known how many were reported before, or twice
   * @param runs their ids, in the order of the report
   */
  @Schema(name = "RunsTaken")
  record AllTaken(int fresh, int known, List<UUID> runs) {

    static AllTaken of(List<RunIntake.Taken> taken) {
      int fresh = (int) taken.stream().filter(RunIntake.Taken::isNew).count();
      return new AllTaken(
          fresh, taken.size() - fresh, taken.stream().map(one -> one.run().id()).toList());
    }
  }

  private final RunIntake intake;
  private final Actor actor;

  RunsResource(RunIntake intake, Actor actor) {
    this.intake = intake;
    this.actor = actor;
  }

  /** A run in our own form. */
  @POST
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> report(
      @QueryParam("plan") @NotNull UUID plan, @NotNull @Valid RunReport body) {
    return intake.take(plan, body, null).map(RunResource::answer);
  }

  /**
   * Up to 500 runs of any plans, as a backup server knows them after a night: all or none, in any
   * order. Reported again they change nothing; each one that is refused is listed with the reason.
   */
  @POST
  @Path("reports")
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<AllTaken>> reportAll(@NotNull @Valid RunReports body) {
    return intake.takeAll(body.runs()).map(AllTaken::of).map(RestResponse::ok);
  }

  /**
   * What {@code restic backup --json} wrote, all of it or the summary and the errors.
   *
   * @param startedAt when it was started; needed before restic 0.17, which says so itself
   * @param tape the tape, an asset, that it was written on
   */
  @POST
  @Path("restic")
  @Consumes({NDJSON, MediaType.APPLICATION_JSON})
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> reportRestic(
      @QueryParam("plan") @NotNull UUID plan,
      @QueryParam("startedAt") Instant startedAt,
      @QueryParam("tape") UUID tape,
      @NotNull
          @Size(min = 1)
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = NDJSON,
                      schema = @Schema(type = SchemaType.STRING),
                      example = "what restic backup --json writes: a JSON object a line"))
          byte[] body) {
    Instant start = startedAt == null ? null : startedAt.truncatedTo(ChronoUnit.MICROS);
    return take(plan, ResticOutput.read(body, start, tape));
  }

  /**
   * What {@code borg create --json} wrote.
   *
   * @param zone by whose clocks its times are; needed for Borg 1, which does not say so
   * @param tape the tape, an asset, that it was written on
   */
  @POST
  @Path("borg")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> reportBorg(
      @QueryParam("plan") @NotNull UUID plan,
      @QueryParam("zone") @Size(max = 60) String zone,
      @QueryParam("tape") UUID tape,
      @NotNull
          @Size(min = 1)
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(type = SchemaType.STRING),
                      example = "what borg create --json writes: an object with an archive"))
          byte[] body) {
    return take(plan, BorgOutput.read(body, zone, tape));
  }

  /**
   * The report of a job as Bacula's director writes it, in English.
   *
   * @param zone by whose clocks its times are
   * @param tape the tape, an asset, that it was written on
   */
  @POST
  @Path("bacula")
  @Consumes(MediaType.TEXT_PLAIN)
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> reportBacula(
      @QueryParam("plan") @NotNull UUID plan,
      @QueryParam("zone") @NotNull @Size(max = 60) String zone,
      @QueryParam("tape") UUID tape,
      @NotNull
          @Size(min = 1)
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.TEXT_PLAIN,
                      schema = @Schema(type = SchemaType.STRING),
                      example = "the report of a job, from its JobId to its Termination"))
          byte[] body) {
    return take(plan, BaculaReport.read(new String(body, StandardCharsets.UTF_8), zone, tape));
  }

  private Uni<RestResponse<View>> take(UUID plan, NativeRun run) {
    return intake.take(plan, run.report(), run.original()).map(RunResource::answer);
  }

  /** Runs of all plans in the order in which they were reported. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("outcome") RunReport.Outcome outcome,
      @QueryParam("anomaly") SizeAnomaly anomaly,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("report.outcome", outcome)
            .equal("anomaly", anomaly)
            .after(paging, sorting, BackupRun.class, SORTS);
    return BackupRun.<BackupRun>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(runs -> paging.page(runs, BackupRun::id, run -> View.of(run, actor)));
  }
}
