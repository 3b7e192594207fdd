package io.vigie.backup.vault;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * Holds, under which no copy of an asset is deleted because malicious code is on it. Each follows
 * from a compromise that incident-service declares, and ends when the CISO lifts that one.
 */
@Path("/v1/backup-holds")
public class HoldResource {

  /**
   * @param id that of the compromise
   * @param incident absent for others than the CISO where it is restricted
   * @param run the run that made the last copy from before the compromise that a test has shown to
   *     be restorable; absent where none has
   * @param liftedAt absent while it stands
   */
  @Schema(name = "BackupHold")
  record View(
      UUID id,
      UUID asset,
      UUID incident,
      Instant compromisedSince,
      UUID run,
      Instant placedAt,
      Instant liftedAt) {

    static View of(BackupHold hold, Set<UUID> hidden) {
      BackupHold.State state = hold.state();
      return new View(
          hold.id(),
          state.asset(),
          hidden.contains(state.incident()) ? null : state.incident(),
          state.compromisedSince(),
          state.run(),
          state.placedAt(),
          state.liftedAt());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "compromisedSince", "%scompromisedSince",
          "placedAt", "%splacedAt",
          "liftedAt", "%sliftedAt");

  private final OpenIncidents incidents;
  private final History history;
  private final Actor actor;

  HoldResource(OpenIncidents incidents, History history, Actor actor) {
    this.incidents = incidents;
    this.history = history;
    this.actor = actor;
  }

  /**
   * Holds in the order of their compromises. Others than the CISO find none by an incident that is
   * restricted.
   *
   * @param standing true: those alone that are not lifted
   */
  @GET
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("incident") UUID incident,
      @QueryParam("standing") Boolean standing,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("incident", incident)
            .after(paging, sorting, BackupHold.class, SORTS);
    if (standing != null) {
      filter.where(standing ? "liftedAt is null" : "liftedAt is not null");
    }
    return incidents
        .hidden(actor)
        .chain(
            hidden ->
                (hidden.contains(incident)
                        ? Uni.createFrom().item(List.<BackupHold>of())
                        : BackupHold.<BackupHold>find(filter.query(), filter.parameters())
                            .range(0, paging.probe() - 1)
                            .list())
                    .map(
                        holds ->
                            paging.page(holds, BackupHold::id, hold -> View.of(hold, hidden))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return BackupHold.require(id)
        .chain(
            hold ->
                incidents
                    .hidden(actor)
                    .map(hidden -> Answer.ok(View.of(hold, hidden), hold.version())));
  }

  /**
   * What happened to the hold, from the log, with each event's index in it. It names the incident,
   * so this is for who may read all of the log.
   */
  @GET
  @Path("{id}/history")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("backup-hold", id, query);
  }
}
