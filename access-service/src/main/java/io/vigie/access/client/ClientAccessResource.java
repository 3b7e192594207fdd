package io.vigie.access.client;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

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
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
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
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * Accesses to clients' data. Access managers, sysadmins, the CISO and auditors see all of them;
 * other staff see their own person's and nothing else.
 */
@Path("/v1/client-accesses")
public class ClientAccessResource {

  @Schema(name = "ClientAccessRequest")
  record Request(
      @NotNull UUID client,
      @NotNull UUID person,
      @NotNull @Valid Purpose purpose,
      Instant validFrom,
      @NotNull Instant validUntil) {}

  @Schema(name = "ClientAccessRefusal")
  record Refusal(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "ClientAccessRevocation")
  record Revocation(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "ClientAccess")
  record View(
      UUID id,
      UUID client,
      UUID person,
      Purpose purpose,
      Instant validFrom,
      Instant validUntil,
      ClientAccessState state,
      String requestedBy,
      Instant requestedAt,
      String decidedBy,
      Instant decidedAt,
      String refusal,
      String revokedBy,
      Instant revokedAt,
      String revocation,
      long version) {

    static View of(ClientAccess access) {
      ClientAccess.State state = access.state();
      return new View(
          access.id(),
          state.client(),
          state.person(),
          access.purpose(),
          state.validFrom(),
          state.validUntil(),
          state.state(),
          state.requestedBy(),
          access.requestedAt(),
          state.decidedBy(),
          state.decidedAt(),
          access.refusal(),
          state.revokedBy(),
          access.revokedAt(),
          access.revocation(),
          access.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "purpose.ground", "%spurpose.ground",
          "state", Sorting.ranked("state", ClientAccessState.values()),
          "validFrom", "%speriod.validFrom",
          "validUntil", "%speriod.validUntil");

  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  ClientAccessResource(Outbox outbox, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Asks for access, for anybody who works here. Another access manager approves it. */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> request(@NotNull @Valid Request body) {
    Instant now = clock.instant();
    return Person.hold(body.person())
        .chain(() -> Client.hold(body.client()))
        .map(
            client ->
                new ClientAccess(
                    client,
                    body.person(),
                    body.purpose(),
                    Period.asked(body.validFrom(), body.validUntil(), now),
                    actor.id(),
                    now))
        .call(access -> outbox.append(access, access.requested()))
        .map(
            access ->
                Answer.created(
                    "/v1/client-accesses/" + access.id(), View.of(access), access.version()));
  }

  /** Accesses in order of request. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("client") UUID client,
      @QueryParam("person") UUID person,
      @QueryParam("state") ClientAccessState state,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("client", client)
            .equal("person", person)
            .equal("state", state)
            .after(paging, sorting, ClientAccess.class, SORTS);
    return onlyVisible(filter)
        .chain(
            visible ->
                ClientAccess.<ClientAccess>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(accesses -> paging.page(accesses, ClientAccess::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return ClientAccess.require(id).call(this::requireVisible).map(ClientAccessResource::ok);
  }

  @POST
  @Path("{id}/approval")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return ClientAccess.require(id, ifMatch)
        .call(
            access ->
                Person.hold(access.state().person())
                    .chain(
                        recipient ->
                            Client.hold(access.state().client())
                                .chain(
                                    client ->
                                        outbox.append(
                                            access,
                                            access.approve(
                                                client, recipient, actor.id(), clock.instant())))))
        .map(ClientAccessResource::ok);
  }

  @POST
  @Path("{id}/refusal")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Refusal body) {
    return decide(id, ifMatch, access -> access.refuse(body.reason(), actor.id(), clock.instant()));
  }

  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return decide(id, ifMatch, access -> access.withdraw(actor.id(), clock.instant()));
  }

  @POST
  @Path("{id}/revocation")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> revoke(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Revocation body) {
    return decide(id, ifMatch, access -> access.revoke(body.reason(), actor.id(), clock.instant()));
  }

  /** What happened to the access, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("client-access", id, query);
  }

  private Uni<RestResponse<View>> decide(
      UUID id, String ifMatch, Function<ClientAccess, ClientAccessEvent> decision) {
    return ClientAccess.require(id, ifMatch)
        .call(access -> outbox.append(access, decision.apply(access)))
        .map(ClientAccessResource::ok);
  }

  private boolean seesAll() {
    return Stream.of(ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR).anyMatch(actor::hasRole);
  }

  /** Whoever has no person sees nothing. */
  private Uni<Filter> onlyVisible(Filter filter) {
    return seesAll()
        ? Uni.createFrom().item(filter)
        : Person.withSubject(actor.id())
            .map(people -> filter.in("person", people.stream().map(Person::id).toList()));
  }

  private Uni<Void> requireVisible(ClientAccess access) {
    return seesAll()
        ? Uni.createFrom().voidItem()
        : Person.withSubject(actor.id())
            .invoke(
                people -> {
                  if (people.stream()
                      .noneMatch(person -> person.id().equals(access.state().person()))) {
                    throw Problem.forbidden("This access is somebody else's.");
                  }
                })
            .replaceWithVoid();
  }

  private static RestResponse<View> ok(ClientAccess access) {
    return Answer.ok(View.of(access), access.version());
  }
}
