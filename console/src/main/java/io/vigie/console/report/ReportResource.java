package io.vigie.console.report;

import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AuditService;
import io.vigie.console.service.IncidentService;
import io.vigie.console.service.IncidentService.SecurityEvent;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** The report form, what became of a report, and its receipt. */
@Path("/")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class ReportResource {

  /**
   * What somebody typed.
   *
   * @param when by the clock on the wall here, as {@code 2026-01-31T17:05}
   * @param place where it was; blank, or null, where nobody said, as {@code noticed}
   * @param noticed when somebody noticed it, as {@code when}
   * @param key made with the form: sent twice, it is reported once
   */
  record Draft(
      @RestForm String title,
      @RestForm String description,
      @RestForm String when,
      @RestForm String place,
      @RestForm String noticed,
      @RestForm String key) {

    /** A browser counts the end of a line once, and sends it as two. */
    String text() {
      return description.replace("\r\n", "\n").strip();
    }

    /** Null where nobody said. */
    String where() {
      return isBlank(place) ? null : place.strip();
    }
  }

  /** Why a draft was not taken. */
  enum Problem {
    INCOMPLETE,
    TOO_LONG,
    BAD_TIME,
    BAD_NOTICE,
    ALREADY_SENT,
    REFUSED,
    AWAY
  }

  /**
   * @param now the latest time that can be given, as in the draft
   * @param problem null for a fresh form
   */
  record Home(Draft draft, String now, Problem problem) implements TemplateInstance {}

  /**
   * @param receipt the event that it made; null where that is not known any more
   */
  record Report(SecurityEvent event, UUID receipt) implements TemplateInstance {}

  record ReceiptPending(UUID event) implements TemplateInstance {}

  static final int LONGEST_TITLE = 200;
  static final int LONGEST_DESCRIPTION = 10_000;

  private static final Logger LOG = Logger.getLogger(ReportResource.class);

  private final IncidentService incidents;
  private final AuditService log;
  private final Viewer viewer;
  private final Clock clock;

  ReportResource(
      @RestClient IncidentService incidents,
      @RestClient AuditService log,
      Viewer viewer,
      Clock clock) {
    this.incidents = incidents;
    this.log = log;
    this.viewer = viewer;
    this.clock = clock;
  }

  @GET
  public TemplateInstance home() {
    return new Home(new Draft("", "", now(), "", "", UUID.randomUUID().toString()), now(), null);
  }

  /** Who was too long at a sign-in, or comes back to it, begins here. */
  @GET
  @Path("callback")
  public RestResponse<Void> signedIn() {
    return RestResponse.seeOther(URI.create("/"));
  }

  /** On the form's own path: who must sign in again in between comes back to a form. */
  @POST
  public Uni<RestResponse<Object>> report(@BeanParam Draft draft) {
    Problem problem = problem(draft);
    if (problem != null) {
      return Uni.createFrom().item(again(draft, problem));
    }
    return incidents
        .report(
            draft.key(),
            new IncidentService.Report(
                draft.title().strip(),
                draft.text(),
                instant(draft.when()),
                draft.where(),
                instant(draft.noticed())))
        .map(ReportResource::reported)
        .onFailure()
        .recoverWithItem(failure -> again(draft, problem(failure)));
  }

  private Problem problem(Draft draft) {
    if (isBlank(draft.title()) || isBlank(draft.description()) || isBlank(draft.key())) {
      return Problem.INCOMPLETE;
    }
    if (draft.title().length() > LONGEST_TITLE
        || draft.where() != null && draft.where().length() > LONGEST_TITLE
        || draft.text().length() > LONGEST_DESCRIPTION
        || draft.key().length() > LONGEST_TITLE) {
      return Problem.TOO_LONG;
    }
    Instant when = instant(draft.when());
    if (when == null || when.isAfter(clock.instant())) {
      return Problem.BAD_TIME;
    }
    return isBlank(draft.noticed()) || isBetween(when, instant(draft.noticed()))
        ? null
        : Problem.BAD_NOTICE;
  }

  private boolean isBetween(Instant occurred, Instant noticed) {
    return noticed != null && !noticed.isBefore(occurred) && !noticed.isAfter(clock.instant());
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof ClientWebApplicationException refusal) {
      int status = refusal.getResponse().getStatus();
      if (status == 422) {
        return Problem.ALREADY_SENT;
      }
      // One under way, or too many: sent again it is reported once.
      if (status < 500 && status != 409 && status != 429) {
        return Problem.REFUSED;
      }
    }
    LOG.warnf("A report could not be sent: %s", failure);
    return Problem.AWAY;
  }

  /** The form as it was sent, which answers with why. */
  private RestResponse<Object> again(Draft draft, Problem problem) {
    return ResponseBuilder.<Object>create(
            problem == Problem.AWAY ? Status.SERVICE_UNAVAILABLE : Status.BAD_REQUEST)
        .entity(new Home(draft, now(), problem))
        .type(MediaType.TEXT_HTML_TYPE)
        .build();
  }

  private static RestResponse<Object> reported(RestResponse<SecurityEvent> answer) {
    String receipt = answer.getHeaderString("Vigie-Receipt");
    String query = receipt == null ? "" : "?receipt=" + receipt.replaceAll(".*/", "");
    return ResponseBuilder.<Object>seeOther(
            URI.create("/security-events/" + answer.getEntity().id() + query))
        .build();
  }

  /** What somebody reported themselves; responders, the CISO and auditors see all. */
  @GET
  @Path("security-events/{id}")
  public Uni<TemplateInstance> report(@RestPath UUID id, @RestQuery UUID receipt) {
    return incidents.securityEvent(id).map(event -> new Report(event, receipt));
  }

  /** The proof, to keep; until there is one, a page that says when to ask again. */
  @GET
  @Path("receipts/{event}")
  public Uni<RestResponse<Object>> receipt(@RestPath UUID event) {
    return log.receipt(event)
        .map(
            answer ->
                answer.getStatus() == Status.OK.getStatusCode()
                    ? ResponseBuilder.<Object>ok(answer.getEntity(), MediaType.TEXT_PLAIN_TYPE)
                        .header(
                            "Content-Disposition",
                            "attachment; filename=\"" + event + ".tlog-proof\"")
                        .build()
                    : ResponseBuilder.<Object>create(Status.ACCEPTED)
                        .entity(new ReceiptPending(event))
                        .type(MediaType.TEXT_HTML_TYPE)
                        .build());
  }

  private String now() {
    return clock
        .instant()
        .atZone(viewer.zone())
        .toLocalDateTime()
        .truncatedTo(ChronoUnit.MINUTES)
        .toString();
  }

  /** Null where it is no time. */
  private Instant instant(String when) {
    try {
      return when == null ? null : LocalDateTime.parse(when).atZone(viewer.zone()).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
