package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
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

/** Campaigns that certify rights (R4.7). */
@Path("/v1/campaigns")
public class CampaignResource {

  @Schema(name = "CampaignCancellation")
  record Cancellation(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Campaign")
  record View(UUID id, @JsonUnwrapped Campaign.State campaign, long version) {
    static View of(Campaign campaign) {
      return new View(campaign.id(), campaign.state(), campaign.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%splan.name)",
          "state", "%sstate",
          "dueAt", "%sdueAt",
          "items", "%sitems");

  private final Outbox outbox;
  private final ReviewPolicy policy;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  CampaignResource(Outbox outbox, ReviewPolicy policy, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.policy = policy;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Plans a campaign. It opens by itself when its time has come: within seconds, if that is now.
   */
  @POST
  @RolesAllowed({ACCESS_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> plan(@NotNull @Valid CampaignPlan body) {
    Instant now = clock.instant();
    Campaign campaign = new Campaign(policy.complete(body, now), actor.id(), now);
    return outbox
        .append(campaign, campaign.planned())
        .map(
            done ->
                Answer.created(
                    "/v1/campaigns/" + campaign.id(), View.of(campaign), campaign.version()));
  }

  /** In the order in which they were planned. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") CampaignState state,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter().equal("state", state).after(paging, sorting, Campaign.class, SORTS);
    return Campaign.<Campaign>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(campaigns -> paging.page(campaigns, Campaign::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Campaign.require(id).map(CampaignResource::ok);
  }

  /**
   * Closes it. 409, with how many and which, while a revocation is not confirmed, or somebody has
   * to answer and the grace is not over; what nobody certified is suspended then, and stays so
   * until a later campaign certifies it.
   */
  @POST
  @Path("{id}/closure")
  @RolesAllowed({ACCESS_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> close(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    Instant now = clock.instant();
    return Campaign.requireAlone(id, ifMatch)
        .call(() -> Confirmation.note(now))
        .call(
            campaign ->
                Count.of(id, now)
                    .chain(count -> outbox.append(List.of(campaign.close(count, actor.id(), now)))))
        .map(CampaignResource::ok);
  }

  /**
   * Ends a campaign that should not be. What was answered stays, and one that would have come again
   * does not any more if it had not opened. An open one is cancelled by the CISO, since nothing is
   * suspended then, and not while a revocation is not confirmed (409).
   */
  @POST
  @Path("{id}/cancellation")
  @RolesAllowed({ACCESS_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> cancel(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Cancellation body) {
    Instant now = clock.instant();
    return Campaign.requireAlone(id, ifMatch)
        .invoke(this::requireMayCancel)
        .call(() -> Confirmation.note(now))
        .call(
            campaign ->
                Count.of(id, now)
                    .chain(
                        count ->
                            outbox.append(
                                List.of(
                                    campaign.cancel(
                                        count, new Act(actor.id(), now, body.reason()))))))
        .map(CampaignResource::ok);
  }

  private void requireMayCancel(Campaign campaign) {
    if (campaign.isOpen() && !actor.hasRole(CISO)) {
      throw Problem.forbidden("This campaign is open. The CISO cancels it, or close it.");
    }
  }

  /** What happened to the campaign, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("campaign", id, query);
  }

  private static RestResponse<View> ok(Campaign campaign) {
    return Answer.ok(View.of(campaign), campaign.version());
  }
}
