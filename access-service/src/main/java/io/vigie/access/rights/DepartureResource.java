package io.vigie.access.rights;

import java.time.Clock;
import java.time.Instant;
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

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.people.Person;
import io.vigie.access.people.PersonView;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;

/** Somebody leaves, and with them every right they have or asked for: all of it or nothing. */
@Path("/v1/people/{id}/departure")
public class DepartureResource {

  record Departure(@Size(min = 1, max = 2_000) String reason) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  DepartureResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** The reason stays with the person; the log learns that they left, not why. */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> depart(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Departure body) {
    Instant now = clock.instant();
    return Person.requireAlone(id, ifMatch)
        .call(person -> outbox.append(person, person.leave(body.reason(), now)))
        .call(person -> Right.takeLiveOf(person.id()).chain(rights -> revoke(rights, now)))
        .map(person -> Answer.ok(PersonView.of(person), person.version()));
  }

  private Uni<Void> revoke(List<Right> rights, Instant now) {
    return Multi.createFrom()
        .iterable(rights)
        .onItem()
        .transformToUniAndConcatenate(
            right -> outbox.append(right, right.revokeFromLeaver(actor.id(), now)))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
