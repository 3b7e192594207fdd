package io.vigie.access.entitlement;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
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

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** The catalogue of what people can get on assets. */
@Path("/v1/entitlements")
public class EntitlementResource {

  /**
   * @param name unique on the asset among those that are not retired, whatever its case
   */
  @Schema(name = "EntitlementCreation")
  record Creation(
      @NotNull UUID asset,
      @NotBlank @Size(max = 100) String name,
      @NotNull EntitlementType type,
      @NotNull @Valid Terms terms) {}

  @Schema(name = "EntitlementRetirement")
  record Retirement(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Entitlement")
  record View(
      UUID id,
      UUID asset,
      String name,
      EntitlementType type,
      Terms terms,
      CatalogueState state,
      Act retired,
      long version) {

    static View of(Entitlement entitlement) {
      Entitlement.State state = entitlement.state();
      return new View(
          entitlement.id(),
          state.asset(),
          state.name(),
          state.type(),
          entitlement.terms(),
          state.state(),
          entitlement.retirement(),
          entitlement.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "type", "%stype",
          "state", "%sstate");

  private final Outbox outbox;
  private final RightsDue due;
  private final RightsObservers observers;
  private final Own own;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  EntitlementResource(
      Outbox outbox,
      RightsDue due,
      RightsObservers observers,
      Own own,
      History history,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.due = due;
    this.observers = observers;
    this.own = own;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> create(@NotNull @Valid Creation body) {
    return Person.hold(body.terms().owner())
        .chain(() -> RetiredAssets.requireInUse(body.asset()))
        .map(done -> new Entitlement(body.asset(), body.name(), body.type(), body.terms()))
        .call(entitlement -> outbox.append(entitlement, entitlement.created(clock.instant())))
        .map(
            entitlement ->
                Answer.created(
                    "/v1/entitlements/" + entitlement.id(),
                    View.of(entitlement),
                    entitlement.version()));
  }

  /** In order of creation. */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("type") EntitlementType type,
      @QueryParam("sensitivity") Sensitivity sensitivity,
      @QueryParam("owner") UUID owner,
      @QueryParam("state") CatalogueState state,
      @QueryParam("name") @Size(max = 100) String name,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("type", type)
            .equal("terms.sensitivity", sensitivity)
            .equal("terms.owner", owner)
            .equal("state", state)
            .where("lower(name) = lower(:value)", name)
            .after(paging, sorting, Entitlement.class, SORTS);
    return Entitlement.<Entitlement>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(found -> paging.page(found, Entitlement::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Entitlement.require(id).map(EntitlementResource::ok);
  }

  /**
   * Replaces the terms. Rights that were given on other terms stay as they are, and are in the
   * directory what the terms say now. Whoever has one leaves the terms to others.
   */
  @PUT
  @Path("{id}")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Terms body) {
    return Person.hold(body.owner())
        .chain(() -> Entitlement.require(id, ifMatch))
        .call(entitlement -> requireForOthers(entitlement, body))
        .call(() -> body.courses().length == 0 ? Uni.createFrom().voidItem() : requireNoProfile(id))
        .call(entitlement -> change(entitlement, body))
        .map(EntitlementResource::ok);
  }

  private Uni<Void> requireForOthers(Entitlement entitlement, Terms to) {
    return List.of("description").containsAll(entitlement.terms().differences(to))
        ? Uni.createFrom().voidItem()
        : own.ids()
            .chain(
                ids ->
                    ids.isEmpty()
                        ? Uni.createFrom().item(0L)
                        : Right.count(
                            "entitlementId = ?1 and person in ?2 and state in ?3",
                            entitlement.id(),
                            ids,
                            RightState.LIVE))
            .invoke(
                held -> {
                  if (held > 0) {
                    throw Problem.unprocessable(
                        "own-entitlement",
                        "You have this, or asked for it. Somebody else must say on what terms.");
                  }
                })
            .replaceWithVoid();
  }

  private static Uni<Void> requireNoProfile(UUID entitlement) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select count(*) from business_profile where entitlements @> array[cast(?1 as uuid)] and state = 'ACTIVE'",
                        Long.class)
                    .setParameter(1, entitlement)
                    .getSingleResult())
        .invoke(
            profiles -> {
              if (profiles > 0) {
                throw Entitlement.needsCourses();
              }
            })
        .replaceWithVoid();
  }

  private Uni<Void> change(Entitlement entitlement, Terms to) {
    DirectoryObject before = entitlement.terms().directory();
    return outbox
        .append(entitlement, entitlement.change(to, clock.instant()))
        .chain(
            () ->
                Objects.equals(before, to.directory())
                    ? Uni.createFrom().voidItem()
                    : holders(entitlement.id()).chain(observers::tell));
  }

  private static Uni<Set<UUID>> holders(UUID entitlement) {
    return Right.find(
            "select distinct person from Right where entitlementId = ?1 and state = ?2",
            entitlement,
            RightState.APPROVED)
        .project(UUID.class)
        .list()
        .map(TreeSet::new);
  }

  /** Nobody gets it any more, and whoever has it, or asked for it, loses that within seconds. */
  @POST
  @Path("{id}/retirement")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Retirement body) {
    return Entitlement.require(id, ifMatch)
        .call(
            entitlement ->
                outbox.append(
                    entitlement,
                    entitlement.retire(new Act(actor.id(), clock.instant(), body.reason()))))
        .call(() -> due.holdersOf(id))
        .map(EntitlementResource::ok);
  }

  /** What happened to the entitlement, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("entitlement", id, query);
  }

  private static RestResponse<View> ok(Entitlement entitlement) {
    return Answer.ok(View.of(entitlement), entitlement.version());
  }
}
