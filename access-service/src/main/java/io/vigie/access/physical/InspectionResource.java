package io.vigie.access.physical;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** Rounds that look at desks, screens, offices and paper (R6.5). */
@Path("/v1/inspections")
public class InspectionResource {

  /**
   * @param description of what was found; it stands in no event
   * @param assignee the person who has to set it right
   */
  @Schema(name = "InspectionFindingRecord")
  record Found(
      @NotNull FindingCategory category,
      @NotBlank @Size(max = 2_000) String description,
      @NotNull UUID assignee,
      @NotNull LocalDate dueOn) {}

  @Schema(name = "InspectionRecord")
  record Round(
      @NotNull UUID zone,
      @NotNull LocalDate inspectedOn,
      @NotNull @Size(max = 100) List<@NotNull @Valid Found> findings) {}

  @Schema(name = "Inspection")
  record View(UUID id, @JsonUnwrapped Inspection.State inspection, long version) {
    static View of(Inspection inspection) {
      return new View(inspection.id(), inspection.state(), inspection.version());
    }
  }

  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  InspectionResource(Outbox outbox, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** A round with what it found; each finding waits for its assignee. */
  @POST
  @RolesAllowed({ACCESS_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> record(@NotNull @Valid Round body) {
    Instant now = clock.instant();
    return Zone.requireInUse(List.of(body.zone()))
        .map(
            zones ->
                new Inspection(
                    body.zone(), body.inspectedOn(), body.findings().size(), actor.id(), now))
        .call(inspection -> outbox.append(inspection, inspection.recorded()))
        .call(inspection -> raise(inspection, body.findings(), now))
        .map(
            inspection ->
                Answer.created(
                    "/v1/inspections/" + inspection.id(),
                    View.of(inspection),
                    inspection.version()));
  }

  private Uni<Void> raise(Inspection inspection, List<Found> findings, Instant now) {
    return Multi.createFrom()
        .iterable(findings)
        .onItem()
        .transformToUniAndConcatenate(
            found ->
                Person.hold(found.assignee())
                    .map(
                        assignee ->
                            new InspectionFinding(
                                inspection,
                                found.category(),
                                found.description(),
                                assignee.id(),
                                found.dueOn(),
                                now))
                    .chain(finding -> outbox.append(finding, finding.raised())))
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** In the order in which they were recorded. */
  @GET
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("zone") UUID zone, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("zone", zone).after(paging);
    return Inspection.<Inspection>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(inspections -> paging.page(inspections, Inspection::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Inspection.require(id)
        .map(inspection -> Answer.ok(View.of(inspection), inspection.version()));
  }

  /** What happened to the inspection, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("inspection", id, query);
  }
}
