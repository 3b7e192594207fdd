package io.vigie.incident;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/** Incidents and their work. They are promoted from security events, never made from nothing. */
@Path("/v1/incidents")
public class IncidentResource {

  /** What was done, and when if not just now. */
  record Step(@NotBlank @Size(max = 4_000) String note, @PastOrPresent Instant at) {

    Instant doneAt(Instant now) {
      return at == null ? now : at;
    }
  }

  /**
   * @param assignee the subject of a responder's tokens, up to 255 characters (OpenID Connect Core
   *     1.0, section 2); an opaque text, a UUID for the accounts of one realm only
   */
  record Assignment(@NotBlank @Size(max = 255) String assignee) {}

  /**
   * @param supersedes the note on the step, by its id
   * @param at when it was done
   * @param note why that was not said before
   */
  @Schema(name = "IncidentStepCorrection")
  record Correction(
      @NotNull UUID supersedes,
      @NotNull @PastOrPresent Instant at,
      @NotBlank @Size(max = 4_000) String note) {}

  /**
   * @param into the incident that has the work from now on
   * @param note why
   */
  @Schema(name = "IncidentMerge")
  record Merge(@NotNull UUID into, @NotBlank @Size(max = 4_000) String note) {}

  /**
   * @param accounts the subjects of those who may read it beside the CISO
   */
  @Schema(name = "IncidentRestriction")
  record Restriction(
      @NotNull @Size(max = 100)
          List<
                  @NotBlank @Size(max = 255)
                  @Pattern(regexp = "[^\\x00-\\x1f\\x7f]+", message = "is of one line") String>
              accounts) {}

  @Schema(name = "IncidentAssessment")
  record Assessment(
      @NotNull Category category,
      @NotNull Impact impact,
      @NotNull Urgency urgency,
      @NotNull Tlp tlp) {}

  /**
   * All that is known to be affected, by id; what is left out is not affected.
   *
   * @param people persons, as access-service knows them
   */
  @Schema(name = "IncidentAffected")
  record Affected(
      @Size(max = 500) List<@NotNull UUID> assets,
      @Size(max = 500) List<@NotNull UUID> clients,
      @Size(max = 500) List<@NotNull UUID> people) {

    Affected {
      assets = assets == null ? List.of() : assets;
      clients = clients == null ? List.of() : clients;
      people = people == null ? List.of() : people;
    }
  }

  /**
   * @param impact null until somebody judged it, as urgency
   * @param affectedAsKnown what it affects by kind and name, as they were when each was named
   * @param openTasks how many of its tasks are still to be done
   * @param regimes of notification that it falls under
   * @param majorSince when it was declared a major one; null for others
   * @param crisisRoles those that somebody has
   * @param restrictedTo the accounts that may read it beside the CISO; null where it is not
   *     restricted
   * @param mergedInto the incident that has its work now; null for others
   */
  @Schema(name = "Incident")
  record View(
      UUID id,
      String title,
      IncidentState state,
      Instant reachedAt,
      int severity,
      Impact impact,
      Urgency urgency,
      Category category,
      Tlp tlp,
      String assignee,
      UUID asset,
      List<UUID> affectedAssets,
      List<UUID> affectedClients,
      List<UUID> affectedPeople,
      List<AffectedAsKnown> affectedAsKnown,
      int openTasks,
      List<String> regimes,
      Instant majorSince,
      List<CrisisRole> crisisRoles,
      List<String> restrictedTo,
      UUID mergedInto,
      UUID securityEvent,
      Instant occurredAt,
      Instant detectedAt,
      Instant awareAt,
      Instant containedAt,
      Instant recoveredAt,
      Instant closedAt,
      long version) {

    static View of(Incident incident) {
      Incident.State state = incident.state();
      return new View(
          incident.id(),
          incident.title(),
          state.state(),
          state.reachedAt(),
          state.severity(),
          state.impact(),
          state.urgency(),
          state.category(),
          state.tlp(),
          state.assignee(),
          state.asset(),
          state.affectedAssets(),
          state.affectedClients(),
          incident.affectedPeople(),
          incident.affectedAsKnown(),
          state.openTasks(),
          state.regimes(),
          state.majorSince(),
          state.crisisRoles(),
          incident.readers(),
          state.mergedInto(),
          state.securityEvent(),
          state.occurredAt(),
          state.detectedAt(),
          state.awareAt(),
          state.containedAt(),
          state.recoveredAt(),
          state.closedAt(),
          incident.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "title", "lower(%stitle)",
          "state", Sorting.ranked("state", IncidentState.values()),
          "severity", "%sseverity",
          "category", "%scategory",
          "detectedAt", "%sdetectedAt");

  private final IncidentAccess incidents;
  private final IncidentHistory past;
  private final Affectables affectables;
  private final History history;
  private final Actor actor;
  private final Clock clock;
  private final List<OpenWork> openWork;

  IncidentResource(
      IncidentAccess incidents,
      IncidentHistory past,
      Affectables affectables,
      History history,
      Actor actor,
      Clock clock,
      @All List<OpenWork> openWork) {
    this.incidents = incidents;
    this.past = past;
    this.affectables = affectables;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
    this.openWork = openWork;
  }

  /**
   * Incidents in order of their opening.
   *
   * @param major true for major ones, false for the others
   * @param mergedInto only those that were merged into this one
   */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") IncidentState state,
      @QueryParam("category") Category category,
      @QueryParam("severity") @Min(1) @Max(4) Integer severity,
      @QueryParam("asset") UUID asset,
      @QueryParam("assignee") @Size(max = 255) String assignee,
      @QueryParam("major") Boolean major,
      @QueryParam("mergedInto") UUID mergedInto,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("category", category)
            .equal("severity", severity)
            .equal("asset", asset)
            .equal("assignee", assignee)
            .equal("mergedInto", mergedInto)
            .after(paging, sorting, Incident.class, SORTS);
    incidents.readable(filter);
    if (major != null) {
      filter.where(major ? "majorSince is not null" : "majorSince is null");
    }
    return Incident.<Incident>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(found -> paging.page(found, Incident::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return incidents.require(id).map(IncidentResource::ok);
  }

  @PUT
  @Path("{id}/assignee")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> assign(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Assignment body) {
    return incidents
        .require(id, ifMatch)
        .call(
            incident -> past.append(incident, incident.assignTo(body.assignee(), clock.instant())))
        .map(IncidentResource::ok);
  }

  /** Judges it anew; its severity follows from impact and urgency by the policy's table. */
  @PUT
  @Path("{id}/assessment")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> assess(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Assessment body) {
    return incidents
        .require(id, ifMatch)
        .call(
            incident ->
                past.append(
                    incident,
                    incident.assess(
                        body.category(),
                        body.tlp(),
                        body.impact(),
                        body.urgency(),
                        clock.instant())))
        .map(IncidentResource::ok);
  }

  /**
   * Names the assets, clients and people that it affects, in place of those named before. 422 where
   * the services that have them told of none with an id, unless it was named before.
   */
  @PUT
  @Path("{id}/affected")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> affects(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Affected body) {
    return incidents
        .require(id, ifMatch)
        .call(
            incident ->
                affectables
                    .require(body, incident)
                    .chain(
                        known ->
                            past.append(
                                incident,
                                incident.affects(
                                    body.assets(),
                                    body.clients(),
                                    body.people(),
                                    known,
                                    clock.instant()))))
        .map(IncidentResource::ok);
  }

  /**
   * Takes the incident one step on. 409 unless it is the next one, 422 if it was done before the
   * one that it follows.
   */
  @POST
  @Path("{id}/{step}")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> advance(
      UUID id,
      @PathParam("step")
          @Parameter(
              schema =
                  @Schema(
                      enumeration = {
                        "triage",
                        "investigation",
                        "containment",
                        "eradication",
                        "recovery",
                        "review",
                        "closure"
                      }))
          String step,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Step body) {
    IncidentState reached = IncidentState.reachedBy(step);
    Instant now = clock.instant();
    return (reached == IncidentState.CLOSED
            ? requireNothingOpen(id, ifMatch, List.of(id))
            : incidents.require(id, ifMatch))
        .call(incident -> past.append(incident, incident.advance(reached, body.doneAt(now), now)))
        .call(incident -> new IncidentStep(incident, now, actor.id(), body.note()).persist())
        .map(IncidentResource::ok);
  }

  /** Another incident has its work now: it is closed and points there, with a last note. */
  @POST
  @Path("{id}/merge")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> merge(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Merge body) {
    Instant now = clock.instant();
    return requireNothingOpen(id, ifMatch, List.of(id, body.into()))
        .call(
            incident ->
                incidents
                    .require(body.into())
                    .chain(other -> past.append(incident, incident.mergeInto(other, now))))
        .call(incident -> new IncidentStep(incident, now, actor.id(), body.note()).persist())
        .map(IncidentResource::ok);
  }

  /** From now on only these accounts and the CISO may know of it; others get a 404. */
  @PUT
  @Path("{id}/restriction")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> restrict(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Restriction body) {
    if (!actor.hasRole(CISO) && !body.accounts().contains(actor.id())) {
      throw Problem.unprocessable(
          "incident-restricted-without-you", "Name your own account too, or ask the CISO.");
    }
    return incidents
        .require(id, ifMatch)
        .call(
            incident ->
                past.append(incident, incident.restrictTo(body.accounts(), clock.instant())))
        .map(IncidentResource::ok);
  }

  /** Every responder may read it again. */
  @POST
  @Path("{id}/restriction/lifting")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> liftRestriction(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return incidents
        .require(id, ifMatch)
        .call(incident -> past.append(incident, incident.liftRestriction(clock.instant())))
        .map(IncidentResource::ok);
  }

  /**
   * The incident in the version that the caller has read, with nothing open; nobody changes it or
   * another of {@code held}, or adds to them, before this transaction ends.
   */
  private Uni<Incident> requireNothingOpen(UUID id, String ifMatch, List<UUID> held) {
    return Incident.hold(held)
        .chain(() -> incidents.require(id, ifMatch))
        .call(
            () ->
                Multi.createFrom()
                    .iterable(openWork)
                    .onItem()
                    .transformToUniAndConcatenate(work -> work.requireNone(id))
                    .collect()
                    .last());
  }

  /**
   * Corrects when a step was done, with a note that says why; what was said before stays. 409 where
   * it is corrected already, 422 where it is before the step that it follows, or after the next.
   */
  @POST
  @Path("{id}/steps")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> correct(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Correction body) {
    return incidents
        .require(id, ifMatch)
        .call(
            incident ->
                IncidentStep.requireStanding(id, body.supersedes())
                    .chain(wrong -> correct(incident, wrong, body)))
        .map(IncidentResource::ok);
  }

  private Uni<Void> correct(Incident incident, IncidentStep wrong, Correction body) {
    Instant now = clock.instant();
    return IncidentStep.reached(incident)
        .chain(
            reached ->
                past.append(incident, incident.correct(wrong.state(), body.at(), reached, now)))
        .chain(() -> new IncidentStep(wrong, body.at(), now, actor.id(), body.note()).persist())
        .replaceWithVoid();
  }

  /** The notes on the steps so far, and on what was wrong of them, as they were recorded. */
  @GET
  @Path("{id}/steps")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<Answer.Page<IncidentStep.View>> steps(UUID id) {
    return incidents.require(id).chain(IncidentStep::of).map(Answer.Page::new);
  }

  /** How long it was in each state so far, in their order. */
  @GET
  @Path("{id}/times")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<Answer.Page<TimeInState>> times(UUID id) {
    return incidents
        .require(id)
        .chain(
            incident ->
                IncidentStep.reached(incident)
                    .map(reached -> TimeInState.of(reached, clock.instant())))
        .map(Answer.Page::new);
  }

  /**
   * What happened to the incident, from the log, with each event's index in it. The log does not
   * know whom an incident is restricted to, so this is for who may read all of it.
   */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("incident", id, query);
  }

  static RestResponse<View> created(Incident incident) {
    return Answer.created("/v1/incidents/" + incident.id(), View.of(incident), incident.version());
  }

  private static RestResponse<View> ok(Incident incident) {
    return Answer.ok(View.of(incident), incident.version());
  }
}
