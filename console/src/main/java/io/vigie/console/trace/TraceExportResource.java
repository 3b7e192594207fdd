package io.vigie.console.trace;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Streamed;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.PublishedLog;
import io.vigie.console.service.ServiceFiles;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * Files of the log to take away, which verify without us. Asked for by forms, not by links: that
 * one is taken stands in the log under the name of who takes it.
 */
@Path(TraceExportResource.PATH)
@RolesAllowed({Roles.CISO, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class TraceExportResource {

  static final String PATH = "/trace/exports";

  /** Why there is no file. */
  enum Problem {
    BAD_TIME,
    BAD_OBJECT,
    REFUSED,
    IMPOSSIBLE,
    AWAY
  }

  /**
   * A form as it was sent.
   *
   * @param form {@code ndjson}, {@code csv}, or {@code pack} for a pack of evidence
   * @param object its own events
   * @param client of a pack: the client's id
   * @param objects of a pack: {@code <kind>/<id>} each, with blanks or lines between them
   * @param audit of a pack: the audit whose answers it is of, by its id
   */
  record Choice(
      @RestForm String form,
      @RestForm String actor,
      @RestForm String object,
      @RestForm String type,
      @RestForm String source,
      @RestForm String from,
      @RestForm String to,
      @RestForm String outcome,
      @RestForm String client,
      @RestForm String objects,
      @RestForm String audit) {

    boolean isPack() {
      return "pack".equals(form);
    }

    Filter filter() {
      return new Filter(actor, object, type, source, null, from, to, outcome, null, null);
    }

    String name() {
      return isPack() ? "vigie-evidence.zip" : "vigie-export." + (isTable() ? "zip" : "ndjson");
    }

    String path() {
      return isPack() ? "evidence" : isTable() ? "export/csv" : "export";
    }

    boolean isTable() {
      return "csv".equals(form);
    }
  }

  /**
   * @param entries that the log has; null where it is not all open, or nobody says
   * @param filter of the export, or of the search that led here
   * @param isTable whether the export was asked for as a table
   * @param client as typed, or null; as are {@code objects} and {@code audit}
   * @param packProblem as {@code problem} of the other form; null while there is none
   */
  record Exports(
      Long entries,
      Filter filter,
      boolean isTable,
      Problem problem,
      String client,
      String objects,
      String audit,
      Problem packProblem)
      implements TemplateInstance {}

  private static final class Refused extends RuntimeException {
    private final Problem problem;

    Refused(Problem problem) {
      super(problem.name(), null, false, false);
      this.problem = problem;
    }
  }

  private static final Logger LOG = Logger.getLogger(TraceExportResource.class);

  /** What the page does without is not worth a longer wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ServiceFiles files;
  private final PublishedLog log;
  private final Viewer viewer;

  TraceExportResource(ServiceFiles files, @RestClient PublishedLog log, Viewer viewer) {
    this.files = files;
    this.log = log;
    this.viewer = viewer;
  }

  /** The forms, as filled in by the search that led here. */
  @GET
  public Uni<TemplateInstance> exports(
      @BeanParam Filter filter, @RestQuery String client, @RestQuery String audit) {
    return entries()
        .map(
            entries ->
                new Exports(entries, filter, false, null, client, filter.object(), audit, null));
  }

  /** How long an export is. */
  private Uni<Long> entries() {
    if (!viewer.seesHouse()) {
      return Uni.createFrom().nullItem();
    }
    return log.checkpoint()
        .ifNoItem()
        .after(PATIENCE)
        .fail()
        .map(note -> Long.valueOf(note.split("\n", 3)[1]))
        .onFailure()
        .invoke(
            failure -> LOG.warnf("audit-service does not tell how long the log is: %s", failure))
        .onFailure()
        .recoverWithNull();
  }

  /** The file, or the form again with why there is none. */
  @POST
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  public RestMulti<Buffer> take(@BeanParam Choice choice, @Context HttpServerRequest request) {
    return RestMulti.fromUniResponse(
        Uni.createFrom()
            .deferred(() -> files.ofLog(choice.path(), asked(choice)))
            .onFailure(failure -> problem(failure) != null)
            .recoverWithUni(failure -> again(choice, problem(failure))),
        file -> Streamed.closing(file, request),
        file ->
            Map.of(
                "Content-Disposition", List.of("attachment; filename=\"" + choice.name() + "\"")));
  }

  private List<Map.Entry<String, String>> asked(Choice choice) {
    if (choice.isPack()) {
      return pack(choice);
    }
    try {
      List<Map.Entry<String, String>> asked = new ArrayList<>();
      choice
          .filter()
          .asked(viewer.zone())
          .forEach(
              (name, value) ->
                  asked.add(Map.entry(name.equals("object") ? "subject" : name, value)));
      return asked;
    } catch (DateTimeException e) {
      throw new Refused(Problem.BAD_TIME);
    }
  }

  private static List<Map.Entry<String, String>> pack(Choice choice) {
    List<Map.Entry<String, String>> asked = new ArrayList<>();
    try {
      if (choice.client() != null && !choice.client().isBlank()) {
        asked.add(Map.entry("client", UUID.fromString(choice.client().strip()).toString()));
      }
      if (choice.audit() != null && !choice.audit().isBlank()) {
        asked.add(Map.entry("audit", UUID.fromString(choice.audit().strip()).toString()));
      }
    } catch (IllegalArgumentException e) {
      throw new Refused(Problem.BAD_OBJECT);
    }
    String objects = choice.objects() == null ? "" : choice.objects().strip();
    for (String object : objects.isEmpty() ? new String[0] : objects.split("\\s+")) {
      asked.add(Map.entry("object", object));
    }
    if (asked.isEmpty()) {
      throw new Refused(Problem.BAD_OBJECT);
    }
    return asked;
  }

  /** Null for what the form can do nothing about, such as a role that is missing. */
  private static Problem problem(Throwable failure) {
    if (failure instanceof Refused refused) {
      return refused.problem;
    }
    if (failure instanceof ClientWebApplicationException refusal) {
      return switch (refusal.getResponse().getStatus()) {
        // 414 for more objects than fit into one question.
        case 400, 414 -> Problem.REFUSED;
        case 409 -> Problem.IMPOSSIBLE;
        case 401, 403, 404 -> null;
        default -> Problem.AWAY;
      };
    }
    return failure instanceof IOException
            || failure instanceof VertxException
            || failure instanceof TimeoutException
        ? Problem.AWAY
        : null;
  }

  private static Uni<Multi<Buffer>> again(Choice choice, Problem problem) {
    if (problem == Problem.AWAY) {
      LOG.warn("The log does not answer for a file.");
    }
    boolean isPack = choice.isPack();
    return new Exports(
            null,
            choice.filter(),
            choice.isTable(),
            isPack ? null : problem,
            choice.client(),
            isPack ? choice.objects() : choice.object(),
            choice.audit(),
            isPack ? problem : null)
        .createUni()
        .map(
            page -> {
              throw new WebApplicationException(
                  Response.status(
                          switch (problem) {
                            case AWAY -> 503;
                            case IMPOSSIBLE -> 409;
                            default -> 400;
                          })
                      .entity(page)
                      .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                      .build());
            });
  }
}
