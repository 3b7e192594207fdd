package io.vigie.asset.posture;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
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

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Exemptions of assets from rules of protection. */
@Path("/v1/posture-exemptions")
public class ExemptionResource {

  @Schema(name = "PostureExemptionRequest")
  record Request(
      @NotNull UUID asset,
      @NotBlank @Size(max = 60) String rule,
      @NotBlank @Size(max = 2_000) String reason,
      @NotNull Instant endsAt) {}

  @Schema(name = "PostureExemptionEnd")
  record End(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "PostureExemption")
  record View(UUID id, @JsonUnwrapped Exemption.State state, long version) {
    static View of(Exemption exemption) {
      return new View(exemption.id(), exemption.state(), exemption.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "rule", "%srule",
          "stage", Sorting.ranked("stage", Exemption.Stage.values()),
          "endsAt", "%sendsAt");

  private final Outbox outbox;
  private final Postures postures;
  private final PostureRules rules;
  private final Actor actor;
  private final Clock clock;

  ExemptionResource(
      Outbox outbox, Postures postures, PostureRules rules, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.postures = postures;
    this.rules = rules;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Asks that a breach of a rule by an asset does not count for a time, of 180 days at most. It is
   * for what breaks the rule now: anything else or more that breaks it counts. An asset has one
   * open exemption from a rule.
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> request(@NotNull @Valid Request body) {
    Rule rule = rules.require(body.rule());
    return Asset.require(body.asset())
        .chain(
            asset -> {
              if (!rule.asksOf(asset.details().kind(), asset.details().production())) {
                throw Problem.unprocessable(
                    "rule-of-other-kinds",
                    "This rule asks nothing of such an asset; it is of %s%s."
                        .formatted(rule.kinds(), rule.production() ? " in production" : ""));
              }
              return Postures.of(asset);
            })
        .map(
            posture ->
                new Exemption(
                    body.asset(),
                    body.rule(),
                    body.reason(),
                    posture.found(body.rule()),
                    body.endsAt(),
                    actor.id(),
                    clock.instant()))
        .call(exemption -> outbox.append(exemption, exemption.requested()))
        .map(
            exemption ->
                Answer.created(
                    "/v1/posture-exemptions/" + exemption.id(),
                    View.of(exemption),
                    exemption.version()));
  }

  @GET
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("rule") String rule,
      @QueryParam("stage") Exemption.Stage stage,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    rules.require(rule);
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("rule", rule)
            .equal("stage", stage)
            .after(paging, sorting, Exemption.class, SORTS);
    return Exemption.<Exemption>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(exemptions -> paging.page(exemptions, Exemption::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Exemption.require(id).map(ExemptionResource::ok);
  }

  /** By somebody who did not ask for it (R4.6). */
  @POST
  @Path("{id}/approval")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, exemption -> exemption.approve(actor.id(), clock.instant()));
  }

  /** By somebody who did not ask for it. */
  @POST
  @Path("{id}/refusal")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return decide(
        id, ifMatch, exemption -> exemption.refuse(actor.id(), body.reason(), clock.instant()));
  }

  /** It is given up; a breach counts again at once. */
  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return decide(id, ifMatch, exemption -> exemption.withdraw(body.reason(), clock.instant()));
  }

  private Uni<RestResponse<View>> decide(
      UUID id, String ifMatch, Function<Exemption, ExemptionEvent> decision) {
    return Exemption.require(id, ifMatch)
        .call(exemption -> outbox.append(exemption, decision.apply(exemption)))
        .call(exemption -> postures.judge(exemption.state().asset()))
        .map(ExemptionResource::ok);
  }

  private static RestResponse<View> ok(Exemption exemption) {
    return Answer.ok(View.of(exemption), exemption.version());
  }
}
