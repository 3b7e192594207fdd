package io.vigie.asset.site;

import java.time.Clock;
import java.time.LocalDate;
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
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.Sites;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;

/** The closing of sites. */
@Path("/v1/site-closures")
public class ClosureResource {

  @Schema(name = "ClosureAnnouncement")
  record Announcement(
      @NotNull UUID site,
      @NotNull LocalDate closesOn,
      @NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "ClosureCancellation")
  record Cancellation(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "SiteClosure")
  record View(UUID id, @JsonUnwrapped Closure.State closure, long version) {
    static View of(Closure closure) {
      return new View(closure.id(), closure.state(), closure.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "stage", Sorting.ranked("stage", Closure.Stage.values()),
          "closesOn", "%sclosesOn",
          "announcedAt", "%sannouncedAt");

  private final ClosingSites sites;
  private final Outbox outbox;
  private final Clock clock;

  ClosureResource(ClosingSites sites, Outbox outbox, Clock clock) {
    this.sites = sites;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * Says that a site will close. Each asset and zone that is there, or in premises there, becomes a
   * task; none changes.
   */
  @POST
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> announce(@NotNull @Valid Announcement body) {
    return Asset.require(body.site())
        .invoke(
            site -> {
              if (!site.details().kind().equals(Sites.PREMISES)) {
                throw Problem.unprocessable("not-a-site", "Only premises are closed.");
              }
            })
        .call(sites::requireNoClosure)
        .map(site -> new Closure(site.id(), body.closesOn(), body.reason(), clock.instant()))
        .call(
            closure ->
                Closure.left(body.site())
                    .chain(left -> outbox.append(closure, closure.announced(left.assets()))))
        .map(
            closure ->
                Answer.created(
                    "/v1/site-closures/" + closure.id(), View.of(closure), closure.version()));
  }

  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("site") UUID site,
      @QueryParam("stage") Closure.Stage stage,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("site", site)
            .equal("stage", stage)
            .after(paging, sorting, Closure.class, SORTS);
    return Closure.<Closure>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(closures -> paging.page(closures, Closure::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Closure.require(id).map(ClosureResource::ok);
  }

  /** Nothing is there any more. */
  @POST
  @Path("{id}/completion")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> complete(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Closure.require(id, ifMatch)
        .call(
            closure ->
                Closure.left(closure.state().site())
                    .chain(left -> outbox.append(closure, closure.complete(left, clock.instant()))))
        .map(ClosureResource::ok);
  }

  /** The site stays open. */
  @POST
  @Path("{id}/cancellation")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> cancel(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Cancellation body) {
    return Closure.require(id, ifMatch)
        .call(closure -> outbox.append(closure, closure.cancel(body.reason(), clock.instant())))
        .map(ClosureResource::ok);
  }

  private static RestResponse<View> ok(Closure closure) {
    return Answer.ok(View.of(closure), closure.version());
  }
}
