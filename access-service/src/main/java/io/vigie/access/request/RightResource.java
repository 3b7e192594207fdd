package io.vigie.access.request;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

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
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
import io.vigie.access.entitlement.Duties;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.Ground;
import io.vigie.access.entitlement.RetiredAssets;
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightReaders;
import io.vigie.access.entitlement.RightState;
import io.vigie.access.entitlement.RightsObservers;
import io.vigie.access.entitlement.Terms;
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
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * Rights on assets. Who sees whose, {@link RightReaders} says, and whoever may approve one sees it;
 * who may, {@link Approvers}.
 */
@Path("/v1/rights")
public class RightResource {

  /**
   * @param entitlement the id of what is asked for
   * @param validUntil at the latest as long from now as the entitlement allows; without it, then
   * @param duration in place of {@code validUntil}: for how long from its approval on, 1 minute to
   *     24 hours, as in ISO 8601: {@code PT2H}
   */
  @Schema(name = "RightRequest")
  record Request(
      @NotNull UUID person,
      @NotNull UUID entitlement,
      @NotBlank @Size(max = 2_000) String reason,
      Instant validUntil,
      @DurationMin(minutes = 1)
          @DurationMax(hours = 24)
          @JsonDeserialize(using = Terms.IsoDuration.class)
          Duration duration) {

    void requireOneEnd() {
      if (validUntil != null && duration != null) {
        throw Problem.invalid(
            List.of(new Problem.FieldError("duration", "leave it out, or validUntil")));
      }
    }
  }

  @Schema(name = "RightRefusal")
  record Refusal(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "RightRevocation")
  record Revocation(@NotBlank @Size(max = 2_000) String reason) {}

  private static final Map<String, String> SORTS =
      Map.of(
          "entitlement", "lower(%sentitlement)",
          "state", "%sstate",
          "ground", "%sground",
          "validUntil", "%svalidUntil");

  private final Requests requests;
  private final Approvers approvers;
  private final Duties duties;
  private final Outbox outbox;
  private final RightsObservers observers;
  private final RightReaders readers;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  RightResource(
      Requests requests,
      Approvers approvers,
      Duties duties,
      Outbox outbox,
      RightsObservers observers,
      RightReaders readers,
      History history,
      Actor actor,
      Clock clock) {
    this.requests = requests;
    this.approvers = approvers;
    this.duties = duties;
    this.outbox = outbox;
    this.observers = observers;
    this.readers = readers;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * People ask for themselves, managers and hosts for those whom they lead, access managers for
   * anybody. The path of approvals that the policy sets today stays the request's.
   */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<RightView>> request(@NotNull @Valid Request body) {
    return Person.hold(body.person())
        .invoke(body::requireOneEnd)
        .call(requests::requireMayAskFor)
        .chain(() -> Entitlement.hold(body.entitlement()))
        .call(entitlement -> RetiredAssets.requireInUse(entitlement.asset()))
        .chain(
            entitlement ->
                requests.made(
                    body.person(),
                    entitlement,
                    body.validUntil(),
                    body.duration(),
                    act(body.reason())))
        .map(
            right ->
                Answer.created("/v1/rights/" + right.id(), RightView.of(right), right.version()));
  }

  /**
   * Rights in order of request or grant.
   *
   * @param entitlement the id
   * @param awaiting {@code me} for those alone whose request or renewal the caller may approve now
   */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<RightView>>> list(
      @QueryParam("person") UUID person,
      @QueryParam("asset") UUID asset,
      @QueryParam("entitlement") UUID entitlement,
      @QueryParam("ground") Ground ground,
      @QueryParam("profile") UUID profile,
      @QueryParam("state") RightState state,
      @QueryParam("awaiting") @Pattern(regexp = "me", message = "must be me") String awaiting,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("person", person)
            .equal("asset", asset)
            .equal("entitlementId", entitlement)
            .equal("ground", ground)
            .equal("profile", profile)
            .equal("state", state)
            .after(paging, sorting, Right.class, SORTS);
    return (awaiting == null ? readers.onlyVisible(filter) : Uni.createFrom().item(filter))
        .chain(visible -> awaiting == null ? found(visible, paging) : awaited(visible, paging))
        .map(rights -> paging.page(rights, Right::id, RightView::of));
  }

  private static Uni<List<Right>> found(Filter filter, Paging paging) {
    return Right.<Right>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list();
  }

  private Uni<List<Right>> awaited(Filter filter, Paging paging) {
    Filter waiting = filter.where(Approvers.AWAITED);
    Map<String, Object> parameters = new HashMap<>(waiting.parameters());
    parameters.putAll(approvers.parameters());
    return Right.<Right>find(waiting.query(), parameters).range(0, paging.probe() - 1).list();
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<RightView>> get(UUID id) {
    return Right.require(id)
        .call(this::requireVisible)
        .call(right -> right.isRequested() ? duties.tell(right) : Uni.createFrom().voidItem())
        .map(RightResource::ok);
  }

  private Uni<Void> requireVisible(Right right) {
    return readers
        .sees(right.person())
        .chain(
            sees ->
                sees
                    ? Uni.createFrom().voidItem()
                    : approvers
                        .capacity(right.id())
                        .chain(
                            capacity ->
                                capacity == null
                                    ? readers.requireOf(right.person())
                                    : Uni.createFrom().voidItem()));
  }

  /**
   * Gives one approval of the request, or of the renewal, in the step that waits. The last one has
   * the right in force; each before it is told by {@code right.endorsed.v1}. Of two at once, one is
   * answered 412: read what the other came to, and repeat if the next step is yours as well. What
   * was decided or lapsed meanwhile is 409 {@code right-not-requested}, and 409 {@code time-over}
   * where the end that was asked for is past.
   */
  @POST
  @Path("{id}/approval")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<RightView>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Right.require(id, ifMatch).call(requests::approve).map(RightResource::ok);
  }

  /**
   * By whoever may approve it now, and by access managers. A renewal's leaves the right as it is.
   */
  @POST
  @Path("{id}/refusal")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<RightView>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Refusal body) {
    return Right.require(id, ifMatch)
        .call(right -> requests.refuse(right, act(body.reason())))
        .map(RightResource::ok);
  }

  /** By who asked for it, or for the renewal. */
  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<RightView>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Right.require(id, ifMatch)
        .call(right -> outbox.append(right, right.withdraw(actor.id(), clock.instant())))
        .map(RightResource::ok);
  }

  /**
   * Takes the right. What a profile gives is withheld as long as the profile goes on giving it; ask
   * for it to have it nevertheless.
   */
  @POST
  @Path("{id}/revocation")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<RightView>> revoke(
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

  private Act act(String reason) {
    return new Act(actor.id(), clock.instant(), reason);
  }

  static RestResponse<RightView> ok(Right right) {
    return Answer.ok(RightView.of(right), right.version());
  }
}
