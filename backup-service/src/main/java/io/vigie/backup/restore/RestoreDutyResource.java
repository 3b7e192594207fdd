package io.vigie.backup.restore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.run.BackupRun;
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
import static io.vigie.kernel.security.Roles.TOOL;

/** By when a restore of each asset is to be tested, and what the tests measured (R12.5, R14.4). */
@Path("/v1/restore-duties")
public class RestoreDutyResource {

  /**
   * @param days from one test to the next at most
   * @param dueAt absent while no active plan backs the asset up
   * @param testedAt when the last test that was deep enough ended
   */
  @Schema(name = "RestoreDuty")
  record View(
      UUID asset,
      Depth depth,
      int days,
      Instant dueAt,
      Instant overdueSince,
      Instant testedAt,
      Long rtoObjectiveSeconds,
      Long rpoObjectiveSeconds) {

    static View of(RestoreDuty duty) {
      RestoreDuty.State state = duty.state();
      return new View(
          duty.id(),
          state.depth(),
          state.days(),
          state.dueAt(),
          state.overdueSince(),
          state.testedAt(),
          state.rtoObjectiveSeconds(),
          state.rpoObjectiveSeconds());
    }
  }

  /**
   * What is achieved now.
   *
   * @param recoveryPoint the run whose copy is the newest that a test has shown to be restorable
   * @param recoveryPointAt the moment whose data that copy has
   * @param rpoSeconds from then until now; absent without such a copy
   * @param rtoSeconds how long the last restore that passed took; absent where none did
   */
  @Schema(name = "RestoreDutyDetail")
  record Detail(
      UUID asset,
      Depth depth,
      int days,
      Instant dueAt,
      Instant overdueSince,
      Instant testedAt,
      Long rtoObjectiveSeconds,
      Long rpoObjectiveSeconds,
      UUID recoveryPoint,
      Instant recoveryPointAt,
      Long rpoSeconds,
      Long rtoSeconds) {

    static Detail of(RestoreDuty duty, BackupRun verified, RestoreTest passed, Instant now) {
      View view = View.of(duty);
      Instant pointAt = verified == null ? null : verified.state().startedAt();
      return new Detail(
          view.asset,
          view.depth,
          view.days,
          view.dueAt,
          view.overdueSince,
          view.testedAt,
          view.rtoObjectiveSeconds,
          view.rpoObjectiveSeconds,
          verified == null ? null : verified.id(),
          pointAt,
          pointAt == null ? null : Duration.between(pointAt, now).toSeconds(),
          passed == null ? null : passed.state().rtoSeconds());
    }
  }

  /**
   * One point of the curve: a test that has its result.
   *
   * @param rtoSeconds absent where it failed
   * @param rtoObjectiveSeconds what the policy asked for then
   */
  @Schema(name = "RestoreMeasure")
  record Measure(
      UUID test,
      Depth depth,
      TestOutcome outcome,
      Instant startedAt,
      Long rtoSeconds,
      long rpoSeconds,
      Long rtoObjectiveSeconds,
      Long rpoObjectiveSeconds) {

    static Measure of(RestoreTest test) {
      RestoreTest.State state = test.state();
      return new Measure(
          test.id(),
          state.depth(),
          state.outcome(),
          state.startedAt(),
          state.rtoSeconds(),
          state.rpoSeconds(),
          state.rtoObjectiveSeconds(),
          state.rpoObjectiveSeconds());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "depth", Sorting.ranked("depth", Depth.values()),
          "dueAt", "%sdueAt",
          "overdueSince", "%soverdueSince",
          "testedAt", "%stestedAt");

  private final History history;
  private final Clock clock;

  RestoreDutyResource(History history, Clock clock) {
    this.history = history;
    this.clock = clock;
  }

  /**
   * Assets in the order of their ids.
   *
   * @param overdue true: those alone of which no restore was tested in time
   * @param dueBefore those alone that are due before then
   */
  @GET
  @RolesAllowed({SYSADMIN, ASSET_MANAGER, CISO, AUDITOR, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("overdue") Boolean overdue,
      @QueryParam("dueBefore") Instant dueBefore,
      @QueryParam("depth") Depth depth,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("id", asset)
            .where("dueAt < :value", dueBefore)
            .equal("depth", depth)
            .after(paging, sorting, RestoreDuty.class, SORTS);
    if (overdue != null) {
      filter.where(overdue ? "overdueSince is not null" : "overdueSince is null");
    }
    return RestoreDuty.<RestoreDuty>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(duties -> paging.page(duties, RestoreDuty::id, View::of));
  }

  /** What is asked of one asset, and what is achieved now. */
  @GET
  @Path("{asset}")
  @RolesAllowed({SYSADMIN, ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Detail>> get(UUID asset) {
    return RestoreDuty.require(asset)
        .chain(
            duty ->
                BackupRun.newestVerified(asset)
                    .chain(
                        verified ->
                            lastPassed(asset)
                                .map(
                                    passed ->
                                        RestResponse.ok(
                                            Detail.of(duty, verified, passed, clock.instant())))));
  }

  private static Uni<RestoreTest> lastPassed(UUID asset) {
    return RestoreTest.<RestoreTest>find(
            "asset = ?1 and stage = ?2 and outcome = ?3 and depth <> ?4 order by id desc",
            asset,
            TestStage.COMPLETED,
            TestOutcome.PASSED,
            Depth.L0)
        .firstResult();
  }

  /**
   * RTO and RPO of each test of the asset against their objectives, in the order of the tests.
   *
   * @param newest so many of them, 1 to 200, which are not more than a page; absent for all
   */
  @GET
  @Path("{asset}/measures")
  @RolesAllowed({SYSADMIN, ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<Measure>>> measures(
      UUID asset,
      @QueryParam("newest") @Min(1) @Max(200) Integer newest,
      @Valid @BeanParam Paging paging) {
    if (newest != null) {
      return newest(asset, newest);
    }
    Filter filter =
        new Filter().equal("asset", asset).equal("stage", TestStage.COMPLETED).after(paging);
    return RestoreTest.<RestoreTest>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(tests -> paging.page(tests, RestoreTest::id, Measure::of));
  }

  private static Uni<RestResponse<Answer.Page<Measure>>> newest(UUID asset, int count) {
    return RestoreTest.<RestoreTest>find(
            "asset = ?1 and stage = ?2 order by id desc", asset, TestStage.COMPLETED)
        .range(0, count - 1)
        .list()
        .map(
            tests -> {
              List<Measure> measures = new ArrayList<>(tests.stream().map(Measure::of).toList());
              Collections.reverse(measures);
              return RestResponse.ok(new Answer.Page<>(measures));
            });
  }

  /** What happened to the duty, from the log, with each event's index in it. */
  @GET
  @Path("{asset}/history")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID asset, @Valid @BeanParam History.Query query) {
    return history.of("restore-duty", asset, query);
  }
}
