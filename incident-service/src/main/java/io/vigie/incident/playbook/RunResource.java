package io.vigie.incident.playbook;

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
import io.vigie.incident.IncidentAccess;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.ETag;
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

/** Checklists that playbooks make, for incidents and as exercises. */
@Path("/v1/playbook-runs")
public class RunResource {

  /**
   * Begins a checklist of the version in force. Its open steps are tasks of the incident's
   * assignee, or of who began it where there is none.
   *
   * @param incident which it is for; null for an exercise
   */
  @Schema(name = "PlaybookRunStart")
  record Start(@NotNull UUID playbook, UUID incident) {}

  /** What can become of a step. */
  @Schema(name = "PlaybookStepOutcome")
  enum Outcome {
    DONE,
    SKIPPED
  }

  /**
   * What became of a step.
   *
   * @param step its number, from 1
   * @param reason of what was skipped, and of that alone
   */
  @Schema(name = "PlaybookStepSettlement")
  record Settlement(
      @Min(1) @Max(100) int step, @NotNull Outcome outcome, @Size(max = 2_000) String reason) {}

  /** What was learnt; {@code owner} is the subject who follows it up. */
  @Schema(name = "NewPlaybookLesson")
  record NewLesson(
      @NotBlank @Size(max = 2_000) String text,
      @NotBlank @Size(max = 255) String owner,
      @NotNull @Future Instant dueAt) {}

  @Schema(name = "PlaybookLessonFollowUp")
  record FollowUp(@NotBlank @Size(max = 2_000) String outcome) {}

  /**
   * A checklist.
   *
   * @param number of the playbook's version
   * @param lessons that wait for somebody to follow them up
   * @param lessonDueAt by when the first of these has to be; null where there are none
   */
  @Schema(name = "PlaybookRun")
  record View(
      UUID id,
      UUID playbook,
      int number,
      UUID incident,
      boolean exercise,
      int steps,
      int done,
      int skipped,
      int lessons,
      Instant lessonDueAt,
      Instant begunAt,
      Instant completedAt,
      long version) {

    static View of(PlaybookRun run) {
      PlaybookRun.State state = run.state();
      return new View(
          run.id(),
          state.playbook(),
          state.number(),
          state.incident(),
          state.exercise(),
          state.steps(),
          state.done(),
          state.skipped(),
          state.lessons(),
          state.lessonDueAt(),
          state.begunAt(),
          state.completedAt(),
          run.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "begunAt", "%sbegunAt",
          "exercise", "%sexercise",
          "done", "%sdone",
          "steps", "%ssteps",
          "completedAt", "%scompletedAt");

  private final IncidentAccess incidents;
  private final PlaybookPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  RunResource(
      IncidentAccess incidents,
      PlaybookPolicy policy,
      Outbox outbox,
      History history,
      Actor actor,
      Clock clock) {
    this.incidents = incidents;
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> begin(@NotNull @Valid Start body) {
    return Playbook.require(body.playbook())
        .call(() -> requireOpen(body.incident()))
        .chain(playbook -> PlaybookVersion.of(playbook.id(), playbook.requireInForce()))
        .chain(written -> begin(written, body))
        .map(run -> Answer.created("/v1/playbook-runs/" + run.id(), View.of(run), run.version()));
  }

  /** What holds an incident open is not added to one that is closed; null is none, and fine. */
  private Uni<Void> requireOpen(UUID incident) {
    return incident == null
        ? Uni.createFrom().voidItem()
        : incidents.requireOpen(incident).replaceWithVoid();
  }

  private Uni<PlaybookRun> begin(PlaybookVersion written, Start body) {
    PlaybookRun run =
        new PlaybookRun(written, body.playbook(), body.incident(), actor.id(), clock.instant());
    return outbox
        .append(run, run.begun())
        .chain(Panache::getSession)
        .chain(session -> session.persistAll(run.steps(written).toArray()))
        .replaceWith(run);
  }

  /** Checklists in the order in which they were begun. */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("playbook") UUID playbook,
      @QueryParam("incident") UUID incident,
      @QueryParam("exercise") Boolean exercise,
      @QueryParam("complete") Boolean complete,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("playbook", playbook)
            .equal("incident", incident)
            .equal("exercise", exercise)
            .after(paging, sorting, PlaybookRun.class, SORTS);
    if (complete != null) {
      filter.where(complete ? "completedAt is not null" : "completedAt is null");
    }
    incidents.ofReadableOrNone(filter);
    return PlaybookRun.<PlaybookRun>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(runs -> paging.page(runs, PlaybookRun::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return readable(id).map(RunResource::ok);
  }

  /** Its steps in their order. */
  @GET
  @Path("{id}/steps")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<Answer.Page<RunStep.View>> steps(UUID id) {
    return readable(id).chain(run -> RunStep.of(id)).map(Answer.Page::new);
  }

  /** Says that a step was done, or why it was skipped; the last one completes the checklist. */
  @POST
  @Path("{id}/steps")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> settle(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Settlement body) {
    boolean reasoned = body.reason() != null && !body.reason().isBlank();
    if ((body.outcome() == Outcome.SKIPPED) != reasoned) {
      throw Problem.invalid(
          List.of(
              new Problem.FieldError(
                  "reason", "is of a step that was SKIPPED, and of that alone")));
    }
    Instant now = clock.instant();
    StepState outcome = StepState.valueOf(body.outcome().name());
    return readable(id)
        .invoke(run -> ETag.require(ifMatch, run.version()))
        .call(
            run ->
                RunStep.require(id, body.step())
                    .chain(
                        step ->
                            outbox.append(
                                run, run.settle(step, outcome, actor.id(), body.reason(), now))))
        .call(run -> run.isExercised() ? exercised(run, now) : Uni.createFrom().voidItem())
        .map(RunResource::ok);
  }

  /** The checklist; 404 where it is an incident's that is not there for the caller. */
  private Uni<PlaybookRun> readable(UUID id) {
    return PlaybookRun.require(id).call(run -> incidents.requireReadable(run.state().incident()));
  }

  private Uni<Void> exercised(PlaybookRun run, Instant now) {
    return Playbook.require(run.state().playbook())
        .chain(playbook -> outbox.append(playbook, playbook.exercised(run.id(), policy, now)));
  }

  /** The lessons of it, in the order in which they were learnt; of the caller's alone for staff. */
  @GET
  @Path("{id}/lessons")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<Lesson.View>>> lessons(
      UUID id, @Valid @BeanParam Paging paging) {
    boolean all = actor.hasRole(RESPONDER) || actor.hasRole(CISO) || actor.hasRole(AUDITOR);
    Filter filter =
        new Filter().equal("run", id).equal("owner", all ? null : actor.id()).after(paging);
    return readable(id)
        .chain(
            () ->
                Lesson.<Lesson>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(lessons -> paging.page(lessons, Lesson::id, Lesson::view));
  }

  /**
   * Something was learnt, and is a task of its owner from now on; 409 where the incident is closed.
   */
  @POST
  @Path("{id}/lessons")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> learn(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid NewLesson body) {
    Instant now = clock.instant();
    Lesson lesson = new Lesson(id, body.text(), body.owner(), body.dueAt(), now);
    return readable(id)
        .invoke(run -> ETag.require(ifMatch, run.version()))
        .call(run -> requireOpen(run.state().incident()))
        .call(run -> outbox.append(run, run.learn(lesson, now)).chain(() -> lesson.persist()))
        .map(RunResource::ok);
  }

  /** Says what came of a lesson: its owner does, or the CISO in their place. */
  @POST
  @Path("{id}/lessons/{lesson}/follow-up")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<Lesson.View>> followUp(
      UUID id, UUID lesson, @NotNull @Valid FollowUp body) {
    return readable(id)
        .chain(
            run ->
                Lesson.require(id, lesson)
                    .invoke(this::requireOwn)
                    .call(
                        found ->
                            Lesson.nextDueAt(id, lesson)
                                .chain(
                                    next ->
                                        outbox.append(
                                            run,
                                            run.followUp(
                                                found,
                                                next,
                                                actor.id(),
                                                body.outcome(),
                                                clock.instant())))))
        .map(found -> RestResponse.ok(found.view()));
  }

  private void requireOwn(Lesson lesson) {
    if (!lesson.owner().equals(actor.id()) && !actor.hasRole(CISO)) {
      throw Problem.forbidden("Whoever owns a lesson follows it up, or the CISO in their place.");
    }
  }

  /** What happened to the checklist, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("playbook-run", id, query);
  }

  private static RestResponse<View> ok(PlaybookRun run) {
    return Answer.ok(View.of(run), run.version());
  }
}
