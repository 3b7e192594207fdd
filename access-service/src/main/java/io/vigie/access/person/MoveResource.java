package io.vigie.access.person;

import java.time.Clock;
import java.time.LocalDate;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;

/** Somebody will have another manager, work at another site, or do something else. */
@Path("/v1/people/{id}/move")
public class MoveResource {

  /**
   * What is left out stays as it is; one of the three is named.
   *
   * @param movesOn tomorrow or later, and no later than they leave: it is so from this day on (UTC)
   * @param businessProfile as in their record; where the catalogue has it, they hold it from the
   *     day on, and no more the one that the record named until then
   */
  record Move(
      @NotNull LocalDate movesOn,
      UUID manager,
      UUID site,
      @Pattern(
              regexp = "\\S(.{0,98}\\S)?",
              message = "must be 1 to 100 characters, no space around")
          String businessProfile) {

    PlannedMove plan() {
      return PlannedMove.on(movesOn, manager, site, businessProfile);
    }
  }

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  MoveResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Plans it, in place of an earlier plan. 422 for a manager who is unknown or will have left by
   * then, or where manager or profile would be the caller's own, 409 for a circle of managers, with
   * what is planned before that day in place. The same is asked again on the day: what cannot be
   * then changes nothing, and waits for access managers.
   */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> plan(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Move body) {
    return Person.requireAlone(id, ifMatch)
        .invoke(person -> person.requireMayMove(body.plan(), actor.id()))
        .call(
            person -> {
              PersonEvent planned = person.planMove(body.plan(), clock.instant());
              return Relations.requireToLead(id, body.manager(), body.movesOn())
                  .chain(() -> outbox.append(person, planned));
            })
        .map(MoveResource::ok);
  }

  /** Takes the plan back, also one that could not be carried out. */
  @POST
  @Path("withdrawal")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Person.requireAlone(id, ifMatch)
        .invoke(person -> person.requireMayMove(null, actor.id()))
        .call(person -> outbox.append(person, person.withdrawMove(clock.instant())))
        .map(MoveResource::ok);
  }

  private static RestResponse<PersonView> ok(Person person) {
    return Answer.ok(PersonView.of(person, true), person.version());
  }
}
