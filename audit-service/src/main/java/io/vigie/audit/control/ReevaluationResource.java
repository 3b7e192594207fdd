package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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

/** Re-evaluations of the controls (R15.1): one is open for each rule, and due at its time. */
@Path("/v1/re-evaluations")
public class ReevaluationResource {

  /**
   * A re-evaluation.
   *
   * @param answer what was found; null while it is open
   */
  @Schema(name = "Reevaluation")
  record View(
      UUID id, @JsonUnwrapped Reevaluation.State state, Reevaluation.Answer answer, long version) {

    static View of(Reevaluation each) {
      return new View(each.id(), each.state(), each.answer(), each.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "rule", Sorting.ofRules("rule"),
          "stage", Sorting.ranked("stage", Reevaluation.Stage.values()),
          "decision", "%sdecision",
          "dueAt", "%sdueAt",
          "answeredAt", "%sansweredAt");

  private final Catalogue catalogue;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  ReevaluationResource(Catalogue catalogue, Outbox outbox, Actor actor, Clock clock) {
    this.catalogue = catalogue;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Re-evaluations in the order in which they were planned, answered ones too.
   *
   * @param overdue true for those that are open and whose time is past, false for all others
   */
  @GET
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("rule") @Size(max = 10) String rule,
      @QueryParam("stage") Reevaluation.Stage stage,
      @QueryParam("decision") Reevaluation.Decision decision,
      @QueryParam("overdue") Boolean overdue,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("rule", rule)
            .equal("stage", stage)
            .equal("decision", decision)
            .after(paging, sorting, Reevaluation.class, SORTS);
    if (overdue != null) {
      filter.where((overdue ? "" : "not ") + "(stage = OPEN and dueAt <= :value)", clock.instant());
    }
    return Reevaluation.<Reevaluation>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(each -> paging.page(each, Reevaluation::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Reevaluation.require(id).map(ReevaluationResource::ok);
  }

  /**
   * Answers whether the control is still right, at any time before or after it is due: a new law or
   * an incident does not wait. The rule's next one is planned an interval from now.
   */
  @POST
  @Path("{id}/answer")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> answer(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Reevaluation.Answer body) {
    Instant now = clock.instant();
    return Reevaluation.require(id, ifMatch)
        .call(each -> outbox.append(each, each.answer(body, actor.id(), now)))
        .call(each -> planNext(each.state().rule(), now))
        .map(ReevaluationResource::ok);
  }

  private Uni<Void> planNext(String rule, Instant now) {
    return catalogue
        .find(rule)
        .map(known -> new Reevaluation(known, now))
        .map(next -> outbox.append(next, next.planned()))
        .orElse(Uni.createFrom().voidItem()); // the policy has no such rule any more
  }

  private static RestResponse<View> ok(Reevaluation each) {
    return Answer.ok(View.of(each), each.version());
  }
}
