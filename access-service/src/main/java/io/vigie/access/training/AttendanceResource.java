package io.vigie.access.training;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
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
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/**
 * Who took which course. Access managers, the CISO and auditors see all of it; other staff see
 * their own person's and nothing else.
 */
@Path("/v1/attendances")
public class AttendanceResource {

  static final List<String> SEE_ALL = List.of(ACCESS_MANAGER, CISO, AUDITOR);

  /** {@code attendedOn} is today, or a day within the last ten years. */
  @Schema(name = "AttendanceRecord")
  record Entry(@NotNull UUID course, @NotNull UUID person, @NotNull LocalDate attendedOn) {}

  @Schema(name = "AttendanceAnnulment")
  record Annulment(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * What an attendance gives its person.
   *
   * @param valid whether it counts today
   * @param receipt where the log proves it
   */
  @Schema(name = "TrainingCertificate")
  record Certificate(
      String number,
      UUID attendance,
      UUID person,
      String givenName,
      String familyName,
      UUID course,
      String code,
      String titleFr,
      String titleEn,
      String contentVersion,
      AttendanceWay way,
      LocalDate attendedOn,
      LocalDate validUntil,
      boolean valid,
      Instant recordedAt,
      String receipt) {}

  private final Outbox outbox;
  private final History history;
  private final Own own;
  private final Actor actor;
  private final Clock clock;
  private final String receipts;

  AttendanceResource(
      Outbox outbox,
      History history,
      Own own,
      Actor actor,
      Clock clock,
      @ConfigProperty(name = "vigie.audit-url") String auditUrl) {
    this.outbox = outbox;
    this.history = history;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
    this.receipts = auditUrl + "/v1/receipts/";
  }

  /** Records that somebody else took a course. */
  @POST
  @RolesAllowed({CISO, ACCESS_MANAGER})
  @Command
  public Uni<RestResponse<AttendanceView>> record(@NotNull @Valid Entry body) {
    return Person.hold(body.person())
        .invoke(person -> requireSomebodyElse(person))
        .chain(() -> Course.hold(body.course()))
        .map(
            course ->
                course.attended(body.person(), body.attendedOn(), actor.id(), clock.instant()))
        .call(attendance -> outbox.append(List.of(attendance.recorded())))
        .map(AttendanceView::created);
  }

  private void requireSomebodyElse(Person person) {
    if (person.isHolder(actor.id())) {
      throw Problem.unprocessable(
          "own-attendance", "Somebody else must record that you took a course.");
    }
  }

  /** In the order in which they were recorded. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<AttendanceView>>> list(
      @QueryParam("person") UUID person,
      @QueryParam("course") UUID course,
      @QueryParam("annulled") Boolean annulled,
      @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("person", person).equal("course", course).after(paging);
    if (annulled != null) {
      filter.where(annulled ? "annulledAt is not null" : "annulledAt is null");
    }
    return own.unless(SEE_ALL, filter, "person")
        .chain(
            visible ->
                Attendance.<Attendance>find(visible.query(), visible.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(all -> paging.page(all, Attendance::id, AttendanceView::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<AttendanceView>> get(UUID id) {
    return requireVisible(id).map(AttendanceView::ok);
  }

  /** 409 for an attendance that was annulled. */
  @GET
  @Path("{id}/certificate")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Certificate>> certificate(UUID id) {
    return requireVisible(id)
        .invoke(Attendance::requireNotAnnulled)
        .chain(
            attendance ->
                Course.require(attendance.state().course())
                    .chain(
                        course ->
                            name(attendance.state().person())
                                .map(name -> certificate(attendance, name, course))))
        .map(RestResponse::ok);
  }

  /** Given name and family name. */
  private static Uni<Object[]> name(UUID person) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select given_name, family_name from person where id = ?1", Object[].class)
                    .setParameter(1, person)
                    .getSingleResult());
  }

  private Certificate certificate(Attendance attendance, Object[] name, Course course) {
    Attendance.State state = attendance.state();
    return new Certificate(
        state.certificate(),
        attendance.id(),
        state.person(),
        (String) name[0],
        (String) name[1],
        course.id(),
        course.state().code(),
        course.state().titleFr(),
        course.state().titleEn(),
        state.contentVersion(),
        state.way(),
        state.attendedOn(),
        state.validUntil(),
        attendance.isValidOn(LocalDate.now(clock)),
        state.recordedAt(),
        receipts + attendance.receipt());
  }

  /** It was recorded in error: its certificate counts for nothing. */
  @POST
  @Path("{id}/annulment")
  @RolesAllowed({CISO, ACCESS_MANAGER})
  @Command
  public Uni<RestResponse<AttendanceView>> annul(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Annulment body) {
    return Attendance.require(id, ifMatch)
        .call(
            attendance ->
                outbox.append(
                    attendance, attendance.annul(body.reason(), actor.id(), clock.instant())))
        .map(AttendanceView::ok);
  }

  /** What happened to the attendance, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("attendance", id, query);
  }

  private Uni<Attendance> requireVisible(UUID id) {
    return Attendance.require(id)
        .call(attendance -> own.requireUnless(SEE_ALL, attendance.state().person()));
  }
}
