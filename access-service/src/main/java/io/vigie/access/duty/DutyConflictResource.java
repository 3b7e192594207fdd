package io.vigie.access.duty;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.LockModeType;
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
import io.vigie.access.entitlement.Act;
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

/** Who is in conflict, and what the CISO decides about it (R4.6). */
@Path("/v1/duty-conflicts")
public class DutyConflictResource {

  /**
   * @param compensatingControl what is done so that no harm comes of it
   * @param until at the latest as long from now as {@code contracts/policy/duties.json} allows
   */
  @Schema(name = "DutyException")
  record Acceptance(
      @NotBlank @Size(max = 2_000) String reason,
      @NotBlank @Size(max = 2_000) String compensatingControl,
      @NotNull Instant until) {}

  /**
   * @param asset for a rule about one asset, on which; null for others
   */
  @Schema(name = "DutyExceptionAhead")
  record Ahead(
      @NotNull UUID rule, @NotNull UUID person, UUID asset, @NotNull @Valid Acceptance exception) {}

  @Schema(name = "DutyExceptionWithdrawal")
  record Withdrawal(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "DutyConflictSettlement")
  record Settlement(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "DutyConflict")
  record View(UUID id, @JsonUnwrapped DutyConflict.State conflict, long version) {
    static View of(DutyConflict conflict) {
      return new View(conflict.id(), conflict.state(), conflict.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "kind", "%skind",
          "state", Sorting.ranked("state", ConflictState.values()),
          "since", "%ssince",
          "exceptedUntil", "%sexceptedUntil");

  private final DutyPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  DutyConflictResource(
      DutyPolicy policy, Outbox outbox, History history, Actor actor, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Excepts somebody from a rule before they have the rights, which it then lets them get. Fails
   * with 409 where there is a conflict already: except that one.
   */
  @POST
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> exceptAhead(@NotNull @Valid Ahead body) {
    return Person.hold(body.person())
        .chain(
            person ->
                DutyRule.hold(body.rule())
                    .map(rule -> toCome(body, rule))
                    .call(
                        conflict ->
                            outbox.append(conflict, except(conflict, person, body.exception()))))
        .map(
            conflict ->
                Answer.created(
                    "/v1/duty-conflicts/" + conflict.id(), View.of(conflict), conflict.version()));
  }

  private DutyConflict toCome(Ahead body, DutyRule rule) {
    boolean isOnAsset = rule.state().scope() == DutyScope.SAME_ASSET;
    if (isOnAsset != (body.asset() != null)) {
      throw Problem.unprocessable(
          "exception-scope",
          isOnAsset
              ? "This rule is about one asset. Say on which the exception is."
              : "This rule is about rights anywhere. Leave the asset out.");
    }
    return DutyConflict.toCome(
        rule.id(), body.person(), isOnAsset ? "asset/" + body.asset() : null, clock.instant());
  }

  private DutyConflictEvent except(DutyConflict conflict, Person concerned, Acceptance body) {
    return conflict.except(
        concerned,
        act(body.reason()),
        body.compensatingControl(),
        body.until(),
        policy.longestException());
  }

  /** In the order in which they came; {@code live} are those that are not over. */
  @GET
  @RolesAllowed({CISO, ACCESS_MANAGER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("live") Boolean live,
      @QueryParam("state") ConflictState state,
      @QueryParam("kind") ConflictKind kind,
      @QueryParam("rule") @Size(max = 100) String rule,
      @QueryParam("person") UUID person,
      @QueryParam("account") @Size(max = 100) String account,
      @QueryParam("matter") @Size(max = 200) String matter,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("kind", kind)
            .equal("rule", rule)
            .equal("person", person)
            .equal("account", account)
            .equal("matter", matter)
            .after(paging, sorting, DutyConflict.class, SORTS);
    if (live != null) {
      filter.where(live ? "state <> RESOLVED" : "state = RESOLVED");
    }
    return DutyConflict.<DutyConflict>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(conflicts -> paging.page(conflicts, DutyConflict::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({CISO, ACCESS_MANAGER, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return DutyConflict.require(id).map(DutyConflictResource::ok);
  }

  /** Accepts a conflict of rights for a time. Then it is found again, unless it is gone. */
  @POST
  @Path("{id}/exception")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> except(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Acceptance body) {
    return DutyConflict.require(id, ifMatch)
        .call(
            conflict ->
                concerned(conflict)
                    .chain(person -> outbox.append(conflict, except(conflict, person, body))))
        .map(DutyConflictResource::ok);
  }

  @POST
  @Path("{id}/exception-withdrawal")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Withdrawal body) {
    return DutyConflict.require(id, ifMatch)
        .call(
            conflict ->
                concerned(conflict)
                    .chain(
                        () ->
                            outbox.append(
                                conflict, conflict.withdrawException(act(body.reason())))))
        .map(DutyConflictResource::ok);
  }

  /** Says what came of a conflict of history, which is over by that. */
  @POST
  @Path("{id}/settlement")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> settle(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Settlement body) {
    return DutyConflict.require(id, ifMatch)
        .call(
            conflict ->
                concerned(conflict)
                    .chain(
                        person ->
                            outbox.append(conflict, conflict.settle(person, act(body.reason())))))
        .map(DutyConflictResource::ok);
  }

  /** What happened to the conflict, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, ACCESS_MANAGER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("duty-conflict", id, query);
  }

  /**
   * Whose conflict it is, locked: whoever evaluates comes before, and has changed the version, or
   * after. Null for an account that is nobody's.
   */
  private static Uni<Person> concerned(DutyConflict conflict) {
    return conflict.person() == null
        ? Uni.createFrom().nullItem()
        : Person.findById(conflict.person(), LockModeType.PESSIMISTIC_READ);
  }

  private Act act(String reason) {
    return new Act(actor.id(), clock.instant(), reason);
  }

  private static RestResponse<View> ok(DutyConflict conflict) {
    return Answer.ok(View.of(conflict), conflict.version());
  }
}
