package io.vigie.incident.monitor;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** Where jobs call when they are done. A job that does not is one that failed. */
@Path("/v1/heartbeats")
public class HeartbeatResource {

  /**
   * A call.
   *
   * @param nextBy at the latest then the next one is waited for; null while the monitor is paused
   */
  @Schema(name = "Heartbeat")
  record View(UUID monitor, Instant at, Instant nextBy) {}

  private final Outbox outbox;
  private final Clock clock;

  HeartbeatResource(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * The job that the monitor with this id waits for has run. It is an event where the monitor
   * failed before.
   */
  @POST
  @Path("{id}")
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> call(UUID id) {
    Instant now = clock.instant();
    return Monitor.lock(id)
        .call(
            monitor -> {
              List<MonitorEvent> events = monitor.called(now);
              Uni<Void> kept =
                  monitor.nextProbeAt() == null
                      ? Uni.createFrom().voidItem()
                      : new MonitorResult(id, Outcome.good(null), now).persist().replaceWithVoid();
              return kept.chain(() -> outbox.append(monitor, events));
            })
        .map(monitor -> RestResponse.ok(new View(id, now, monitor.nextProbeAt())));
  }
}
