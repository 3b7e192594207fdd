package io.vigie.console.report;

import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AuditService;
import io.vigie.console.service.IncidentService;
import io.vigie.console.service.IncidentService.Attachment;
import io.vigie.console.service.IncidentService.SecurityEvent;
import io.vigie.console.service.Items;
import io.vigie.console.service.ReportFiles;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.multipart.FileUpload;

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
    FILES_TOO_LARGE,
    ALREADY_SENT,
    REFUSED,
    AWAY
  }

  /**
   * @param now the latest time that can be given, as in the draft
   * @param problem null for a fresh form
   * @param hadFiles whether files came with the draft, which no page can put into a form again
   * @param hasMore whether what need not be said was, or is to be mended
   */
  record Home(Draft draft, String now, Problem problem, boolean hadFiles, boolean hasMore)
      implements TemplateInstance {}

  /**
   * @param receipt the event that it made; null where that is not known any more
   * @param files that it has; empty where nobody says
   * @param refused names of files that were not taken
   * @param tooLarge whether files were sent that nobody read
   */
  record Report(
      SecurityEvent event,
      UUID receipt,
      List<Attachment> files,
      List<String> refused,
      boolean tooLarge)
      implements TemplateInstance {}

  record ReceiptPending(UUID event) implements TemplateInstance {}

  static final int LONGEST_TITLE = 200;
  static final int LONGEST_DESCRIPTION = 10_000;

  /** Files at a time. */
  static final int MOST_FILES = 10;

  /** Bytes of a file, as incident-service takes it. */
  static final long LARGEST_FILE = 10L << 20;

  private static final Logger LOG = Logger.getLogger(ReportResource.class);

  private final IncidentService incidents;
  private final ReportFiles files;
  private final AuditService log;
  private final Viewer viewer;
  private final Clock clock;

  ReportResource(
      @RestClient IncidentService incidents,
      @RestClient ReportFiles files,
      @RestClient AuditService log,
      Viewer viewer,
      Clock clock) {
    this.incidents = incidents;
    this.files = files;
    this.log = log;
    this.viewer = viewer;
    this.clock = clock;
  }

  /**
   * Who audits from outside comes in at their audits.
   *
   * @param tooLarge whether a report was sent with files that nobody read
   */
  @GET
  @RolesAllowed({Roles.STAFF, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
  public RestResponse<Object> home(@RestQuery boolean tooLarge) {
    if (viewer.isOutsider()) {
      return ResponseBuilder.<Object>seeOther(URI.create("/audits")).build();
    }
    Draft fresh = new Draft("", "", now(), "", "", UUID.randomUUID().toString());
    return tooLarge
        ? form(Status.PAYLOAD_TOO_LARGE, fresh, Problem.FILES_TOO_LARGE, false)
        : form(Status.OK, fresh, null, false);
  }

  /** Who was too long at a sign-in, or comes back to it, begins here. */
  @GET
  @Path("callback")
  @RolesAllowed({Roles.STAFF, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
  public RestResponse<Void> signedIn() {
    return RestResponse.seeOther(URI.create("/"));
  }

  /**
   * On the form's own path: who must sign in again in between comes back to a form. What comes of
   * its files keeps no report from being sent.
   */
  @POST
  @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_FORM_URLENCODED})
  public Uni<RestResponse<Object>> report(
      @BeanParam Draft draft, @RestForm("file") List<FileUpload> sent) {
    List<FileUpload> chosen = chosen(sent);
    Problem problem = problem(draft);
    if (problem != null) {
      return Uni.createFrom().item(again(draft, problem, !chosen.isEmpty()));
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
        .onItemOrFailure()
        .transformToUni(
            (answer, failure) ->
                failure == null
                    ? add(answer.getEntity().id(), receipt(answer), chosen)
                    : Uni.createFrom().item(again(draft, problem(failure), !chosen.isEmpty())));
  }

  /** More files for a report; on the path of the page that has the form, as above. */
  @POST
  @Path("security-events/{id}")
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  public Uni<RestResponse<Object>> add(@RestPath UUID id, @RestForm("file") List<FileUpload> sent) {
    return add(id, null, chosen(sent));
  }

  /** A browser sends one without a name where somebody chose none. */
  private static List<FileUpload> chosen(List<FileUpload> sent) {
    return sent.stream().filter(file -> !isBlank(file.fileName())).toList();
  }

  private Uni<RestResponse<Object>> add(UUID event, UUID receipt, List<FileUpload> chosen) {
    return Multi.createFrom()
        .iterable(chosen)
        .onItem()
        .transformToUniAndConcatenate(
            file ->
                file.size() > LARGEST_FILE || chosen.indexOf(file) >= MOST_FILES
                    ? Uni.createFrom().item(name(file))
                    : add(event, file))
        .collect()
        .asList()
        .chain(
            refused ->
                refused.isEmpty()
                    ? Uni.createFrom().item(seeOther(event, receipt))
                    : incidents
                        .securityEvent(event)
                        .chain(known -> page(known, receipt, refused, false))
                        .map(
                            page ->
                                ResponseBuilder.<Object>ok(page, MediaType.TEXT_HTML_TYPE)
                                    .build()));
  }

  /** Its name where it was not taken; else null. */
  private Uni<String> add(UUID event, FileUpload file) {
    return files
        .add(event, name(file), file.filePath().toFile())
        .map(done -> (String) null)
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.warnf("A file of a report was not taken: %s", failure);
              return name(file);
            });
  }

  /** Without the folders that it was in, and what a line does not have. */
  private static String name(FileUpload file) {
    String name = file.fileName().replaceAll(".*[/\\\\]", "").replaceAll("\\p{Cntrl}", " ").strip();
    return name.length() > LONGEST_TITLE ? name.substring(0, LONGEST_TITLE) : name;
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
  private RestResponse<Object> again(Draft draft, Problem problem, boolean hadFiles) {
    Status status = problem == Problem.AWAY ? Status.SERVICE_UNAVAILABLE : Status.BAD_REQUEST;
    return form(status, draft, problem, hadFiles);
  }

  private RestResponse<Object> form(Status status, Draft draft, Problem problem, boolean hadFiles) {
    boolean hasMore =
        hadFiles
            || problem == Problem.FILES_TOO_LARGE
            || draft.where() != null
            || !isBlank(draft.noticed());
    return ResponseBuilder.<Object>create(status)
        .entity(new Home(draft, now(), problem, hadFiles, hasMore))
        .type(MediaType.TEXT_HTML_TYPE)
        .build();
  }

  /** The event that the answer's receipt is for; null where it has none. */
  private static UUID receipt(RestResponse<?> answer) {
    String receipt = answer.getHeaderString("Vigie-Receipt");
    return receipt == null ? null : UUID.fromString(receipt.replaceAll(".*/", ""));
  }

  private static RestResponse<Object> seeOther(UUID event, UUID receipt) {
    String query = receipt == null ? "" : "?receipt=" + receipt;
    return ResponseBuilder.<Object>seeOther(URI.create("/security-events/" + event + query))
        .build();
  }

  /** What somebody reported themselves; responders, the CISO and auditors see all. */
  @GET
  @Path("security-events/{id}")
  public Uni<TemplateInstance> report(
      @RestPath UUID id, @RestQuery UUID receipt, @RestQuery boolean tooLarge) {
    return incidents.securityEvent(id).chain(event -> page(event, receipt, List.of(), tooLarge));
  }

  /** Also where nobody says which files it has: it is about the report. */
  private Uni<TemplateInstance> page(
      SecurityEvent event, UUID receipt, List<String> refused, boolean tooLarge) {
    return incidents
        .attachments(event.id())
        .map(Items::items)
        .onFailure()
        .recoverWithItem(List.of())
        .map(has -> new Report(event, receipt, has, refused, tooLarge));
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
