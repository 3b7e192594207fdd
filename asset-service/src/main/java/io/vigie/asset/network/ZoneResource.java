package io.vigie.asset.network;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
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
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.inventory.References;
import io.vigie.asset.inventory.Sites;
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

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** Zones (R9.1). */
@Path("/v1/zones")
public class ZoneResource {

  private static final List<AssetState> USED =
      Stream.of(AssetState.values())
          .filter(state -> state.isHeld() || state == AssetState.DISCOVERED)
          .toList();

  @Schema(name = "ZoneDeclaration")
  record Declaration(
      @NotBlank @Size(max = 100) String name,
      @NotBlank @Size(max = 20) String purpose,
      UUID site,
      @NotNull @Size(max = 100) List<@NotNull @Pattern(regexp = Ranges.FORM) String> ranges) {}

  @Schema(name = "Zone")
  record View(UUID id, @JsonUnwrapped Zone.State zone, long version) {
    static View of(Zone zone) {
      return new View(zone.id(), zone.state(), zone.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "purpose", "%spurpose",
          "retired", "%sretired");

  private final Outbox outbox;
  private final NetworkRules rules;
  private final Sites sites;
  private final References references;
  private final History history;
  private final Clock clock;

  ZoneResource(
      Outbox outbox,
      NetworkRules rules,
      Sites sites,
      References references,
      History history,
      Clock clock) {
    this.outbox = outbox;
    this.rules = rules;
    this.sites = sites;
    this.references = references;
    this.history = history;
    this.clock = clock;
  }

  /**
   * A zone with its addresses, which lie in no other zone unless within its own range there, at
   * premises that stay open, or nowhere in particular.
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> declare(@NotNull @Valid Declaration body) {
    rules.requirePurpose(body.purpose());
    return requireSite(body.site(), null)
        .chain(() -> Ranges.normal(body.ranges()))
        .map(ranges -> new Zone(body.name(), body.purpose(), body.site(), ranges, clock.instant()))
        .call(zone -> outbox.append(zone, zone.declared()))
        .call(zone -> Ranges.replace(zone.id(), zone.state().ranges()))
        .map(zone -> Answer.created("/v1/zones/" + zone.id(), View.of(zone), zone.version()));
  }

  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("purpose") String purpose,
      @QueryParam("site") UUID site,
      @QueryParam("retired") Boolean retired,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    rules.requirePurpose(purpose);
    Filter filter =
        new Filter()
            .equal("purpose", purpose)
            .equal("site", site)
            .equal("retired", retired)
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

  /** Another name, site or addresses. A zone keeps its purpose: flows were approved for it. */
  @PUT
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> change(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Declaration body) {
    return Zone.require(id, ifMatch)
        .invoke(
            zone -> {
              if (!zone.purpose().equals(body.purpose())) {
                throw Problem.unprocessable(
                    "zone-of-another-purpose", "A zone keeps its purpose. Declare another one.");
              }
            })
        .call(zone -> requireSite(body.site(), zone.state().site()))
        .call(
            zone ->
                Ranges.normal(body.ranges())
                    .chain(
                        ranges ->
                            outbox.append(
                                zone,
                                zone.change(body.name(), body.site(), ranges, clock.instant())))
                    .chain(() -> Ranges.replace(id, zone.state().ranges())))
        .map(ZoneResource::ok);
  }

  private Uni<Void> requireSite(UUID site, UUID before) {
    return sites.requireOpen(before, site).chain(() -> references.requireSite(site, before));
  }

  /** Only an empty zone is retired. */
  @POST
  @Path("{id}/retirement")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Zone.requireAlone(id, ifMatch)
        .call(
            () ->
                Asset.count("zone = ?1 and state in ?2", id, USED)
                    .invoke(
                        assets -> {
                          if (assets > 0) {
                            throw Problem.conflict(
                                "zone-not-empty",
                                "Move the %d assets in it first.".formatted(assets));
                          }
                        }))
        .call(zone -> outbox.append(zone, zone.retire(clock.instant())))
        .call(() -> Ranges.replace(id, List.of()))
        .map(ZoneResource::ok);
  }

  /** What happened to the zone, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("zone", id, query);
  }

  private static RestResponse<View> ok(Zone zone) {
    return Answer.ok(View.of(zone), zone.version());
  }
}
