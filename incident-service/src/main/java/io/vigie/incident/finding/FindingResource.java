package io.vigie.incident.finding;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
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

/** What scans found, and what is done about it. Who has to mend a finding sets none aside. */
@Path("/v1/scan-findings")
public class FindingResource {

  @Schema(name = "ScanFindingAcceptanceRequest")
  record AcceptanceRequest(@NotNull Instant until, @NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "ScanFindingReason")
  record Reason(@NotBlank @Size(max = 2_000) String reason) {}

  /** Who asked for what, and what was decided. */
  @Schema(name = "ScanFindingAcceptance")
  record AcceptanceView(
      Acceptance.Stage state,
      Instant until,
      String requestedBy,
      Instant requestedAt,
      String requestedReason,
      String decidedBy,
      Instant decidedAt,
      String decidedReason) {

    static AcceptanceView of(Acceptance acceptance) {
      return acceptance == null
          ? null
          : new AcceptanceView(
              acceptance.state(),
              acceptance.until(),
              acceptance.requestedBy(),
              acceptance.requestedAt(),
              acceptance.requestedReason(),
              acceptance.decidedBy(),
              acceptance.decidedAt(),
              acceptance.decidedReason());
    }
  }

  /**
   * A finding.
   *
   * @param fingerprint SHA-256 of tool, rule and place
   * @param stateSince when it became what it is
   * @param reopened how often it came back
   * @param verdictBy who set it aside last, or took that back
   */
  @Schema(name = "ScanFinding")
  record View(
      UUID id,
      UUID asset,
      String tool,
      String rule,
      String place,
      String message,
      String fingerprint,
      Severity severity,
      FindingState state,
      Instant stateSince,
      Instant foundAt,
      Instant dueAt,
      int reopened,
      AcceptanceView acceptance,
      String verdictBy,
      String verdictReason,
      long version) {

    static View of(ScanFinding finding) {
      ScanFinding.State state = finding.state();
      return new View(
          finding.id(),
          state.asset(),
          state.tool(),
          state.rule(),
          finding.place(),
          finding.message(),
          state.fingerprint(),
          state.severity(),
          state.state(),
          state.stateSince(),
          state.foundAt(),
          state.dueAt(),
          state.reopened(),
          AcceptanceView.of(finding.acceptance()),
          finding.verdictBy(),
          finding.verdictReason(),
          finding.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "rule", "%srule",
          "severity", Sorting.ranked("severity", Severity.values()),
          "state", "%sstate",
          "tool", "%stool",
          "dueAt", "%sdueAt");

  private final ScanPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  FindingResource(ScanPolicy policy, Outbox outbox, History history, Actor actor, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Findings in the order in which they were first seen.
   *
   * @param overdue those that are open past their due date
   */
  @GET
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("tool") @Size(max = ScanRun.LONGEST_NAME) String tool,
      @QueryParam("rule") @Size(max = ScanRun.LONGEST_NAME) String rule,
      @QueryParam("severity") Severity severity,
      @QueryParam("state") FindingState state,
      @QueryParam("acceptance") Acceptance.Stage acceptance,
      @QueryParam("overdue") Boolean overdue,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("tool", tool)
            .equal("rule", rule)
            .equal("severity", severity)
            .equal("state", state)
            .equal("acceptance.state", acceptance)
            .after(paging, sorting, ScanFinding.class, SORTS);
    if (overdue != null) {
      filter.where((overdue ? "" : "not ") + "(state = OPEN and dueAt < :value)", clock.instant());
    }
    return ScanFinding.<ScanFinding>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(findings -> paging.page(findings, ScanFinding::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return ScanFinding.require(id).map(FindingResource::ok);
  }

  /** Asks to leave it as it is, for a time that has an end. */
  @POST
  @Path("{id}/acceptance")
  @RolesAllowed({RESPONDER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> requestAcceptance(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid AcceptanceRequest body) {
    Instant now = clock.instant();
    if (!body.until().isAfter(now) || body.until().isAfter(now.plus(policy.longestAcceptance()))) {
      throw Problem.invalid(
          List.of(
              new Problem.FieldError(
                  "until",
                  "must be in the future, %d days at most"
                      .formatted(policy.longestAcceptance().toDays()))));
    }
    return decide(
        id,
        ifMatch,
        finding -> finding.requestAcceptance(body.until(), actor.id(), body.reason(), now));
  }

  /** By somebody else than who asked. */
  @POST
  @Path("{id}/acceptance/approval")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> approveAcceptance(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, finding -> finding.approveAcceptance(actor.id(), clock.instant()));
  }

  @POST
  @Path("{id}/acceptance/refusal")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> refuseAcceptance(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Reason body) {
    return decide(
        id,
        ifMatch,
        finding -> finding.refuseAcceptance(actor.id(), body.reason(), clock.instant()));
  }

  /** Somebody looked, and says why it is none. Seen again, it stays set aside. */
  @POST
  @Path("{id}/dismissal")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> dismiss(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Reason body) {
    return decide(
        id, ifMatch, finding -> finding.dismiss(actor.id(), body.reason(), clock.instant()));
  }

  /** Takes a dismissal or an acceptance back: it is open again, and due as it was. */
  @POST
  @Path("{id}/restoration")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> restore(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Reason body) {
    return decide(
        id, ifMatch, finding -> finding.restore(actor.id(), body.reason(), clock.instant()));
  }

  /** What happened to the finding, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("scan-finding", id, query);
  }

  private Uni<RestResponse<View>> decide(
      UUID id, String ifMatch, Function<ScanFinding, FindingEvent> decision) {
    return ScanFinding.require(id, ifMatch)
        .call(finding -> outbox.append(finding, decision.apply(finding)))
        .map(FindingResource::ok);
  }

  private static RestResponse<View> ok(ScanFinding finding) {
    return Answer.ok(View.of(finding), finding.version());
  }
}
