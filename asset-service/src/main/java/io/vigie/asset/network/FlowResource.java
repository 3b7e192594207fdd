package io.vigie.asset.network;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Future;
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
import io.vigie.asset.network.NetworkRules.Forbidden;
import io.vigie.kernel.Actor;
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

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** Declared flows (R9.2). */
@Path("/v1/flows")
public class FlowResource {

  @Schema(name = "FlowRequest")
  record Request(
      @NotNull UUID fromZone,
      @NotNull UUID toZone,
      @NotNull Flow.Protocol protocol,
      @NotNull @Pattern(regexp = Ports.FORM) String ports,
      @NotBlank @Size(max = 500) String purpose,
      @Future Instant validUntil) {}

  @Schema(name = "FlowDecision")
  record Decision(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Flow")
  record View(UUID id, @JsonUnwrapped Flow.State flow, long version) {
    static View of(Flow flow) {
      return new View(flow.id(), flow.state(), flow.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "purpose", "lower(%spurpose)",
          "stage", "%sstage",
          "validUntil", "%svalidUntil");

  private final Outbox outbox;
  private final NetworkRules rules;
  private final Findings findings;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  FlowResource(
      Outbox outbox,
      NetworkRules rules,
      Findings findings,
      History history,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.rules = rules;
    this.findings = findings;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Asks for a flow. Any-to-any, also by several flows of one way together, and what the rules
   * forbid is refused, with the rule; where these allow an exception, it needs an end within the
   * time that they give.
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> request(@NotNull @Valid Request body) {
    Ports ports = ports(body);
    return Zone.requireInUse(body.fromZone())
        .chain(
            from ->
                Zone.requireInUse(body.toZone())
                    .chain(
                        to ->
                            Zone.databasePorts(to.id())
                                .map(used -> used.stream().anyMatch(ports::contains))
                                .map(toDatabase -> flow(body, ports, from, to, toDatabase))))
        .call(flow -> flow.requireNarrow(clock.instant()))
        .call(flow -> outbox.append(flow, flow.requested()))
        .map(flow -> Answer.created("/v1/flows/" + flow.id(), View.of(flow), flow.version()));
  }

  private static Ports ports(Request body) {
    try {
      Ports ports = Ports.of(body.ports());
      boolean none = body.ports().equals("0");
      if (none != (body.protocol() == Flow.Protocol.ICMP)) {
        throw new IllegalArgumentException(body.ports());
      }
      if (ports.areAll()) {
        throw Problem.unprocessable(
            "any-to-any", "R9.2: name the ports that are needed. All of them are no declaration.");
      }
      return ports;
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(
          List.of(
              new FieldError(
                  "ports", "is no list of ports such as 80,443,8000-8099 (0 for ICMP alone)")));
    }
  }

  private Flow flow(Request body, Ports ports, Zone from, Zone to, boolean toDatabase) {
    if (from.id().equals(to.id())) {
      throw Problem.unprocessable(
          "flow-within-a-zone", "What stays within a zone needs no declaration.");
    }
    Forbidden forbidden =
        rules.forbidden(from.purpose(), to.purpose(), ports, toDatabase).orElse(null);
    Instant now = clock.instant();
    if (forbidden != null) {
      requireException(forbidden, body.validUntil(), now);
    }
    return new Flow(
        new Flow.Way(body.fromZone(), body.toZone(), body.protocol(), body.ports()),
        body.purpose(),
        forbidden == null ? null : forbidden.rule(),
        body.validUntil(),
        actor.id(),
        now);
  }

  private static void requireException(Forbidden forbidden, Instant until, Instant now) {
    String rule = forbidden.rule() + ": " + forbidden.en();
    if (forbidden.exceptionDays() == null) {
      throw Problem.unprocessable("forbidden-flow", rule);
    }
    if (until == null || until.isAfter(now.plus(Duration.ofDays(forbidden.exceptionDays())))) {
      throw Problem.unprocessable(
          "forbidden-flow",
          "%s An exception ends within %d days: say when (validUntil)."
              .formatted(rule, forbidden.exceptionDays()));
    }
  }

  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("fromZone") UUID fromZone,
      @QueryParam("toZone") UUID toZone,
      @QueryParam("stage") Flow.Stage stage,
      @QueryParam("rule") String rule,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("fromZone", fromZone)
            .equal("toZone", toZone)
            .equal("stage", stage)
            .equal("rule", rule)
            .after(paging, sorting, Flow.class, SORTS);
    return Flow.<Flow>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(flows -> paging.page(flows, Flow::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Flow.require(id).map(FlowResource::ok);
  }

  /**
   * By somebody who did not ask for it (R4.6), before its end. Findings that it explains are over.
   */
  @POST
  @Path("{id}/approval")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Flow.require(id, ifMatch)
        .call(flow -> outbox.append(flow, flow.approve(actor.id(), clock.instant())))
        .call(findings::explain)
        .map(FlowResource::ok);
  }

  @POST
  @Path("{id}/refusal")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Decision body) {
    return Flow.require(id, ifMatch)
        .call(flow -> outbox.append(flow, flow.refuse(actor.id(), body.reason(), clock.instant())))
        .map(FlowResource::ok);
  }

  /** It is needed no more; seen again, it is a finding. */
  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Decision body) {
    return Flow.require(id, ifMatch)
        .call(flow -> outbox.append(flow, flow.withdraw(body.reason(), clock.instant())))
        .map(FlowResource::ok);
  }

  /** What happened to the flow, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("flow", id, query);
  }

  private static RestResponse<View> ok(Flow flow) {
    return Answer.ok(View.of(flow), flow.version());
  }
}
