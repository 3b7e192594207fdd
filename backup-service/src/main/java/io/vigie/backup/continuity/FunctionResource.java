package io.vigie.backup.continuity;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
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
import io.vigie.backup.plan.Coverage;
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

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Critical functions, what they depend on, and whether it is redundant (R14.2). */
@Path("/v1/critical-functions")
public class FunctionResource {

  /**
   * A function.
   *
   * @param owner the subject who answers for it
   */
  @Schema(name = "NewCriticalFunction")
  record Declaration(
      @NotBlank @Size(max = 200) String name,
      @NotBlank @Size(max = 255) String owner,
      @Size(min = 1, max = 2_000) String description) {}

  /**
   * What the function depends on an asset for.
   *
   * @param peer the asset that takes over when it fails, null where there is none
   */
  @Schema(name = "NewDependency")
  record NewDependency(@NotNull DependencyKind kind, UUID peer) {}

  /**
   * A test of fail-over from an asset to its peer.
   *
   * @param takeoverSeconds how long the peer took, of a test that passed
   */
  @Schema(name = "NewFailoverTest")
  record NewTest(
      @NotNull UUID asset,
      @NotNull Instant testedAt,
      @NotNull Boolean passed,
      @PositiveOrZero @Max(31_622_400) Long takeoverSeconds,
      @Size(min = 1, max = 2_000) String note) {}

  @Schema(name = "CriticalFunctionRetirement")
  record Retirement(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * A dependency.
   *
   * @param redundant whether a peer has proven, not too long ago, that it takes over
   */
  @Schema(name = "Dependency")
  record DependencyView(
      UUID asset,
      DependencyKind kind,
      UUID peer,
      Instant since,
      Instant testedAt,
      Boolean passed,
      Long takeoverSeconds,
      Instant testDueAt,
      boolean redundant) {

    static List<DependencyView> of(CriticalFunction function, Instant now) {
      return function.state().dependencies().entrySet().stream()
          .map(
              entry -> {
                Dependency on = entry.getValue();
                return new DependencyView(
                    entry.getKey(),
                    on.kind(),
                    on.peer(),
                    on.since(),
                    on.testedAt(),
                    on.passed(),
                    on.takeoverSeconds(),
                    on.testDueAt(),
                    on.isRedundant(now));
              })
          .toList();
    }
  }

  /**
   * A function.
   *
   * @param dependsOn the assets without which it cannot be
   * @param proofDueAt when the first of its dependencies has or had no peer that is proven to take
   *     over; null without dependencies
   */
  @Schema(name = "CriticalFunction")
  record View(
      UUID id,
      String name,
      String owner,
      String description,
      List<DependencyView> dependsOn,
      Instant proofDueAt,
      Instant declaredAt,
      Instant retiredAt,
      long version) {

    static View of(CriticalFunction function, Instant now) {
      CriticalFunction.State state = function.state();
      return new View(
          function.id(),
          state.name(),
          state.owner(),
          function.description(),
          DependencyView.of(function, now),
          state.proofDueAt(),
          state.declaredAt(),
          state.retiredAt(),
          function.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "proofDueAt", "%sproofDueAt",
          "declaredAt", "%sdeclaredAt",
          "retiredAt", "%sretiredAt");

  private final ContinuityPolicy policy;
  private final Coverage coverage;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  FunctionResource(
      ContinuityPolicy policy,
      Coverage coverage,
      Outbox outbox,
      History history,
      Actor actor,
      Clock clock) {
    this.policy = policy;
    this.coverage = coverage;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> declare(@NotNull @Valid Declaration body) {
    Instant now = clock.instant();
    CriticalFunction function =
        new CriticalFunction(body.name(), body.owner(), body.description(), now);
    return outbox
        .append(function, function.declared())
        .map(
            done ->
                Answer.created(
                    "/v1/critical-functions/" + function.id(),
                    View.of(function, now),
                    function.version()));
  }

  /**
   * Functions in the order in which they were declared.
   *
   * @param asset that they depend on, or that takes over from such
   * @param redundant whether each dependency has a peer that is proven to take over; a function
   *     without dependencies is neither
   */
  @GET
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("redundant") Boolean redundant,
      @QueryParam("retired") Boolean retired,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Instant now = clock.instant();
    Filter filter =
        new Filter()
            .where("assets like :value", asset == null ? null : "%" + asset + "%")
            .after(paging, sorting, CriticalFunction.class, SORTS);
    if (redundant != null) {
      filter.where(redundant ? "proofDueAt > :value" : "proofDueAt <= :value", now);
    }
    if (retired != null) {
      filter.where(retired ? "retiredAt is not null" : "retiredAt is null");
    }
    return CriticalFunction.<CriticalFunction>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(
            functions ->
                paging.page(functions, CriticalFunction::id, function -> View.of(function, now)));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return CriticalFunction.require(id).map(this::ok);
  }

  /**
   * Says that the function depends on this asset, what for, and which asset takes over. Both are
   * known here, 422 otherwise. Another peer than before has proven nothing yet; what is lost or out
   * of use is none, 422.
   */
  @PUT
  @Path("{id}/dependencies/{asset}")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> depend(
      UUID id,
      UUID asset,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid NewDependency body) {
    return CriticalFunction.require(id, ifMatch)
        .call(() -> coverage.requireKnown(asset))
        .call(
            () ->
                body.peer() == null
                    ? Uni.createFrom().voidItem()
                    : coverage.requireAtHand(body.peer()))
        .call(
            function ->
                outbox.append(
                    function, function.dependOn(asset, body.kind(), body.peer(), clock.instant())))
        .map(this::ok);
  }

  /**
   * What the assets that the function depends on depend on themselves, at any depth, and what of it
   * is a single point of failure.
   */
  @GET
  @Path("{id}/underlying-assets")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<UnderlyingAssets> underlyingAssets(UUID id) {
    return CriticalFunction.require(id)
        .chain(function -> UnderlyingAssets.of(function, clock.instant()));
  }

  /** The function depends on this asset no more. */
  @POST
  @Path("{id}/dependencies/{asset}/removal")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> remove(
      UUID id, UUID asset, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return CriticalFunction.require(id, ifMatch)
        .call(function -> outbox.append(function, function.dependNoMoreOn(asset, clock.instant())))
        .map(this::ok);
  }

  /** Records a test of whether an asset's peer takes over; one that failed is due again at once. */
  @POST
  @Path("{id}/failover-tests")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> test(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid NewTest body) {
    Instant now = clock.instant();
    FailoverTest.Result result =
        new FailoverTest.Result(
            body.testedAt(), body.passed(), body.takeoverSeconds(), body.note());
    return CriticalFunction.require(id, ifMatch)
        .call(
            function -> {
              ContinuityEvent event = function.testFailover(body.asset(), result, policy, now);
              UUID peer = function.state().dependencies().get(body.asset()).peer();
              return outbox
                  .append(function, event)
                  .chain(
                      () ->
                          new FailoverTest(id, body.asset(), peer, result, actor.id(), now)
                              .persist());
            })
        .map(this::ok);
  }

  /** Fail-over tests in the order in which they were recorded. */
  @GET
  @Path("{id}/failover-tests")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<FailoverTest.View>>> tests(
      UUID id,
      @QueryParam("asset") UUID asset,
      @QueryParam("passed") Boolean passed,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("criticalFunction", id)
            .equal("asset", asset)
            .equal("result.passed", passed)
            .after(paging);
    return CriticalFunction.require(id)
        .chain(
            function ->
                FailoverTest.<FailoverTest>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(tests -> paging.page(tests, FailoverTest::id, FailoverTest::view));
  }

  /** The function is critical no more, and its continuity plan ends with it. */
  @POST
  @Path("{id}/retirement")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Retirement body) {
    Instant now = clock.instant();
    return CriticalFunction.require(id, ifMatch)
        .call(function -> outbox.append(function, function.retire(body.reason(), now)))
        .call(() -> endPlan(id, now))
        .map(this::ok);
  }

  private Uni<Void> endPlan(UUID function, Instant now) {
    return ContinuityPlan.<ContinuityPlan>find("criticalFunction", function)
        .firstResult()
        .onItem()
        .ifNotNull()
        .transformToUni(plan -> outbox.append(plan, plan.end(now)));
  }

  /** What happened to the function, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("critical-function", id, query);
  }

  private RestResponse<View> ok(CriticalFunction function) {
    return Answer.ok(View.of(function, clock.instant()), function.version());
  }
}
