package io.vigie.asset.deployment;

import java.time.Clock;
import java.time.Instant;
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

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.Kinds;
import io.vigie.asset.inventory.People;
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

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** Deployments, as CI jobs report them. */
@Path("/v1/deployments")
public class DeploymentResource {

  @Schema(name = "DeploymentNotice")
  record Notice(@NotNull @Valid DeploymentReport report, @NotNull Outcome outcome) {}

  @Schema(name = "DeploymentReview")
  record Review(@NotBlank @Size(max = 4_000) String findings) {}

  @Schema(name = "DeploymentOutcome")
  record LaterOutcome(@NotNull Outcome outcome) {}

  /**
   * Of a deployment, in HQL: it names an account that nobody has or had by what access-service
   * told.
   */
  private static final String OF_UNKNOWN_PEOPLE =
      """
      cast(sql('exists (select from unnest(array[?, ?]) named where named is not null
        and not exists (select from known_account a where a.subject = cast(named as text)))',
        report.author, report.reviewer) as Boolean) = true\
      """;

  /**
   * @param unknownPeople of the author and the reviewer, those whose account nobody has or had by
   *     what access-service told, so that nothing shows a second person (R11.16)
   * @param reviewDue by when it must be reviewed; null where nothing is left to review
   * @param reviewedBy the subject of who reviewed it afterwards
   */
  @Schema(name = "Deployment")
  record View(
      UUID id,
      DeploymentReport report,
      List<UUID> unknownPeople,
      Outcome outcome,
      Instant reviewDue,
      String reviewedBy,
      Instant reviewedAt,
      String reviewFindings,
      Instant reportedAt,
      long version) {

    static View of(Deployment deployment, Set<UUID> unknown) {
      Deployment.State state = deployment.state();
      return new View(
          deployment.id(),
          deployment.report(),
          deployment.report().people().filter(unknown::contains).toList(),
          state.outcome(),
          state.reviewDue(),
          state.reviewedBy(),
          state.reviewedAt(),
          deployment.reviewFindings(),
          state.reportedAt(),
          deployment.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "report.environment", "%sreport.environment",
          "report.deployedAt", "%sreport.deployedAt",
          "outcome", "%soutcome",
          "reviewDue", "%sreviewDue");

  private final Outbox outbox;
  private final History history;
  private final People people;
  private final Kinds kinds;
  private final Actor actor;
  private final Clock clock;

  DeploymentResource(
      Outbox outbox, History history, People people, Kinds kinds, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.people = people;
    this.kinds = kinds;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Refused with 422 where R11.16 is not kept, or the asset is none that software is deployed to,
   * or one that is gone: the job that reports it should stop.
   */
  @POST
  @RolesAllowed(TOOL)
  @Command
  public Uni<RestResponse<View>> report(@NotNull @Valid Notice body) {
    Deployment deployment = new Deployment(body.report(), body.outcome(), clock.instant());
    return Asset.<Asset>findById(body.report().asset())
        .invoke(this::requireDeployable)
        .chain(() -> outbox.append(deployment, deployment.reported()))
        .chain(() -> unknown(List.of(deployment)))
        .map(
            unknown ->
                Answer.created(
                    "/v1/deployments/" + deployment.id(),
                    View.of(deployment, unknown),
                    deployment.version()));
  }

  private void requireDeployable(Asset asset) {
    if (asset == null) {
      throw Problem.unprocessable(
          "asset-unknown", "This asset is not in the register. Register it first.");
    }
    String kind = asset.details().kind();
    if (!kinds.require(kind).deployable()) {
      throw Problem.unprocessable(
          "asset-not-deployable",
          "Nothing is deployed to a %s. Name an asset of one of the kinds %s."
              .formatted(kind, String.join(", ", kinds.named(Kinds.Kind::deployable))));
    }
    if (!asset.state().state().isHeld()) {
      throw Problem.unprocessable(
          "asset-not-deployable",
          "This asset is %s. Name one that is held, or adopt or register it first."
              .formatted(asset.state().state()));
    }
  }

  /**
   * Deployments in order of report. {@code from} and {@code to} (not included) bound when they were
   * deployed; {@code unreviewed=true}: emergencies that nobody reviewed yet; {@code
   * unknownPeople=true}: those that name somebody whose account access-service has of nobody.
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("environment") @Pattern(regexp = "[a-z][a-z0-9-]{0,49}") String environment,
      @QueryParam("author") UUID author,
      @QueryParam("outcome") Outcome outcome,
      @QueryParam("from") Instant from,
      @QueryParam("to") Instant to,
      @QueryParam("unreviewed") Boolean unreviewed,
      @QueryParam("unknownPeople") Boolean unknownPeople,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("report.asset", asset)
            .equal("report.environment", environment)
            .equal("report.author", author)
            .equal("outcome", outcome)
            .where("report.deployedAt >= :value", from)
            .where("report.deployedAt < :value", to)
            .after(paging, sorting, Deployment.class, SORTS);
    if (unreviewed != null) {
      filter.where(unreviewed ? "reviewDue is not null" : "reviewDue is null");
    }
    if (unknownPeople != null) {
      filter.where(unknownPeople ? OF_UNKNOWN_PEOPLE : "not (" + OF_UNKNOWN_PEOPLE + ")");
    }
    return Deployment.<Deployment>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .chain(
            deployments ->
                unknown(deployments)
                    .map(
                        unknown ->
                            paging.page(
                                deployments,
                                Deployment::id,
                                deployment -> View.of(deployment, unknown))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Deployment.require(id).chain(this::ok);
  }

  /** Reviews an emergency deployment afterwards: anybody who works here and is not its author. */
  @POST
  @Path("{id}/review")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> review(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Review body) {
    return Deployment.require(id, ifMatch)
        .call(
            deployment ->
                outbox.append(
                    deployment, deployment.review(body.findings(), actor.id(), clock.instant())))
        .chain(this::ok);
  }

  /** It turned out otherwise than it was reported. */
  @POST
  @Path("{id}/outcome")
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> turnOut(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid LaterOutcome body) {
    return Deployment.require(id, ifMatch)
        .call(
            deployment ->
                outbox.append(deployment, deployment.turnOut(body.outcome(), clock.instant())))
        .chain(this::ok);
  }

  /** What happened to the deployment, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("deployment", id, query);
  }

  private Uni<Set<UUID>> unknown(List<Deployment> deployments) {
    return people.unknownAccounts(
        deployments.stream().flatMap(deployment -> deployment.report().people()).toList());
  }

  private Uni<RestResponse<View>> ok(Deployment deployment) {
    return unknown(List.of(deployment))
        .map(unknown -> Answer.ok(View.of(deployment, unknown), deployment.version()));
  }
}
