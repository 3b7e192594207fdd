package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver.Change;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;

/** Somebody leaves, and with them all that they have: all of it or nothing. */
@Path("/v1/people/{id}/departure")
public class DepartureResource {

  /**
   * @param lastDay today or later: they leave by the clock when this day is over (UTC); without it
   *     they leave now
   */
  record Departure(@Size(min = 1, max = 2_000) String reason, LocalDate lastDay) {}

  private final Outbox outbox;
  private final Observers observers;
  private final Clock clock;

  DepartureResource(Outbox outbox, Observers observers, Clock clock) {
    this.outbox = outbox;
    this.observers = observers;
    this.clock = clock;
  }

  /**
   * Has somebody leave now, or plans that they will, in place of an earlier plan. The reason stays
   * with the person; the log learns that they left, not why.
   */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> depart(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Departure body) {
    return Person.requireAlone(id, ifMatch)
        .call(person -> body.lastDay() == null ? leave(person, body) : plan(person, body))
        .map(DepartureResource::ok);
  }

  private Uni<Void> leave(Person person, Departure body) {
    Instant now = clock.instant();
    return outbox.append(person, person.leave(body.reason(), now)).chain(() -> tell(person, now));
  }

  private Uni<Void> tell(Person person, Instant now) {
    return observers.tell(List.of(Change.of(person, person.details().businessProfile(), now)));
  }

  private Uni<Void> plan(Person person, Departure body) {
    return outbox.append(
        person, person.planDeparture(body.lastDay(), body.reason(), clock.instant()));
  }

  /** Takes a planned departure back. A contract's end is changed in the record. */
  @POST
  @Path("withdrawal")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Person.requireAlone(id, ifMatch)
        .call(person -> outbox.append(person, person.withdrawDeparture(clock.instant())))
        .map(DepartureResource::ok);
  }

  private static RestResponse<PersonView> ok(Person person) {
    return Answer.ok(PersonView.of(person, true), person.version());
  }
}
