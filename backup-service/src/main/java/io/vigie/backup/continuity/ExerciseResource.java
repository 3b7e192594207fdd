package io.vigie.backup.continuity;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.hibernate.reactive.panache.Panache;
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
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Exercises of continuity plans, what they measured and what they taught (R14.4). */
@Path("/v1/continuity-exercises")
public class ExerciseResource {

  /** Begins an exercise of the version in force. */
  @Schema(name = "ContinuityExerciseStart")
  record Start(
      @NotNull UUID plan,
      @NotNull ExerciseMethod method,
      @NotBlank @Size(max = 2_000) String scenario) {}

  /** What can become of a step. */
  @Schema(name = "ContinuityStepOutcome")
  enum StepOutcome {
    DONE,
    SKIPPED
  }

  /**
   * What became of a step.
   *
   * @param step its number, from 1
   * @param reason of what was skipped, and of that alone
   */
  @Schema(name = "ContinuityStepSettlement")
  record Settlement(
      @NotNull @Min(1) @Max(100) Integer step,
      @NotNull StepOutcome outcome,
      @Size(min = 1, max = 2_000) String reason) {}

  /**
   * What was measured; of an exercise that was talked through nothing.
   *
   * @param disruptedAt when the function stopped
   * @param restoredAt when it was validated to work again; null where it was not restored
   * @param recoveryPointAt the moment whose data it then had
   */
  @Schema(name = "ContinuityExerciseConclusion")
  record Conclusion(Instant disruptedAt, Instant restoredAt, Instant recoveryPointAt) {}

  /** What was learnt; {@code owner} is the subject who follows it up. */
  @Schema(name = "NewContinuityLesson")
  record NewLesson(
      @NotBlank @Size(max = 2_000) String text,
      @NotBlank @Size(max = 255) String owner,
      @NotNull @Future Instant dueAt) {}

  @Schema(name = "ContinuityLessonFollowUp")
  record FollowUp(@NotBlank @Size(max = 2_000) String result) {}

  /**
   * An exercise.
   *
   * @param number of the plan's version
   * @param lessons that wait for somebody to follow them up
   * @param rtoMeasuredSeconds from the disruption to the restoration
   * @param rpoMeasuredSeconds from the recovery point to the disruption
   */
  @Schema(name = "ContinuityExercise")
  record View(
      UUID id,
      UUID plan,
      int number,
      ExerciseMethod method,
      String scenario,
      int steps,
      int done,
      int skipped,
      int lessons,
      ExerciseOutcome outcome,
      Long rtoMeasuredSeconds,
      Long rpoMeasuredSeconds,
      Instant begunAt,
      Instant concludedAt,
      long version) {

    static View of(ContinuityExercise exercise) {
      ContinuityExercise.State state = exercise.state();
      return new View(
          exercise.id(),
          state.plan(),
          state.number(),
          state.method(),
          exercise.scenario(),
          state.steps(),
          state.done(),
          state.skipped(),
          state.lessons(),
          state.outcome(),
          state.rtoMeasuredSeconds(),
          state.rpoMeasuredSeconds(),
          state.begunAt(),
          state.concludedAt(),
          exercise.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "method",
          Sorting.ranked("method", ExerciseMethod.values()),
          "outcome",
          Sorting.ranked("outcome", ExerciseOutcome.values()),
          "begunAt",
          "%sbegunAt",
          "concludedAt",
          "%sconcludedAt");

  private final ContinuityPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  ExerciseResource(
      ContinuityPolicy policy, Outbox outbox, History history, Actor actor, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> begin(@NotNull @Valid Start body) {
    return ContinuityPlan.require(body.plan())
        .chain(plan -> ContinuityPlanVersion.of(plan.id(), plan.requireInForce()))
        .chain(written -> begin(written, body))
        .map(
            exercise ->
                Answer.created(
                    "/v1/continuity-exercises/" + exercise.id(),
                    View.of(exercise),
                    exercise.version()));
  }

  private Uni<ContinuityExercise> begin(ContinuityPlanVersion written, Start body) {
    ContinuityExercise exercise =
        new ContinuityExercise(
            written, body.plan(), body.method(), body.scenario(), clock.instant());
    return outbox
        .append(exercise, exercise.begun())
        .chain(Panache::getSession)
        .chain(session -> session.persistAll(exercise.steps(written).toArray()))
        .replaceWith(exercise);
  }

  /** Exercises in the order in which they were begun. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("plan") UUID plan,
      @QueryParam("method") ExerciseMethod method,
      @QueryParam("outcome") ExerciseOutcome outcome,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("plan", plan)
            .equal("method", method)
            .equal("outcome", outcome)
            .after(paging, sorting, ContinuityExercise.class, SORTS);
    return ContinuityExercise.<ContinuityExercise>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(exercises -> paging.page(exercises, ContinuityExercise::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return ContinuityExercise.require(id).map(ExerciseResource::ok);
  }

  /** Its steps in their order, each with when it was settled. */
  @GET
  @Path("{id}/steps")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<Answer.Page<ExerciseStep.View>> steps(UUID id) {
    return ContinuityExercise.require(id)
        .chain(exercise -> ExerciseStep.of(id))
        .map(Answer.Page::new);
  }

  /** Says that a step was done, or why it was skipped. */
  @POST
  @Path("{id}/steps")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> settle(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Settlement body) {
    boolean reasoned = body.reason() != null && !body.reason().isBlank();
    if ((body.outcome() == StepOutcome.SKIPPED) != reasoned) {
      throw Problem.invalid(
          List.of(
              new Problem.FieldError(
                  "reason", "is of a step that was SKIPPED, and of that alone")));
    }
    StepState to = StepState.valueOf(body.outcome().name());
    return ContinuityExercise.require(id, ifMatch)
        .call(
            exercise ->
                ExerciseStep.require(id, body.step())
                    .chain(
                        step ->
                            outbox.append(
                                exercise,
                                exercise.settle(
                                    step, to, actor.id(), body.reason(), clock.instant()))))
        .map(ExerciseResource::ok);
  }

  /**
   * Ends the exercise with what it measured, which the plan then shows beside its objectives,
   * unless a later one restored the function; the next one is due a year after this one did.
   */
  @POST
  @Path("{id}/conclusion")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> conclude(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Conclusion body) {
    Instant now = clock.instant();
    ContinuityExercise.Times times =
        new ContinuityExercise.Times(body.disruptedAt(), body.restoredAt(), body.recoveryPointAt());
    return ContinuityExercise.require(id, ifMatch)
        .call(exercise -> outbox.append(exercise, exercise.conclude(times, now)))
        .call(
            exercise -> exercise.isRestored() ? measured(exercise, body.restoredAt(), now) : none())
        .map(ExerciseResource::ok);
  }

  private Uni<Void> measured(ContinuityExercise exercise, Instant restoredAt, Instant now) {
    return ContinuityPlan.require(exercise.state().plan())
        .chain(
            plan ->
                plan.isEnded()
                    ? none()
                    : plan.exercised(exercise, restoredAt, policy, now)
                        .map(event -> outbox.append(plan, event))
                        .orElseGet(ExerciseResource::none));
  }

  private static Uni<Void> none() {
    return Uni.createFrom().voidItem();
  }

  /** The lessons of it, in the order in which they were learnt; of the caller's alone for staff. */
  @GET
  @Path("{id}/lessons")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<ExerciseLesson.View>>> lessons(
      UUID id, @Valid @BeanParam Paging paging) {
    boolean all = List.of(SYSADMIN, CISO, RESPONDER, AUDITOR).stream().anyMatch(actor::hasRole);
    Filter filter =
        new Filter().equal("exercise", id).equal("owner", all ? null : actor.id()).after(paging);
    return ExerciseLesson.<ExerciseLesson>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(lessons -> paging.page(lessons, ExerciseLesson::id, ExerciseLesson::view));
  }

  /** Something was learnt, and is a task of its owner from now on. */
  @POST
  @Path("{id}/lessons")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> learn(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid NewLesson body) {
    Instant now = clock.instant();
    ExerciseLesson lesson = new ExerciseLesson(id, body.text(), body.owner(), body.dueAt(), now);
    return ContinuityExercise.require(id, ifMatch)
        .call(
            exercise ->
                outbox.append(exercise, exercise.learn(lesson, now)).chain(() -> lesson.persist()))
        .map(ExerciseResource::ok);
  }

  /** Says what came of a lesson: its owner does. */
  @POST
  @Path("{id}/lessons/{lesson}/follow-up")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<ExerciseLesson.View>> followUp(
      UUID id, UUID lesson, @NotNull @Valid FollowUp body) {
    return ExerciseLesson.require(lesson)
        .invoke(
            found -> {
              if (!found.owner().equals(actor.id())) {
                throw Problem.forbidden("Whoever owns a lesson follows it up.");
              }
            })
        .call(
            found ->
                ContinuityExercise.require(id)
                    .chain(
                        exercise ->
                            outbox.append(
                                exercise,
                                exercise.followUp(
                                    found, actor.id(), body.result(), clock.instant()))))
        .map(found -> RestResponse.ok(found.view()));
  }

  /** What happened to the exercise, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("continuity-exercise", id, query);
  }

  private static RestResponse<View> ok(ContinuityExercise exercise) {
    return Answer.ok(View.of(exercise), exercise.version());
  }
}
