package io.vigie.asset.software;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;

/** Many advisories at once. */
@Path("/v1/advisories/import")
public class AdvisoryImportResource {

  /** So many lines are taken at once. */
  static final int MAX_LINES = 1_000;

  private static final String FAILURE =
      "It could not be kept, maybe because of another change at the same time. Import it again.";

  private static final Logger LOG = Logger.getLogger(AdvisoryImportResource.class);

  /** A document in CSAF 2.0 or OSV on each line. */
  @Schema(name = "AdvisoryLines", type = SchemaType.STRING)
  record Lines() {}

  /** What became of a line, or would. */
  @Schema(name = "AdvisoryLineOutcome")
  enum Outcome {
    RECEIVED,
    REVISED,
    IGNORED,
    /** It is not valid; {@code errors} say why. */
    REFUSED,
    /** It is valid, and another line of a request that is all or nothing is not. */
    NOT_DONE,
    /** It is valid, and could not be kept; what was there is unchanged. */
    FAILED
  }

  /**
   * What became of a line.
   *
   * @param line its number, from 1
   * @param identifier the advisory's own; null where the line is not valid
   */
  @Schema(name = "AdvisoryLineResult")
  record Row(int line, Outcome outcome, String identifier, String detail, List<LineError> errors) {}

  @Schema(name = "AdvisoryLineError")
  record LineError(String field, String message) {}

  @Schema(name = "AdvisoryImportResult")
  record Result(boolean dryRun, boolean atomic, List<Row> rows) {}

  /** A line that was read: what it says, or why it says nothing. */
  private record Line(int number, Publication publication, Problem problem) {

    Row failed() {
      return new Row(number, Outcome.FAILED, publication.identifier(), FAILURE, null);
    }

    Row row(Outcome outcome) {
      return new Row(
          number,
          outcome,
          publication == null ? null : publication.identifier(),
          problem == null ? null : problem.getMessage(),
          problem == null
              ? null
              : problem.errors().stream()
                  .map(error -> new LineError(error.field(), error.message()))
                  .toList());
    }
  }

  private final AdvisoryIntake intake;
  private final Outbox outbox;
  private final ObjectMapper json;

  AdvisoryImportResource(AdvisoryIntake intake, Outbox outbox, ObjectMapper json) {
    this.intake = intake;
    this.outbox = outbox;
    this.json = json;
  }

  /**
   * Takes advisories in, a document on each line.
   *
   * @param dryRun only says what would become of each line
   * @param atomic all lines or none; else each line by itself
   */
  @POST
  @Consumes("application/x-ndjson")
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command(inOneTransaction = false)
  public Uni<RestResponse<Result>> receive(
      @QueryParam("dryRun") @DefaultValue("false") Boolean dryRun,
      @QueryParam("atomic") @DefaultValue("true") Boolean atomic,
      @NotBlank
          @Valid
          @RequestBody(
              required = true,
              content = @Content(schema = @Schema(implementation = Lines.class)))
          String body) {
    return Aside.read(() -> read(body))
        .chain(lines -> rows(lines, dryRun, atomic))
        .map(rows -> RestResponse.ok(new Result(dryRun, atomic, rows)));
  }

  private Uni<List<Row>> rows(List<Line> lines, boolean dryRun, boolean atomic) {
    if (atomic && lines.stream().anyMatch(line -> line.problem() != null)) {
      return Uni.createFrom()
          .item(
              lines.stream()
                  .map(
                      line -> line.row(line.problem() == null ? Outcome.NOT_DONE : Outcome.REFUSED))
                  .toList());
    }
    if (dryRun) {
      return each(lines, line -> Panache.withTransaction(() -> foresee(line)));
    }
    return atomic ? Panache.withTransaction(() -> together(lines)) : each(lines, this::takeAlone);
  }

  /** What becomes of it keeps no other line from being taken. */
  private Uni<Row> takeAlone(Line line) {
    return outbox
        .step(() -> take(line))
        .onFailure()
        .invoke(failure -> LOG.warnf(failure, "advisory line %d was not kept", line.number()))
        .onFailure()
        .recoverWithItem(line::failed);
  }

  private static Uni<List<Row>> each(List<Line> lines, Function<Line, Uni<Row>> work) {
    return Multi.createFrom()
        .iterable(lines)
        .onItem()
        .transformToUniAndConcatenate(
            line ->
                line.problem() == null
                    ? work.apply(line)
                    : Uni.createFrom().item(line.row(Outcome.REFUSED)))
        .collect()
        .asList();
  }

  /** None of these lines is refused. */
  private Uni<List<Row>> together(List<Line> lines) {
    return intake
        .take(lines.stream().map(Line::publication).toList())
        .map(
            results ->
                IntStream.range(0, lines.size())
                    .mapToObj(i -> lines.get(i).row(outcome(results.get(i).outcome())))
                    .toList());
  }

  private Uni<Row> take(Line line) {
    return intake.take(line.publication()).map(result -> line.row(outcome(result.outcome())));
  }

  private Uni<Row> foresee(Line line) {
    return intake.foresee(line.publication()).map(outcome -> line.row(outcome(outcome)));
  }

  private static Outcome outcome(AdvisoryIntake.Outcome outcome) {
    return Outcome.valueOf(outcome.name());
  }

  private List<Line> read(String body) {
    String[] texts = body.split("\n", MAX_LINES + 1); // no further than it has to be counted
    if (texts.length > MAX_LINES && !texts[MAX_LINES].isBlank()) {
      throw Problem.badRequest("At most " + MAX_LINES + " lines are taken at once.");
    }
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      if (!texts[i].isBlank()) {
        lines.add(read(i + 1, texts[i]));
      }
    }
    return lines;
  }

  private Line read(int number, String text) {
    try {
      if (text.indexOf('\uFFFD') >= 0) {
        throw Problem.badRequest("The line is not UTF-8.");
      }
      return new Line(number, DocumentReader.read(json.readTree(text)), null);
    } catch (JsonProcessingException e) {
      return new Line(
          number, null, Problem.badRequest("The line is no JSON: " + e.getOriginalMessage()));
    } catch (Problem problem) {
      return new Line(number, null, problem);
    }
  }
}
