package io.vigie.kernel.web;

import java.time.Clock;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.DatabaseAway;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.Parking;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.OutboxState;
import io.vigie.kernel.outbox.Snapshots;
import io.vigie.kernel.security.Roles;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The operator's room: what is stuck between this service and the others, and how to set it going
 * again. Nothing here drops an event.
 */
@Path("/v1")
@RolesAllowed(Roles.SYSADMIN)
public class OperatorResource {

  /** How many events a replay worked, or how many snapshots were published. */
  public record Done(int count) {}

  private final OutboxState outbox;
  private final Parking parking;
  private final Snapshots snapshots;
  private final Outbox facts;
  private final Actor actor;
  private final Clock clock;

  OperatorResource(
      OutboxState outbox,
      Parking parking,
      Snapshots snapshots,
      Outbox facts,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.parking = parking;
    this.snapshots = snapshots;
    this.facts = facts;
    this.actor = actor;
    this.clock = clock;
  }

  /** How many facts wait, since when, and which ones the broker refuses, oldest first. */
  @GET
  @Path("operator/outbox")
  @Read
  public Uni<RestResponse<OutboxState.View>> outbox(
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after") @DefaultValue("0") @Min(0) Long after,
      @Context UriInfo uri) {
    return outbox
        .waiting()
        .chain(
            waiting ->
                outbox
                    .blocked(limit + 1, after)
                    .map(
                        rows ->
                            Paging.page(
                                uri,
                                rows,
                                limit,
                                OutboxState.Blocked::id,
                                blocked ->
                                    new OutboxState.View(
                                        waiting.waiting(), waiting.oldest(), blocked))));
  }

  /** Lets a blocked fact, and whatever waits behind it, be sent again. */
  @POST
  @Path("operator/outbox/{id}/unblocking")
  @Command
  public Uni<RestResponse<Done>> unblock(Long id) {
    return outbox
        .unblock(id)
        .call(() -> record("unblock", id))
        .map(count -> RestResponse.ok(new Done(count)));
  }

  /** Events that listeners could not work, oldest first. */
  @GET
  @Path("operator/parked")
  @Read
  public Uni<RestResponse<Answer.Page<Parking.View>>> parked(
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after") @DefaultValue("0") @Min(0) Long after,
      @Context UriInfo uri) {
    return parking
        .list(limit + 1, after)
        .map(rows -> Paging.page(uri, rows, limit, Parking.View::id, Answer.Page::new));
  }

  /**
   * Works a parked event again, with everything that waits behind it, in order. Stops at the first
   * one that still fails, which stays parked with the rest (409). Each event is a transaction of
   * its own and worked once.
   */
  @POST
  @Path("operator/parked/{id}/replay")
  @Command(inSteps = true)
  public Uni<RestResponse<Done>> replay(Long id) {
    return Panache.withTransaction(() -> record("replay", id))
        .chain(() -> parking.replay(id))
        .onFailure(failure -> !(failure instanceof Problem) && !DatabaseAway.is(failure))
        .transform(failure -> Problem.conflict("still-failing", "It fails again: " + failure))
        .map(count -> RestResponse.ok(new Done(count)));
  }

  /** Publishes the present state of every aggregate of this service, page by page. */
  @POST
  @Path("snapshots")
  @Command(inSteps = true)
  public Uni<RestResponse<Done>> snapshots() {
    return Panache.withTransaction(() -> record("snapshots", null))
        .chain(snapshots::publishAll)
        .map(count -> RestResponse.ok(new Done(count)));
  }

  /** What operators do to the log's own supply stands in the log, whether it succeeds or not. */
  private Uni<Void> record(String act, Long target) {
    String operator = actor.id();
    return facts.appendFact(
        "intervention",
        operator,
        operator,
        new Intervened(Ids.next(), act, target, clock.instant()));
  }
}
