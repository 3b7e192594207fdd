package io.vigie.incident.monitor;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
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

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** What is watched, and how it is. */
@Path("/v1/monitors")
public class MonitorResource {

  private static final int SHORTEST_SECONDS = 10;

  /**
   * A new monitor.
   *
   * @param everySeconds from one probe to the next, as the policy has it where null
   */
  @Schema(name = "MonitorCreation")
  record Creation(
      @NotNull UUID asset,
      @NotBlank @Size(max = 200) String name,
      @NotNull MonitorType type,
      @NotNull @Valid Target target,
      @Min(SHORTEST_SECONDS) Integer everySeconds) {}

  /** All that can change of a monitor; another asset or type is another monitor. */
  @Schema(name = "MonitorChange")
  record Change(
      @NotBlank @Size(max = 200) String name,
      @NotNull @Valid Target target,
      @Min(SHORTEST_SECONDS) Integer everySeconds) {}

  @Schema(name = "MonitorPause")
  record Pause(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "MonitorRetirement")
  record Retirement(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * A monitor.
   *
   * @param failingSince of the first of too many failures in a row; null while there are not
   * @param failure why the last result was not good; null where it was
   * @param probedAt when it was tried last
   * @param calledAt when its job called last
   * @param nextProbeAt null while it is not active; of a job when it has to have called
   * @param tls null where nothing was graded yet
   */
  @Schema(name = "Monitor")
  record View(
      UUID id,
      UUID asset,
      String name,
      MonitorType type,
      Target target,
      int everySeconds,
      MonitorState state,
      Instant createdAt,
      Instant failingSince,
      String failure,
      Instant probedAt,
      Instant calledAt,
      Instant nextProbeAt,
      TlsView tls,
      long version) {

    static View of(Monitor monitor) {
      Monitor.State state = monitor.state();
      return new View(
          monitor.id(),
          state.asset(),
          state.name(),
          state.type(),
          state.target(),
          state.everySeconds(),
          state.state(),
          state.createdAt(),
          state.failingSince(),
          monitor.failure(),
          monitor.probedAt(),
          monitor.calledAt(),
          monitor.nextProbeAt(),
          TlsView.of(monitor),
          monitor.version());
    }
  }

  /**
   * What is offered over TLS.
   *
   * @param findings what there is to better, each with what it is in this case
   * @param protocols those that it takes
   * @param certificateExpiresAt null where it was not shown
   */
  @Schema(name = "MonitorTls")
  record TlsView(
      TlsGrade grade,
      Instant gradedAt,
      List<FindingView> findings,
      List<String> protocols,
      Instant certificateExpiresAt) {

    static TlsView of(Monitor monitor) {
      TlsReport report = monitor.tlsReport();
      return report == null
          ? null
          : new TlsView(
              monitor.state().grade(),
              monitor.gradedAt(),
              report.findings().entrySet().stream()
                  .map(finding -> new FindingView(finding.getKey(), finding.getValue()))
                  .toList(),
              report.protocols(),
              report.certificateExpiresAt());
    }
  }

  @Schema(name = "MonitorTlsFinding")
  record FindingView(TlsFinding finding, String detail) {}

  /**
   * What one probe found.
   *
   * @param tookMillis null where there was no answer
   * @param failure null where it was good
   */
  @Schema(name = "MonitorResult")
  record ResultView(UUID id, Instant at, boolean good, Long tookMillis, String failure) {}

  /**
   * How often it was as it should be.
   *
   * @param from the first day, of UTC
   * @param results how many there were
   * @param percent the share of good ones, rounded down; null where there were none
   * @param averageMillis of those whose time is known; null where there are none
   * @param days those that have results
   */
  @Schema(name = "MonitorUptime")
  record UptimeView(
      LocalDate from,
      long results,
      long good,
      Double percent,
      Long averageMillis,
      List<DayView> days) {

    static UptimeView of(LocalDate from, List<Uptime.Count> days) {
      Uptime.Count all =
          days.stream().reduce(new Uptime.Count(from, 0, 0, 0, 0), Uptime.Count::plus);
      return new UptimeView(
          from,
          all.results(),
          all.good(),
          all.percent(),
          all.averageMillis(),
          days.stream().map(DayView::of).toList());
    }
  }

  @Schema(name = "MonitorDay")
  record DayView(LocalDate day, long results, long good, Double percent, Long averageMillis) {

    static DayView of(Uptime.Count count) {
      return new DayView(
          count.day(), count.results(), count.good(), count.percent(), count.averageMillis());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "type", "%stype",
          "state", Sorting.ranked("state", MonitorState.values()),
          "failingSince", "%sfailingSince",
          "tls.grade", "%sgrade");

  private final Probes probes;
  private final MonitorPolicy policy;
  private final Uptime uptime;
  private final Outbox outbox;
  private final History history;
  private final Clock clock;

  MonitorResource(
      Probes probes,
      MonitorPolicy policy,
      Uptime uptime,
      Outbox outbox,
      History history,
      Clock clock) {
    this.probes = probes;
    this.policy = policy;
    this.uptime = uptime;
    this.outbox = outbox;
    this.history = history;
    this.clock = clock;
  }

  /** It is tried at once, and from then on. */
  @POST
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> create(@NotNull @Valid Creation body) {
    requireValid(body.type(), body.target(), body.everySeconds());
    Monitor monitor =
        new Monitor(
            body.asset(),
            body.name(),
            body.type(),
            body.target(),
            every(body.type(), body.everySeconds()),
            clock.instant());
    return outbox
        .append(monitor, monitor.created())
        .map(
            done ->
                Answer.created(
                    "/v1/monitors/" + monitor.id(), View.of(monitor), monitor.version()));
  }

  private int every(MonitorType type, Integer everySeconds) {
    return everySeconds == null ? policy.of(type).everySeconds() : everySeconds;
  }

  private void requireValid(MonitorType type, Target target, Integer everySeconds) {
    List<FieldError> errors = new ArrayList<>(target.errors(type));
    int longest = policy.of(type).longestSeconds();
    if (everySeconds != null && everySeconds > longest) {
      errors.add(new FieldError("everySeconds", "must be at most " + longest));
    }
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
    String refusal = probes.refusal(target);
    if (refusal != null) {
      throw Problem.unprocessable("monitor-not-allowed", refusal);
    }
  }

  /**
   * Monitors in order of creation.
   *
   * @param failing whether they found too many failures in a row
   * @param grade of what is offered over TLS
   */
  @GET
  @RolesAllowed({SYSADMIN, RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("type") MonitorType type,
      @QueryParam("state") MonitorState state,
      @QueryParam("failing") Boolean failing,
      @QueryParam("grade") TlsGrade grade,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("type", type)
            .equal("state", state)
            .equal("grade", grade)
            .after(paging, sorting, Monitor.class, SORTS);
    if (failing != null) {
      filter.where("failingSince is " + (failing ? "not null" : "null"));
    }
    return Monitor.<Monitor>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(monitors -> paging.page(monitors, Monitor::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Monitor.require(id).map(MonitorResource::ok);
  }

  /** It is tried as it is now at once. */
  @PUT
  @Path("{id}")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Change body) {
    return Monitor.lock(id, ifMatch)
        .call(
            monitor -> {
              MonitorType type = monitor.state().type();
              requireValid(type, body.target(), body.everySeconds());
              return outbox.append(
                  monitor,
                  monitor.change(
                      body.name(),
                      body.target(),
                      every(type, body.everySeconds()),
                      clock.instant()));
            })
        .map(MonitorResource::ok);
  }

  /** It tries nothing until it is resumed, for example during maintenance. */
  @POST
  @Path("{id}/pause")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> pause(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Pause body) {
    return Monitor.lock(id, ifMatch)
        .call(monitor -> outbox.append(monitor, monitor.pause(body.reason(), clock.instant())))
        .map(MonitorResource::ok);
  }

  @POST
  @Path("{id}/resumption")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> resume(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Monitor.lock(id, ifMatch)
        .call(monitor -> outbox.append(monitor, monitor.resume(clock.instant())))
        .map(MonitorResource::ok);
  }

  /** For ever; what it found stays. */
  @POST
  @Path("{id}/retirement")
  @RolesAllowed(SYSADMIN)
  @Command
  public Uni<RestResponse<View>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Retirement body) {
    return Monitor.lock(id, ifMatch)
        .call(monitor -> outbox.append(monitor, monitor.retire(body.reason(), clock.instant())))
        .map(MonitorResource::ok);
  }

  /** What single probes found, of the last days, the oldest first. */
  @GET
  @Path("{id}/results")
  @RolesAllowed({SYSADMIN, RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<ResultView>>> results(
      UUID id,
      @QueryParam("good") Boolean good,
      @QueryParam("since") Instant since,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("monitor", id)
            .equal("good", good)
            .where("foundAt >= :value", since)
            .after(paging);
    return Monitor.require(id)
        .chain(
            monitor ->
                MonitorResult.<MonitorResult>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(results -> paging.page(results, MonitorResult::id, MonitorResult::view));
  }

  /**
   * How often it was as it should be.
   *
   * @param days so many, of UTC, of which today is the last
   */
  @GET
  @Path("{id}/uptime")
  @RolesAllowed({SYSADMIN, RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<UptimeView>> uptime(
      UUID id, @QueryParam("days") @DefaultValue("30") @Min(1) @Max(400) Integer days) {
    LocalDate from = uptime.first(days);
    return Monitor.require(id)
        .chain(monitor -> uptime.of(id, from))
        .map(counts -> RestResponse.ok(UptimeView.of(from, counts)));
  }

  /** What happened to the monitor, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("monitor", id, query);
  }

  private static RestResponse<View> ok(Monitor monitor) {
    return Answer.ok(View.of(monitor), monitor.version());
  }
}
