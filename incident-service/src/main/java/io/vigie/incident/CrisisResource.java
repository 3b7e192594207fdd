package io.vigie.incident;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/**
 * The crisis that a major incident is (R13.2). Its decisions and what clients are told are entries
 * of the incident's timeline, its lessons are tasks. The ETag is the incident's.
 */
@Path("/v1/incidents/{incident}/crisis")
public class CrisisResource {

  /**
   * @param decision why, for the log of decisions
   */
  @Schema(name = "MajorIncidentDeclaration")
  record Declaration(@NotBlank @Size(max = 10_000) String decision) {}

  @Schema(name = "CrisisRoleAssignment")
  record RoleAssignment(@NotNull UUID person) {}

  @Schema(name = "CrisisRoleHolder")
  record Holder(CrisisRole role, UUID person) {}

  /**
   * @param majorSince when the incident was declared a major one
   * @param roles who has which, of those that somebody has
   * @param version of the incident
   */
  @Schema(name = "Crisis")
  record View(UUID incident, Instant majorSince, List<Holder> roles, long version) {

    static View of(Incident incident) {
      return new View(
          incident.id(),
          incident.state().majorSince(),
          incident.crisisRoles().entrySet().stream()
              .map(role -> new Holder(role.getKey(), role.getValue()))
              .toList(),
          incident.version());
    }
  }

  private final IncidentAccess incidents;
  private final IncidentHistory past;
  private final Affectables affectables;
  private final Actor actor;
  private final Clock clock;

  CrisisResource(
      IncidentAccess incidents,
      IncidentHistory past,
      Affectables affectables,
      Actor actor,
      Clock clock) {
    this.incidents = incidents;
    this.past = past;
    this.affectables = affectables;
    this.actor = actor;
    this.clock = clock;
  }

  /** 404 where the incident is no major one. */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID incident) {
    return incidents
        .require(incident)
        .invoke(
            found -> {
              if (found.state().majorSince() == null) {
                throw Problem.notFound("The incident was not declared a major one.");
              }
            })
        .map(CrisisResource::ok);
  }

  /** Declares the incident a major one; the decision is the first of its log. */
  @POST
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> declare(
      UUID incident,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Declaration body) {
    Instant now = clock.instant();
    IncidentEntry decision =
        new IncidentEntry(
            incident, EntryKind.DECISION, body.decision(), now, now, actor.id(), null);
    return incidents
        .require(incident, ifMatch)
        .call(found -> past.append(found, found.declareMajor(decision, now)))
        .call(() -> decision.persist())
        .map(CrisisResource::ok);
  }

  /** Gives somebody a role, in place of whoever had it; 422 for who is no person that is known. */
  @PUT
  @Path("roles/{role}")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> give(
      UUID incident,
      CrisisRole role,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid RoleAssignment body) {
    return incidents
        .require(incident, ifMatch)
        .call(() -> affectables.requirePerson(body.person()))
        .call(found -> past.append(found, found.giveRole(role, body.person(), clock.instant())))
        .map(CrisisResource::ok);
  }

  private static RestResponse<View> ok(Incident incident) {
    return Answer.ok(View.of(incident), incident.version());
  }
}
