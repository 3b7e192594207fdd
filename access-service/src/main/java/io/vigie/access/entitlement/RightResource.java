package io.vigie.access.entitlement;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Rights on assets; who sees whose, {@link RightReaders} says. */
@Path("/v1/rights")
public class RightResource {

  /**
   * @param entitlement the id of what is asked for
   * @param validUntil at the latest as long from now as the entitlement allows; without it, then
   */
  @Schema(name = "RightRequest")
  record Request(
      @NotNull UUID person,
      @NotNull UUID entitlement,
      @NotBlank @Size(max = 2_000) String reason,
      Instant validUntil) {}

  @Schema(name = "RightRefusal")
  record Refusal(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "RightRevocation")
  record Revocation(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * @param dutyConflicts the rules that it would break; of a request, and not in lists
   */
  @Schema(name = "Right")
  record View(
      UUID id,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant validUntil,
      RightState state,
      Act requested,
      Act decided,
      Act revoked,
      List<Duties.Breach> dutyConflicts,
      long version) {

    static View of(Right right) {
      Right.State state = right.state();
      return new View(
          right.id(),
          state.person(),
          state.asset(),
          state.entitlement(),
          state.entitlementId(),
          state.ground(),
          state.profile(),
          state.validUntil(),
          state.state(),
          right.request(),
          right.decision(),
          right.revocation(),
          right.breaches(),
          right.version());
    }
  }

  private final Outbox outbox;
  private final RightsObservers observers;
  private final RightReaders readers;
  private final Duties duties;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  RightResource(
      Outbox outbox,
      RightsObservers observers,
      RightReaders readers,
      Duties duties,
      History history,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.observers = observers;
    this.readers = readers;
    this.duties = duties;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Staff ask for themselves, access managers for anybody. */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> request(@NotNull @Valid Request body) {
    return Person.hold(body.person())
        .invoke(this::requireMayAskFor)
        .chain(() -> Entitlement.hold(body.entitlement()))
        .call(entitlement -> RetiredAssets.requireInUse(entitlement.asset()))
        .map(
            entitlement ->
                new Right(body.person(), entitlement, body.validUntil(), act(body.reason())))
        .call(duties::check)
        .call(right -> outbox.append(right, right.requested()))
        .map(right -> Answer.created("/v1/rights/" + right.id(), View.of(right), right.version()));
  }

  private void requireMayAskFor(Person person) {
    if (!actor.hasRole(ACCESS_MANAGER) && !person.isHolder(actor.id())) {
      throw Problem.forbidden("Ask for yourself, or have an access manager ask.");
    }
  }

  /**
   * Rights in order of request or grant.
   *
   * @param entitlement the id
   */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("person") UUID person,
      @QueryParam("asset") UUID asset,
      @QueryParam("entitlement") UUID entitlement,
      @QueryParam("ground") Ground ground,
      @QueryParam("profile") UUID profile,
      @QueryParam("state") RightState state,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("person", person)
            .equal("asset", asset)
            .equal("entitlementId", entitlement)
            .equal("ground", ground)
            .equal("profile", profile)
            .equal("state", state)
            .after(paging);
    return readers
        .onlyVisible(filter)
        .chain(
            visible ->
                Right.<Right>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(rights -> paging.page(rights, Right::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Right.require(id)
        .call(right -> readers.requireOf(right.person()))
        .call(right -> right.isRequested() ? duties.tell(right) : Uni.createFrom().voidItem())
        .map(RightResource::ok);
  }

  @POST
  @Path("{id}/approval")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Right.require(id, ifMatch)
        .call(
            right ->
                Person.hold(right.person())
                    .call(() -> Entitlement.hold(right.entitlementId()))
                    .call(() -> duties.check(right))
                    .chain(
                        recipient ->
                            outbox.append(
                                right, right.approve(recipient, actor.id(), clock.instant()))))
        .call(right -> observers.tell(Set.of(right.person())))
        .map(RightResource::ok);
  }

  @POST
  @Path("{id}/refusal")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Refusal body) {
    return decide(id, ifMatch, right -> right.refuse(act(body.reason())));
  }

  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, right -> right.withdraw(actor.id(), clock.instant()));
  }

  /**
   * Takes the right. What a profile gives is withheld as long as the profile goes on giving it; ask
   * for it to have it nevertheless.
   */
  @POST
  @Path("{id}/revocation")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> revoke(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Revocation body) {
    return Right.require(id, ifMatch)
        .call(right -> outbox.append(right, right.revoke(act(body.reason()))))
        .call(right -> observers.tell(Set.of(right.person())))
        .map(RightResource::ok);
  }

  /** What happened to the right, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("right", id, query);
  }

  private Uni<RestResponse<View>> decide(
      UUID id, String ifMatch, Function<Right, RightEvent> decision) {
    return Right.require(id, ifMatch)
        .call(right -> outbox.append(right, decision.apply(right)))
        .map(RightResource::ok);
  }

  private Act act(String reason) {
    return new Act(actor.id(), clock.instant(), reason);
  }

  private static RestResponse<View> ok(Right right) {
    return Answer.ok(View.of(right), right.version());
  }
}
