package io.vigie.console.register;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

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

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.ServiceProblem;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.SentTables.Sent;
import io.vigie.console.register.SentTables.State;
import io.vigie.console.register.SentTables.Table;
import io.vigie.console.register.Services.Answer;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.multipart.FileUpload;

import static io.vigie.console.register.RegisterResource.REGISTER;
import static io.vigie.console.register.RegisterResource.page;

/**
 * Takes tables into registers. First it is shown, row by row, what a table would come to; the page
 * that shows it has the table too, and sends it again to be taken: none is kept here in between.
 * Then it is sent to the service while people do something else.
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
    /** Another one is being taken. */
    ANOTHER,
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

  /**
   * The table that was sent last.
   *
   * @param until when nothing is known of it any more
   * @param came null where the service said nothing yet
   * @param lines as {@code came} has them, in words
   */
  record Last(State state, Instant at, Instant until, Came came, List<Line> lines) {

    public boolean isUnderWay() {
      return state == State.UNDER_WAY;
    }
  }

  /**
   * The form.
   *
   * @param export where a table with the same columns is; null for nowhere
   * @param problem null for a fresh form
   * @param refused why, by the service
   * @param last null for none
   */
  record Upload(
      String name,
      String label,
      List<String> columns,
      String export,
      Problem problem,
      ServiceProblem refused,
      Last last)
      implements TemplateInstance {}

  /**
   * What a table would come to.
   *
   * @param lines as {@code came} has them, in words
   * @param toTake how many rows would be taken
   * @param table in Base64; null where there is nothing to take
   * @param key made with the form: sent twice, the table is taken once
   */
  record Outcome(
      String name,
      String label,
      Came came,
      List<Line> lines,
      long toTake,
      Problem problem,
      String table,
      String key)
      implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(ImportResource.class);

  private static final int MOST_BYTES = 1 << 20;

  private final Registers registers;
  private final Services services;
  private final SentTables sent;
  private final ObjectMapper json;
  private final Me me;
  private final Viewer viewer;

  ImportResource(
      Registers registers,
      Services services,
      SentTables sent,
      ObjectMapper json,
      Me me,
      Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.sent = sent;
    this.json = json;
    this.me = me;
    this.viewer = viewer;
  }

  /**
   * The form, and what became of the table that was sent last.
   *
   * @param tooLarge whether a table was sent that nobody read
   */
  @GET
  @Path(REGISTER + "/import")
  public Uni<RestResponse<Object>> form(@RestPath String register, @RestQuery boolean tooLarge) {
    Register of = importable(register);
    return tooLarge
        ? Uni.createFrom().item(tooLarge(of))
        : sent.last(me.account(), of.name())
            .map(last -> page(Status.OK, upload(of, null, ServiceProblem.NONE, last(of, last))));
  }

  private Last last(Register of, Sent table) {
    if (table == null) {
      return null;
    }
    Came came = table.came() == null ? null : read(table.came());
    return new Last(
        table.state(), table.at(), table.until(), came, came == null ? List.of() : lines(of, came));
  }

  private Came read(String came) {
    try {
      return json.readValue(came, Came.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells scripts to show the page anew once the table that was sent last is under way no more. */
  @GET
  @Path(REGISTER + "/import/last")
  public Uni<RestResponse<Void>> last(@RestPath String register) {
    Register of = importable(register);
    return sent.last(me.account(), of.name())
        .map(
            last ->
                last != null && last.state() == State.UNDER_WAY
                    ? RestResponse.noContent()
                    : ResponseBuilder.<Void>ok().header("HX-Refresh", "true").build());
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
    return page(status, upload(of, problem, refused, null));
  }

  private Upload upload(Register of, Problem problem, ServiceProblem refused, Last last) {
    return new Upload(
        of.name(),
        label(of),
        of.imports().columns(),
        of.export() == null ? null : "/" + of.name() + "/export.csv",
        problem,
        refused,
        last);
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
                        outcome(of, answer, table, problem))
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

  private Outcome outcome(Register of, Answer answer, byte[] table, Problem problem) {
    Came came = Came.of(answer.body(), of.imports().object(), table);
    long toTake = came.count().created() + came.count().updated();
    return new Outcome(
        of.name(),
        label(of),
        came,
        lines(of, came),
        toTake,
        problem,
        toTake == 0 ? null : Base64.getEncoder().encodeToString(table),
        UUID.randomUUID().toString());
  }

  private List<Line> lines(Register of, Came came) {
    return came.rows().stream()
        .map(
            row ->
                new Line(
                    row.number(),
                    DataWords.named("row." + row.result(), viewer.language()),
                    row.says(),
                    Values.ID.matcher(row.object()).matches()
                        ? of.address().replace("{id}", row.object())
                        : null,
                    row.errors()))
        .toList();
  }

  /** Who must sign in again while they send the table chooses it again. */
  @GET
  @Path(REGISTER + "/import/confirmation")
  public RestResponse<Void> confirmation(@RestPath String register) {
    return RestResponse.seeOther(URI.create("/" + register + "/import"));
  }

  /**
   * Has the table taken that was looked at: it is sent to the service from now on, whoever waits.
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
    if (key == null || !Values.ID.matcher(key).matches()) {
      throw new BadRequestException();
    }
    byte[] bytes = decoded(table);
    Table toSend = new Table(key, leaveOut, table);
    String account = me.account();
    return sent.begin(account, of.name(), toSend)
        .chain(
            isNew -> {
              if (isNew) {
                send(of, account, toSend, bytes);
                return Uni.createFrom().item(back(of));
              }
              return sent.last(account, of.name())
                  .map(
                      last ->
                          last != null && last.key().equals(key)
                              ? back(of)
                              : upload(of, Status.CONFLICT, Problem.ANOTHER, ServiceProblem.NONE));
            });
  }

  private static RestResponse<Object> back(Register of) {
    return RestResponse.seeOther(URI.create("/" + of.name() + "/import"));
  }

  /** In the name of who is there, and as long as the service works on it, be they gone or not. */
  private void send(Register of, String account, Table table, byte[] bytes) {
    services
        .table(
            of.service(), of.imports().path() + "?atomic=" + !table.leaveOut(), table.key(), bytes)
        .chain(answer -> end(of, account, table, answer, bytes))
        .onFailure()
        .call(
            failure -> {
              LOG.warnf("%s-service does not take a table: %s", of.service(), failure);
              return sent.end(account, of.name(), table.key(), State.UNANSWERED, null);
            })
        .subscribe()
        .with(done -> {}, failure -> LOG.debugf(failure, "a table is not taken"));
  }

  private Uni<Void> end(Register of, String account, Table table, Answer answer, byte[] bytes) {
    State state = state(answer);
    Came came =
        switch (state) {
          case TAKEN -> Came.of(answer.body(), of.imports().object(), bytes);
          case REFUSED -> Came.refused(answer.problem().ofTable());
          default -> null;
        };
    return sent.end(account, of.name(), table.key(), state, came == null ? null : write(came));
  }

  private static State state(Answer answer) {
    if (answer.isOk()) {
      return State.TAKEN;
    }
    if (answer.isProblem("rows-refused")) {
      return State.CHANGED;
    }
    return RegisterResource.problem(answer) == RegisterResource.Problem.UNDER_WAY
        ? State.UNANSWERED
        : State.REFUSED;
  }

  private String write(Came came) {
    try {
      return json.writeValueAsString(came);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the table again of which nobody can say whether it was taken. */
  @POST
  @Path(REGISTER + "/import/again")
  public Uni<RestResponse<Object>> again(@RestPath String register) {
    Register of = importable(register);
    String account = me.account();
    return sent.again(account, of.name())
        .invoke(
            table -> {
              if (table != null) {
                send(of, account, table, decoded(table.content()));
              }
            })
        .replaceWith(() -> back(of));
  }

  /** Looks again at the table of which rows are refused since it was looked at. */
  @POST
  @Path(REGISTER + "/import/changed")
  public Uni<RestResponse<Object>> lookAgain(@RestPath String register) {
    Register of = importable(register);
    return sent.changed(me.account(), of.name())
        .chain(
            table ->
                table == null
                    ? Uni.createFrom().item(back(of))
                    : looked(of, decoded(table.content()), Problem.CHANGED));
  }

  /** Who must sign in again while they send a form comes back to the page that has it. */
  @GET
  @Path(REGISTER + "/import/again")
  public RestResponse<Void> notAgain(@RestPath String register) {
    return confirmation(register);
  }

  @GET
  @Path(REGISTER + "/import/changed")
  public RestResponse<Void> notLookedAgain(@RestPath String register) {
    return confirmation(register);
  }

  private static byte[] decoded(String table) {
    try {
      return Base64.getDecoder().decode(table == null ? "" : table);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException();
    }
  }
}
