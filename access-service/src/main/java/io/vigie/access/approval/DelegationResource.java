package io.vigie.access.approval;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
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

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonState;
import io.vigie.kernel.Actor;
import io.vigie.kernel.PolicyTable;
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
 * Who approves in whose place while they are away. Bounded by {@code
 * contracts/policy/delegations.json}.
 */
@Path("/v1/delegations")
public class DelegationResource {

  /**
   * @param person who is away
   * @param validFrom now where it is left out
   */
  @Schema(name = "DelegationRequest")
  record Request(
      @NotNull UUID person,
      @NotNull UUID substitute,
      Instant validFrom,
      @NotNull Instant validUntil,
      @Size(min = 1, max = 2_000) String reason) {}

  @Schema(name = "DelegationRevocation")
  record Revocation(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Delegation")
  record View(
      UUID id,
      UUID person,
      UUID substitute,
      Instant validFrom,
      Instant validUntil,
      String reason,
      DelegationState state,
      String madeBy,
      Instant madeAt,
      long version) {

    static View of(Delegation delegation) {
      Delegation.State state = delegation.state();
      return new View(
          delegation.id(),
          state.person(),
          state.substitute(),
          state.validFrom(),
          state.validUntil(),
          delegation.reason(),
          state.state(),
          state.madeBy(),
          delegation.madeAt(),
          delegation.version());
    }
  }

  private record Policy(Duration longest) {}

  /**
   * As {@code acts_for} finds roles, and those to come: the delegation would pass these on, too.
   */
  private static final String CISOS_RIGHTS =
      """
      select count(*) from access_right r join entitlement e on e.id = r.entitlement_id
      where r.person_id = ?1 and r.state in ('REQUESTED', 'APPROVED', 'SUSPENDED')
        and (r.valid_until is null or r.valid_until > ?2)
        and e.directory_kind = 'ROLE' and e.directory_name = 'ciso'""";

  private static final List<String> READERS = List.of(ACCESS_MANAGER, CISO, AUDITOR);

  private static final Map<String, String> SORTS =
      Map.of(
          "state", Sorting.ranked("state", DelegationState.values()),
          "validFrom", "%svalidFrom",
          "validUntil", "%svalidUntil");

  private final Outbox outbox;
  private final Own own;
  private final History history;
  private final Actor actor;
  private final Clock clock;
  private final Duration longest = PolicyTable.read("delegations", Policy.class).longest();

  DelegationResource(Outbox outbox, Own own, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.own = own;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Names who approves in somebody's place. People name their own substitute; access managers name
   * others', and never themselves. Who has, or asked for, the role of the CISO in Vigie gets theirs
   * from a CISO in place of an access manager: it comes with that role. A person has one substitute
   * at a time.
   */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> make(@NotNull @Valid Request body) {
    return hold(body)
        .map(
            nobody ->
                new Delegation(
                    body.person(),
                    body.substitute(),
                    body.validFrom(),
                    body.validUntil(),
                    longest,
                    body.reason(),
                    actor.id(),
                    clock.instant()))
        .call(DelegationResource::requireNoOther)
        .call(delegation -> outbox.append(delegation, delegation.made()))
        .map(
            delegation ->
                Answer.created(
                    "/v1/delegations/" + delegation.id(),
                    View.of(delegation),
                    delegation.version()));
  }

  /** Both, in the order of their ids, as whatever locks people does. */
  private Uni<Void> hold(Request body) {
    Uni<Person> absent = Person.holdAlone(body.person()).call(this::requireMayNameFor);
    Uni<Person> substitute =
        Person.hold(body.substitute()).invoke(person -> requireSuitable(body.person(), person));
    boolean isInOrder = body.person().toString().compareTo(body.substitute().toString()) < 0;
    return isInOrder
        ? absent.chain(() -> substitute).replaceWithVoid()
        : substitute.chain(() -> absent).replaceWithVoid();
  }

  private Uni<Void> requireMayNameFor(Person absent) {
    if (absent.isHolder(actor.id())) {
      return Uni.createFrom().voidItem();
    }
    return isCiso(absent.id())
        .invoke(
            isCiso -> {
              if (isCiso && !actor.hasRole(CISO)) {
                throw Problem.forbidden(
                    "A substitute for the CISO is named by themselves, or by a CISO.");
              }
              if (!isCiso && !actor.hasRole(ACCESS_MANAGER)) {
                throw Problem.forbidden(
                    "Name your own substitute, or have an access manager name one.");
              }
            })
        .replaceWithVoid();
  }

  private Uni<Boolean> isCiso(UUID person) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(CISOS_RIGHTS, Long.class)
                    .setParameter(1, person)
                    .setParameter(2, clock.instant().atOffset(ZoneOffset.UTC))
                    .getSingleResult())
        .map(rights -> rights > 0);
  }

  private void requireSuitable(UUID absent, Person substitute) {
    if (!absent.equals(substitute.id()) && substitute.isHolder(actor.id())) {
      throw Problem.unprocessable(
          "own-delegation", "Somebody else must name you as their substitute.");
    }
    if (substitute.state().state() != PersonState.ACTIVE || substitute.state().subject() == null) {
      throw Problem.unprocessable(
          "substitute-without-account",
          "The substitute must work here already, and have an account. Choose somebody else.");
    }
  }

  private static Uni<Void> requireNoOther(Delegation delegation) {
    return Delegation.<Delegation>list(
            "person = ?1 and state = ?2", delegation.state().person(), DelegationState.OPEN)
        .invoke(
            others -> {
              if (others.stream().anyMatch(delegation::overlaps)) {
                throw Problem.conflict(
                    "delegation-overlaps",
                    "This person has a substitute at that time already. Revoke that first.");
              }
            })
        .replaceWithVoid();
  }

  /** In the order in which they were made; those of who asks, or all to who answers for access. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("person") UUID person,
      @QueryParam("substitute") UUID substitute,
      @QueryParam("state") DelegationState state,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("person", person)
            .equal("substitute", substitute)
            .equal("state", state)
            .after(paging, sorting, Delegation.class, SORTS);
    return (seesAll()
            ? Uni.createFrom().item(filter)
            : own.ids().map(ids -> filter.where("(person in :value or substitute in :value)", ids)))
        .chain(
            visible ->
                Delegation.<Delegation>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(found -> paging.page(found, Delegation::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Delegation.require(id).call(this::requireVisible).map(DelegationResource::ok);
  }

  /** Takes it back, at once; the absent one, the substitute and access managers do. */
  @POST
  @Path("{id}/revocation")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<View>> revoke(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Revocation body) {
    return Delegation.require(id, ifMatch)
        .call(
            delegation ->
                actor.hasRole(ACCESS_MANAGER)
                    ? Uni.createFrom().voidItem()
                    : requireOwn(delegation))
        .call(
            delegation ->
                outbox.append(delegation, delegation.revoke(body.reason(), clock.instant())))
        .map(DelegationResource::ok);
  }

  /** What happened to the delegation, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("delegation", id, query);
  }

  private boolean seesAll() {
    return READERS.stream().anyMatch(actor::hasRole);
  }

  private Uni<Void> requireVisible(Delegation delegation) {
    return seesAll() ? Uni.createFrom().voidItem() : requireOwn(delegation);
  }

  private Uni<Void> requireOwn(Delegation delegation) {
    return own.ids()
        .invoke(
            ids -> {
              Delegation.State state = delegation.state();
              if (!ids.contains(state.person()) && !ids.contains(state.substitute())) {
                throw Problem.forbidden("This is somebody else's.");
              }
            })
        .replaceWithVoid();
  }

  private static RestResponse<View> ok(Delegation delegation) {
    return Answer.ok(View.of(delegation), delegation.version());
  }
}
