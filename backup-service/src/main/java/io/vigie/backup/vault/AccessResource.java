package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
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
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Accesses to backups, and what was done under them (R12.4). */
@Path("/v1/backup-accesses")
public class AccessResource {

  /**
   * Who wants to touch backups, and why.
   *
   * @param assets whose backups
   * @param incident that is open; without one somebody else must approve the reason
   * @param reason published, to be told without names
   * @param minutes for how long, as far as the policy allows
   */
  @Schema(name = "NewBackupAccess")
  record NewAccess(
      @NotEmpty @Size(max = 100) List<@NotNull UUID> assets,
      UUID incident,
      @NotBlank @Size(max = 2_000) String reason,
      @NotNull @Min(1) Long minutes) {}

  @Schema(name = "BackupAccessRefusal")
  record Refusal(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * What is to be done with a copy.
   *
   * @param run that made the copy
   * @param reason published, to be told without names
   */
  @Schema(name = "NewBackupUse")
  record NewUse(
      @NotNull UseAction action, @NotNull UUID run, @NotBlank @Size(max = 2_000) String reason) {}

  /**
   * An access.
   *
   * @param holder the subject who has it
   * @param incident absent for others than the holder and the CISO where it is restricted
   * @param endsAt when it ends by itself; of a request when it lapses
   */
  @Schema(name = "BackupAccess")
  record View(
      UUID id,
      String holder,
      HolderRole role,
      List<UUID> assets,
      UUID incident,
      String reason,
      long minutes,
      int uses,
      AccessState state,
      Instant requestedAt,
      Instant openedAt,
      String approvedBy,
      Instant endsAt,
      Instant endedAt,
      long version) {

    static View of(BackupAccess access, Set<UUID> hidden, Actor actor) {
      BackupAccess.State state = access.state();
      boolean isTold = state.holder().equals(actor.id()) || !hidden.contains(state.incident());
      return new View(
          access.id(),
          state.holder(),
          state.role(),
          state.assets(),
          isTold ? state.incident() : null,
          access.reason(),
          state.minutes(),
          state.uses(),
          state.state(),
          state.requestedAt(),
          state.openedAt(),
          state.approvedBy(),
          state.endsAt(),
          state.endedAt(),
          access.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "role", "%srole",
          "state", Sorting.ranked("state", AccessState.values()),
          "requestedAt", "%srequestedAt",
          "endsAt", "%sendsAt");

  private final OpenIncidents incidents;
  private final VaultPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  AccessResource(
      OpenIncidents incidents,
      VaultPolicy policy,
      Outbox outbox,
      History history,
      Actor actor,
      Clock clock) {
    this.incidents = incidents;
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** In an open incident it is open at once; otherwise it waits for somebody else's approval. */
  @POST
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> ask(@NotNull @Valid NewAccess body) {
    BackupAccess access =
        new BackupAccess(
            actor.id(),
            actor.hasRole(CISO) ? HolderRole.CISO : HolderRole.SYSADMIN,
            body.assets(),
            body.incident(),
            body.reason(),
            body.minutes(),
            policy,
            clock.instant());
    return (body.incident() == null
            ? Uni.createFrom().voidItem()
            : incidents.requireOpen(body.incident()))
        .chain(() -> outbox.append(access, access.begun()))
        .chain(() -> incidents.hidden(actor))
        .map(
            hidden ->
                Answer.created(
                    "/v1/backup-accesses/" + access.id(),
                    View.of(access, hidden, actor),
                    access.version()));
  }

  /**
   * Accesses in the order in which they were asked for. By an incident that is restricted others
   * than the CISO find their own alone.
   */
  @GET
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") AccessState state,
      @QueryParam("holder") String holder,
      @QueryParam("incident") UUID incident,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("holder", holder)
            .equal("incident", incident)
            .after(paging, sorting, BackupAccess.class, SORTS);
    return incidents
        .hidden(actor)
        .chain(
            hidden -> {
              if (hidden.contains(incident)) {
                filter.equal("holder", actor.id());
              }
              return BackupAccess.<BackupAccess>find(filter.query(), filter.parameters())
                  .range(0, paging.probe() - 1)
                  .list()
                  .map(
                      accesses ->
                          paging.page(
                              accesses,
                              BackupAccess::id,
                              access -> View.of(access, hidden, actor)));
            });
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return BackupAccess.require(id).chain(this::ok);
  }

  /**
   * The reason holds: the access is open. The CISO decides, a system administrator on the CISO's.
   */
  @POST
  @Path("{id}/approval")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return BackupAccess.lock(id, ifMatch)
        .call(
            access ->
                outbox.append(
                    access, access.approve(actor.id(), actor.hasRole(CISO), clock.instant())))
        .chain(this::ok);
  }

  /** The reason does not hold. */
  @POST
  @Path("{id}/refusal")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Refusal body) {
    return BackupAccess.lock(id, ifMatch)
        .call(
            access ->
                outbox.append(
                    access,
                    access.refuse(body.reason(), actor.id(), actor.hasRole(CISO), clock.instant())))
        .chain(this::ok);
  }

  /** Ends it before its time: its holder gives it back, or the CISO takes it away. */
  @POST
  @Path("{id}/ending")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> end(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return BackupAccess.lock(id, ifMatch)
        .call(
            access ->
                outbox.append(access, access.end(actor.id(), actor.hasRole(CISO), clock.instant())))
        .chain(this::ok);
  }

  /**
   * Records that a copy is read or restored, and why; the answer alone tells where the copy is. Of
   * the holder of an open access, for its assets.
   */
  @POST
  @Path("{id}/uses")
  @RolesAllowed({SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<BackupUse.View>> use(UUID id, @NotNull @Valid NewUse body) {
    Instant now = clock.instant();
    return BackupAccess.lock(id)
        .chain(access -> Copy.require(body.run()).chain(copy -> use(access, copy, body, now)));
  }

  private Uni<RestResponse<BackupUse.View>> use(
      BackupAccess access, Copy copy, NewUse body, Instant now) {
    access.requireCovers(copy.asset(), actor.id(), now);
    BackupUse use = new BackupUse(access.id(), body.action(), copy, body.reason(), now);
    return outbox
        .append(access, access.use(use, now))
        .chain(() -> use.persist())
        .replaceWith(RestResponse.ok(use.viewWith(copy)));
  }

  /** What was read and restored under it, in that order, without where the copies are. */
  @GET
  @Path("{id}/uses")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<BackupUse.View>>> uses(
      UUID id, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("access", id).after(paging);
    return BackupAccess.require(id)
        .chain(
            access ->
                BackupUse.<BackupUse>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(uses -> paging.page(uses, BackupUse::id, BackupUse::view));
  }

  /**
   * What happened to the access, from the log, with each event's index in it. It names the
   * incident, so this is for who may read all of the log.
   */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("backup-access", id, query);
  }

  private Uni<RestResponse<View>> ok(BackupAccess access) {
    return incidents
        .hidden(actor)
        .map(hidden -> Answer.ok(View.of(access, hidden, actor), access.version()));
  }
}
