package io.vigie.access.duty;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
import io.vigie.access.entitlement.BusinessProfile;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.SnapshotSource;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** The rules of separation. Conflicts follow a change within seconds. */
@Path("/v1/duty-rules")
public class DutyRuleResource {

  @Schema(name = "DutyRuleChange")
  record Change(@NotNull @Valid DutyRuleContent rule, @NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "DutyRuleRetirement")
  record Retirement(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "DutyRule")
  record View(UUID id, @JsonUnwrapped DutyRule.State rule, Act retired, long version) {
    static View of(DutyRule rule) {
      return new View(rule.id(), rule.state(), rule.retirement(), rule.version());
    }
  }

  /** All rules, for read models that start from nothing. */
  @ApplicationScoped
  static class Snapshots implements SnapshotSource {
    @Override
    public Uni<List<DutyRule>> page(UUID after, int limit) {
      return DutyRule.<DutyRule>find("id > ?1 order by id", after == null ? new UUID(0, 0) : after)
          .withLock(LockModeType.PESSIMISTIC_WRITE)
          .range(0, limit - 1)
          .list();
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "scope", "%sscope",
          "mode", Sorting.ranked("mode", DutyMode.values()),
          "state", "%sstate");

  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  DutyRuleResource(Outbox outbox, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Fails with 422 where it names what the catalogue does not have, or has retired. */
  @POST
  @RolesAllowed({CISO, ACCESS_MANAGER})
  @Command
  public Uni<RestResponse<View>> create(@NotNull @Valid DutyRuleContent body) {
    return requireKnown(body)
        .map(done -> new DutyRule(body))
        .call(rule -> outbox.append(rule, rule.created(clock.instant())))
        .map(rule -> Answer.created("/v1/duty-rules/" + rule.id(), View.of(rule), rule.version()));
  }

  private static Uni<Void> requireKnown(DutyRuleContent content) {
    return Uni.createFrom()
        .item(content)
        .invoke(DutyRuleContent::requireSense)
        .onItem()
        .transformToMulti(rule -> Multi.createFrom().iterable(rule.profiles()))
        .onItem()
        .transformToUniAndConcatenate(BusinessProfile::hold)
        .collect()
        .last()
        .chain(() -> Entitlement.holdAll(content.named()));
  }

  /** In order of creation. */
  @GET
  @RolesAllowed({CISO, ACCESS_MANAGER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") DutyRuleState state,
      @QueryParam("mode") DutyMode mode,
      @QueryParam("entitlement") UUID entitlement,
      @QueryParam("name") @Size(max = 100) String name,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("mode", mode)
            .where(
                "cast(sql('exists (select from duty_side s where s.rule_id = ? and s.entitlement_id = ?)', id, :value) as Boolean) = true",
                entitlement)
            .where("lower(name) = lower(:value)", name)
            .after(paging, sorting, DutyRule.class, SORTS);
    return DutyRule.<DutyRule>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(rules -> paging.page(rules, DutyRule::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({CISO, ACCESS_MANAGER, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return DutyRule.require(id).map(DutyRuleResource::ok);
  }

  /**
   * Replaces the whole of it. What loosens an enforced rule is the CISO's, as an exception is:
   * another mode, a narrower scope, less on a side, one more side.
   */
  @PUT
  @Path("{id}")
  @RolesAllowed({CISO, ACCESS_MANAGER})
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Change body) {
    return DutyRule.require(id, ifMatch)
        .call(() -> requireKnown(body.rule()))
        .invoke(rule -> requireMayLoosen(rule.isLoosenedBy(body.rule())))
        .call(rule -> outbox.append(rule, rule.change(body.rule(), body.reason(), clock.instant())))
        .map(DutyRuleResource::ok);
  }

  private void requireMayLoosen(boolean loosens) {
    if (loosens && !actor.hasRole(CISO)) {
      throw Problem.forbidden(
          "This rule is enforced. The CISO loosens or retires it, or grants an exception.");
    }
  }

  /**
   * Its conflicts are resolved, and what it kept apart anybody can have: an enforced one is retired
   * by the CISO.
   */
  @POST
  @Path("{id}/retirement")
  @RolesAllowed({CISO, ACCESS_MANAGER})
  @Command
  public Uni<RestResponse<View>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Retirement body) {
    return DutyRule.require(id, ifMatch)
        .invoke(rule -> requireMayLoosen(rule.isEnforced()))
        .call(
            rule ->
                outbox.append(
                    rule, rule.retire(new Act(actor.id(), clock.instant(), body.reason()))))
        .map(DutyRuleResource::ok);
  }

  /** What happened to the rule, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, ACCESS_MANAGER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("duty-rule", id, query);
  }

  private static RestResponse<View> ok(DutyRule rule) {
    return Answer.ok(View.of(rule), rule.version());
  }
}
