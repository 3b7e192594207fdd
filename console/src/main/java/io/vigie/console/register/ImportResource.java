package io.vigie.console.register;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.ServiceProblem;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Services.Answer;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.multipart.FileUpload;

import static io.vigie.console.register.RegisterResource.REGISTER;
import static io.vigie.console.register.RegisterResource.page;
import static java.util.Comparator.comparing;

/**
 * Takes tables into registers. First it is shown, row by row, what a table would come to; the page
 * that shows it has the table too, and sends it again to be taken: none is kept here in between.
 */
@Path("/")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class ImportResource {

  /** Why a table was not taken, or nobody can say yet. */
  enum Problem {
    NO_FILE,
    TOO_LARGE,
    REFUSED,
    /** What was well when it was looked at is refused now. */
    CHANGED,
    UNDER_WAY,
    AWAY
  }

  /**
   * What becomes of a row.
   *
   * @param row 1 for the first behind the header
   * @param becomes in words
   * @param says how the row begins; null where that cannot be told
   * @param href of what it is about; null where that is new
   * @param errors the service's own words
   */
  record Line(int row, String becomes, String says, String href, List<String> errors) {}

  /** How many rows come to what. */
  record Count(long created, long updated, long unchanged, long refused) {}

  /**
   * The form.
   *
   * @param export where a table with the same columns is; null for nowhere
   * @param problem null for a fresh form
   * @param refused why, by the service
   */
  record Upload(
      String name,
      String label,
      List<String> columns,
      String export,
      Problem problem,
      ServiceProblem refused)
      implements TemplateInstance {}

  /**
   * What a table would come to, or came to.
   *
   * @param lines what is refused first, then what is new or changed
   * @param isMore whether there are more of these
   * @param passedOver the table's columns that no table changes
   * @param toTake how many rows would be taken; 0 once they are
   * @param table in Base64; null where there is nothing to take
   * @param key made with the form: sent twice, the table is taken once
   */
  record Outcome(
      String name,
      String label,
      boolean isTaken,
      Count count,
      List<Line> lines,
      boolean isMore,
      List<String> passedOver,
      long toTake,
      Problem problem,
      String table,
      String key)
      implements TemplateInstance {}

  /** A table that may be taken already, to be sent again as it was. */
  record Again(
      String name, String label, Problem problem, String table, String key, boolean leaveOut)
      implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(ImportResource.class);

  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_LINES = 200;

  private final Registers registers;
  private final Services services;
  private final Me me;
  private final Viewer viewer;

  ImportResource(Registers registers, Services services, Me me, Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.me = me;
    this.viewer = viewer;
  }

  /**
   * @param tooLarge whether a table was sent that nobody read
   */
  @GET
  @Path(REGISTER + "/import")
  public RestResponse<Object> form(@RestPath String register, @RestQuery boolean tooLarge) {
    Register of = importable(register);
    return tooLarge ? tooLarge(of) : upload(of, Status.OK, null, ServiceProblem.NONE);
  }

  private RestResponse<Object> tooLarge(Register of) {
    return upload(of, Status.PAYLOAD_TOO_LARGE, Problem.TOO_LARGE, ServiceProblem.NONE);
  }

  private Register importable(String name) {
    Register register = me.requireReader(registers.named(name));
    if (register.imports() == null) {
      throw new NotFoundException();
    }
    if (!me.hasOneOf(register.imports().roles())) {
      throw new ForbiddenException();
    }
    return register;
  }

  private RestResponse<Object> upload(
      Register of, Status status, Problem problem, ServiceProblem refused) {
    return page(
        status,
        new Upload(
            of.name(),
            label(of),
            of.imports().columns(),
            of.export() == null ? null : "/" + of.name() + "/export.csv",
            problem,
            refused));
  }

  private String label(Register of) {
    return DataWords.named("register." + of.name(), viewer.language());
  }

  /** What the table would come to. */
  @POST
  @Path(REGISTER + "/import")
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  @Blocking
  public Uni<RestResponse<Object>> look(
      @RestPath String register, @RestForm("table") FileUpload file) {
    Register of = importable(register);
    if (file == null || file.size() == 0) {
      return Uni.createFrom()
          .item(upload(of, Status.BAD_REQUEST, Problem.NO_FILE, ServiceProblem.NONE));
    }
    if (file.size() > MOST_BYTES) {
      return Uni.createFrom().item(tooLarge(of));
    }
    return looked(of, read(file), null);
  }

  private static byte[] read(FileUpload file) {
    try {
      return Files.readAllBytes(file.uploadedFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param problem why it is looked at again; null for the first time
   */
  private Uni<RestResponse<Object>> looked(Register of, byte[] table, Problem problem) {
    return services
        .table(of.service(), of.imports().path() + "?dryRun=true&atomic=false", null, table)
        .map(
            answer ->
                answer.isOk()
                    ? page(
                        problem == null ? Status.OK : Status.CONFLICT,
                        outcome(of, answer, table, false, problem))
                    : refused(of, answer))
        .onFailure(RegisterResource::isNoRefusal)
        .recoverWithItem(
            failure -> {
              LOG.warnf("%s-service does not look at a table: %s", of.service(), failure);
              return upload(of, Status.SERVICE_UNAVAILABLE, Problem.AWAY, ServiceProblem.NONE);
            });
  }

  private RestResponse<Object> refused(Register of, Answer answer) {
    if (answer.status() == 403) {
      throw new ForbiddenException();
    }
    return RegisterResource.problem(answer) == RegisterResource.Problem.UNDER_WAY
        ? upload(of, Status.SERVICE_UNAVAILABLE, Problem.UNDER_WAY, ServiceProblem.NONE)
        : upload(of, Status.BAD_REQUEST, Problem.REFUSED, answer.problem().ofTable());
  }

  private Outcome outcome(
      Register of, Answer answer, byte[] table, boolean isTaken, Problem problem) {
    JsonNode body = answer.body();
    Count count =
        new Count(
            body.path("created").asLong(),
            body.path("updated").asLong(),
            body.path("unchanged").asLong(),
            body.path("refused").asLong());
    List<JsonNode> all = rows(body);
    List<JsonNode> shown = all.subList(0, Math.min(MOST_LINES, all.size()));
    Map<Integer, String> says =
        TableRows.beginnings(
            table, shown.stream().map(ImportResource::number).collect(Collectors.toSet()));
    long toTake = isTaken ? 0 : count.created() + count.updated();
    return new Outcome(
        of.name(),
        label(of),
        isTaken,
        count,
        shown.stream().map(row -> line(of, row, says.get(number(row)))).toList(),
        count.created() + count.updated() + count.refused() > shown.size(),
        body.path("passedOver").valueStream().map(JsonNode::asText).toList(),
        toTake,
        problem,
        toTake == 0 ? null : Base64.getEncoder().encodeToString(table),
        UUID.randomUUID().toString());
  }

  /** Of those that the service tells of, each that is refused, new or changed. */
  private static List<JsonNode> rows(JsonNode body) {
    return Stream.of("rows", "taken")
        .flatMap(name -> body.path(name).valueStream())
        .filter(row -> !row.path("result").asText().equals("UNCHANGED"))
        .sorted(
            comparing((JsonNode row) -> !result(row).equals("REFUSED"))
                .thenComparing(ImportResource::number))
        .toList();
  }

  private static int number(JsonNode row) {
    return row.path("row").asInt();
  }

  /** Where a service lists apart what is refused, it does not say so of each. */
  private static String result(JsonNode row) {
    return row.path("result").asText("REFUSED");
  }

  private Line line(Register of, JsonNode row, String says) {
    String id = row.path(of.imports().object()).asText();
    return new Line(
        number(row),
        DataWords.named("row." + result(row), viewer.language()),
        says,
        Values.ID.matcher(id).matches() ? of.address().replace("{id}", id) : null,
        row.path("errors")
            .valueStream()
            .map(error -> error.path("field").asText() + ": " + error.path("message").asText())
            .toList());
  }

  /** Who must sign in again while they send the table chooses it again. */
  @GET
  @Path(REGISTER + "/import/confirmation")
  public RestResponse<Void> confirmation(@RestPath String register) {
    return RestResponse.seeOther(URI.create("/" + register + "/import"));
  }

  /**
   * Takes the table that was looked at.
   *
   * @param leaveOut whether what is refused is left out; otherwise it keeps all out
   */
  @POST
  @Path(REGISTER + "/import/confirmation")
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  public Uni<RestResponse<Object>> take(
      @RestPath String register,
      @RestForm String table,
      @RestForm String key,
      @RestForm boolean leaveOut) {
    Register of = importable(register);
    byte[] bytes = decoded(table);
    return services
        .table(of.service(), of.imports().path() + "?atomic=" + !leaveOut, key, bytes)
        .chain(
            answer -> {
              if (answer.isOk()) {
                return Uni.createFrom()
                    .item(page(Status.OK, outcome(of, answer, bytes, true, null)));
              }
              if (answer.isProblem("rows-refused")) {
                return looked(of, bytes, Problem.CHANGED);
              }
              return Uni.createFrom()
                  .item(
                      RegisterResource.problem(answer) == RegisterResource.Problem.UNDER_WAY
                          ? again(of, Problem.UNDER_WAY, table, key, leaveOut)
                          : refused(of, answer));
            })
        .onFailure(RegisterResource::isNoRefusal)
        .recoverWithItem(
            failure -> {
              LOG.warnf("%s-service does not take a table: %s", of.service(), failure);
              return again(of, Problem.AWAY, table, key, leaveOut);
            });
  }

  private static byte[] decoded(String table) {
    try {
      return Base64.getDecoder().decode(table == null ? "" : table);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException();
    }
  }

  private RestResponse<Object> again(
      Register of, Problem problem, String table, String key, boolean leaveOut) {
    return page(
        Status.SERVICE_UNAVAILABLE, new Again(of.name(), label(of), problem, table, key, leaveOut));
  }
}
