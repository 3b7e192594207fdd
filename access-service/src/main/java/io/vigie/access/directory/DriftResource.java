package io.vigie.access.directory;

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

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
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

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** What is in the directory and was not approved. */
@Path("/v1/drifts")
public class DriftResource {

  @Schema(name = "DriftAcceptance")
  record Acceptance(@NotBlank @Size(max = 2_000) String reason, @NotNull Instant until) {}

  @Schema(name = "Drift")
  record View(UUID id, @JsonUnwrapped Drift.State drift, long version) {
    static View of(Drift drift) {
      return new View(drift.id(), drift.state(), drift.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "kind", "%skind",
          "state", Sorting.ranked("state", DriftState.values()),
          "foundAt", "%sfoundAt");

  private final Changes changes;
  private final DirectoryRules rules;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  DriftResource(
      Changes changes,
      DirectoryRules rules,
      Outbox outbox,
      History history,
      Actor actor,
      Clock clock) {
    this.changes = changes;
    this.rules = rules;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Findings in the order in which they were made; {@code live} are those that are not over. */
  @GET
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("live") Boolean live,
      @QueryParam("state") DriftState state,
      @QueryParam("kind") DriftKind kind,
      @QueryParam("person") UUID person,
      @QueryParam("account") @Size(max = 100) String account,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("kind", kind)
            .equal("person", person)
            .equal("account", account)
            .after(paging, sorting, Drift.class, SORTS);
    if (live != null) {
      filter.where((live ? "state in " : "state not in ") + "('OPEN', 'REPAIRING', 'ACCEPTED')");
    }
    return Drift.<Drift>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(drifts -> paging.page(drifts, Drift::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Drift.require(id).map(DriftResource::ok);
  }

  /**
   * Has the account made what was approved. It is done within seconds, and when it is, the finding
   * says so; what holds it up stands in the queue of changes. The account of a program is closed
   * where nobody answers for it; its roles and groups are taken in the directory (422), whose own
   * settings are changed there, too (422).
   */
  @POST
  @Path("{id}/repair")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> repair(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Drift.require(id, ifMatch)
        .call(drift -> outbox.append(drift, drift.orderRepair(actor.id(), clock.instant())))
        .call(
            drift ->
                drift.person() == null
                    ? changes.markAccount(drift.account())
                    : changes.mark(List.of(drift.person()), true))
        .map(DriftResource::ok);
  }

  /** Somebody looked, and says why it is as it should be, until when. Then it is found again. */
  @POST
  @Path("{id}/acceptance")
  @RolesAllowed({ACCESS_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> accept(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Acceptance body) {
    return Drift.require(id, ifMatch)
        .call(
            drift ->
                outbox.append(
                    drift,
                    drift.accept(
                        body.reason(),
                        body.until(),
                        rules.longestAcceptance(),
                        actor.id(),
                        clock.instant())))
        .map(DriftResource::ok);
  }

  /** What happened to the finding, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("drift", id, query);
  }

  private static RestResponse<View> ok(Drift drift) {
    return Answer.ok(View.of(drift), drift.version());
  }
}
