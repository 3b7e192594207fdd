package io.vigie.access.people;

import java.time.Clock;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
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
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** The people of the agency. This is where the other services' ids get their names. */
@Path("/v1/people")
public class PersonResource {

  private static final String ID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
  private static final String UP_TO_200_IDS = ID + "(," + ID + "){0,199}";

  private final Outbox outbox;
  private final History history;
  private final Holdings holdings;
  private final Actor actor;
  private final Clock clock;

  PersonResource(Outbox outbox, History history, Holdings holdings, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.holdings = holdings;
    this.actor = actor;
    this.clock = clock;
  }

  /** Registers somebody else: access managers do not register themselves. */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> join(@NotNull @Valid Profile body) {
    Person person = new Person(body, actor.id(), clock.instant());
    return outbox
        .append(person, person.joined(clock.instant()))
        .map(
            done ->
                Answer.created(
                    "/v1/people/" + person.id(), PersonView.of(person), person.version()));
  }

  /**
   * People in order of registration. {@code ids}, up to 200 separated by commas, is a page of its
   * own: all of them come in one answer, and those that nobody has are left out.
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<PersonView>>> list(
      @QueryParam("ids")
          @Pattern(regexp = UP_TO_200_IDS, message = "must be 1 to 200 ids, separated by commas")
          String ids,
      @QueryParam("state") PersonState state,
      @QueryParam("subject") UUID subject,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("profile.subject", subject == null ? null : subject.toString());
    if (ids != null) {
      filter.in("id", Stream.of(ids.split(",")).map(UUID::fromString).toList());
      return Person.<Person>list(filter.query(), filter.parameters())
          .map(
              people ->
                  RestResponse.ok(new Answer.Page<>(people.stream().map(this::view).toList())));
    }
    filter.after(paging);
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
   * Replaces the whole profile. 422 for a change of whether the caller's own account is the
   * person's, 409 for another account of a person who has rights or has asked for some.
   */
  @PUT
  @Path("{id}")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<PersonView>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Profile body) {
    return Person.requireAlone(id, ifMatch)
        .call(
            person ->
                holdings
                    .hasRights(id)
                    .chain(
                        hasRights ->
                            outbox.append(
                                person,
                                person.change(body, hasRights, actor.id(), clock.instant()))))
        .map(this::ok);
  }

  /** What happened to the person's record, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("person", id, query);
  }

  private RestResponse<PersonView> ok(Person person) {
    return Answer.ok(view(person), person.version());
  }

  /** Why somebody left is not their colleagues' business. */
  private PersonView view(Person person) {
    PersonView whole = PersonView.of(person);
    return Stream.of(ACCESS_MANAGER, CISO, AUDITOR).anyMatch(actor::hasRole)
        ? whole
        : whole.withoutDepartureReason();
  }
}
