package io.vigie.console.mine;

import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AccessService;
import io.vigie.console.service.AccessService.Attendance;
import io.vigie.console.service.AccessService.Course;
import io.vigie.console.service.AccessService.Due;
import io.vigie.console.service.AccessService.Person;
import io.vigie.console.service.AccessService.Standing;
import io.vigie.console.service.AuditService.Text;
import io.vigie.console.service.Items;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;
import static java.util.Comparator.reverseOrder;

/** Which courses who is there has to attend, until when, and which they attended. */
@Path(MyCoursesResource.PATH)
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class MyCoursesResource {

  static final String PATH = "/my/courses";

  /**
   * A course that is asked of who is there.
   *
   * @param reference where its content is; null where nobody says
   * @param hasAddress whether that is an address
   * @param isToDo whether they may say now that they did it
   * @param key made with the form: sent twice, it is recorded once
   */
  record Asked(
      UUID course,
      String title,
      Due due,
      LocalDate dueOn,
      LocalDate validUntil,
      String reference,
      boolean hasAddress,
      boolean isToDo,
      String key) {}

  record Attended(String title, LocalDate on, LocalDate validUntil, String certificate) {}

  /**
   * @param isKnown whether somebody has the account of who is there
   * @param asked what is overdue first
   * @param attended the newest first; null where access-service does not tell it
   * @param isMore whether they attended more than is shown
   * @param isRecorded whether they said just now that they did one
   * @param receipt the event that it made; null where that is not known
   * @param isRefused whether that was not taken
   */
  record Courses(
      boolean isKnown,
      List<Asked> asked,
      List<Attended> attended,
      boolean isMore,
      boolean isRecorded,
      UUID receipt,
      boolean isRefused)
      implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(MyCoursesResource.class);

  /** As many as access-service answers at once. */
  private static final int MOST = 200;

  private final AccessService access;
  private final Viewer viewer;

  MyCoursesResource(@RestClient AccessService access, Viewer viewer) {
    this.access = access;
    this.viewer = viewer;
  }

  /**
   * @param recorded whether they said just now that they did one
   * @param receipt the event that it made
   */
  @GET
  public Uni<TemplateInstance> courses(@RestQuery boolean recorded, @RestQuery UUID receipt) {
    return page(recorded, receipt, false).map(page -> page);
  }

  /** Who must sign in again while they send the form comes back to it. */
  @GET
  @Path("{course}/self-study")
  public RestResponse<Void> form(@RestPath UUID course) {
    return RestResponse.seeOther(URI.create(PATH));
  }

  @POST
  @Path("{course}/self-study")
  public Uni<RestResponse<Object>> selfStudy(@RestPath UUID course, @RestForm String key) {
    return access
        .selfStudy(course, key)
        .map(
            answer ->
                ResponseBuilder.<Object>seeOther(
                        URI.create(PATH + "?recorded=true" + Receipts.query(answer)))
                    .build())
        .onFailure(Receipts::isRuledOut)
        .recoverWithUni(
            () ->
                page(false, null, true)
                    .map(
                        page ->
                            ResponseBuilder.<Object>create(Status.CONFLICT)
                                .entity(page)
                                .type(MediaType.TEXT_HTML_TYPE)
                                .build()));
  }

  private Uni<Courses> page(boolean isRecorded, UUID receipt, boolean isRefused) {
    return access
        .me()
        .onFailure(MyCoursesResource::isNobody)
        .recoverWithNull()
        .chain(
            person ->
                person == null
                    ? Uni.createFrom()
                        .item(
                            new Courses(false, List.of(), List.of(), false, false, null, isRefused))
                    : page(person, isRecorded, receipt, isRefused));
  }

  private static boolean isNobody(Throwable failure) {
    return failure instanceof ClientWebApplicationException refusal
        && refusal.getResponse().getStatus() == 404;
  }

  private Uni<Courses> page(Person person, boolean isRecorded, UUID receipt, boolean isRefused) {
    return Uni.combine()
        .all()
        .unis(access.training(person.id()), access.courses(MOST), attendances(person))
        .with(
            (standings, courses, attendances) -> {
              Map<UUID, Course> known =
                  courses.items().stream()
                      .collect(Collectors.toMap(Course::id, Function.identity()));
              return new Courses(
                  true,
                  standings.items().stream()
                      .sorted(
                          comparing(Standing::due, reverseOrder())
                              .thenComparing(Standing::dueOn, nullsLast(naturalOrder())))
                      .map(standing -> asked(standing, known.get(standing.course())))
                      .toList(),
                  attendances == null ? null : attended(attendances.getEntity().items(), known),
                  attendances != null && attendances.getHeaderString("Link") != null,
                  isRecorded,
                  receipt,
                  isRefused);
            });
  }

  private Uni<RestResponse<Items<Attendance>>> attendances(Person person) {
    return access
        .attendances(person.id(), false, MOST)
        .onFailure()
        .invoke(failure -> LOG.warnf("access-service does not tell attendances: %s", failure))
        .onFailure()
        .recoverWithNull();
  }

  private Asked asked(Standing standing, Course course) {
    String reference =
        course == null || course.content() == null ? null : course.content().reference();
    return new Asked(
        standing.course(),
        title(course, standing.code()),
        standing.due(),
        standing.dueOn(),
        standing.validUntil(),
        reference,
        reference != null && reference.matches("https?://.*"),
        standing.due() != Due.VALID && course != null && course.selfStudy(),
        UUID.randomUUID().toString());
  }

  private List<Attended> attended(List<Attendance> attendances, Map<UUID, Course> known) {
    List<Attended> attended = new ArrayList<>();
    attendances.forEach(
        each ->
            attended.add(
                new Attended(
                    title(known.get(each.course()), each.certificate()),
                    each.attendedOn(),
                    each.validUntil(),
                    each.certificate())));
    Collections.reverse(attended);
    return attended;
  }

  private String title(Course course, String otherwise) {
    return course == null ? otherwise : viewer.text(new Text(course.titleEn(), course.titleFr()));
  }
}
