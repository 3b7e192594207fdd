package io.vigie.asset.software.feed;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

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
import io.vigie.asset.software.Act;
import io.vigie.asset.software.Advisory;
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
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** What the feeds said, and what became of it. */
@Path("/v1/notices")
public class NoticeResource {

  @Schema(name = "NoticeTakeUp")
  record TakeUp(@NotNull UUID advisory) {}

  @Schema(name = "NoticeDismissal")
  record Dismissal(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Notice")
  record View(
      UUID id,
      UUID feed,
      String identifier,
      String title,
      String link,
      String category,
      Instant publishedAt,
      Instant receivedAt,
      NoticeState state,
      UUID advisory,
      Decision decided,
      long version) {

    @Schema(name = "NoticeDecision")
    record Decision(String by, Instant at, String reason) {}

    static View of(Notice notice) {
      Notice.State state = notice.state();
      Act act = notice.decision();
      return new View(
          notice.id(),
          state.feed(),
          state.identifier(),
          state.title(),
          state.link(),
          state.category(),
          state.publishedAt(),
          state.receivedAt(),
          state.state(),
          state.advisory(),
          act == null ? null : new Decision(act.by(), act.at(), act.reason()),
          notice.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "title", "lower(%stitle)",
          "state", Sorting.ranked("state", NoticeState.values()),
          "publishedAt", "%spublishedAt",
          "receivedAt", "%sreceivedAt");

  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  NoticeResource(Outbox outbox, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Notices in order of arrival. */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("feed") UUID feed,
      @QueryParam("state") NoticeState state,
      @QueryParam("identifier") @Size(max = 200) String identifier,
      @QueryParam("advisory") UUID advisory,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("feed", feed)
            .equal("state", state)
            .equal("identifier", identifier)
            .equal("advisory", advisory)
            .after(paging, sorting, Notice.class, SORTS);
    return Notice.<Notice>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(notices -> paging.page(notices, Notice::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Notice.require(id).map(NoticeResource::ok);
  }

  /** Links it to the advisory that says more. */
  @POST
  @Path("{id}/take-up")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> takeUp(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid TakeUp body) {
    return Notice.require(id, ifMatch)
        .call(() -> Advisory.require(body.advisory()))
        .call(notice -> outbox.append(notice, notice.takeUp(body.advisory(), act(null))))
        .map(NoticeResource::ok);
  }

  @POST
  @Path("{id}/dismissal")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> dismiss(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Dismissal body) {
    return Notice.require(id, ifMatch)
        .call(notice -> outbox.append(notice, notice.dismiss(act(body.reason()))))
        .map(NoticeResource::ok);
  }

  /** What happened to the notice, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("notice", id, query);
  }

  private Act act(String reason) {
    return new Act(actor.id(), clock.instant(), reason);
  }

  private static RestResponse<View> ok(Notice notice) {
    return Answer.ok(View.of(notice), notice.version());
  }
}
