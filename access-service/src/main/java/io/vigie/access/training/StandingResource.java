package io.vigie.access.training;

import java.time.Clock;
import java.time.LocalDate;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** Who has to take which course by when. */
@Path("/v1/training/standings")
public class StandingResource {

  private final Clock clock;

  StandingResource(Clock clock) {
    this.clock = clock;
  }

  /** Of everybody who works here, by person and course. */
  @GET
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<Standing>>> list(
      @QueryParam("due") TrainingDue due,
      @QueryParam("person") UUID person,
      @QueryParam("course") UUID course,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after") @Pattern(regexp = Standing.Place.FORM, message = "is where a Link leads")
          String after,
      @Context UriInfo uri) {
    Standing.Place from = after == null ? Standing.Place.FIRST : Standing.Place.parse(after);
    return Standings.page(due, person, course, LocalDate.now(clock), from, limit + 1)
        .map(all -> Paging.page(uri, all, limit, Standing::place, Answer.Page::new));
  }
}
