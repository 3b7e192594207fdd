package io.vigie.audit.checkpoint;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vigie.audit.checkpoint.CheckpointEvent.LogSucceeded;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.SYSADMIN;

/** The way on after a real loss. */
@Path("/v1/log/succession")
@RolesAllowed(SYSADMIN)
public class SuccessionResource {

  /**
   * @param origin the new log's name: a URL without its scheme, never used before
   * @param reason for whoever reads the log later
   */
  record Successor(
      @NotNull
          @Size(max = 200)
          @Pattern(regexp = "[a-z0-9][a-z0-9./_-]*", message = "is a URL without its scheme")
          String origin,
      @NotNull @Size(min = 1, max = 2000) String reason) {}

  /**
   * @param restoredSize entries of the old log that the new one goes on with
   * @param lostFrom the first entry that was published and is not there; null when none is
   * @param lostTo the last one
   * @param altered whether none is missing, and yet they are not those that were published
   */
  @Schema(name = "Succession")
  record View(
      String origin,
      String predecessor,
      long restoredSize,
      Long lostFrom,
      Long lostTo,
      boolean altered) {}

  private final Succession succession;
  private final Publisher publisher;
  private final LogKeys keys;
  private final Outbox outbox;
  private final Actor actor;

  SuccessionResource(
      Succession succession, Publisher publisher, LogKeys keys, Outbox outbox, Actor actor) {
    this.succession = succession;
    this.publisher = publisher;
    this.keys = keys;
    this.outbox = outbox;
    this.actor = actor;
  }

  /**
   * Begins a new log with what is left of one that refuses to go on, and says so in its entry 0.
   * Only while it refuses: a log that is whole has no successor, and no log has two (409).
   */
  @POST
  @Command(inSteps = true)
  public Uni<RestResponse<View>> succeed(@NotNull @Valid Successor body) {
    if (publisher.refusal() == null) {
      throw Problem.conflict("log-intact", "The log is whole: it needs no successor.");
    }
    // Before the checkpoint: the name of a log and the last of its predecessor never meet.
    String predecessor = keys.origin();
    Published last =
        publisher
            .newest()
            .orElseThrow(
                () ->
                    Problem.conflict(
                        "no-checkpoint",
                        "No checkpoint of this log is known to succeed."
                            + " Put its newest note into the checkpoint file first."));
    if (keys.hasBeen(body.origin())) {
      throw Problem.conflict("origin-used", "A log of this origin was published already.");
    }
    String operator = actor.id();
    return Uni.createFrom()
        .completionStage(
            () ->
                Vertx.currentContext()
                    .executeBlocking(
                        () ->
                            succession.succeed(
                                predecessor, last, body.origin(), body.reason(), operator))
                    .toCompletionStage())
        .invoke(event -> outbox.note(event.aggregateId()))
        .map(SuccessionResource::view)
        .map(RestResponse::ok);
  }

  private static View view(LogSucceeded event) {
    return new View(
        event.origin(),
        event.predecessor(),
        event.restoredSize(),
        event.lostFrom(),
        event.lostTo(),
        event.altered());
  }
}
