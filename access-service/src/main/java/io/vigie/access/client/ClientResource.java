package io.vigie.access.client;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * Clients. This is where the other services' ids get their names. The contact is for access
 * managers, responders, who may have to call, the CISO and auditors.
 */
@Path("/v1/clients")
public class ClientResource {

  /**
   * @param dueOn by the end of which day (UTC) the data has its fate
   */
  @Schema(name = "ClientEnding")
  record Ending(@NotNull DataFate fate, @NotNull LocalDate dueOn) {}

  /**
   * @param evidence SHA-256 of the file that shows it: the client's receipt, the certificate
   */
  @Schema(name = "ClientDataSettlement")
  record DataSettlement(@NotNull @FileHash String evidence) {}

  /**
   * @param contact null for callers who may not know it, and once the data is settled
   * @param dueOn by when the data has its fate; null while the client is active
   * @param evidence SHA-256 of the file that shows that the data was returned or destroyed
   */
  @Schema(name = "Client")
  record View(
      UUID id,
      String name,
      ClientContract contract,
      List<DataEntrusted> data,
      int notificationDelayHours,
      SecurityContact contact,
      ClientState state,
      DataFate fate,
      LocalDate dueOn,
      Instant endedAt,
      Instant settledAt,
      String evidence,
      long version) {}

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "state", "%sstate",
          "contract.reference", "lower(%scontract.reference)",
          "contract.endsOn", "%scontract.endsOn",
          "fate", "%sfate",
          "dueOn", "%sdueOn");

  private final Outbox outbox;
  private final History history;
  private final CeasedAccess accesses;
  private final Actor actor;
  private final Clock clock;

  ClientResource(Outbox outbox, History history, CeasedAccess accesses, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.accesses = accesses;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> register(@NotNull @Valid ClientProfile body) {
    Client client = new Client(body);
    return outbox
        .append(client, client.registered(clock.instant()))
        .map(done -> Answer.created("/v1/clients/" + client.id(), view(client), client.version()));
  }

  /**
   * Clients in order of registration.
   *
   * @param asset those whose data is kept on it
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") ClientState state,
      @QueryParam("asset") UUID asset,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .where(Client.KEPT_ON, asset == null ? null : Client.datumOn(asset))
            .after(paging, sorting, Client.class, SORTS);
    return Client.<Client>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(clients -> paging.page(clients, Client::id, this::view));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Client.require(id).map(this::ok);
  }

  /**
   * Replaces all that is known of the client. An access that rests on a clause ends with the
   * contract, also where that now ends earlier.
   */
  @PUT
  @Path("{id}")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> change(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid ClientProfile body) {
    return Client.requireAlone(id, ifMatch)
        .call(client -> outbox.append(client, client.change(body, clock.instant())))
        .map(this::ok);
  }

  /**
   * The contract is over, and every access to the client's data with it. What becomes of the data
   * is a task until it is settled.
   */
  @POST
  @Path("{id}/ending")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> end(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Ending body) {
    Instant now = clock.instant();
    return Client.requireAlone(id, ifMatch)
        .call(client -> outbox.append(client, client.end(body.fate(), body.dueOn(), now)))
        .call(client -> accesses.ending(client, "The client's contract ended.", now))
        .map(this::ok);
  }

  /** The data was returned or destroyed, as was decided. The contact is forgotten. */
  @POST
  @Path("{id}/data-settlement")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> settle(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid DataSettlement body) {
    Instant now = clock.instant();
    return Client.requireAlone(id, ifMatch)
        .call(client -> outbox.append(client, client.settle(body.evidence(), now)))
        .call(client -> accesses.ending(client, "Nothing of the client's data is left.", now))
        .map(this::ok);
  }

  /** What happened to the client's record, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("client", id, query);
  }

  private RestResponse<View> ok(Client client) {
    return Answer.ok(view(client), client.version());
  }

  private View view(Client client) {
    boolean seesContact =
        Stream.of(ACCESS_MANAGER, RESPONDER, CISO, AUDITOR).anyMatch(actor::hasRole);
    ClientProfile profile = client.profile();
    Client.State state = client.state();
    return new View(
        client.id(),
        profile.name(),
        profile.contract(),
        profile.data(),
        profile.notificationDelayHours(),
        seesContact ? profile.contact() : null,
        state.state(),
        state.fate(),
        state.dueOn(),
        client.endedAt(),
        state.settledAt(),
        client.evidence(),
        client.version());
  }
}
