package io.vigie.incident;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.ETag;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * Reports of what may be a breach, and the responders' decision on each. A caller sees what they
 * reported themselves; responders, the CISO and auditors see everything.
 */
@Path("/v1/security-events")
public class SecurityEventResource {

  /**
   * What, where and when.
   *
   * @param asset the asset concerned, for who knows its id
   * @param place where it is, in words
   * @param noticedAt when somebody noticed it, not before it occurred
   */
  record Report(
      @NotBlank @Size(max = 200) String title,
      @NotBlank @Size(max = 10_000) String description,
      @NotNull @PastOrPresent Instant occurredAt,
      UUID asset,
      Category category,
      @Size(min = 1, max = 200) String place,
      @PastOrPresent Instant noticedAt) {}

  record Dismissal(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * @param severity from 1 (low) to 4 (critical), for who cannot judge impact and urgency yet;
   *     beside both it must be what the policy's table makes of them
   * @param tlp null: what is known stays inside the agency, {@code AMBER+STRICT}
   */
  record Promotion(
      @NotNull Category category,
      @Min(1) @Max(4) Integer severity,
      Impact impact,
      Urgency urgency,
      Tlp tlp) {

    Incident of(SecurityEvent origin, Instant now) {
      if (impact == null && urgency == null && severity != null) {
        return new Incident(origin, category, severity, label(), now);
      }
      if (impact == null || urgency == null) {
        throw Problem.invalid(
            List.of(
                new Problem.FieldError(
                    impact == null ? "impact" : "urgency",
                    "impact and urgency are needed both, or a severity for now")));
      }
      Incident incident = new Incident(origin, category, impact, urgency, label(), now);
      if (severity != null && severity != incident.state().severity()) {
        throw Problem.unprocessable(
            "incident-severity-not-of-table",
            "Impact and urgency make severity " + incident.state().severity() + ". Leave it out.");
      }
      return incident;
    }

    Tlp label() {
      return tlp == null ? Tlp.AMBER_STRICT : tlp;
    }
  }

  /**
   * @param causeEvent the event of another service that it follows from; null where somebody
   *     reported it
   * @param causeSubject the object that this event is about, as {@code <kind>/<id>}
   * @param place where it is, in words; as {@code noticedAt} null where nobody said
   * @param reportedAfterSeconds from the occurrence to its report (R13.4)
   * @param incident that it became, or was merged into; else null
   */
  @Schema(name = "SecurityEvent")
  record View(
      UUID id,
      String title,
      String description,
      SecurityEventState state,
      String reporter,
      UUID asset,
      String place,
      Category category,
      UUID causeEvent,
      String causeSubject,
      Instant occurredAt,
      Instant noticedAt,
      Instant reportedAt,
      long reportedAfterSeconds,
      Instant decidedAt,
      String dismissalReason,
      UUID incident,
      long version) {

    static View of(SecurityEvent event) {
      SecurityEvent.State state = event.state();
      return new View(
          event.id(),
          event.title(),
          event.description(),
          state.state(),
          state.reporter(),
          state.asset(),
          event.place(),
          state.category(),
          state.causeEvent(),
          state.causeSubject(),
          state.occurredAt(),
          event.noticedAt(),
          state.reportedAt(),
          Duration.between(state.occurredAt(), state.reportedAt()).toSeconds(),
          state.decidedAt(),
          event.dismissalReason(),
          state.incident(),
          event.version());
    }
  }

  private final IncidentAccess incidents;
  private final IncidentHistory past;
  private final Affectables affectables;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  SecurityEventResource(
      IncidentAccess incidents,
      IncidentHistory past,
      Affectables affectables,
      Outbox outbox,
      History history,
      Actor actor,
      Clock clock) {
    this.incidents = incidents;
    this.past = past;
    this.affectables = affectables;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Anyone who works here, and any tool, reports in one call (R13.4). 422 for an asset of which
   * asset-service told nothing; who is not sure leaves it out, and says where.
   */
  @POST
  @RolesAllowed({STAFF, TOOL})
  @Command
  public Uni<RestResponse<View>> report(@NotNull @Valid Report body) {
    SecurityEvent event =
        new SecurityEvent(
                body.title(),
                body.description(),
                body.asset(),
                body.category(),
                body.occurredAt(),
                actor.id(),
                clock.instant())
            .noticed(body.place(), body.noticedAt());
    return affectables
        .requireAsset(body.asset())
        .chain(() -> outbox.append(event, event.reported()))
        .map(
            done ->
                Answer.created(
                    "/v1/security-events/" + event.id(), View.of(event), event.version()));
  }

  /**
   * In order of their reports, of the caller's own alone where the caller does not see all.
   *
   * @param incident only the one that became it, and those that were merged into it
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") SecurityEventState state,
      @QueryParam("category") Category category,
      @QueryParam("asset") UUID asset,
      @QueryParam("incident") UUID incident,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("category", category)
            .equal("asset", asset)
            .equal("incident", incident)
            .equal("reporter", seesAll() ? null : actor.id())
            .after(paging);
    if (seesAll()) {
      incidents.ofReadableOrNone(filter);
    }
    return SecurityEvent.<SecurityEvent>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(events -> paging.page(events, SecurityEvent::id, View::of));
  }

  /** 403 for another's report, so that a look around leaves its trace in the log. */
  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return incidents.requireEvent(id).invoke(this::requireVisible).map(SecurityEventResource::ok);
  }

  @POST
  @Path("{id}/dismissal")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> dismiss(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Dismissal body) {
    return incidents
        .requireEvent(id)
        .invoke(event -> ETag.require(ifMatch, event.version()))
        .call(event -> outbox.append(event, event.dismiss(body.reason(), clock.instant())))
        .map(SecurityEventResource::ok);
  }

  /** Makes it an incident, which is the answer; the two know each other. */
  @POST
  @Path("{id}/promotion")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<IncidentResource.View>> promote(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Promotion body) {
    return incidents
        .requireEvent(id)
        .invoke(event -> ETag.require(ifMatch, event.version()))
        .chain(event -> promote(event, body));
  }

  private Uni<RestResponse<IncidentResource.View>> promote(SecurityEvent event, Promotion body) {
    Instant now = clock.instant();
    Incident incident = body.of(event, now);
    return outbox
        .append(event, event.promote(incident.id(), now))
        .chain(() -> past.append(incident, incident.opened()))
        .map(done -> IncidentResource.created(incident));
  }

  /**
   * Merges it into an incident that is worked already; its title and the note are a decision of
   * that one's timeline. 409 where the incident is closed.
   */
  @POST
  @Path("{id}/merge")
  @RolesAllowed(RESPONDER)
  @Command
  public Uni<RestResponse<View>> merge(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid IncidentResource.Merge body) {
    return incidents
        .requireEvent(id)
        .invoke(event -> ETag.require(ifMatch, event.version()))
        .call(event -> merge(event, body))
        .map(SecurityEventResource::ok);
  }

  private Uni<Void> merge(SecurityEvent event, IncidentResource.Merge body) {
    Instant now = clock.instant();
    IncidentEntry why =
        new IncidentEntry(
            body.into(),
            EntryKind.DECISION,
            event.title() + "\n" + body.note(),
            now,
            now,
            actor.id(),
            null);
    return Incident.hold(List.of(body.into()))
        .chain(() -> incidents.require(body.into()))
        .call(() -> outbox.append(event, event.merge(why, now)))
        .chain(incident -> outbox.append(incident, incident.noted(why, now)))
        .chain(() -> why.persist())
        .replaceWithVoid();
  }

  /**
   * What happened to it, from the log, with each event's index in it; for who reads incidents' too.
   */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return incidents.requireEvent(id).chain(() -> history.of("security-event", id, query));
  }

  private void requireVisible(SecurityEvent event) {
    if (!seesAll() && !event.state().reporter().equals(actor.id())) {
      throw Problem.forbidden("You see the security events that you reported yourself.");
    }
  }

  private boolean seesAll() {
    return actor.hasRole(RESPONDER) || actor.hasRole(CISO) || actor.hasRole(AUDITOR);
  }

  private static RestResponse<View> ok(SecurityEvent event) {
    return Answer.ok(View.of(event), event.version());
  }
}
