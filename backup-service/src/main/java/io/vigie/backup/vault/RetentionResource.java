package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
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
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * Until when copies are kept of assets that are retired, or whose client's contract ended, and the
 * proof that they are gone then (R3.4).
 */
@Path("/v1/retention-decisions")
public class RetentionResource {

  /**
   * Until when copies of a retired asset are kept.
   *
   * @param reason why so long; stays in the service
   */
  @Schema(name = "NewRetentionDecision")
  record NewDecision(
      @NotNull UUID asset,
      @NotNull Instant keepUntil,
      @NotBlank @Size(max = 2_000) String reason) {}

  /**
   * What shows that no copy is left.
   *
   * @param how in words; stays in the service
   * @param sha256 of the file that shows it, such as what the tool wrote
   */
  @Schema(name = "DeletionProof")
  record Proof(
      @NotBlank @Size(max = 2_000) String how,
      @NotNull
          @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 lower-case hexadecimal digits")
          String sha256) {}

  /**
   * A decision.
   *
   * @param client whose contract ended; absent for a disposal
   * @param reason of a disposal
   * @param decidedBy absent where a contract's end decided
   * @param dueSince since when copies are to be gone and nobody has proven it
   * @param endedAt when the asset was back, so that the decision holds no longer
   */
  @Schema(name = "RetentionDecision")
  record View(
      UUID id,
      UUID asset,
      RetentionCause cause,
      UUID client,
      Instant keepUntil,
      String reason,
      String decidedBy,
      Instant decidedAt,
      Instant dueSince,
      Instant provenAt,
      String proof,
      String sha256,
      Instant endedAt,
      long version) {

    static View of(RetentionDecision decision) {
      RetentionDecision.State state = decision.state();
      return new View(
          decision.id(),
          state.asset(),
          state.cause(),
          state.client(),
          state.keepUntil(),
          decision.reason(),
          decision.decidedBy(),
          state.decidedAt(),
          state.dueSince(),
          state.provenAt(),
          decision.proof(),
          state.sha256(),
          state.endedAt(),
          decision.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "cause", "%scause",
          "keepUntil", "%skeepUntil",
          "dueSince", "%sdueSince",
          "provenAt", "%sprovenAt");

  private final Outbox outbox;
  private final Coverage coverage;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  RetentionResource(Outbox outbox, Coverage coverage, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.coverage = coverage;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Decides for a retired asset, once, and for no less than its plans keep its copies. */
  @POST
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> decide(@NotNull @Valid NewDecision body) {
    return Retentions.requireRetired(body.asset())
        .map(
            retired ->
                RetentionDecision.ofDisposal(
                    body.asset(), body.keepUntil(), body.reason(), actor.id(), clock.instant()))
        .call(() -> Retentions.requireAsPlanned(body.asset(), body.keepUntil()))
        .call(decision -> outbox.append(decision, decision.made()))
        .map(
            decision ->
                Answer.created(
                    "/v1/retention-decisions/" + decision.id(),
                    View.of(decision),
                    decision.version()));
  }

  /**
   * Decisions in the order in which they were made.
   *
   * @param proven whether somebody has proven that the copies are gone
   */
  @GET
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("client") UUID client,
      @QueryParam("proven") Boolean proven,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("client", client)
            .after(paging, sorting, RetentionDecision.class, SORTS);
    if (proven != null) {
      filter.where(proven ? "provenAt is not null" : "provenAt is null");
    }
    return RetentionDecision.<RetentionDecision>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(decisions -> paging.page(decisions, RetentionDecision::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return RetentionDecision.require(id).map(RetentionResource::ok);
  }

  /**
   * Says that all copies are gone, and how that shows: by somebody else than who decided until when
   * they are kept. Before that time is over, and that of every other decision on the asset, it is
   * so only where two people have deleted each of them; never while the asset is lost or stolen, or
   * malicious code is on it.
   */
  @POST
  @Path("{id}/proof")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> prove(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Proof body) {
    return RetentionDecision.require(id, ifMatch)
        .call(decision -> LostAssets.requireNotLost(decision.state().asset()))
        .call(decision -> coverage.hold(decision.state().asset()))
        .call(decision -> BackupHold.requireNoneOn(decision.state().asset()))
        .call(decision -> prove(decision, body))
        .call(decision -> coverage.judgeTwice(decision.state().asset()))
        .map(RetentionResource::ok);
  }

  private Uni<Void> prove(RetentionDecision decision, Proof body) {
    UUID asset = decision.state().asset();
    Instant now = clock.instant();
    return Retentions.copies(asset)
        .chain(
            copies ->
                Retentions.areSomeKept(asset, now)
                    .chain(
                        kept ->
                            outbox.append(
                                decision,
                                decision.prove(
                                    body.how(), body.sha256(), copies, kept, actor.id(), now))));
  }

  /** What happened to the decision, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("retention-decision", id, query);
  }

  private static RestResponse<View> ok(RetentionDecision decision) {
    return Answer.ok(View.of(decision), decision.version());
  }
}
