package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;

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
import io.vigie.backup.plan.Coverage;
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

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Deletions of copies before their retention ends, which take two people (R12.4). */
@Path("/v1/backup-deletions")
public class DeletionResource {

  /**
   * What is to be deleted.
   *
   * @param access of the caller, which is open and covers the asset
   * @param run that made the copy
   * @param reason published, to be told without names
   */
  @Schema(name = "NewBackupDeletion")
  record NewDeletion(
      @NotNull UUID access, @NotNull UUID run, @NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "BackupDeletionRefusal")
  record Refusal(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * A deletion.
   *
   * @param completedAt when the copy was gone
   */
  @Schema(name = "BackupDeletion")
  record View(
      UUID id,
      String requestedBy,
      UUID access,
      UUID run,
      UUID asset,
      String reason,
      DeletionState state,
      Instant requestedAt,
      String decidedBy,
      Instant decidedAt,
      Instant completedAt,
      long version) {

    static View of(BackupDeletion deletion) {
      BackupDeletion.State state = deletion.state();
      return new View(
          deletion.id(),
          state.requestedBy(),
          state.access(),
          state.run(),
          state.asset(),
          deletion.reason(),
          state.state(),
          state.requestedAt(),
          state.decidedBy(),
          state.decidedAt(),
          state.completedAt(),
          deletion.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "state", Sorting.ranked("state", DeletionState.values()), "requestedAt", "%srequestedAt");

  private final Outbox outbox;
  private final Coverage coverage;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  DeletionResource(Outbox outbox, Coverage coverage, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.coverage = coverage;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Asks a second person; a copy has one deletion that is not refused. While the asset is lost or
   * stolen, or a hold is on it, a deletion is neither asked for, nor approved, nor done.
   */
  @POST
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> ask(@NotNull @Valid NewDeletion body) {
    return Copy.require(body.run())
        .call(copy -> LostAssets.requireNotLost(copy.asset()))
        .call(copy -> BackupHold.requireNoneOn(copy.asset()))
        .chain(
            copy ->
                BackupAccess.lock(body.access())
                    .map(
                        access ->
                            new BackupDeletion(
                                access, copy, body.reason(), actor.id(), clock.instant())))
        .call(deletion -> outbox.append(deletion, deletion.requested()))
        .map(
            deletion ->
                Answer.created(
                    "/v1/backup-deletions/" + deletion.id(),
                    View.of(deletion),
                    deletion.version()));
  }

  /** Deletions in the order in which they were asked for. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") DeletionState state,
      @QueryParam("access") UUID access,
      @QueryParam("asset") UUID asset,
      @QueryParam("run") UUID run,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("access", access)
            .equal("asset", asset)
            .equal("run", run)
            .after(paging, sorting, BackupDeletion.class, SORTS);
    return BackupDeletion.<BackupDeletion>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(deletions -> paging.page(deletions, BackupDeletion::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return BackupDeletion.require(id).map(DeletionResource::ok);
  }

  /** By somebody else than who asked for it. */
  @POST
  @Path("{id}/approval")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return unlessHeld(
            id,
            ifMatch,
            (deletion, access) -> deletion.approve(access, actor.id(), clock.instant()))
        .map(DeletionResource::ok);
  }

  /** By somebody else than who asked for it; another one may be asked for then. */
  @POST
  @Path("{id}/refusal")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Refusal body) {
    return underItsAccess(
            BackupDeletion.require(id, ifMatch),
            (deletion, access) -> deletion.refuse(body.reason(), actor.id(), clock.instant()))
        .map(DeletionResource::ok);
  }

  /** Says that the copy is gone: who asked for it does, under the same access. */
  @POST
  @Path("{id}/completion")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> complete(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return unlessHeld(
            id,
            ifMatch,
            (deletion, access) -> deletion.complete(access, actor.id(), clock.instant()))
        .call(deletion -> coverage.judgeTwice(deletion.state().asset()))
        .map(DeletionResource::ok);
  }

  private Uni<BackupDeletion> unlessHeld(
      UUID id, String ifMatch, BiFunction<BackupDeletion, BackupAccess, VaultEvent> decision) {
    return underItsAccess(
        BackupDeletion.require(id, ifMatch)
            .call(deletion -> LostAssets.requireNotLost(deletion.state().asset()))
            .call(deletion -> coverage.hold(deletion.state().asset()))
            .call(deletion -> BackupHold.requireNoneOn(deletion.state().asset())),
        decision);
  }

  private Uni<BackupDeletion> underItsAccess(
      Uni<BackupDeletion> found, BiFunction<BackupDeletion, BackupAccess, VaultEvent> decision) {
    return found.call(
        deletion ->
            BackupAccess.lock(deletion.access())
                .chain(access -> outbox.append(deletion, decision.apply(deletion, access))));
  }

  /** What happened to the deletion, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("backup-deletion", id, query);
  }

  private static RestResponse<View> ok(BackupDeletion deletion) {
    return Answer.ok(View.of(deletion), deletion.version());
  }
}
