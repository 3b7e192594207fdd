package io.vigie.incident.clock;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.IncidentAccess;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.ETag;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/**
 * Who has to be told of incidents, and until when. Nothing changes a due time: a correction starts
 * another clock.
 */
@Path("/v1/notification-clocks")
public class ClockResource {

  /**
   * @param reference what whoever was told calls it, such as the number of a case; letters, digits
   *     and signs between them, since it is published
   * @param notifiedAt null for just now
   */
  @Schema(name = "IncidentNotification")
  record Notification(
      @NotNull
          @Size(max = 100)
          @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9 ._/:#-]*", message = "is a reference")
          String reference,
      @PastOrPresent Instant notifiedAt) {

    Instant doneAt(Instant now) {
      return notifiedAt == null ? now : notifiedAt;
    }
  }

  /**
   * @param reason is published, and names nobody
   */
  @Schema(name = "NoIncidentNotification")
  record NoNotification(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * @param awareAt when the agency became aware indeed
   * @param reason is published, and names nobody
   */
  @Schema(name = "NotificationClockCorrection")
  record Correction(
      @NotNull @PastOrPresent Instant awareAt, @NotBlank @Size(max = 2_000) String reason) {}

  /**
   * @param client whom it is to tell; null where a regime is not for each client
   * @param startsAt from when it is counted: the agency's awareness, or another notification
   * @param dueAt computed once from the regime, never changed
   * @param missedAt when it was found to have run past its due time
   * @param reference what whoever was told calls it
   * @param reason why nobody is told, or why it was superseded
   * @param supersededBy the clock that runs instead, from another awareness; null where none does
   */
  @Schema(name = "NotificationClock")
  record View(
      UUID id,
      UUID incident,
      String regime,
      String step,
      UUID client,
      Instant awareAt,
      Instant startsAt,
      Instant dueAt,
      ClockState state,
      Instant missedAt,
      Instant notifiedAt,
      String reference,
      String reason,
      Instant endedAt,
      UUID supersededBy,
      long version) {}

  private static final Map<String, String> SORTS =
      Map.of(
          "regime", "%sregime",
          "state", "%sstate",
          "dueAt", "%sdueAt",
          "notifiedAt", "%snotifiedAt");

  private final IncidentAccess incidents;
  private final Outbox outbox;
  private final Regimes regimes;
  private final History history;
  private final Clock clock;

  ClockResource(
      IncidentAccess incidents, Outbox outbox, Regimes regimes, History history, Clock clock) {
    this.incidents = incidents;
    this.outbox = outbox;
    this.regimes = regimes;
    this.history = history;
    this.clock = clock;
  }

  /**
   * Clocks in order of their start.
   *
   * @param dueBefore only those that are due before this time
   */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("incident") UUID incident,
      @QueryParam("state") ClockState state,
      @QueryParam("regime") @Size(max = 50) String regime,
      @QueryParam("client") UUID client,
      @QueryParam("dueBefore") Instant dueBefore,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("incident", incident)
            .equal("state", state)
            .equal("regime", regime)
            .equal("client", client)
            .where("dueAt < :value", dueBefore)
            .after(paging, sorting, NotificationClock.class, SORTS);
    incidents.ofReadable(filter);
    return NotificationClock.<NotificationClock>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(clocks -> paging.page(clocks, NotificationClock::id, NotificationClock::view));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return require(id).map(ClockResource::ok);
  }

  /** The clock; 404 where there is none, or its incident is none for the caller. */
  private Uni<NotificationClock> require(UUID id) {
    return NotificationClock.require(id).call(one -> incidents.require(one.incident()));
  }

  private Uni<NotificationClock> require(UUID id, String ifMatch) {
    return require(id).invoke(one -> ETag.require(ifMatch, one.version()));
  }

  /** Whoever is to be told was told. Steps that are counted from this one start. */
  @POST
  @Path("{id}/notification")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> notified(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Notification body) {
    Instant now = clock.instant();
    return require(id, ifMatch)
        .call(one -> outbox.append(one, one.notified(body.reference(), body.doneAt(now), now)))
        .call(one -> startAll(outbox, following(one, body.doneAt(now), now)))
        .map(ClockResource::ok);
  }

  private List<NotificationClock> following(NotificationClock one, Instant from, Instant now) {
    return regimes
        .find(one.regime())
        .map(
            regime ->
                regime.from(one.step()).stream()
                    .map(
                        step ->
                            new NotificationClock(
                                one.incident(),
                                regime.id(),
                                step.id(),
                                one.state().client(),
                                one.state().awareAt(),
                                from,
                                regime.counting(step, null),
                                now))
                    .toList())
        .orElse(List.of());
  }

  /** Publishes the start of each, one after the other. */
  static Uni<Void> startAll(Outbox outbox, List<NotificationClock> clocks) {
    return Multi.createFrom()
        .iterable(clocks)
        .onItem()
        .transformToUniAndConcatenate(one -> outbox.append(one, one.started()))
        .collect()
        .last();
  }

  /** Nobody is told: a decision of the CISO, with its reason. */
  @POST
  @Path("{id}/non-notification")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> notNotified(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid NoNotification body) {
    return require(id, ifMatch)
        .call(one -> outbox.append(one, one.notNotified(body.reason(), clock.instant())))
        .map(ClockResource::ok);
  }

  /**
   * The agency became aware at another time than was said: a decision of the CISO, with its reason.
   * The clock ends as it is, and one for the same notification starts from then, which {@code
   * supersededBy} names. It is counted as this one was, whatever the regime says by now.
   */
  @POST
  @Path("{id}/correction")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> correct(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Correction body) {
    Instant now = clock.instant();
    return require(id, ifMatch)
        .call(
            one ->
                incidents
                    .require(one.incident())
                    .invoke(incident -> incident.requireAware(body.awareAt())))
        .call(
            one -> {
              NotificationClock other = one.corrected(body.awareAt(), now);
              return outbox
                  .append(one, one.superseded(other, body.reason(), now))
                  .chain(() -> outbox.append(other, other.started()));
            })
        .map(ClockResource::ok);
  }

  /** What happened to it, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("notification-clock", id, query);
  }

  private static RestResponse<View> ok(NotificationClock one) {
    return Answer.ok(one.view(), one.version());
  }
}
