package io.vigie.access.training;

import java.time.Clock;
import java.time.LocalDate;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Read;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.STAFF;

/** How one person stands with what they have to be taught. */
@Path("/v1/people/{id}/training")
public class PersonTrainingResource {

  private final Own own;
  private final Clock clock;

  PersonTrainingResource(Own own, Clock clock) {
    this.own = own;
    this.clock = clock;
  }

  /** Each course that is asked of the person; none of somebody who left. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<Standing>>> list(UUID id) {
    return Person.require(id)
        .chain(() -> own.requireUnless(AttendanceResource.SEE_ALL, id))
        .chain(() -> Standings.of(id, LocalDate.now(clock)))
        .map(standings -> RestResponse.ok(new Answer.Page<>(standings)));
  }
}
