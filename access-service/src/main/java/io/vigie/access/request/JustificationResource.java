package io.vigie.access.request;

import java.time.Clock;
import java.util.UUID;
import java.util.function.BiFunction;

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
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightEvent;
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/** Why somebody broke the glass, and that somebody else accepts it. */
@Path("/v1/rights/{id}/justification")
public class JustificationResource {

  @Schema(name = "RightJustification")
  record Justification(@NotBlank @Size(max = 2_000) String reason) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  JustificationResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** By its holder alone; also when the time for it is over, which stays noted. */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<RightView>> justify(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Justification body) {
    return decide(id, ifMatch, (right, holder) -> right.justify(holder, act(body.reason())));
  }

  /** By somebody else than its holder. */
  @POST
  @Path("acceptance")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<RightView>> accept(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, (right, holder) -> right.acceptJustification(holder, act(null)));
  }

  private Uni<RestResponse<RightView>> decide(
      UUID id, String ifMatch, BiFunction<Right, Person, RightEvent> decision) {
    return Right.require(id, ifMatch)
        .call(
            right ->
                Person.require(right.person())
                    .chain(holder -> outbox.append(right, decision.apply(right, holder))))
        .map(RightResource::ok);
  }

  private Act act(String reason) {
    return new Act(actor.id(), clock.instant(), reason);
  }
}
