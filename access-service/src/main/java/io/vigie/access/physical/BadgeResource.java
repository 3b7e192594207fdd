package io.vigie.access.physical;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
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

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
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

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * Badges (R6.2). Access managers, the CISO, responders, auditors and tools see all of them; other
 * staff see their own person's and nothing else.
 */
@Path("/v1/badges")
public class BadgeResource {

  /** How badges are numbered, by whoever makes them. */
  static final String NUMBER = "[A-Za-z0-9][A-Za-z0-9 ./_-]{0,49}";

  private static final List<String> SEE_ALL =
      List.of(ACCESS_MANAGER, CISO, RESPONDER, AUDITOR, TOOL);

  private static final List<String> REPORT_ALL = List.of(ACCESS_MANAGER, CISO, RESPONDER);

  @Schema(name = "BadgeIssue")
  record Issue(@NotNull @Pattern(regexp = NUMBER) String number, @NotNull UUID person) {}

  /** {@code reason} says why the badge before opens nothing any more. */
  @Schema(name = "BadgeReplacement")
  record Replacement(
      @NotNull @Pattern(regexp = NUMBER) String number,
      @NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "BadgeRevocation")
  record Revocation(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Badge")
  record View(UUID id, @JsonUnwrapped Badge.State badge, String endedReason, long version) {
    static View of(Badge badge) {
      return new View(badge.id(), badge.state(), badge.endedReason(), badge.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "number", "lower(%snumber)",
          "state", Sorting.ranked("state", BadgeState.values()),
          "issuedAt", "%sissuedAt",
          "endedAt", "%sendedAt");

  private final Outbox outbox;
  private final History history;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  BadgeResource(Outbox outbox, History history, Own own, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  /** Gives somebody else a badge; 409 while they have one that opens doors. */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> issue(@NotNull @Valid Issue body) {
    return Person.hold(body.person()).chain(person -> issue(body.number(), person, null));
  }

  private Uni<RestResponse<View>> issue(String number, Person person, UUID replaces) {
    Badge badge = new Badge(number.strip(), person, replaces, actor.id(), clock.instant());
    return outbox
        .append(badge, badge.issued())
        .map(done -> Answer.created("/v1/badges/" + badge.id(), View.of(badge), badge.version()));
  }

  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("person") UUID person,
      @QueryParam("state") BadgeState state,
      @QueryParam("number") @Size(max = 50) String number,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("person", person)
            .equal("state", state)
            .where("lower(number) = lower(:value)", number)
            .after(paging, sorting, Badge.class, SORTS);
    return own.unless(SEE_ALL, filter, "person")
        .chain(
            visible ->
                Badge.<Badge>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(badges -> paging.page(badges, Badge::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Badge.require(id)
        .call(badge -> own.requireUnless(SEE_ALL, badge.state().person()))
        .map(BadgeResource::ok);
  }

  /** It opens nothing from now on. Staff report their own; whoever answers for badges, any. */
  @POST
  @Path("{id}/loss")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> lose(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Badge.require(id)
        .call(badge -> own.requireUnless(REPORT_ALL, badge.state().person()))
        .chain(() -> Badge.require(id, ifMatch))
        .call(badge -> outbox.append(badge, badge.lose(actor.id(), clock.instant())))
        .map(BadgeResource::ok);
  }

  @POST
  @Path("{id}/revocation")
  @RolesAllowed({ACCESS_MANAGER, CISO, RESPONDER})
  @Command
  public Uni<RestResponse<View>> revoke(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Revocation body) {
    return Badge.require(id, ifMatch)
        .call(
            badge -> outbox.append(badge, badge.revoke(body.reason(), actor.id(), clock.instant())))
        .map(BadgeResource::ok);
  }

  /** It is back, or found. It is given to nobody again. */
  @POST
  @Path("{id}/return")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> giveBack(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Badge.require(id, ifMatch)
        .call(badge -> outbox.append(badge, badge.giveBack(actor.id(), clock.instant())))
        .map(BadgeResource::ok);
  }

  /** Revokes an active badge and gives its holder another, in one; answers with the new one. */
  @POST
  @Path("{id}/replacement")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> replace(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Replacement body) {
    return Badge.require(id)
        .chain(badge -> Person.hold(badge.state().person()))
        .chain(
            person ->
                Badge.require(id, ifMatch)
                    .call(
                        badge ->
                            outbox.append(
                                badge, badge.revoke(body.reason(), actor.id(), clock.instant())))
                    .chain(badge -> issue(body.number(), person, badge.id())));
  }

  /** What happened to the badge, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("badge", id, query);
  }

  private static RestResponse<View> ok(Badge badge) {
    return Answer.ok(View.of(badge), badge.version());
  }
}
