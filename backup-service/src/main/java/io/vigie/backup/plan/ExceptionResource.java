package io.vigie.backup.plan;

import java.time.Clock;
import java.time.Instant;
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

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Exceptions of assets from what the policy asks of their backups. */
@Path("/v1/backup-exceptions")
public class ExceptionResource {

  @Schema(name = "BackupExceptionRequest")
  record Request(
      @NotNull UUID asset,
      @NotNull BackupException.Scope scope,
      @NotBlank @Size(max = 2_000) String reason,
      @NotNull Instant endsAt) {}

  @Schema(name = "BackupExceptionEnd")
  record End(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "BackupException")
  record View(UUID id, @JsonUnwrapped BackupException.State state, long version) {
    static View of(BackupException exception) {
      return new View(exception.id(), exception.state(), exception.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "scope", "%sscope",
          "stage", Sorting.ranked("stage", BackupException.Stage.values()),
          "endsAt", "%sendsAt");

  private final Outbox outbox;
  private final Coverage coverage;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  ExceptionResource(Outbox outbox, Coverage coverage, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.coverage = coverage;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Asks that an asset need not be backed up as the rules ask for a time, of 180 days at most. An
   * asset has one open exception of a scope.
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> request(@NotNull @Valid Request body) {
    BackupException exception =
        new BackupException(
            body.asset(), body.scope(), body.reason(), body.endsAt(), actor.id(), clock.instant());
    return outbox
        .append(exception, exception.requested())
        .map(
            done ->
                Answer.created(
                    "/v1/backup-exceptions/" + exception.id(),
                    View.of(exception),
                    exception.version()));
  }

  @GET
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("scope") BackupException.Scope scope,
      @QueryParam("stage") BackupException.Stage stage,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("scope", scope)
            .equal("stage", stage)
            .after(paging, sorting, BackupException.class, SORTS);
    return BackupException.<BackupException>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(exceptions -> paging.page(exceptions, BackupException::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return BackupException.require(id).map(ExceptionResource::ok);
  }

  /** By somebody who did not ask for it (R4.6). */
  @POST
  @Path("{id}/approval")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, exception -> exception.approve(actor.id(), clock.instant()));
  }

  /** By somebody who did not ask for it. */
  @POST
  @Path("{id}/refusal")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return decide(
        id, ifMatch, exception -> exception.refuse(actor.id(), body.reason(), clock.instant()));
  }

  /** It is given up; the rules count again at once. */
  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return decide(id, ifMatch, exception -> exception.withdraw(body.reason(), clock.instant()));
  }

  /** What happened to the exception, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("backup-exception", id, query);
  }

  private Uni<RestResponse<View>> decide(
      UUID id, String ifMatch, Function<BackupException, ExceptionEvent> decision) {
    return BackupException.require(id, ifMatch)
        .call(exception -> outbox.append(exception, decision.apply(exception)))
        .call(exception -> coverage.judge(exception.state().asset()))
        .map(ExceptionResource::ok);
  }

  private static RestResponse<View> ok(BackupException exception) {
    return Answer.ok(View.of(exception), exception.version());
  }
}
