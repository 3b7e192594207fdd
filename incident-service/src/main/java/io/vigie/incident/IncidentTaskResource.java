package io.vigie.incident;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.BiFunction;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
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

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;

/** What is to be done about an incident. The ETag is the incident's. */
@Path("/v1/incidents/{incident}/tasks")
public class IncidentTaskResource {

  /**
   * @param kind null for a task
   * @param assignee the subject of whoever is to do it
   */
  @Schema(name = "NewIncidentTask")
  record NewTask(
      TaskKind kind,
      @NotBlank @Size(max = 200) String title,
      @NotBlank @Size(max = 255) String assignee,
      @NotNull Instant dueAt) {

    TaskKind kindOrTask() {
      return kind == null ? TaskKind.TASK : kind;
    }
  }

  @Schema(name = "IncidentTaskCancellation")
  record Cancellation(@NotBlank @Size(max = 2_000) String reason) {}

  private final IncidentAccess incidents;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  IncidentTaskResource(IncidentAccess incidents, Outbox outbox, Actor actor, Clock clock) {
    this.incidents = incidents;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** Tasks in order of their creation. */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<IncidentTask.View>>> list(
      UUID incident,
      @QueryParam("kind") TaskKind kind,
      @QueryParam("state") TaskState state,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("incident", incident)
            .equal("kind", kind)
            .equal("state", state)
            .after(paging);
    return incidents
        .require(incident)
        .chain(
            found ->
                IncidentTask.<IncidentTask>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all ->
                            paging.page(
                                all, IncidentTask::id, task -> task.view(found.version()))));
  }

  /** 409 on a closed incident, and where too much is to be done already. */
  @POST
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<IncidentTask.View>> add(
      UUID incident,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid NewTask body) {
    Instant now = clock.instant();
    return incidents
        .require(incident, ifMatch)
        .chain(
            found -> {
              IncidentTask task =
                  new IncidentTask(
                      incident,
                      body.kindOrTask(),
                      body.title(),
                      body.assignee(),
                      body.dueAt(),
                      now);
              return outbox
                  .append(found, found.taskAdded(task, now))
                  .call(() -> task.persist())
                  .map(
                      done ->
                          Answer.created(
                              "/v1/incidents/" + incident + "/tasks/" + task.id(),
                              task.view(found.version()),
                              found.version()));
            });
  }

  /** For who works the incident, and for who is to do it. */
  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<IncidentTask.View>> get(UUID incident, UUID id) {
    return incidents
        .require(incident)
        .chain(
            found ->
                require(incident, id, RESPONDER, CISO, AUDITOR)
                    .map(task -> Answer.ok(task.view(found.version()), found.version())));
  }

  /** Who works the incident says that it is done, or who was to do it. */
  @POST
  @Path("{id}/completion")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<IncidentTask.View>> complete(
      UUID incident, UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return end(
        incident,
        id,
        ifMatch,
        (found, task) -> {
          task.done(clock.instant());
          return found.taskDone(task, clock.instant());
        });
  }

  @POST
  @Path("{id}/cancellation")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<IncidentTask.View>> cancel(
      UUID incident,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Cancellation body) {
    return end(
        incident,
        id,
        ifMatch,
        (found, task) -> {
          task.cancel(body.reason(), clock.instant());
          return found.taskCancelled(task, clock.instant());
        });
  }

  /** The task; 404 where the caller has none of these roles and is not to do it either. */
  private Uni<IncidentTask> require(UUID incident, UUID id, String... roles) {
    return IncidentTask.require(incident, id)
        .invoke(
            task -> {
              if (!task.assignee().equals(actor.id())
                  && Arrays.stream(roles).noneMatch(actor::hasRole)) {
                throw Problem.notFound(IncidentTask.UNKNOWN);
              }
            });
  }

  private Uni<RestResponse<IncidentTask.View>> end(
      UUID incident,
      UUID id,
      String ifMatch,
      BiFunction<Incident, IncidentTask, IncidentEvent> decision) {
    return incidents
        .require(incident, ifMatch)
        .chain(
            found ->
                require(incident, id, RESPONDER, CISO)
                    .call(task -> outbox.append(found, decision.apply(found, task)))
                    .map(task -> Answer.ok(task.view(found.version()), found.version())));
  }
}
