package io.vigie.incident.alert;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
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

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Silences: for how long mail of which alerts is held back, and why. */
@Path("/v1/silences")
public class SilenceResource {

  /**
   * @param matchers all of them hold for what it silences; one at least says what a label is
   */
  @Schema(name = "NewSilence")
  record Request(
      @NotEmpty @Size(max = 20) List<@NotNull @Valid Matcher> matchers,
      @NotBlank @Size(max = 2_000) String reason,
      @NotNull Instant endsAt) {}

  /**
   * @param endedBy who lifted it before its time
   */
  @Schema(name = "Silence")
  record View(
      UUID id,
      SilenceState state,
      List<Matcher> matchers,
      String reason,
      String createdBy,
      Instant createdAt,
      Instant endsAt,
      Instant endedAt,
      SilenceEnding ending,
      String endedBy,
      long version) {

    static View of(Silence silence) {
      Silence.State state = silence.state();
      return new View(
          silence.id(),
          state.state(),
          silence.matchers(),
          silence.reason(),
          silence.createdBy(),
          state.createdAt(),
          state.endsAt(),
          state.endedAt(),
          state.ending(),
          silence.endedBy(),
          silence.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "state", "%sstate",
          "endsAt", "%sendsAt");

  private final Silences silences;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;
  private final AlertPolicy.Silences policy = AlertPolicy.read().silences();

  SilenceResource(Silences silences, Outbox outbox, History history, Actor actor, Clock clock) {
    this.silences = silences;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** It holds at once, for what fires and for what will. */
  @POST
  @RolesAllowed({RESPONDER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> create(@NotNull @Valid Request body) {
    Silence silence =
        new Silence(
            body.matchers(), body.reason(), body.endsAt(), actor.id(), policy, clock.instant());
    return Silence.count("state", SilenceState.ACTIVE)
        .invoke(this::requireRoom)
        .chain(() -> outbox.append(silence, silence.created()))
        .map(
            done ->
                Answer.created(
                    "/v1/silences/" + silence.id(), View.of(silence), silence.version()));
  }

  /** Each mail looks at all of them. */
  private void requireRoom(long active) {
    if (active >= policy.atOnce()) {
      throw conflict(
          "too-many-silences",
          "%d silences hold at the same time at most: lift one, or wait until one ends."
              .formatted(policy.atOnce()));
    }
  }

  /** In the order in which they were made. */
  @GET
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") SilenceState state,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("state", state).after(paging, sorting, Silence.class, SORTS);
    return Silence.<Silence>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(found -> paging.page(found, Silence::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Silence.require(id).map(SilenceResource::ok);
  }

  /** Ends it before its time; what it held back is mailed. */
  @POST
  @Path("{id}/lifting")
  @RolesAllowed({RESPONDER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> lift(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    Instant now = clock.instant();
    return Silence.require(id, ifMatch)
        .call(silence -> silences.end(silence, silence.lift(actor.id(), now), now))
        .map(SilenceResource::ok);
  }

  /** What happened to it, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("silence", id, query);
  }

  private static RestResponse<View> ok(Silence silence) {
    return Answer.ok(View.of(silence), silence.version());
  }
}
