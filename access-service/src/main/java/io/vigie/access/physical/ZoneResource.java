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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.RetiredAssets;
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

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/** Zones of the premises (R6.3). */
@Path("/v1/physical-zones")
public class ZoneResource {

  /**
   * @param site the id of the asset that is the site
   * @param purposes for what people may be there; none for anything
   * @param doors as the access control system names those that lead into it
   */
  @Schema(name = "PhysicalZoneDefinition")
  record Definition(
      @NotBlank @Size(max = 100) String name,
      @NotNull UUID site,
      @NotNull ZoneSensitivity sensitivity,
      @NotNull @Size(max = 20) List<@NotBlank @Size(max = 100) String> purposes,
      @NotNull @Size(max = 100) List<@NotBlank @Size(max = 100) String> doors) {}

  @Schema(name = "PhysicalZone")
  record View(UUID id, @JsonUnwrapped Zone.State zone, long version) {
    static View of(Zone zone) {
      return new View(zone.id(), zone.state(), zone.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "sensitivity", Sorting.ranked("sensitivity", ZoneSensitivity.values()),
          "closed", "%sclosed");

  private final ZoneHolders holders;
  private final Outbox outbox;
  private final History history;
  private final Clock clock;

  ZoneResource(ZoneHolders holders, Outbox outbox, History history, Clock clock) {
    this.holders = holders;
    this.outbox = outbox;
    this.history = history;
    this.clock = clock;
  }

  /** A zone with its doors, each of which leads into no other. */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> define(@NotNull @Valid Definition body) {
    Zone zone =
        new Zone(
            body.name(),
            body.site(),
            body.sensitivity(),
            body.purposes(),
            body.doors(),
            clock.instant());
    return outbox
        .append(zone, zone.defined())
        .chain(() -> Doors.replace(zone.id(), zone.state().doors()))
        .map(
            done ->
                Answer.created("/v1/physical-zones/" + zone.id(), View.of(zone), zone.version()));
  }

  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("site") UUID site,
      @QueryParam("sensitivity") ZoneSensitivity sensitivity,
      @QueryParam("closed") Boolean closed,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("site", site)
            .equal("sensitivity", sensitivity)
            .equal("closed", closed)
            .after(paging, sorting, Zone.class, SORTS);
    return Zone.<Zone>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(zones -> paging.page(zones, Zone::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Zone.require(id).map(ZoneResource::ok);
  }

  /** Replaces all that is said of the zone. */
  @PUT
  @Path("{id}")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Definition body) {
    return Zone.require(id, ifMatch)
        .call(
            zone ->
                outbox.append(
                    zone,
                    zone.change(
                        body.name(),
                        body.site(),
                        body.sensitivity(),
                        body.purposes(),
                        body.doors(),
                        clock.instant())))
        .call(zone -> Doors.replace(id, zone.state().doors()))
        .map(ZoneResource::ok);
  }

  /** 409 while somebody has a right on the zone, or a key to it. */
  @POST
  @Path("{id}/closure")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> close(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return RetiredAssets.hold(id)
        .chain(() -> Zone.require(id, ifMatch))
        .call(zone -> outbox.append(zone, zone.close(clock.instant())))
        .call(() -> requireNobody(id))
        .call(() -> Doors.replace(id, List.of()))
        .map(ZoneResource::ok);
  }

  private Uni<Void> requireNobody(UUID zone) {
    return holders
        .of(zone, null, 1)
        .invoke(
            some -> {
              if (!some.isEmpty()) {
                throw Problem.conflict(
                    "zone-has-holders",
                    "Somebody has a right on this zone or a key to it. End these first.");
              }
            })
        .replaceWithVoid();
  }

  /** Who may enter the zone or has a key to it, by the id of the person. */
  @GET
  @Path("{id}/holders")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<ZoneHolders.Holder>>> holders(
      UUID id, @Valid @BeanParam Paging paging) {
    return Zone.require(id)
        .chain(() -> holders.of(id, paging.after(), paging.probe()))
        .map(all -> paging.page(all, ZoneHolders.Holder::person, holder -> holder));
  }

  /** What happened to the zone, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("physical-zone", id, query);
  }

  private static RestResponse<View> ok(Zone zone) {
    return Answer.ok(View.of(zone), zone.version());
  }
}
