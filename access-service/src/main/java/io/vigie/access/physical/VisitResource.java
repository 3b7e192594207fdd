package io.vigie.access.physical;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/**
 * Visits (R6.4). Access managers, the CISO and auditors see all of them; other staff see those that
 * they are the host of, and nothing else. The host and access managers act on them.
 */
@Path("/v1/visits")
public class VisitResource {

  private static final List<String> SEE_ALL = List.of(ACCESS_MANAGER, CISO, AUDITOR);
  private static final List<String> ACT_FOR_ALL = List.of(ACCESS_MANAGER);

  @Schema(name = "VisitRefusal")
  record Refusal(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "VisitCancellation")
  record Cancellation(@NotBlank @Size(max = 2_000) String reason) {}

  /** {@code badge} is the number of the badge that the visitor wears, if any. */
  @Schema(name = "VisitArrival")
  record Arrival(@Pattern(regexp = BadgeResource.NUMBER) String badge) {}

  /**
   * @param visitor null, as the company, when the time for which it is kept who came is over
   */
  @Schema(name = "Visit")
  record View(
      UUID id,
      String visitor,
      String company,
      @JsonUnwrapped Visit.State visit,
      String reason,
      long version) {
    static View of(Visit visit) {
      return new View(
          visit.id(),
          visit.visitor(),
          visit.company(),
          visit.state(),
          visit.reason(),
          visit.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "visitor", "lower(%svisitor)",
          "state", Sorting.ranked("state", VisitState.values()),
          "plannedFrom", "%splannedFrom",
          "plannedUntil", "%splannedUntil");

  private final Outbox outbox;
  private final History history;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  VisitResource(Outbox outbox, History history, Own own, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  /** Staff plan visits to themselves, access managers to anybody; somebody else approves. */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> plan(@NotNull @Valid VisitPlan body) {
    return Person.hold(body.host())
        .call(host -> own.requireUnless(ACT_FOR_ALL, host.id()))
        .chain(() -> Zone.requireInUse(body.zones()))
        .invoke(zones -> requirePurpose(zones, body.purpose()))
        .map(zones -> new Visit(body, actor.id(), clock.instant()))
        .call(visit -> outbox.append(visit, visit.planned()))
        .map(visit -> Answer.created("/v1/visits/" + visit.id(), View.of(visit), visit.version()));
  }

  private static void requirePurpose(List<Zone> zones, String purpose) {
    List<String> wrong =
        zones.stream()
            .filter(zone -> !zone.allows(purpose))
            .map(zone -> zone.state().name() + ": " + zone.state().purposes())
            .toList();
    if (!wrong.isEmpty()) {
      throw Problem.unprocessable(
          "purpose-not-allowed", "Nobody is there for this. Zones and purposes: " + wrong);
    }
  }

  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("host") UUID host,
      @QueryParam("state") VisitState state,
      @QueryParam("zone") UUID zone,
      @QueryParam("overstayed") Boolean overstayed,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("host", host)
            .equal("state", state)
            .where(
                "cast(sql('? @> cast(cast(? as text) as uuid[])', zones, :value) as Boolean) = true",
                zone == null ? null : "{" + zone + "}")
            .after(paging, sorting, Visit.class, SORTS);
    if (overstayed != null) {
      filter.where(overstayed ? "overstayedAt is not null" : "overstayedAt is null");
    }
    return own.unless(SEE_ALL, filter, "host")
        .chain(
            visible ->
                Visit.<Visit>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(visits -> paging.page(visits, Visit::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Visit.require(id)
        .call(visit -> own.requireUnless(SEE_ALL, visit.state().host()))
        .map(VisitResource::ok);
  }

  /** By the host or an access manager, whoever of them did not plan it. */
  @POST
  @Path("{id}/approval")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Visit.require(id)
        .chain(visit -> Person.hold(visit.state().host()))
        .chain(() -> decide(id, ifMatch, visit -> visit.approve(actor.id(), clock.instant())));
  }

  @POST
  @Path("{id}/refusal")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Refusal body) {
    return decide(id, ifMatch, visit -> visit.refuse(body.reason(), actor.id(), clock.instant()));
  }

  @POST
  @Path("{id}/cancellation")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> cancel(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Cancellation body) {
    return decide(id, ifMatch, visit -> visit.cancel(body.reason(), actor.id(), clock.instant()));
  }

  /** 409 more than an hour before the plan, and after its end. */
  @POST
  @Path("{id}/arrival")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> arrive(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Arrival body) {
    return Visit.require(id)
        .chain(() -> requireNoPersons(body.badge()))
        .chain(() -> decide(id, ifMatch, visit -> visit.arrive(body.badge(), clock.instant())));
  }

  /** What opens doors under this number is the visitor's alone. */
  private static Uni<Void> requireNoPersons(String number) {
    return number == null
        ? Uni.createFrom().voidItem()
        : Badge.count("lower(number) = lower(?1)", number)
            .invoke(
                badges -> {
                  if (badges > 0) {
                    throw Problem.unprocessable(
                        "badge-of-a-person", "This badge is, or was, a person's. Take another.");
                  }
                })
            .replaceWithVoid();
  }

  @POST
  @Path("{id}/departure")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> leave(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, visit -> visit.leave(clock.instant()));
  }

  /** What happened to the visit, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("visit", id, query);
  }

  private Uni<RestResponse<View>> decide(
      UUID id, String ifMatch, Function<Visit, VisitEvent> decision) {
    return Visit.require(id)
        .call(visit -> own.requireUnless(ACT_FOR_ALL, visit.state().host()))
        .chain(() -> Visit.require(id, ifMatch))
        .call(visit -> outbox.append(visit, decision.apply(visit)))
        .map(VisitResource::ok);
  }

  private static RestResponse<View> ok(Visit visit) {
    return Answer.ok(View.of(visit), visit.version());
  }
}
