package io.vigie.incident.compromise;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
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
import io.vigie.incident.EntryKind;
import io.vigie.incident.IncidentAccess;
import io.vigie.incident.IncidentEntry;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/**
 * The assets that an incident's malicious code is on. To declare one takes the incident's ETag, to
 * lift it the compromise's own.
 */
@Path("/v1/incidents/{incident}/compromises")
public class CompromiseResource {

  /**
   * @param asset one that the incident is about, or affects
   * @param compromisedSince the earliest time at which the code may have been there
   * @param reason for the incident's timeline
   */
  @Schema(name = "CompromiseDeclaration")
  record Declaration(
      @NotNull UUID asset,
      @NotNull @PastOrPresent Instant compromisedSince,
      @NotBlank @Size(max = 10_000) String reason) {}

  /**
   * @param reason for the incident's timeline
   */
  @Schema(name = "CompromiseLifting")
  record Lifting(@NotBlank @Size(max = 10_000) String reason) {}

  /**
   * @param declaration the entry of the incident's timeline that says why it was declared
   * @param lifting the one that says why it was lifted; null until then
   */
  @Schema(name = "Compromise")
  record View(
      UUID id,
      UUID incident,
      UUID asset,
      Instant compromisedSince,
      CompromiseState state,
      Instant declaredAt,
      UUID declaration,
      Instant liftedAt,
      UUID lifting,
      long version) {}

  private final IncidentAccess incidents;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  CompromiseResource(
      IncidentAccess incidents, Outbox outbox, History history, Actor actor, Clock clock) {
    this.incidents = incidents;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** In order of their declaration. */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      UUID incident,
      @QueryParam("asset") UUID asset,
      @QueryParam("state") CompromiseState state,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("incident", incident)
            .equal("asset", asset)
            .equal("state", state)
            .after(paging);
    return incidents
        .require(incident)
        .chain(
            found ->
                Compromise.<Compromise>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(found -> paging.page(found, Compromise::id, Compromise::view));
  }

  /**
   * Declares that malicious code is on an asset; the reason is a decision in the timeline. 409
   * unless the incident is about malicious code, 422 where it does not concern the asset.
   */
  @POST
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> declare(
      UUID incident,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Declaration body) {
    Instant now = clock.instant();
    IncidentEntry why = decision(incident, body.reason(), now);
    return incidents
        .require(incident, ifMatch)
        .chain(
            found -> {
              Compromise compromise =
                  new Compromise(found, body.asset(), body.compromisedSince(), why.id(), now);
              return compromise
                  .requireNews()
                  .chain(() -> why.persist())
                  .chain(() -> outbox.append(compromise, compromise.declared()))
                  .chain(() -> outbox.append(found, found.noted(why, now)))
                  .replaceWith(compromise);
            })
        .map(
            compromise ->
                Answer.created(
                    "/v1/incidents/" + incident + "/compromises/" + compromise.id(),
                    compromise.view(),
                    compromise.version()));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID incident, UUID id) {
    return incidents
        .require(incident)
        .chain(() -> Compromise.require(incident, id))
        .map(CompromiseResource::ok);
  }

  /** The asset is clean; the reason is a decision in the timeline. */
  @POST
  @Path("{id}/lifting")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> lift(
      UUID incident,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Lifting body) {
    Instant now = clock.instant();
    IncidentEntry why = decision(incident, body.reason(), now);
    return incidents
        .require(incident)
        .chain(
            found ->
                Compromise.require(incident, id, ifMatch)
                    .call(() -> why.persist())
                    .call(compromise -> outbox.append(compromise, compromise.lift(why.id(), now)))
                    .call(() -> outbox.append(found, found.noted(why, now))))
        .map(CompromiseResource::ok);
  }

  private IncidentEntry decision(UUID incident, String reason, Instant now) {
    return new IncidentEntry(incident, EntryKind.DECISION, reason, now, now, actor.id(), null);
  }

  /**
   * What happened to it, from the log, with each event's index in it. The log does not know whom an
   * incident is restricted to, so this is for who may read all of it.
   */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID incident, UUID id, @Valid @BeanParam History.Query query) {
    return history.of("compromise", id, query);
  }

  private static RestResponse<View> ok(Compromise compromise) {
    return Answer.ok(compromise.view(), compromise.version());
  }
}
