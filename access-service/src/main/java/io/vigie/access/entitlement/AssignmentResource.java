package io.vigie.access.entitlement;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.SnapshotSource;
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
 * Who holds which business profiles, and when. The rights that follow are there with the answer.
 */
@Path("/v1/profile-assignments")
public class AssignmentResource {

  /**
   * @param validFrom now where it is left out; ten years ahead at most
   * @param validUntil when it ends by itself, ten years ahead at most
   */
  @Schema(name = "ProfileAssignmentRequest")
  record Request(
      @NotNull UUID person,
      @NotNull UUID profile,
      Instant validFrom,
      Instant validUntil,
      @Size(min = 1, max = 2_000) String reason) {}

  /**
   * @param validFrom left out to leave it; what has begun keeps it
   * @param validUntil left out for no known end
   */
  @Schema(name = "ProfileAssignmentChange")
  record Change(Instant validFrom, Instant validUntil) {}

  @Schema(name = "ProfileAssignmentEnd")
  record End(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "ProfileAssignment")
  record View(
      UUID id,
      UUID person,
      UUID profile,
      Instant validFrom,
      Instant validUntil,
      AssignmentState state,
      Act assigned,
      Act ended,
      long version) {

    static View of(ProfileAssignment assignment) {
      ProfileAssignment.State state = assignment.state();
      return new View(
          assignment.id(),
          state.person(),
          state.profile(),
          state.validFrom(),
          state.validUntil(),
          state.state(),
          assignment.assignment(),
          assignment.ending(),
          assignment.version());
    }
  }

  /** All assignments, for read models that start from nothing. */
  @ApplicationScoped
  static class Snapshots implements SnapshotSource {
    @Override
    public Uni<List<ProfileAssignment>> page(UUID after, int limit) {
      return ProfileAssignment.<ProfileAssignment>find(
              "id > ?1 order by id", after == null ? new UUID(0, 0) : after)
          .withLock(LockModeType.PESSIMISTIC_WRITE)
          .range(0, limit - 1)
          .list();
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "state", Sorting.ranked("state", AssignmentState.values()),
          "validFrom", "%svalidFrom",
          "validUntil", "%svalidUntil");

  private final Outbox outbox;
  private final Recomputation recomputation;
  private final RightReaders readers;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  AssignmentResource(
      Outbox outbox,
      Recomputation recomputation,
      RightReaders readers,
      History history,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.recomputation = recomputation;
    this.readers = readers;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Gives somebody else a profile, now or from a time ahead. */
  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> assign(@NotNull @Valid Request body) {
    Act act = new Act(actor.id(), clock.instant(), body.reason());
    return Person.holdAlone(body.person())
        .invoke(
            person -> {
              if (person.isHolder(actor.id())) {
                throw Person.selfAssignment();
              }
            })
        .chain(() -> BusinessProfile.hold(body.profile()))
        .map(
            profile ->
                new ProfileAssignment(
                    body.person(), profile.id(), body.validFrom(), body.validUntil(), act))
        .call(AssignmentResource::requireNoOther)
        .call(assignment -> outbox.append(assignment, assignment.made()))
        .call(assignment -> recomputation.of(List.of(body.person())))
        .map(
            assignment ->
                Answer.created(
                    "/v1/profile-assignments/" + assignment.id(),
                    View.of(assignment),
                    assignment.version()));
  }

  private static Uni<Void> requireNoOther(ProfileAssignment assignment) {
    ProfileAssignment.State wanted = assignment.state();
    return ProfileAssignment.<ProfileAssignment>list(
            "person = ?1 and profile = ?2 and id <> ?3 and state <> ?4",
            wanted.person(),
            wanted.profile(),
            assignment.id(),
            AssignmentState.ENDED)
        .invoke(
            others -> {
              if (others.stream().anyMatch(assignment::overlaps)) {
                throw Problem.conflict(
                    "profile-held",
                    "This person holds the profile at that time already. Change that assignment.");
              }
            })
        .replaceWithVoid();
  }

  /** In order of assignment. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("person") UUID person,
      @QueryParam("profile") UUID profile,
      @QueryParam("state") AssignmentState state,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("person", person)
            .equal("profile", profile)
            .equal("state", state)
            .after(paging, sorting, ProfileAssignment.class, SORTS);
    return readers
        .onlyVisible(filter)
        .chain(
            visible ->
                ProfileAssignment.<ProfileAssignment>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(found -> paging.page(found, ProfileAssignment::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return ProfileAssignment.require(id)
        .call(assignment -> readers.requireOf(assignment.person()))
        .map(AssignmentResource::ok);
  }

  /** Sets another beginning of what has not begun, or another end. */
  @PUT
  @Path("{id}")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Change body) {
    return take(id, ifMatch)
        .invoke(
            taken -> {
              if (taken.person().isHolder(actor.id())) {
                throw Person.selfAssignment();
              }
            })
        .map(Taken::assignment)
        .call(
            assignment ->
                outbox.append(
                    assignment,
                    assignment.change(body.validFrom(), body.validUntil(), clock.instant())))
        .call(AssignmentResource::requireNoOther)
        .call(assignment -> recomputation.of(List.of(assignment.person())))
        .map(AssignmentResource::ok);
  }

  /** Takes the profile; what it gave and no other gives ends after the grace of the policy. */
  @POST
  @Path("{id}/end")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> end(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return take(id, ifMatch)
        .map(Taken::assignment)
        .call(
            assignment ->
                outbox.append(
                    assignment,
                    assignment.end(new Act(actor.id(), clock.instant(), body.reason()))))
        .call(assignment -> recomputation.of(List.of(assignment.person())))
        .map(AssignmentResource::ok);
  }

  private record Taken(ProfileAssignment assignment, Person person) {}

  /** With the person locked, as whatever changes profiles does; a flush finds who came first. */
  private static Uni<Taken> take(UUID id, String ifMatch) {
    return ProfileAssignment.require(id, ifMatch)
        .chain(
            assignment ->
                Person.takeAlone(assignment.person()).map(person -> new Taken(assignment, person)));
  }

  /** What happened to the assignment, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("profile-assignment", id, query);
  }

  private static RestResponse<View> ok(ProfileAssignment assignment) {
    return Answer.ok(View.of(assignment), assignment.version());
  }
}
