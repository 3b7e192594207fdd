package io.vigie.kernel.web;

import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.security.Roles;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static java.util.Comparator.comparing;

/** What waits for the caller in this service, oldest first. */
@Path("/v1/tasks")
public class TaskResource {

  private final List<Task.Source> sources;

  TaskResource(@All List<Task.Source> sources) {
    this.sources = sources;
  }

  @GET
  @RolesAllowed(Roles.STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<Task>>> list(
      @QueryParam("assignee") @DefaultValue("me") @Pattern(regexp = "me", message = "is me")
          String assignee,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after") @Schema(type = SchemaType.STRING, implementation = String.class)
          Task.Place after,
      @Context UriInfo uri) {
    Task.Place from = after == null ? Task.Place.FIRST : after;
    return Multi.createFrom()
        .iterable(sources)
        .onItem()
        .transformToUniAndConcatenate(source -> source.waiting(from, limit + 1))
        .onItem()
        .<Task>disjoint()
        .collect()
        .asList()
        .map(
            tasks ->
                tasks.stream()
                    // As the database sorts ids, which is not how Java compares them.
                    .sorted(comparing(Task::since).thenComparing(task -> task.id().toString()))
                    .limit(limit + 1)
                    .toList())
        .map(tasks -> Paging.page(uri, tasks, limit, Task::place, Answer.Page::new));
  }
}
