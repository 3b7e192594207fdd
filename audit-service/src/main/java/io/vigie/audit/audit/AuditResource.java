package io.vigie.audit.audit;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/**
 * Audits of the policy (R15.4). An auditor sees those that name them while they are open: begun,
 * neither closed nor cancelled, and in their period.
 */
@Path("/v1/audits")
public class AuditResource {

  /**
   * What is to be audited, by whom and when.
   *
   * @param rules of the policy; empty where the clients are the scope
   * @param clients what is done for them; empty for all of them
   * @param auditor the subject of the auditor's account; where a third party audits, that account
   *     reads from now on what open audits that name it cover, and nothing else
   * @param periodFrom from when on the audit takes place and its auditor may read; of the log, what
   *     happened from then on
   * @param periodUntil until before when; in the future, at most 366 days after periodFrom
   */
  @Schema(name = "NewAudit")
  record NewAudit(
      @NotBlank @Size(max = 200) String title,
      @NotNull AuditKind kind,
      @NotNull @Size(max = 100) Set<@NotBlank @Size(max = 10) String> rules,
      @NotNull @Size(max = 100) Set<@NotNull UUID> clients,
      @NotBlank @Size(max = 255) String auditor,
      @NotNull Instant periodFrom,
      @NotNull Instant periodUntil) {}

  /**
   * An audit.
   *
   * @param findings all that were raised
   * @param unsettled those of them that are neither verified nor accepted
   * @param requests how often evidence was asked for
   * @param unanswered those of them that wait for an answer
   * @param cancelReason null where it was not cancelled
   */
  @Schema(name = "Audit")
  record View(
      UUID id,
      String title,
      AuditKind kind,
      List<String> rules,
      List<UUID> clients,
      String auditor,
      Instant periodFrom,
      Instant periodUntil,
      AuditState state,
      int findings,
      int unsettled,
      Instant nextDueAt,
      int requests,
      int unanswered,
      Instant plannedAt,
      Instant begunAt,
      Instant closedAt,
      Instant cancelledAt,
      String cancelReason,
      long version) {

    static View of(Audit audit) {
      Audit.State state = audit.state();
      return new View(
          audit.id(),
          state.title(),
          state.kind(),
          state.rules(),
          state.clients(),
          state.auditor(),
          state.periodFrom(),
          state.periodUntil(),
          state.state(),
          state.findings(),
          state.unsettled(),
          state.nextDueAt(),
          state.requests(),
          state.unanswered(),
          state.plannedAt(),
          state.begunAt(),
          state.closedAt(),
          state.cancelledAt(),
          audit.cancelReason(),
          audit.version());
    }
  }

  /** Why the audit does not take place, or no more. */
  @Schema(name = "AuditCancellation")
  record Cancellation(@NotBlank @Size(max = 4_000) String reason) {}

  private static final Map<String, String> SORTS =
      Map.of(
          "title", "lower(%stitle)",
          "kind", "%skind",
          "state", Sorting.ranked("state", AuditState.values()),
          "periodFrom", "%speriodFrom",
          "periodUntil", "%speriodUntil",
          "unsettled", "%sunsettled");

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  AuditResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> plan(@NotNull @Valid NewAudit body) {
    Audit audit =
        new Audit(
            body.title(),
            body.kind(),
            new Audit.Scope(body.rules(), body.clients()),
            body.auditor(),
            new Audit.Period(body.periodFrom(), body.periodUntil()),
            clock.instant());
    return outbox
        .append(audit, audit.planned())
        .map(done -> Answer.created("/v1/audits/" + audit.id(), View.of(audit), audit.version()));
  }

  /** Audits in the order in which they were planned; an auditor's own for an auditor. */
  @GET
  @RolesAllowed({CISO, AUDITOR, THIRD_PARTY_AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("kind") AuditKind kind,
      @QueryParam("state") AuditState state,
      @QueryParam("auditor") @Size(max = 255) String auditor,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("kind", kind)
            .equal("state", state)
            .equal("auditor", auditor)
            .after(paging, sorting, Audit.class, SORTS);
    if (!actor.hasRole(CISO)) {
      filter
          .equal("auditor", actor.id())
          .where(
              "state = BEGUN and periodFrom <= :value and periodUntil > :value", clock.instant());
    }
    return Audit.<Audit>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(audits -> paging.page(audits, Audit::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({CISO, AUDITOR, THIRD_PARTY_AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return readable(id, actor, clock.instant()).map(AuditResource::ok);
  }

  /** The audit begins, in its period: from now on it gets findings. */
  @POST
  @Path("{id}/opening")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> begin(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return change(id, ifMatch, audit -> audit.begin(clock.instant()));
  }

  /** Closes it for good, once each finding is verified or accepted. */
  @POST
  @Path("{id}/closure")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> close(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return change(id, ifMatch, audit -> audit.close(clock.instant()));
  }

  /**
   * Cancels it for good, before it begins or before it closes: its auditor reads nothing from now
   * on. What it found stays, and is still to be settled.
   */
  @POST
  @Path("{id}/cancellation")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> cancel(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Cancellation body) {
    return change(id, ifMatch, audit -> audit.cancel(body.reason(), clock.instant()));
  }

  private Uni<RestResponse<View>> change(
      UUID id, String ifMatch, Function<Audit, ControlAuditEvent> decision) {
    return Audit.require(id, ifMatch)
        .call(audit -> outbox.append(audit, decision.apply(audit)))
        .map(AuditResource::ok);
  }

  /** The audit, for the CISO, and for its auditor while it is open; 404 for others. */
  static Uni<Audit> readable(UUID id, Actor actor, Instant at) {
    return Audit.require(id)
        .invoke(
            audit -> {
              boolean isItsAuditor = isAuditor(actor) && audit.isOpenTo(actor.id(), at);
              if (!isItsAuditor && !actor.hasRole(CISO)) {
                throw Audit.unknown();
              }
            });
  }

  /**
   * Of what belongs to audits: all of this one for its auditor while it is open, all for the CISO,
   * what is theirs for others.
   *
   * @param audit that is asked about; null for none
   * @param holder the attribute that names whose it is
   */
  static Uni<Filter> visible(Filter filter, UUID audit, String holder, Actor actor, Instant at) {
    if (actor.hasRole(CISO)) {
      return Uni.createFrom().item(filter);
    }
    return audit != null && isAuditor(actor)
        ? readable(audit, actor, at).replaceWith(filter)
        : Uni.createFrom().item(filter.equal(holder, actor.id()));
  }

  private static boolean isAuditor(Actor actor) {
    return actor.hasRole(AUDITOR) || actor.hasRole(THIRD_PARTY_AUDITOR);
  }

  private static RestResponse<View> ok(Audit audit) {
    return Answer.ok(View.of(audit), audit.version());
  }
}
