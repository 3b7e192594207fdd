package io.vigie.backup.restore;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
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
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** Tests whether backups can be restored, by tools and by people (R12.5). */
@Path("/v1/restore-tests")
public class RestoreTestResource {

  /**
   * What somebody begins to restore now.
   *
   * @param run that made the copy
   * @param depth how much is to be tested
   * @param reason what it answers, such as the duty or a campaign; it is in the log, and names
   *     nobody
   */
  @Schema(name = "NewRestoreTest")
  record NewTest(
      @NotNull UUID run, @NotNull Depth depth, @NotBlank @Size(max = 2_000) String reason) {}

  /**
   * @param text what shows what was restored
   * @param sha256 of the file that it is, kept elsewhere; absent where it is words alone
   */
  @Schema(name = "NewRestoreEvidence")
  record NewEvidence(
      @NotBlank @Size(max = 2_000) String text,
      @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 lower-case hexadecimal digits")
          String sha256) {}

  /**
   * How it came out.
   *
   * @param endedAt when what was restored was validated, or when it failed
   * @param sampled how many files were compared; absent where none were
   * @param differences how many of them were missing, unreadable or others than they were
   */
  @Schema(name = "RestoreTestResult")
  record Result(
      @NotNull TestOutcome outcome,
      @NotNull Instant endedAt,
      @Min(0) Integer sampled,
      @Min(0) Integer differences) {

    RestoreTest.Result result() {
      return new RestoreTest.Result(outcome, endedAt, sampled, differences);
    }
  }

  /**
   * @param passed whether the evidence shows that it passed
   */
  @Schema(name = "RestoreTestVerification")
  record Verification(@NotNull Boolean passed) {}

  @Schema(name = "RestoreTestAbandonment")
  record Abandonment(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * A test.
   *
   * @param operator who restored
   * @param verifier who agreed, never the operator; absent where a tool tested, and where the
   *     operator said it failed
   * @param evidence how many pieces there are
   * @param recoveryPointAt the moment whose data the copy has
   * @param rtoSeconds from the start to the validation; absent where it failed
   * @param rpoSeconds from the recovery point to the start
   * @param rtoObjectiveSeconds what the policy asked for; absent where that was nothing
   * @param message the tool's own words, for administrators and the CISO
   */
  @Schema(name = "RestoreTest")
  record View(
      UUID id,
      UUID plan,
      UUID asset,
      UUID run,
      Depth depth,
      boolean automated,
      TestStage stage,
      TestOutcome outcome,
      String operator,
      String verifier,
      int evidence,
      Instant recoveryPointAt,
      Instant startedAt,
      Instant endedAt,
      Long rtoSeconds,
      long rpoSeconds,
      Long rtoObjectiveSeconds,
      Long rpoObjectiveSeconds,
      Integer sampled,
      Integer differences,
      String message,
      Instant completedAt,
      long version) {

    static View of(RestoreTest test, Actor reader) {
      RestoreTest.State state = test.state();
      return new View(
          test.id(),
          state.plan(),
          state.asset(),
          state.run(),
          state.depth(),
          state.automated(),
          state.stage(),
          state.outcome(),
          state.operator(),
          state.verifier(),
          state.evidence(),
          state.recoveryPointAt(),
          state.startedAt(),
          state.endedAt(),
          state.rtoSeconds(),
          state.rpoSeconds(),
          state.rtoObjectiveSeconds(),
          state.rpoObjectiveSeconds(),
          state.sampled(),
          state.differences(),
          reader.hasRole(SYSADMIN) || reader.hasRole(CISO) ? test.message() : null,
          state.completedAt(),
          test.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "startedAt",
          "%sstartedAt",
          "depth",
          Sorting.ranked("depth", Depth.values()),
          "stage",
          Sorting.ranked("stage", TestStage.values()),
          "outcome",
          "%soutcome");

  private final RestoreVerdict verdict;
  private final RestoreIntake intake;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  RestoreTestResource(
      RestoreVerdict verdict,
      RestoreIntake intake,
      Outbox outbox,
      History history,
      Actor actor,
      Clock clock) {
    this.verdict = verdict;
    this.intake = intake;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Begins to restore: from now on the time counts. */
  @POST
  @RolesAllowed({SYSADMIN})
  @Command
  public Uni<RestResponse<View>> begin(@NotNull @Valid NewTest body) {
    return TestedCopy.of(body.run())
        .map(copy -> RestoreTest.manual(copy, body.depth(), actor.id(), clock.instant()))
        .call(test -> outbox.append(test, test.begun(body.reason())))
        .map(this::created);
  }

  /**
   * Takes what a tool tested beside the repository, once: a plan has one such test with a start.
   * The same report again is answered 200 with the test that it made; another one of the same
   * start, and one that another account reports, 409.
   */
  @POST
  @Path("reports")
  @RolesAllowed({TOOL})
  @Command
  public Uni<RestResponse<View>> report(
      @QueryParam("plan") @NotNull UUID plan, @NotNull @Valid RestoreReport body) {
    return intake
        .take(plan, body)
        .map(taken -> taken.isNew() ? created(taken.test()) : ok(taken.test()));
  }

  /** Tests in the order in which they were begun or reported. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("plan") UUID plan,
      @QueryParam("stage") TestStage stage,
      @QueryParam("outcome") TestOutcome outcome,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("plan", plan)
            .equal("stage", stage)
            .equal("outcome", outcome)
            .after(paging, sorting, RestoreTest.class, SORTS);
    return RestoreTest.<RestoreTest>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(tests -> paging.page(tests, RestoreTest::id, test -> View.of(test, actor)));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return RestoreTest.require(id).map(this::ok);
  }

  /** Adds what shows what was restored: whoever restores does. */
  @POST
  @Path("{id}/evidence")
  @RolesAllowed({SYSADMIN})
  @Command
  public Uni<RestResponse<View>> addEvidence(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid NewEvidence body) {
    Instant now = clock.instant();
    RestoreEvidence evidence = new RestoreEvidence(id, body.text(), body.sha256(), now);
    return RestoreTest.require(id, ifMatch)
        .call(test -> outbox.append(test, test.add(evidence, actor.id(), now)))
        .call(test -> evidence.persist())
        .map(this::ok);
  }

  /** The evidence in the order in which it was added. */
  @GET
  @Path("{id}/evidence")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<RestoreEvidence.View>>> evidence(
      UUID id, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("test", id).after(paging);
    return RestoreTest.require(id)
        .chain(
            test ->
                RestoreEvidence.<RestoreEvidence>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(all -> paging.page(all, RestoreEvidence::id, RestoreEvidence::view));
  }

  /**
   * Says how it came out: whoever restored does. A success waits for somebody else to verify it; a
   * failure is the result at once.
   */
  @POST
  @Path("{id}/result")
  @RolesAllowed({SYSADMIN})
  @Command
  public Uni<RestResponse<View>> submit(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Result body) {
    Instant now = clock.instant();
    return RestoreTest.require(id, ifMatch)
        .call(
            test ->
                body.outcome() == TestOutcome.FAILED
                    ? verdict
                        .complete(test, duty -> test.fail(body.result(), duty, actor.id(), now))
                        .replaceWithVoid()
                    : outbox.append(test, test.submit(body.result(), actor.id(), now)))
        .map(this::ok);
  }

  /** Says whether the evidence shows a success: somebody else than who restored does. */
  @POST
  @Path("{id}/verification")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> verify(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Verification body) {
    return RestoreTest.require(id, ifMatch)
        .call(
            test ->
                verdict.complete(
                    test, duty -> test.verify(body.passed(), duty, actor.id(), clock.instant())))
        .map(this::ok);
  }

  /** Gives it up without a result. */
  @POST
  @Path("{id}/abandonment")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> abandon(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Abandonment body) {
    return RestoreTest.require(id, ifMatch)
        .call(test -> outbox.append(test, test.abandon(body.reason(), clock.instant())))
        .map(this::ok);
  }

  /** What happened to the test, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("restore-test", id, query);
  }

  private RestResponse<View> created(RestoreTest test) {
    return Answer.created("/v1/restore-tests/" + test.id(), View.of(test, actor), test.version());
  }

  private RestResponse<View> ok(RestoreTest test) {
    return Answer.ok(View.of(test, actor), test.version());
  }
}
