package io.vigie.access.entitlement;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
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

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
import io.vigie.access.training.CoursesForProfiles;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.SnapshotSource;
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

/** Bundles of entitlements. What a bundle gains or loses its holders get or lose within seconds. */
@Path("/v1/business-profiles")
public class BusinessProfileResource {

  /**
   * @param name unique among those that are not retired, whatever its case
   */
  @Schema(name = "BusinessProfileContent")
  record Content(
      @NotBlank
          @Size(max = 100)
          @Pattern(regexp = "[^\\x00-\\x1f\\x7f]*", message = "must be one line")
          String name,
      @Size(min = 1, max = 2_000) String description,
      @NotNull @Size(max = 500) List<@NotNull UUID> entitlements) {

    private Set<UUID> distinct() {
      return new HashSet<>(entitlements);
    }
  }

  @Schema(name = "BusinessProfileRetirement")
  record Retirement(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * @param proposed what it is to give once somebody else than {@code proposal.by} approved that
   */
  @Schema(name = "BusinessProfile")
  record View(
      UUID id,
      String name,
      String description,
      List<UUID> entitlements,
      List<UUID> proposed,
      Act proposal,
      CatalogueState state,
      Act retired,
      long version) {

    static View of(BusinessProfile profile) {
      BusinessProfile.State state = profile.state();
      return new View(
          profile.id(),
          state.name(),
          profile.description(),
          state.entitlements(),
          profile.proposed(),
          profile.proposal(),
          state.state(),
          profile.retirement(),
          profile.version());
    }
  }

  /** All profiles, for read models that start from nothing. */
  @ApplicationScoped
  static class Snapshots implements SnapshotSource {
    @Override
    public Uni<List<BusinessProfile>> page(UUID after, int limit) {
      return BusinessProfile.<BusinessProfile>find(
              "id > ?1 order by id", after == null ? new UUID(0, 0) : after)
          .withLock(LockModeType.PESSIMISTIC_WRITE)
          .range(0, limit - 1)
          .list();
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "state", "%sstate",
          "proposal.at", "%sproposal.at");

  private final Outbox outbox;
  private final RightsDue due;
  private final BundleRules rules;
  private final CoursesForProfiles courses;
  private final Own own;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  BusinessProfileResource(
      Outbox outbox,
      RightsDue due,
      BundleRules rules,
      CoursesForProfiles courses,
      Own own,
      History history,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.due = due;
    this.rules = rules;
    this.courses = courses;
    this.own = own;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * People get it by assignment, and by naming it in their record from then on. What is sensitive
   * or privileged is proposed, and given once somebody else approved it.
   */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> create(@NotNull @Valid Content body) {
    BusinessProfile created = new BusinessProfile(body.name(), body.description());
    return Entitlement.holdForProfile(body.distinct())
        .call(
            held ->
                outbox.append(
                    created, created.create(body.distinct(), rules.sensitive(held), act())))
        .replaceWith(created)
        .map(
            profile ->
                Answer.created(
                    "/v1/business-profiles/" + profile.id(), View.of(profile), profile.version()));
  }

  /**
   * In order of creation.
   *
   * @param entitlement those that give this
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") CatalogueState state,
      @QueryParam("name") @Size(max = 100) String name,
      @QueryParam("entitlement") UUID entitlement,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .where("lower(name) = lower(:value)", name)
            .where(
                "cast(sql('? @> cast(cast(? as text) as uuid[])', entitlements, :value) as Boolean) = true",
                entitlement == null ? null : "{" + entitlement + "}")
            .after(paging, sorting, BusinessProfile.class, SORTS);
    return BusinessProfile.<BusinessProfile>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(found -> paging.page(found, BusinessProfile::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return BusinessProfile.require(id).map(BusinessProfileResource::ok);
  }

  /**
   * Replaces the whole of it, but for what is sensitive or privileged and it does not give yet:
   * that is proposed, until somebody else approves it or another change leaves it out. Retired
   * entitlements stay out. Whoever holds it takes away from it alone.
   */
  @PUT
  @Path("{id}")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Content body) {
    return BusinessProfile.require(id, ifMatch)
        .call(profile -> requireForOthers(profile, body.distinct()))
        .call(
            profile ->
                Entitlement.holdForProfile(body.distinct())
                    .chain(held -> change(profile, body, held)))
        .call(() -> due.holdersOfProfile(id))
        .map(BusinessProfileResource::ok);
  }

  private Uni<Void> change(BusinessProfile profile, Content body, List<Entitlement> held) {
    String before = profile.state().name();
    return outbox
        .append(
            profile,
            profile.change(
                body.name(), body.description(), body.distinct(), rules.sensitive(held), act()))
        .chain(() -> courses.rename(before, profile.state().name()));
  }

  private Act act() {
    return new Act(actor.id(), clock.instant(), null);
  }

  /**
   * Has it give what is proposed: by somebody who neither proposed that nor holds it (422).
   * Everybody who holds it gets that within seconds.
   */
  @POST
  @Path("{id}/approval")
  @RolesAllowed({ACCESS_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return BusinessProfile.require(id, ifMatch)
        .call(profile -> Entitlement.holdForProfile(profile.proposed()))
        .call(profile -> requireForOthers(profile, Set.copyOf(profile.proposed())))
        .call(profile -> outbox.append(profile, profile.approve(actor.id(), clock.instant())))
        .call(() -> due.holdersOfProfile(id))
        .map(BusinessProfileResource::ok);
  }

  private Uni<Void> requireForOthers(BusinessProfile profile, Set<UUID> entitlements) {
    return profile.state().entitlements().containsAll(entitlements)
        ? Uni.createFrom().voidItem()
        : own.ids()
            .chain(
                ids ->
                    ids.isEmpty()
                        ? Uni.createFrom().item(0L)
                        : ProfileAssignment.count(
                            "profile = ?1 and person in ?2 and state <> ?3",
                            profile.id(),
                            ids,
                            AssignmentState.ENDED))
            .invoke(
                held -> {
                  if (held > 0) {
                    throw Person.selfAssignment();
                  }
                })
            .replaceWithVoid();
  }

  /** Nobody holds it any more; what it gave ends as it does for whoever loses a profile. */
  @POST
  @Path("{id}/retirement")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Retirement body) {
    return BusinessProfile.require(id, ifMatch)
        .call(
            profile ->
                outbox.append(
                    profile, profile.retire(new Act(actor.id(), clock.instant(), body.reason()))))
        .call(() -> due.holdersOfProfile(id))
        .map(BusinessProfileResource::ok);
  }

  /** What happened to the profile, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("business-profile", id, query);
  }

  private static RestResponse<View> ok(BusinessProfile profile) {
    return Answer.ok(View.of(profile), profile.version());
  }
}
