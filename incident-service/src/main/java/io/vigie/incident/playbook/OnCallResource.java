package io.vigie.incident.playbook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/** Whom to call at a time. */
@Path("/v1/on-call")
public class OnCallResource {

  private static final Duration LONGEST_LOOK = Duration.ofDays(366);

  /** A time for which nobody is on call. */
  @Schema(name = "RotaGap")
  record Gap(Instant from, Instant until) {}

  private final Clock clock;

  OnCallResource(Clock clock) {
    this.clock = clock;
  }

  /**
   * Who is on call; 404 where nobody is.
   *
   * @param at when; now where it is not there
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<RotaResource.View>> at(@QueryParam("at") Instant at) {
    Instant when = at == null ? clock.instant() : at;
    return Shift.at(when)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("Nobody is on call at " + when + "."))
        .map(shift -> Answer.ok(RotaResource.View.of(shift), shift.version()));
  }

  /** When nobody is on call between two times, which are a year apart at most. */
  @GET
  @Path("gaps")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<Gap>>> gaps(
      @QueryParam("from") @NotNull Instant from, @QueryParam("until") @NotNull Instant until) {
    if (!until.isAfter(from) || Duration.between(from, until).compareTo(LONGEST_LOOK) > 0) {
      throw Problem.invalid(
          List.of(new Problem.FieldError("until", "must be behind from, by a year at most")));
    }
    return Shift.between(from, until)
        .map(
            shifts ->
                RestResponse.ok(
                    new Answer.Page<>(
                        Shift.gaps(shifts, from, until).stream()
                            .map(gap -> new Gap(gap.from(), gap.until()))
                            .toList())));
  }
}
