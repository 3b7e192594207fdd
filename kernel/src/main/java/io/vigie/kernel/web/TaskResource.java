package io.vigie.kernel.web;

import java.util.Comparator;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.security.Roles;

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
  public Uni<Answer.Page<Task>> list(
      @QueryParam("assignee") @DefaultValue("me") @Pattern(regexp = "me", message = "is me")
          String assignee,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit) {
    return Multi.createFrom()
        .iterable(sources)
        .onItem()
        .transformToUniAndConcatenate(source -> source.waiting(limit))
        .onItem()
        .<Task>disjoint()
        .collect()
        .asList()
        .map(
            tasks ->
                new Answer.Page<>(
                    tasks.stream()
                        .sorted(Comparator.comparing(Task::since))
                        .limit(limit)
                        .toList()));
  }
}
