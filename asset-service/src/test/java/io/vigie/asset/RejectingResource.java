package io.vigie.asset;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.kernel.PresentRequest;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * What no real endpoint offers: to refuse too late, to wait to be told, to take a lot or long, to
 * fail, to have a number in its path.
 */
@Path("/test")
@RolesAllowed(Roles.STAFF)
public class RejectingResource {

  static volatile CompletableFuture<Void> gate = new CompletableFuture<>();
  static volatile CompletableFuture<Void> entered = new CompletableFuture<>();

  /** Done when the last request for a late fact is over. */
  static volatile CompletableFuture<Void> over = new CompletableFuture<>();

  static final AtomicInteger FAILED = new AtomicInteger();

  private final Outbox outbox;
  private final PresentRequest request;
  private final Clock clock;

  RejectingResource(Outbox outbox, PresentRequest request, Clock clock) {
    this.outbox = outbox;
    this.request = request;
    this.clock = clock;
  }

  /** Appends a fact, then refuses. */
  @POST
  @Path("{id}/late-rejection")
  @Operation(hidden = true)
  @Command
  public Uni<RestResponse<AssetState>> rejectAfterAppend(UUID id) {
    return rejectLate(id);
  }

  private <T> Uni<T> rejectLate(UUID id) {
    return Asset.require(id)
        .call(asset -> outbox.append(asset, asset.entered()))
        .map(
            asset -> {
              throw Problem.conflict("too-late", "It was decided, and refused all the same.");
            });
  }

  /** Appends a fact once the gate opens, whoever still waits for it. */
  @POST
  @Path("{id}/late-fact")
  @Operation(hidden = true)
  @Command
  public Uni<RestResponse<Instant>> appendLate(UUID id) {
    return lateFact(id);
  }

  /** The same in a transaction of its own, not that of the request. */
  @POST
  @Path("{id}/own-late-fact")
  @Operation(hidden = true)
  @Command(inOneTransaction = false)
  public Uni<RestResponse<Instant>> appendLateByItself(UUID id) {
    return Panache.withTransaction(() -> lateFact(id));
  }

  /** Takes a step, and refuses the next one. */
  @POST
  @Path("{id}/step-before-rejection")
  @Operation(hidden = true)
  @Command(inSteps = true)
  public Uni<RestResponse<Instant>> rejectAfterAStep(UUID id) {
    return step(id);
  }

  /** The same where the steps are one, unless the query says otherwise. */
  @POST
  @Path("{id}/fact-before-rejection")
  @Operation(hidden = true)
  @Command(inOneTransaction = false)
  public Uni<RestResponse<Instant>> rejectAfterATransaction(
      UUID id, @QueryParam("atomic") Boolean atomic) {
    return step(id);
  }

  /** A step that is refused alone. */
  @POST
  @Path("{id}/rejected-step")
  @Operation(hidden = true)
  @Command(inSteps = true)
  public Uni<RestResponse<Instant>> rejectAStep(UUID id) {
    return outbox
        .step(() -> this.<RestResponse<Instant>>rejectLate(id))
        .onFailure(Problem.class)
        .recoverWithItem(() -> Answer.ok(clock.instant(), 0));
  }

  private Uni<RestResponse<Instant>> step(UUID id) {
    return Panache.withTransaction(
            () -> Asset.require(id).call(asset -> outbox.append(asset, asset.entered())))
        .map(
            asset -> {
              throw Problem.conflict("too-late", "The first step is taken, and not the second.");
            });
  }

  private Uni<RestResponse<Instant>> lateFact(UUID id) {
    request.context().addEndHandler(end -> over.complete(null));
    return Asset.require(id)
        .chain(asset -> untilTheGateOpens().call(() -> outbox.append(asset, asset.entered())));
  }

  /** Stays in its transaction until the gate opens. */
  @POST
  @Path("slow")
  @Operation(hidden = true)
  @Command
  public Uni<RestResponse<Instant>> slow() {
    return untilTheGateOpens();
  }

  /** Works in no transaction until the gate opens. */
  @POST
  @Path("slow-work")
  @Operation(hidden = true)
  @Command(inSteps = true)
  public Uni<RestResponse<Instant>> slowWork() {
    return untilTheGateOpens();
  }

  private Uni<RestResponse<Instant>> untilTheGateOpens() {
    entered.complete(null);
    io.vertx.core.Context context = io.vertx.core.Vertx.currentContext();
    return Uni.createFrom()
        .completionStage(gate)
        .emitOn(task -> context.runOnContext(ignored -> task.run()))
        .map(open -> Answer.ok(clock.instant(), 0));
  }

  /** Has the database take longer than it may. */
  @GET
  @Path("long-statement")
  @Operation(hidden = true)
  @Read
  public Uni<RestResponse<Integer>> takeLong() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("select 1 from pg_sleep(40)", Integer.class)
                    .getSingleResult())
        .map(slept -> Answer.ok(slept, 0));
  }

  /** Answers what it is told to, by itself or by a failure. */
  @POST
  @Path("failure")
  @Operation(hidden = true)
  @Command
  public Uni<RestResponse<Integer>> fail(
      @QueryParam("status") Integer status, @QueryParam("thrown") Boolean thrown) {
    FAILED.incrementAndGet();
    return thrown
        ? Uni.createFrom().failure(Problem.status(status, "told-to", "Told to", null))
        : Uni.createFrom().item(RestResponse.status(RestResponse.Status.fromStatusCode(status)));
  }

  @GET
  @Path("{number}/{kind}")
  @Operation(hidden = true)
  @Read
  public Uni<RestResponse<Integer>> number(
      Integer number, AssetState kind, @QueryParam("plus") Integer plus) {
    return Uni.createFrom().item(Answer.ok(number + plus, 0));
  }

  /** Takes more than other endpoints do. */
  @POST
  @Path("import")
  @Operation(hidden = true)
  @Command
  public Uni<RestResponse<Integer>> takeMany(@Valid List<String> body) {
    return Uni.createFrom().item(Answer.ok(body.size(), 0));
  }
}
