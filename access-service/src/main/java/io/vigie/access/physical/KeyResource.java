package io.vigie.access.physical;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import io.smallrye.mutiny.Multi;
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
import static io.vigie.kernel.security.Roles.STAFF;

/**
 * Keys (R6.3). Access managers, the CISO and auditors see all of them; other staff see those that
 * they have, and nothing else.
 */
@Path("/v1/keys")
public class KeyResource {

  private static final List<String> SEE_ALL = List.of(ACCESS_MANAGER, CISO, AUDITOR);

  /**
   * @param code what stands on the key, the same on all copies
   * @param zones those that it opens
   */
  @Schema(name = "KeyRegistration")
  record Registration(
      @NotNull @Pattern(regexp = BadgeResource.NUMBER) String code,
      @NotNull @Min(1) @Max(9_999) Integer copy,
      @NotNull @Size(min = 1, max = 100) List<@NotNull UUID> zones) {}

  @Schema(name = "KeyHandout")
  record Handout(@NotNull UUID person) {}

  @Schema(name = "KeyDestruction")
  record Destruction(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Key")
  record View(UUID id, @JsonUnwrapped Key.State key, long version) {
    static View of(Key key) {
      return new View(key.id(), key.state(), key.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "code", "lower(%scode)",
          "state", Sorting.ranked("state", KeyState.values()),
          "changedAt", "%schangedAt");

  private final ZoneRights rights;
  private final Outbox outbox;
  private final History history;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  KeyResource(
      ZoneRights rights, Outbox outbox, History history, Own own, Actor actor, Clock clock) {
    this.rights = rights;
    this.outbox = outbox;
    this.history = history;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  /** A copy that is in the safe. */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> register(@NotNull @Valid Registration body) {
    return Zone.requireInUse(body.zones())
        .map(zones -> new Key(body.code(), body.copy(), body.zones(), actor.id(), clock.instant()))
        .call(key -> outbox.append(key, key.registered()))
        .map(key -> Answer.created("/v1/keys/" + key.id(), View.of(key), key.version()));
  }

  /** {@code zone} is one of those that a key opens. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("holder") UUID holder,
      @QueryParam("state") KeyState state,
      @QueryParam("zone") UUID zone,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("holder", holder)
            .equal("state", state)
            .where(
                "cast(sql('? @> cast(cast(? as text) as uuid[])', zones, :value) as Boolean) = true",
                zone == null ? null : "{" + zone + "}")
            .after(paging, sorting, Key.class, SORTS);
    return own.unless(SEE_ALL, filter, "holder")
        .chain(
            visible ->
                Key.<Key>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(keys -> paging.page(keys, Key::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Key.require(id)
        .call(key -> own.requireUnless(SEE_ALL, key.state().holder()))
        .map(KeyResource::ok);
  }

  /** To somebody else, who has a right on every zone that it opens (R6.4). */
  @POST
  @Path("{id}/handout")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> handOut(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Handout body) {
    return Key.require(id, ifMatch)
        .chain(
            key ->
                Person.hold(body.person())
                    .chain(
                        person ->
                            mayEnterAll(person.id(), key.state().zones())
                                .chain(
                                    may ->
                                        outbox.append(
                                            key,
                                            key.handOut(person, may, actor.id(), clock.instant()))))
                    .replaceWith(key))
        .map(KeyResource::ok);
  }

  private Uni<Boolean> mayEnterAll(UUID person, List<UUID> zones) {
    return Multi.createFrom()
        .iterable(zones)
        .onItem()
        .transformToUniAndConcatenate(zone -> rights.mayEnter(person, zone))
        .collect()
        .asList()
        .map(answers -> !answers.contains(false));
  }

  /** It is back in the safe: handed in, or found. */
  @POST
  @Path("{id}/return")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> takeBack(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, key -> key.takeBack(actor.id(), clock.instant()));
  }

  /** Staff report those that they have; access managers, any. */
  @POST
  @Path("{id}/loss")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> lose(UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Key.require(id)
        .call(key -> own.requireUnless(List.of(ACCESS_MANAGER), key.state().holder()))
        .chain(() -> decide(id, ifMatch, key -> key.lose(actor.id(), clock.instant())));
  }

  /** It exists no more, or opens nothing any more: the locks were changed. */
  @POST
  @Path("{id}/destruction")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> destroy(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Destruction body) {
    return decide(id, ifMatch, key -> key.destroy(body.reason(), actor.id(), clock.instant()));
  }

  /** What happened to the key, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("key", id, query);
  }

  private Uni<RestResponse<View>> decide(
      UUID id, String ifMatch, Function<Key, KeyEvent> decision) {
    return Key.require(id, ifMatch)
        .call(key -> outbox.append(key, decision.apply(key)))
        .map(KeyResource::ok);
  }

  private static RestResponse<View> ok(Key key) {
    return Answer.ok(View.of(key), key.version());
  }
}
