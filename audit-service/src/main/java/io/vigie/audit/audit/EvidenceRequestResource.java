package io.vigie.audit.audit;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.audit.room.Rooms;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/**
 * Evidence that the auditor of an open audit asks for, what the house answers, and whether that is
 * enough (R15.4).
 */
@Path("/v1/evidence-requests")
public class EvidenceRequestResource {

  private static final String OBJECT =
      "[a-z][a-z-]{0,49}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /**
   * What is asked for.
   *
   * @param rule of the policy, in the audit's scope; absent where it is about none
   * @param object that it is about, as {@code <kind>/<id>}; absent where it is about none
   * @param text for people; it stays in the service
   * @param dueAt by when it should be answered; in the future
   */
  @Schema(name = "NewEvidenceRequest")
  record NewRequest(
      @NotNull UUID audit,
      @Size(min = 1, max = 10) String rule,
      @Pattern(regexp = OBJECT, message = "is <kind>/<id>") String object,
      @NotBlank @Size(max = 4_000) String text,
      @NotNull Instant dueAt) {}

  /** The subject who is to answer. */
  @Schema(name = "EvidenceAssignment")
  record Assignment(@NotBlank @Size(max = 255) String assignee) {}

  /**
   * The evidence.
   *
   * @param answer for people; it stays in the service
   * @param entries of the log that the audit covers, by their indexes; the room has them with their
   *     proofs
   * @param objects as {@code <kind>/<id>}, a document for example; the audit's evidence pack has
   *     what the log says about them and the audit covers
   */
  @Schema(name = "EvidenceAnswer")
  record Reply(
      @NotBlank @Size(max = 4_000) String answer,
      @NotNull @Size(max = 50) Set<@NotNull @PositiveOrZero Long> entries,
      @NotNull @Size(max = 50)
          Set<@NotNull @Pattern(regexp = OBJECT, message = "is <kind>/<id>") String> objects) {}

  /**
   * What the auditor says of the answer.
   *
   * @param accepted false sends it back
   * @param reason what is missing; needed where it is sent back
   */
  @Schema(name = "EvidenceReview")
  record Review(@NotNull Boolean accepted, @Size(max = 4_000) String reason) {}

  /** Why it is not needed any more. */
  @Schema(name = "EvidenceWithdrawal")
  record Withdrawal(@NotBlank @Size(max = 4_000) String reason) {}

  private final Outbox outbox;
  private final Rooms rooms;
  private final Actor actor;
  private final Clock clock;

  EvidenceRequestResource(Outbox outbox, Rooms rooms, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.rooms = rooms;
    this.actor = actor;
    this.clock = clock;
  }

  /** Asks for evidence, as the auditor of an open audit: a task of the CISO from now on. */
  @POST
  @RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR})
  @Command
  public Uni<RestResponse<EvidenceRequest.View>> ask(@NotNull @Valid NewRequest body) {
    Instant now = clock.instant();
    if (!body.dueAt().isAfter(now)) {
      throw invalid("dueAt", "must be in the future");
    }
    EvidenceRequest request =
        new EvidenceRequest(
            body.audit(), body.rule(), body.object(), body.text(), body.dueAt(), actor.id(), now);
    return Audit.require(body.audit())
        .invoke(
            audit -> {
              if (!audit.isOpenTo(actor.id(), now)) {
                throw Audit.unknown();
              }
            })
        .chain(audit -> outbox.append(audit, audit.ask(request, now)))
        .chain(() -> request.<EvidenceRequest>persist())
        .map(
            asked ->
                Answer.created(
                    "/v1/evidence-requests/" + asked.id(), asked.view(), asked.version()));
  }

  /**
   * Requests in the order in which they were made: all of them for the CISO, those of {@code audit}
   * for its auditor while it is open, and those that they are to answer for others.
   *
   * @param waiting true for those that wait for an answer, in audits that have begun and are not
   *     over; false for all others
   * @param overdue true for those of them that were due, false for all others
   */
  @GET
  @RolesAllowed({STAFF, THIRD_PARTY_AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<EvidenceRequest.View>>> list(
      @QueryParam("audit") UUID audit,
      @QueryParam("rule") @Size(max = 10) String rule,
      @QueryParam("assignee") @Size(max = 255) String assignee,
      @QueryParam("state") EvidenceRequestState state,
      @QueryParam("waiting") Boolean waiting,
      @QueryParam("overdue") Boolean overdue,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("audit", audit)
            .equal("rule", rule)
            .equal("assignee", assignee)
            .equal("state", state)
            .after(paging);
    if (waiting != null) {
      filter.where((waiting ? "" : "not ") + "(" + EvidenceRequest.WAITING + ")");
    }
    if (overdue != null) {
      filter.where(
          (overdue ? "" : "not ") + "(dueAt < :value and " + EvidenceRequest.WAITING + ")",
          clock.instant());
    }
    return AuditResource.visible(filter, audit, "assignee", actor, clock.instant())
        .chain(
            found ->
                EvidenceRequest.<EvidenceRequest>find(found.query(), found.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(requests -> paging.page(requests, EvidenceRequest::id, EvidenceRequest::view));
  }

  /** One request: for the CISO, whoever is to answer, and the auditor while the audit is open. */
  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, THIRD_PARTY_AUDITOR})
  @Read
  public Uni<RestResponse<EvidenceRequest.View>> get(UUID id) {
    return EvidenceRequest.require(id)
        .call(
            request ->
                request.isAssignedTo(actor.id())
                    ? Uni.createFrom().voidItem()
                    : AuditResource.readable(request.audit(), actor, clock.instant()))
        .map(EvidenceRequestResource::ok);
  }

  /**
   * Gives it to somebody to answer: a task of theirs from now on. The CISO may answer all the same.
   */
  @POST
  @Path("{id}/assignment")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<EvidenceRequest.View>> assign(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Assignment body) {
    return change(
        id,
        ifMatch,
        (audit, request) -> Uni.createFrom().voidItem(),
        (audit, request) -> audit.assign(request, body.assignee(), clock.instant()));
  }

  /** Answers: the CISO does, or whoever it was given to. */
  @POST
  @Path("{id}/answer")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<EvidenceRequest.View>> answer(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Reply body) {
    return change(
        id,
        ifMatch,
        (audit, request) -> {
          if (!actor.hasRole(CISO) && !request.isAssignedTo(actor.id())) {
            throw EvidenceRequest.unknown();
          }
          return requireCovered(audit, body.entries());
        },
        (audit, request) ->
            audit.answer(
                request,
                body.answer(),
                body.entries(),
                body.objects(),
                actor.id(),
                clock.instant()));
  }

  private Uni<Void> requireCovered(Audit audit, Set<Long> entries) {
    return rooms
        .uncovered(audit.id(), audit.state().rules(), entries)
        .invoke(
            uncovered -> {
              if (!uncovered.isEmpty()) {
                throw Problem.unprocessable(
                    "entry-out-of-scope",
                    "Name entries that the audit covers: of its rules, clients and period. These are not: "
                        + uncovered);
              }
            })
        .replaceWithVoid();
  }

  /**
   * Accepts the answer, or sends it back with a reason: the auditor does, while the audit is open.
   */
  @POST
  @Path("{id}/review")
  @RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR})
  @Command
  public Uni<RestResponse<EvidenceRequest.View>> review(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Review body) {
    if (!body.accepted() && (body.reason() == null || body.reason().isBlank())) {
      throw invalid("reason", "must say what is missing");
    }
    return change(
        id,
        ifMatch,
        this::requireAuditor,
        (audit, request) -> audit.review(request, body.accepted(), body.reason(), clock.instant()));
  }

  /** Takes the request back, for a reason: the auditor does, while the audit is open. */
  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR})
  @Command
  public Uni<RestResponse<EvidenceRequest.View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Withdrawal body) {
    return change(
        id,
        ifMatch,
        this::requireAuditor,
        (audit, request) -> audit.withdraw(request, body.reason(), clock.instant()));
  }

  private Uni<Void> requireAuditor(Audit audit, EvidenceRequest request) {
    if (!audit.isOpenTo(actor.id(), clock.instant())) {
      throw EvidenceRequest.unknown();
    }
    return Uni.createFrom().voidItem();
  }

  /** Fails unless the caller may. */
  private interface Guard {
    Uni<Void> of(Audit audit, EvidenceRequest request);
  }

  private interface Decision {
    ControlAuditEvent of(Audit audit, EvidenceRequest request);
  }

  /** The audit is read first: what is read before could be older than its version. */
  private Uni<RestResponse<EvidenceRequest.View>> change(
      UUID id, String ifMatch, Guard guard, Decision decision) {
    return Audit.requireOfRequest(id)
        .chain(
            audit ->
                EvidenceRequest.require(id)
                    .call(request -> guard.of(audit, request))
                    .invoke(request -> request.requireVersion(ifMatch))
                    .call(request -> outbox.append(audit, decision.of(audit, request))))
        .map(EvidenceRequestResource::ok);
  }

  private static Problem invalid(String field, String message) {
    return Problem.invalid(List.of(new FieldError(field, message)));
  }

  private static RestResponse<EvidenceRequest.View> ok(EvidenceRequest request) {
    return Answer.ok(request.view(), request.version());
  }
}
