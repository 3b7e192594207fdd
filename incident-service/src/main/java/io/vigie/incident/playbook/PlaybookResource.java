package io.vigie.incident.playbook;

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
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.Category;
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
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;

/** Playbooks, one for each category, known to all who work here (R13.1). */
@Path("/v1/playbooks")
public class PlaybookResource {

  /**
   * A playbook and its first version; each step is a line.
   *
   * @param document of asset-service, in force, from which the steps are taken; staff acknowledge
   *     it there
   */
  @Schema(name = "NewPlaybook")
  record NewPlaybook(
      @NotNull Category category,
      @NotBlank @Size(max = 200) String title,
      @NotEmpty @Size(max = 100)
          List<@NotBlank @Size(max = 500) @Pattern(regexp = "[^\\u0000-\\u001F\\u007F]*") String>
              steps,
      UUID document) {}

  @Schema(name = "NewPlaybookVersion")
  record NewVersion(
      @NotEmpty @Size(max = 100)
          List<@NotBlank @Size(max = 500) @Pattern(regexp = "[^\\u0000-\\u001F\\u007F]*") String>
              steps,
      UUID document) {}

  @Schema(name = "PlaybookReturn")
  record Return(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * A playbook.
   *
   * @param submitted number of the last version, {@code pending} where it waits for a decision
   * @param inForce number of the version that is worked by
   * @param document of asset-service, from which the steps of that one are taken; null where none
   *     is named
   * @param documentNumber of its version that was in force when they were submitted; null where
   *     that is not known
   */
  @Schema(name = "Playbook")
  record View(
      UUID id,
      Category category,
      String title,
      int submitted,
      boolean pending,
      Integer inForce,
      UUID document,
      Integer documentNumber,
      Instant exercisedAt,
      Instant exerciseDueAt,
      long version) {

    static View of(Playbook playbook) {
      Playbook.State state = playbook.state();
      return new View(
          playbook.id(),
          state.category(),
          playbook.title(),
          state.submitted(),
          state.pending(),
          state.inForce(),
          state.document(),
          state.documentNumber(),
          state.exercisedAt(),
          state.exerciseDueAt(),
          playbook.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "title", "lower(%stitle)",
          "category", "%scategory",
          "pending", "%spending",
          "exercisedAt", "%sexercisedAt",
          "exerciseDueAt", "%sexerciseDueAt");

  private final PlaybookPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  PlaybookResource(
      PlaybookPolicy policy, Outbox outbox, History history, Actor actor, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Writes the playbook of a category that has none; its first version waits for approval. */
  @POST
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> write(@NotNull @Valid NewPlaybook body) {
    Playbook playbook = new Playbook(body.category(), body.title());
    return submit(playbook, body.steps(), body.document())
        .map(
            done ->
                Answer.created(
                    "/v1/playbooks/" + playbook.id(), View.of(playbook), playbook.version()));
  }

  private Uni<Void> submit(Playbook playbook, List<String> steps, UUID document) {
    Instant now = clock.instant();
    int next = playbook.next();
    return DocumentInForce.require(document)
        .map(
            number ->
                new PlaybookVersion(playbook.id(), next, steps, document, number, actor.id(), now))
        .call(written -> outbox.append(playbook, playbook.submit(written, now)))
        .chain(written -> written.persist())
        .replaceWithVoid();
  }

  /** Playbooks in the order in which they were written. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("category") Category category,
      @QueryParam("pending") Boolean pending,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("category", category)
            .equal("pending", pending)
            .after(paging, sorting, Playbook.class, SORTS);
    return Playbook.<Playbook>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(playbooks -> paging.page(playbooks, Playbook::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Playbook.require(id).map(PlaybookResource::ok);
  }

  /** Submits a new version, where none waits for a decision. */
  @POST
  @Path("{id}/versions")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid NewVersion body) {
    return Playbook.require(id, ifMatch)
        .call(playbook -> submit(playbook, body.steps(), body.document()))
        .map(PlaybookResource::ok);
  }

  /** Its versions in their order. Staff see those that are, or were, in force. */
  @GET
  @Path("{id}/versions")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<PlaybookVersion.View>>> versions(
      UUID id, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("playbook", id).after(paging);
    if (!actor.hasRole(RESPONDER) && !actor.hasRole(CISO) && !actor.hasRole(AUDITOR)) {
      filter.where("decision = APPROVED");
    }
    return Playbook.require(id)
        .chain(
            playbook ->
                PlaybookVersion.<PlaybookVersion>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(versions -> paging.page(versions, PlaybookVersion::id, PlaybookVersion::view));
  }

  /** By somebody else than its author: the version that waits is in force. */
  @POST
  @Path("{id}/approval")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Playbook.require(id, ifMatch)
        .call(
            playbook ->
                PlaybookVersion.of(id, playbook.state().submitted())
                    .call(written -> DocumentInForce.require(written.document()))
                    .chain(
                        written ->
                            outbox.append(
                                playbook,
                                playbook.approve(written, policy, actor.id(), clock.instant()))))
        .map(PlaybookResource::ok);
  }

  /** Sends the version that waits back to its author. */
  @POST
  @Path("{id}/return")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> sendBack(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Return body) {
    return Playbook.require(id, ifMatch)
        .call(
            playbook ->
                PlaybookVersion.of(id, playbook.state().submitted())
                    .chain(
                        written ->
                            outbox.append(
                                playbook,
                                playbook.sendBack(
                                    written, actor.id(), body.reason(), clock.instant()))))
        .map(PlaybookResource::ok);
  }

  /** What happened to the playbook, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("playbook", id, query);
  }

  private static RestResponse<View> ok(Playbook playbook) {
    return Answer.ok(View.of(playbook), playbook.version());
  }
}
