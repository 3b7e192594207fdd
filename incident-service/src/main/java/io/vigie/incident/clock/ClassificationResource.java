package io.vigie.incident.clock;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.Affectables;
import io.vigie.incident.IncidentAccess;
import io.vigie.incident.IncidentHistory;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/** Which regimes an incident falls under. The ETag is the incident's. */
@Path("/v1/incidents/{incident}/classification")
public class ClassificationResource {

  /** A client that is to be told, within the hours of its contract. */
  @Schema(name = "ClientToNotify")
  record ToNotify(@NotNull UUID client) {}

  /**
   * @param regimes by id, as {@code GET /v1/notification-regimes} has them
   * @param awareAt when the agency became aware of the incident
   * @param clients for regimes that have each client told
   */
  @Schema(name = "IncidentClassification")
  record Classification(
      @NotNull @Size(min = 1, max = 20) List<@NotNull @Size(max = 50) String> regimes,
      @NotNull @PastOrPresent Instant awareAt,
      @Size(max = 200) List<@NotNull @Valid ToNotify> clients) {

    Classification {
      clients = clients == null ? List.of() : clients;
    }

    List<UUID> clientIds() {
      return clients.stream().map(ToNotify::client).toList();
    }
  }

  /**
   * @param clocks those that this started
   * @param version of the incident
   */
  @Schema(name = "ClassifiedIncident")
  record View(UUID incident, List<ClockResource.View> clocks, long version) {}

  private final IncidentAccess incidents;
  private final IncidentHistory past;
  private final Outbox outbox;
  private final Regimes regimes;
  private final Clock clock;

  ClassificationResource(
      IncidentAccess incidents, IncidentHistory past, Outbox outbox, Regimes regimes, Clock clock) {
    this.incidents = incidents;
    this.past = past;
    this.outbox = outbox;
    this.regimes = regimes;
    this.clock = clock;
  }

  /**
   * Decides that the incident falls under these regimes and starts their clocks. Another one may
   * follow, for other regimes or clients: 409 where a clock has started before. 422 for a client of
   * whom access-service told nothing.
   */
  @POST
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> classify(
      UUID incident,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Classification body) {
    Instant now = clock.instant();
    List<Regime> named = body.regimes().stream().distinct().map(regimes::require).toList();
    requireClientsWhereTheyCount(named, body);
    return incidents
        .require(incident, ifMatch)
        .chain(
            found ->
                ClientDelay.of(body.clientIds())
                    .invoke(known -> requireKnown(body.clientIds(), known.keySet()))
                    .map(known -> clocks(incident, named, body, known, now))
                    .call(this::requireNew)
                    .call(
                        clocks ->
                            past.append(
                                found,
                                found.classify(
                                    named.stream().map(Regime::id).toList(), body.awareAt(), now)))
                    .call(clocks -> ClockResource.startAll(outbox, clocks))
                    .map(
                        clocks ->
                            Answer.ok(
                                new View(
                                    incident,
                                    clocks.stream().map(NotificationClock::view).toList(),
                                    found.version()),
                                found.version())));
  }

  private static void requireClientsWhereTheyCount(List<Regime> named, Classification body) {
    boolean areAsked = named.stream().anyMatch(Regime::forEachClient);
    if (areAsked == body.clients().isEmpty()) {
      throw unprocessable(
          "notification-clients",
          areAsked
              ? "Name the clients that are to be told."
              : "None of these regimes has clients told. Leave them out, or add the regime.");
    }
    if (body.clientIds().stream().distinct().count() < body.clients().size()) {
      throw unprocessable("notification-clients", "Name each client once.");
    }
  }

  private static void requireKnown(List<UUID> clients, Set<UUID> known) {
    List<FieldError> errors =
        IntStream.range(0, clients.size())
            .filter(i -> !known.contains(clients.get(i)))
            .mapToObj(i -> new FieldError("clients[" + i + "].client", Affectables.NO_CLIENT))
            .toList();
    if (!errors.isEmpty()) {
      throw Affectables.unknown(errors);
    }
  }

  /** Of each regime those that awareness starts, for each client where it says so. */
  static List<NotificationClock> clocks(
      UUID incident,
      List<Regime> named,
      Classification body,
      Map<UUID, Integer> known,
      Instant now) {
    List<NotificationClock> clocks = new ArrayList<>();
    for (Regime regime : named) {
      for (Regime.Step step : regime.from(Regime.AWARENESS)) {
        if (regime.forEachClient()) {
          for (ToNotify one : body.clients()) {
            Integer hours = known.get(one.client());
            clocks.add(clock(incident, regime, step, one.client(), body.awareAt(), hours, now));
          }
        } else {
          clocks.add(clock(incident, regime, step, null, body.awareAt(), null, now));
        }
      }
    }
    return clocks;
  }

  private static NotificationClock clock(
      UUID incident,
      Regime regime,
      Regime.Step step,
      UUID client,
      Instant awareAt,
      Integer hours,
      Instant now) {
    return new NotificationClock(
        incident,
        regime.id(),
        step.id(),
        client,
        awareAt,
        awareAt,
        regime.counting(step, hours),
        now);
  }

  private Uni<Void> requireNew(List<NotificationClock> clocks) {
    UUID incident = clocks.get(0).incident();
    return NotificationClock.<NotificationClock>list("incident", incident)
        .invoke(
            before ->
                before.stream()
                    .filter(old -> clocks.stream().anyMatch(old::isTheSame))
                    .findFirst()
                    .ifPresent(
                        old -> {
                          throw conflict(
                              "notification-clock-started",
                              "The clock %s/%s runs or has run for this incident: %s. It is never started anew."
                                  .formatted(old.regime(), old.step(), old.id()));
                        }))
        .replaceWithVoid();
  }
}
