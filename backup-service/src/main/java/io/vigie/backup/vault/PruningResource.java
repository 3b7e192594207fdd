package io.vigie.backup.vault;

import java.time.Clock;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.BackupPlan;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * Whether a tool may prune a plan's copies by itself, as their retention has it. It asks before it
 * does. Of holds this is all that tools may know.
 */
@Path("/v1/plans/{plan}/pruning")
public class PruningResource {

  /**
   * @param reason why no copy is deleted now, and what ends that; absent where they may be
   */
  @Schema(name = "BackupPruning")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(boolean allowed, String reason) {

    static View refused(String reason) {
      return new View(false, reason);
    }
  }

  private final Clock clock;

  PruningResource(Clock clock) {
    this.clock = clock;
  }

  /**
   * As long as malicious code is on the plan's asset, or it is lost or stolen, it may not; nor,
   * where that is retired, before the time is over for which its copies are kept.
   */
  @GET
  @RolesAllowed({SYSADMIN, TOOL})
  @Read
  public Uni<View> get(UUID plan) {
    return BackupPlan.require(plan)
        .map(found -> found.state().asset())
        .chain(
            asset ->
                BackupHold.standsOn(asset)
                    .chain(
                        held ->
                            held
                                ? Uni.createFrom().item(View.refused(BackupHold.REFUSAL))
                                : whetherFound(asset)));
  }

  private Uni<View> whetherFound(UUID asset) {
    return LostAssets.isLost(asset)
        .chain(
            lost ->
                lost
                    ? Uni.createFrom().item(View.refused(LostAssets.refusal(asset)))
                    : whetherOver(asset));
  }

  private Uni<View> whetherOver(UUID asset) {
    return Retentions.isKept(asset, clock.instant())
        .map(kept -> kept ? View.refused(Retentions.refusal(asset)) : new View(true, null));
  }
}
