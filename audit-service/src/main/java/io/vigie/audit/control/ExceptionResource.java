package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * Exceptions to rules: asked for by whoever works on what fails, approved by a CISO who did not ask
 * (R4.6), until an end. The CISO and auditors see all, others those that they asked for.
 */
@Path("/v1/control-exceptions")
public class ExceptionResource {

  /**
   * What is asked for.
   *
   * @param rule of the policy, which a query decides
   * @param object that need not keep it, as {@code <kind>/<id>}; absent for all in its scope
   * @param reason for people; it stays in the service
   * @param endsAt until before when it counts; in the future, as far ahead as the policy allows
   */
  @Schema(name = "NewControlException")
  record NewException(
      @NotBlank @Size(max = 10) String rule,
      @Pattern(
              regexp = "[a-z][a-z-]{0,49}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
              message = "is <kind>/<id>, as GET /v1/controls/{rule}/objects has them")
          String object,
      @NotBlank @Size(max = 2_000) String reason,
      @NotNull Instant endsAt) {}

  /** Why it is refused or given up. */
  @Schema(name = "ControlExceptionEnd")
  record End(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * An exception.
   *
   * @param reason of whoever asked
   * @param endReason why it was refused or withdrawn
   */
  @Schema(name = "ControlException")
  record View(
      UUID id,
      @JsonUnwrapped ControlException.State state,
      String reason,
      String endReason,
      long version) {

    static View of(ControlException exception) {
      return new View(
          exception.id(),
          exception.state(),
          exception.reason(),
          exception.endReason(),
          exception.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "rule", Sorting.ofRules("rule"),
          "stage", Sorting.ranked("stage", ControlException.Stage.values()),
          "endsAt", "%sendsAt");

  private final Controls controls;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  ExceptionResource(Controls controls, Outbox outbox, Actor actor, Clock clock) {
    this.controls = controls;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** Asks that a rule need not be kept for a time: a task of the CISO from now on. */
  @POST
  @RolesAllowed({ASSET_MANAGER, ACCESS_MANAGER, RESPONDER, SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> request(@NotNull @Valid NewException body) {
    Control control =
        controls
            .find(body.rule())
            .orElseThrow(
                () -> invalid("rule", "is none that a query decides; GET /v1/controls has them"));
    Set<String> kinds = control.watch().reads().keySet();
    if (body.object() != null && !kinds.contains(body.object().split("/")[0])) {
      throw invalid(
          "object", "is of none of the kinds that this rule reads: " + new TreeSet<>(kinds));
    }
    ControlException exception =
        new ControlException(
            body.rule(), body.object(), body.reason(), body.endsAt(), actor.id(), clock.instant());
    return outbox
        .append(exception, exception.requested())
        .map(
            done ->
                Answer.created(
                    "/v1/control-exceptions/" + exception.id(),
                    View.of(exception),
                    exception.version()));
  }

  /**
   * Exceptions in the order in which they were asked for.
   *
   * @param object the one that they name, as {@code <kind>/<id>}
   * @param inForce true for those that count now, false for all others
   */
  @GET
  @RolesAllowed({ASSET_MANAGER, ACCESS_MANAGER, RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("rule") @Size(max = 10) String rule,
      @QueryParam("object") @Size(max = 100) String object,
      @QueryParam("stage") ControlException.Stage stage,
      @QueryParam("inForce") Boolean inForce,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("rule", rule)
            .equal("object", object)
            .equal("stage", stage)
            .equal("requestedBy", seesAll() ? null : actor.id())
            .after(paging, sorting, ControlException.class, SORTS);
    if (inForce != null) {
      filter.where(
          (inForce ? "" : "not ") + "(stage = APPROVED and endsAt > :value)", clock.instant());
    }
    return ControlException.<ControlException>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(exceptions -> paging.page(exceptions, ControlException::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, ACCESS_MANAGER, RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return visible(id).map(ExceptionResource::ok);
  }

  /** From now on it counts. By somebody who did not ask for it (R4.6). */
  @POST
  @Path("{id}/approval")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return change(id, ifMatch, exception -> exception.approve(actor.id(), clock.instant()));
  }

  /** By somebody who did not ask for it (R4.6). */
  @POST
  @Path("{id}/refusal")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return change(
        id, ifMatch, exception -> exception.refuse(body.reason(), actor.id(), clock.instant()));
  }

  /** It counts no more, before its end: by the CISO or whoever asked for it. */
  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed({ASSET_MANAGER, ACCESS_MANAGER, RESPONDER, SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return change(id, ifMatch, exception -> exception.withdraw(body.reason(), clock.instant()));
  }

  private Uni<RestResponse<View>> change(
      UUID id, String ifMatch, Function<ControlException, ControlExceptionEvent> decision) {
    return visible(id)
        .invoke(exception -> exception.requireVersion(ifMatch))
        .call(exception -> outbox.append(exception, decision.apply(exception)))
        .map(ExceptionResource::ok);
  }

  private Uni<ControlException> visible(UUID id) {
    return ControlException.require(id)
        .invoke(
            exception -> {
              if (!seesAll() && !exception.isOf(actor.id())) {
                throw ControlException.unknown();
              }
            });
  }

  private static Problem invalid(String field, String message) {
    return Problem.invalid(List.of(new FieldError(field, message)));
  }

  private boolean seesAll() {
    return actor.hasRole(CISO) || actor.hasRole(AUDITOR);
  }

  private static RestResponse<View> ok(ControlException exception) {
    return Answer.ok(View.of(exception), exception.version());
  }
}
