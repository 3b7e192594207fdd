package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver.Change;
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
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/** The people of the agency. This is where the other services' ids get their names. */
@Path("/v1/people")
public class PersonResource {

  private static final Map<String, String> SORTS =
      Map.of(
          "familyName", "lower(%sdetails.familyName)",
          "kind", "%sdetails.kind",
          "state", "%sstate",
          "businessProfile", "lower(%sdetails.businessProfile)",
          "joinedOn", "%sdetails.joinedOn");

  private final Newcomers newcomers;
  private final Outbox outbox;
  private final History history;
  private final List<Holdings> holdings;
  private final Observers observers;
  private final Actor actor;
  private final Clock clock;

  PersonResource(
      Newcomers newcomers,
      Outbox outbox,
      History history,
      @All List<Holdings> holdings,
      Observers observers,
      Actor actor,
      Clock clock) {
    this.newcomers = newcomers;
    this.outbox = outbox;
    this.history = history;
    this.holdings = holdings;
    this.observers = observers;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Registers somebody else: access managers do not register themselves. Whoever starts another day
   * is announced until then.
   */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> join(@NotNull @Valid Details body) {
    return newcomers
        .register(body)
        .map(person -> Answer.created("/v1/people/" + person.id(), view(person), person.version()));
  }

  /**
   * People in order of registration. {@code ids}, up to 200 separated by commas, is a page of its
   * own: all of them come in one answer, and those that nobody has are left out. So is {@code who}:
   * ids of people or of their accounts.
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<PersonView>>> list(
      @Valid @BeanParam PersonFilter wanted,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter = wanted.filter().after(paging, sorting, Person.class, SORTS);
    if (wanted.isByName()) {
      return Person.<Person>list(filter.query(), filter.parameters())
          .map(
              people ->
                  RestResponse.ok(new Answer.Page<>(people.stream().map(this::view).toList())));
    }
    return Person.<Person>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(people -> paging.page(people, Person::id, this::view));
  }

  /** The caller's own person; 404 when their account belongs to nobody. */
  @GET
  @Path("me")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<PersonView>> me() {
    return Person.withSubject(actor.id())
        .map(
            people ->
                people.stream()
                    .findFirst()
                    .orElseThrow(
                        () ->
                            Problem.notFound(
                                "Nobody has your account. Ask an access manager to link it.")))
        .map(this::ok);
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<PersonView>> get(UUID id) {
    return Person.require(id).map(this::ok);
  }

  /**
   * Replaces the whole record. 422 for a change of whether the caller's own account is the
   * person's, 409 for another account of a person who has rights or has asked for some, for a
   * circle of managers, and for somebody as their own host.
   */
  @PUT
  @Path("{id}")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Details body) {
    return Relations.aloneIfLedByAnother(id, body.manager())
        .chain(() -> Person.requireAlone(id, ifMatch))
        .call(person -> Relations.requireOf(person, body))
        .call(person -> requireNoService(person, body))
        .call(person -> hasRights(id).chain(hasRights -> change(person, body, hasRights)))
        .map(this::ok);
  }

  private Uni<Boolean> hasRights(UUID person) {
    return Multi.createFrom()
        .iterable(holdings)
        .onItem()
        .transformToUniAndConcatenate(each -> each.hasRights(person))
        .collect()
        .asList()
        .map(answers -> answers.contains(true));
  }

  private static Uni<Void> requireNoService(Person person, Details to) {
    return Objects.equals(person.details().subject(), to.subject())
        ? Uni.createFrom().voidItem()
        : Accounts.requireNoService(to.subject());
  }

  private Uni<Void> change(Person person, Details to, boolean hasRights) {
    Instant now = clock.instant();
    String formerProfile = person.details().businessProfile();
    return outbox
        .append(person, person.change(to, hasRights, actor.id(), now))
        .chain(() -> Relations.requireNoCircle(List.of(person.id())))
        .chain(() -> observers.tell(List.of(Change.of(person, formerProfile, now))));
  }

  /**
   * What happened to the person's record, from the log, with each event's index in it; that
   * somebody will leave is in it.
   */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("person", id, query);
  }

  private RestResponse<PersonView> ok(Person person) {
    return Answer.ok(view(person), person.version());
  }

  /** Why somebody leaves, and that they will, is not their colleagues' business. */
  private PersonView view(Person person) {
    return PersonView.of(person, Stream.of(ACCESS_MANAGER, CISO, AUDITOR).anyMatch(actor::hasRole));
  }
}
