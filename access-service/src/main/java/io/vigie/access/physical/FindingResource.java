package io.vigie.access.physical;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
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

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/**
 * What rounds found (R6.5). Access managers, the CISO and auditors see all of it; other staff see
 * what they have to set right, and nothing else.
 */
@Path("/v1/inspection-findings")
public class FindingResource {

  private static final List<String> SEE_ALL = List.of(ACCESS_MANAGER, CISO, AUDITOR);
  private static final List<String> ACT_FOR_ALL = List.of(ACCESS_MANAGER, CISO);

  /** {@code resolution} says what was done; it stands in no event. */
  @Schema(name = "InspectionFindingResolution")
  record Resolution(@NotBlank @Size(max = 2_000) String resolution) {}

  @Schema(name = "InspectionFinding")
  record View(
      UUID id,
      String description,
      @JsonUnwrapped InspectionFinding.State finding,
      String resolution,
      long version) {
    static View of(InspectionFinding finding) {
      return new View(
          finding.id(),
          finding.description(),
          finding.state(),
          finding.resolution(),
          finding.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "category", "%scategory",
          "dueOn", "%sdueOn",
          "resolvedAt", "%sresolvedAt");

  private final Outbox outbox;
  private final History history;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  FindingResource(Outbox outbox, History history, Own own, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  /** In the order in which they were raised. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("inspection") UUID inspection,
      @QueryParam("zone") UUID zone,
      @QueryParam("assignee") UUID assignee,
      @QueryParam("category") FindingCategory category,
      @QueryParam("open") Boolean open,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("inspection", inspection)
            .equal("zone", zone)
            .equal("assignee", assignee)
            .equal("category", category)
            .after(paging, sorting, InspectionFinding.class, SORTS);
    if (open != null) {
      filter.where(open ? "resolvedAt is null" : "resolvedAt is not null");
    }
    return own.unless(SEE_ALL, filter, "assignee")
        .chain(
            visible ->
                InspectionFinding.<InspectionFinding>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(findings -> paging.page(findings, InspectionFinding::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return InspectionFinding.require(id)
        .call(finding -> own.requireUnless(SEE_ALL, finding.state().assignee()))
        .map(FindingResource::ok);
  }

  /** By its assignee, an access manager or the CISO. */
  @POST
  @Path("{id}/resolution")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> resolve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Resolution body) {
    return InspectionFinding.require(id)
        .call(finding -> own.requireUnless(ACT_FOR_ALL, finding.state().assignee()))
        .chain(() -> InspectionFinding.require(id, ifMatch))
        .call(
            finding ->
                outbox.append(
                    finding, finding.resolve(body.resolution(), actor.id(), clock.instant())))
        .map(FindingResource::ok);
  }

  /** What happened to the finding, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("inspection-finding", id, query);
  }

  private static RestResponse<View> ok(InspectionFinding finding) {
    return Answer.ok(View.of(finding), finding.version());
  }
}
