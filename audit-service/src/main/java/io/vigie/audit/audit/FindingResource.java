package io.vigie.audit.audit;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/** What audits found, what was done about it and who verified that (R15.4, R4.6). */
@Path("/v1/audit-findings")
public class FindingResource {

  /**
   * What was found.
   *
   * @param reference in the auditor's report; no other finding of the audit has it
   * @param rule of the policy, in the audit's scope
   * @param owner the subject who is to act
   * @param dueAt by when; in the future
   */
  @Schema(name = "NewAuditFinding")
  record NewFinding(
      @NotNull UUID audit,
      @NotBlank @Size(max = 50) String reference,
      @NotBlank @Size(max = 10) String rule,
      @NotNull FindingSeverity severity,
      @NotBlank @Size(max = 4_000) String text,
      @NotBlank @Size(max = 255) String owner,
      @NotNull Instant dueAt) {}

  /** What the owner did. */
  @Schema(name = "CorrectiveAction")
  record Action(@NotBlank @Size(max = 4_000) String action) {}

  /**
   * What somebody else than who acted saw.
   *
   * @param effective false sends the finding back to its owner
   * @param reason what was looked at, and what it showed
   */
  @Schema(name = "AuditFindingVerification")
  record Verification(@NotNull Boolean effective, @NotBlank @Size(max = 4_000) String reason) {}

  /** Why it stays as it is. */
  @Schema(name = "AuditFindingAcceptance")
  record Acceptance(@NotBlank @Size(max = 4_000) String reason) {}

  private static final Map<String, String> SORTS =
      Map.of(
          "reference", "lower(%sreference)",
          "rule", Sorting.ofRules("rule"),
          "severity", Sorting.ranked("severity", FindingSeverity.values()),
          "state", Sorting.ranked("state", FindingState.values()),
          "dueAt", "%sdueAt");

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  FindingResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** Enters what the auditor found: a task of its owner from now on. */
  @POST
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<AuditFinding.View>> raise(@NotNull @Valid NewFinding body) {
    Instant now = clock.instant();
    if (!body.dueAt().isAfter(now)) {
      throw Problem.invalid(List.of(new FieldError("dueAt", "must be in the future")));
    }
    AuditFinding finding =
        new AuditFinding(
            body.audit(),
            body.reference(),
            body.rule(),
            body.severity(),
            body.text(),
            body.owner(),
            body.dueAt(),
            now);
    return Audit.require(body.audit())
        .chain(audit -> outbox.append(audit, audit.raise(finding, now)))
        .chain(() -> finding.<AuditFinding>persist())
        .map(
            raised ->
                Answer.created(
                    "/v1/audit-findings/" + raised.id(), raised.view(), raised.version()));
  }

  /**
   * Findings in the order in which they were raised: all of them for the CISO, those of {@code
   * audit} for its auditor while it is open, and those that they own for others.
   *
   * @param overdue true for those that are not settled and were due, false for all others
   */
  @GET
  @RolesAllowed({STAFF, THIRD_PARTY_AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<AuditFinding.View>>> list(
      @QueryParam("audit") UUID audit,
      @QueryParam("rule") @Size(max = 10) String rule,
      @QueryParam("severity") FindingSeverity severity,
      @QueryParam("owner") @Size(max = 255) String owner,
      @QueryParam("state") FindingState state,
      @QueryParam("overdue") Boolean overdue,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("audit", audit)
            .equal("rule", rule)
            .equal("severity", severity)
            .equal("owner", owner)
            .equal("state", state)
            .after(paging, sorting, AuditFinding.class, SORTS);
    if (overdue != null) {
      filter.where(
          (overdue ? "" : "not ") + "(state in (OPEN, ACTED) and dueAt < :value)", clock.instant());
    }
    return AuditResource.visible(filter, audit, "owner", actor, clock.instant())
        .chain(
            found ->
                AuditFinding.<AuditFinding>find(found.query(), found.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(findings -> paging.page(findings, AuditFinding::id, AuditFinding::view));
  }

  /** One finding: for the CISO, its owner, and the auditor while the audit is open. */
  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, THIRD_PARTY_AUDITOR})
  @Read
  public Uni<RestResponse<AuditFinding.View>> get(UUID id) {
    return AuditFinding.require(id)
        .call(
            finding ->
                finding.owner().equals(actor.id())
                    ? Uni.createFrom().voidItem()
                    : AuditResource.readable(finding.audit(), actor, clock.instant()))
        .map(FindingResource::ok);
  }

  /** Says what was done about a finding: its owner does. */
  @POST
  @Path("{id}/action")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<AuditFinding.View>> act(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Action body) {
    return change(
        id,
        ifMatch,
        (audit, finding, others) ->
            audit.actOn(finding, body.action(), actor.id(), clock.instant()));
  }

  /** Says whether what was done remedies it: somebody else than who did it does. */
  @POST
  @Path("{id}/verification")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<AuditFinding.View>> verify(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Verification body) {
    return change(
        id,
        ifMatch,
        (audit, finding, others) ->
            audit.verify(
                finding, body.effective(), body.reason(), others, actor.id(), clock.instant()));
  }

  /** Leaves a finding as it is, for a reason: somebody else than its owner does. */
  @POST
  @Path("{id}/acceptance")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<AuditFinding.View>> accept(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Acceptance body) {
    return change(
        id,
        ifMatch,
        (audit, finding, others) ->
            audit.accept(finding, body.reason(), others, actor.id(), clock.instant()));
  }

  private interface Decision {
    ControlAuditEvent of(Audit audit, AuditFinding finding, Instant others);
  }

  /** The audit is read first: what is read before could be older than its version. */
  private Uni<RestResponse<AuditFinding.View>> change(UUID id, String ifMatch, Decision decision) {
    return Audit.requireOf(id)
        .chain(
            audit ->
                AuditFinding.require(id, ifMatch)
                    .call(
                        finding ->
                            finding
                                .othersDue()
                                .chain(
                                    others ->
                                        outbox.append(audit, decision.of(audit, finding, others)))))
        .map(FindingResource::ok);
  }

  private static RestResponse<AuditFinding.View> ok(AuditFinding finding) {
    return Answer.ok(finding.view(), finding.version());
  }
}
