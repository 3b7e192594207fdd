package io.vigie.access.request;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.RetiredAssets;
import io.vigie.access.entitlement.Right;
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.STAFF;

/** Another end of a right that was asked for, before it ends. */
@Path("/v1/rights/{id}/renewal")
public class RenewalResource {

  /**
   * @param validUntil the new end: after the present one, by as much as the entitlement allows at
   *     most
   */
  @Schema(name = "RightRenewal")
  record Renewal(@NotNull Instant validUntil, @NotBlank @Size(max = 2_000) String reason) {}

  private final Requests requests;
  private final ApprovalPaths paths;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  RenewalResource(Requests requests, ApprovalPaths paths, Outbox outbox, Actor actor, Clock clock) {
    this.requests = requests;
    this.paths = paths;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Asks that the right goes on, in the last days before its end ({@code
   * contracts/policy/approval-paths.json}). It is approved on the path of today, refused, withdrawn
   * or lapses as a request; the present end holds until then. 422 where a course that it asks for
   * has lapsed, or an access to the client's data that it reaches.
   */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<RightView>> renew(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Renewal body) {
    return Right.require(id, ifMatch)
        .call(right -> Person.hold(right.person()).chain(requests::requireMayAskFor))
        .call(
            right ->
                Entitlement.hold(right.entitlementId())
                    .call(entitlement -> RetiredAssets.requireInUse(entitlement.asset()))
                    .call(entitlement -> requests.requireMayHave(right.person(), entitlement))
                    .chain(
                        entitlement ->
                            outbox.append(
                                right,
                                right.askRenewal(
                                    body.validUntil(),
                                    entitlement.longest(),
                                    paths.renewalOpens(),
                                    paths.of(entitlement),
                                    new Act(actor.id(), clock.instant(), body.reason())))))
        .map(RightResource::ok);
  }
}
