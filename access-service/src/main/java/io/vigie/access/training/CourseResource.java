package io.vigie.access.training;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
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
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/** Courses (R2.1, R2.2, R2.3, R11.14). */
@Path("/v1/courses")
public class CourseResource {

  @Schema(name = "CourseRetirement")
  record Retirement(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "Course")
  record View(UUID id, @JsonUnwrapped Course.State course, long version) {
    static View of(Course course) {
      return new View(course.id(), course.state(), course.version());
    }
  }

  /**
   * A course that the policy asks for.
   *
   * @param course the one with this code, or null while nobody created it
   */
  @Schema(name = "RequiredCourse")
  record Required(String code, @JsonUnwrapped TrainingPolicy.Requirement policy, UUID course) {}

  private static final Map<String, String> SORTS =
      Map.of(
          "code", "lower(%scode)",
          "titleEn", "lower(%stitleEn)",
          "titleFr", "lower(%stitleFr)",
          "state", "%sstate",
          "requiredFrom", "%srequiredFrom",
          "validityMonths", "%svalidityMonths");

  private final TrainingPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  CourseResource(
      TrainingPolicy policy, Outbox outbox, History history, Own own, Actor actor, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  /** What the sheet leaves out is as the policy has it for the course of this code, or any. */
  @POST
  @RolesAllowed({CISO, ACCESS_MANAGER})
  @Command
  public Uni<RestResponse<View>> create(@NotNull @Valid CourseSheet body) {
    Course course = new Course(policy.complete(body, LocalDate.now(clock)), clock.instant());
    return outbox
        .append(course, course.created())
        .map(
            done ->
                Answer.created("/v1/courses/" + course.id(), View.of(course), course.version()));
  }

  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("code") @Size(max = 40) String code,
      @QueryParam("state") CourseState state,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("code", code)
            .equal("state", state)
            .after(paging, sorting, Course.class, SORTS);
    return Course.<Course>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(courses -> paging.page(courses, Course::id, View::of));
  }

  /** The courses that the policy asks for, and which of them are there. */
  @GET
  @Path("required")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<Required>>> required() {
    Map<String, TrainingPolicy.Requirement> wanted = policy.courses();
    return Course.<Course>list("code in ?1", wanted.keySet())
        .map(
            courses ->
                courses.stream().collect(Collectors.toMap(c -> c.state().code(), Course::id)))
        .map(ids -> RestResponse.ok(new Answer.Page<>(required(wanted, ids))));
  }

  private static List<Required> required(
      Map<String, TrainingPolicy.Requirement> wanted, Map<String, UUID> ids) {
    return wanted.entrySet().stream()
        .map(each -> new Required(each.getKey(), each.getValue(), ids.get(each.getKey())))
        .toList();
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Course.require(id).map(CourseResource::ok);
  }

  /** Replaces all that is said of the course. Certificates that were given keep their term. */
  @PUT
  @Path("{id}")
  @RolesAllowed({CISO, ACCESS_MANAGER})
  @Command
  public Uni<RestResponse<View>> change(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid CourseSheet body) {
    return Course.require(id, ifMatch)
        .call(
            course ->
                outbox.append(
                    course,
                    course.change(
                        policy.complete(body, course.state().requiredFrom()), clock.instant())))
        .map(CourseResource::ok);
  }

  /** Nobody has to take it any more; certificates keep their term. */
  @POST
  @Path("{id}/retirement")
  @RolesAllowed({CISO, ACCESS_MANAGER})
  @Command
  public Uni<RestResponse<View>> retire(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Retirement body) {
    return Course.require(id, ifMatch)
        .call(course -> outbox.append(course, course.retire(body.reason(), clock.instant())))
        .map(CourseResource::ok);
  }

  /**
   * The caller did the course today, by themself, and has understood it. 422 for a course that is
   * taught, 409 for a second time on one day.
   */
  @POST
  @Path("{id}/self-study")
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<AttendanceView>> selfStudy(UUID id) {
    return Course.require(id)
        .chain(() -> own.require())
        .chain(person -> Person.hold(person.id()))
        .chain(
            person ->
                Course.hold(id)
                    .map(course -> course.selfStudied(person.id(), actor.id(), clock.instant())))
        .call(attendance -> outbox.append(List.of(attendance.recorded())))
        .map(AttendanceView::created);
  }

  /** What happened to the course, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("course", id, query);
  }

  private static RestResponse<View> ok(Course course) {
    return Answer.ok(View.of(course), course.version());
  }
}
