package io.vigie.console.trace;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Names;
import io.vigie.console.service.LogService;
import io.vigie.console.service.LogService.WholeEntry;
import io.vigie.console.trace.TraceReceiptResource.Pending;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The log, searched and entry by entry. */
@Path("/trace")
@RolesAllowed({Roles.CISO, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class TraceResource {

  /** Why a search has no answer. */
  enum Problem {
    BAD_TIME,
    REFUSED,
    AWAY
  }

  /**
   * @param lines what was found; empty beside a problem
   * @param names of those who did it, by account, as far as they are told
   * @param cursor where the page was asked to begin
   * @param problem null where the log answered
   * @param export the address where this can be taken away
   */
  record Search(
      Filter filter,
      List<Line> lines,
      Map<String, String> names,
      Cursor cursor,
      Pages pages,
      Problem problem,
      String export)
      implements TemplateInstance {}

  /**
   * @param event the event's id, under which its receipt is; null where the record was none
   * @param payload as text; null where it was erased or is no text
   * @param size of the payload, in bytes
   * @param isCut whether the text is only the beginning of it
   */
  record Entry(WholeEntry whole, Line line, UUID event, String payload, long size, boolean isCut)
      implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(TraceResource.class);
  private static final JsonFactory JSON = new JsonFactory();

  /** Letters of a payload on a page; the proof to download has all of it. */
  private static final int MOST = 100_000;

  private final LogService log;
  private final Names names;
  private final Viewer viewer;

  TraceResource(@RestClient LogService log, Names names, Viewer viewer) {
    this.log = log;
    this.names = names;
    this.viewer = viewer;
  }

  /** What the filter lets through, the newest first unless it says otherwise. */
  @GET
  public Uni<RestResponse<TemplateInstance>> search(
      @BeanParam Filter filter, @BeanParam Cursor cursor) {
    Map<String, String> asked;
    try {
      asked = filter.asked(viewer.zone());
    } catch (DateTimeException e) {
      return Uni.createFrom().item(page(filter, cursor, Problem.BAD_TIME));
    }
    asked.putIfAbsent("order", "desc");
    cursor.in(asked);
    return log.search(asked)
        .chain(
            found -> {
              List<Line> lines =
                  found.getEntity().items().stream()
                      .map(each -> Line.of(each.index(), each.entry()))
                      .toList();
              return names
                  .ofPeople(lines.stream().map(Line::actor))
                  .map(
                      called ->
                          new Search(
                              filter,
                              lines,
                              called,
                              cursor,
                              Pages.of(found, "/trace", filter.query()),
                              null,
                              export(filter)));
            })
        .map(page -> RestResponse.<TemplateInstance>ok(page))
        .onFailure(failure -> problem(failure) != null)
        .recoverWithItem(failure -> page(filter, cursor, problem(failure)));
  }

  /** Null for what is no matter of the search, such as a role that is missing. */
  private static Problem problem(Throwable failure) {
    if (failure instanceof ClientWebApplicationException refusal) {
      int status = refusal.getResponse().getStatus();
      return status == 400 ? Problem.REFUSED : status < 500 ? null : Problem.AWAY;
    }
    return failure instanceof ProcessingException || failure instanceof TimeoutException
        ? Problem.AWAY
        : null;
  }

  private RestResponse<TemplateInstance> page(Filter filter, Cursor cursor, Problem problem) {
    if (problem == Problem.AWAY) {
      LOG.warn("The log does not answer a search.");
    }
    return ResponseBuilder.<TemplateInstance>create(
            problem == Problem.AWAY ? Status.SERVICE_UNAVAILABLE : Status.BAD_REQUEST)
        .entity(
            new Search(
                filter,
                List.of(),
                Map.of(),
                cursor,
                new Pages(null, null),
                problem,
                export(filter)))
        .build();
  }

  private static String export(Filter filter) {
    return TraceExportResource.PATH + "?" + filter.query();
  }

  /** One entry with its payload; reading it is an event. */
  @GET
  @Path("entries/{index: [0-9]+}")
  public Uni<TemplateInstance> entry(@RestPath String index) {
    return log.entry(index).map(TraceResource::page);
  }

  private static Entry page(WholeEntry whole) {
    byte[] payload = whole.payload();
    String text = payload == null ? null : text(payload);
    boolean isCut = text != null && text.length() > MOST;
    return new Entry(
        whole,
        Line.of(whole.index(), whole.entry()),
        id(whole.entry().get("id")),
        isCut ? text.substring(0, MOST) : text,
        payload == null ? 0 : payload.length,
        isCut);
  }

  private static UUID id(String text) {
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * JSON is laid out, and otherwise as it is: no name is left out and no number is rounded. Laid
   * out, what is nested takes many times its length: it ends once it is longer than {@value #MOST}.
   */
  private static String text(byte[] payload) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
    StringWriter laidOut = new StringWriter();
    try (JsonParser parser = JSON.createParser(text);
        JsonGenerator generator = JSON.createGenerator(laidOut).useDefaultPrettyPrinter()) {
      while (laidOut.getBuffer().length() <= MOST && parser.nextToken() != null) {
        generator.copyCurrentEventExact(parser);
        generator.flush();
      }
    } catch (IOException e) {
      return text;
    }
    return laidOut.toString();
  }

  /**
   * The proof of an entry with what it commits to, to keep; taking it is an event. 202 while no
   * checkpoint covers the entry.
   */
  @GET
  @Path("entries/{index: [0-9]+}/tlog-proof")
  @Produces(MediaType.TEXT_PLAIN)
  public Uni<RestResponse<String>> proof(@RestPath String index) {
    return log.proof(index)
        .map(
            file ->
                ResponseBuilder.ok(file)
                    .header(
                        "Content-Disposition",
                        "attachment; filename=\"entry-" + Long.parseLong(index) + ".tlog-proof\"")
                    .build())
        .onFailure(TraceResource::isNotThere)
        .recoverWithUni(
            () ->
                new Pending("/trace/entries/" + index + "/tlog-proof")
                    .createUni()
                    .map(
                        page ->
                            ResponseBuilder.<String>create(Status.ACCEPTED)
                                .entity(page)
                                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                                .build()));
  }

  private static boolean isNotThere(Throwable failure) {
    return failure instanceof ClientWebApplicationException refusal
        && refusal.getResponse().getStatus() == Status.NOT_FOUND.getStatusCode();
  }
}
