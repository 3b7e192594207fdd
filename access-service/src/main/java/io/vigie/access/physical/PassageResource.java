package io.vigie.access.physical;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.access.physical.SightingTable.Row;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.TOOL;

/** What doors tell of badges. */
@Path("/v1/passages")
public class PassageResource {

  private static final Duration FASTEST_CLOCK = Duration.ofMinutes(5);

  @Schema(name = "PassageReports")
  record Told(@NotNull @Size(min = 1, max = 1_000) List<@NotNull @Valid Sighting> passages) {}

  /** {@code row} is 1 for the first. */
  @Schema(name = "PassageRefusal")
  record Refused(int row, List<FieldError> errors) {}

  /**
   * @param fresh how many were told for the first time
   * @param known how many were told before, or twice
   * @param misused of how many of the fresh ones the badge was misused
   * @param refused the rows that were left out, 1,000 at most
   */
  @Schema(name = "PassagesTaken")
  record Taken(int fresh, int known, int misused, List<Refused> refused) {}

  private final Passages passages;
  private final SightingTable table;
  private final PremisesRetention retention;
  private final Clock clock;

  PassageResource(
      Passages passages, SightingTable table, PremisesRetention retention, Clock clock) {
    this.passages = passages;
    this.table = table;
    this.retention = retention;
    this.clock = clock;
  }

  /** Up to 1,000 passages, all or none. Told again, by source and sequence, they change nothing. */
  @POST
  @RolesAllowed({ACCESS_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<Taken>> take(@NotNull @Valid Told body) {
    List<Row> rows = new ArrayList<>();
    body.passages().forEach(told -> rows.add(new Row(rows.size() + 1, told, List.of())));
    return take(rows, true);
  }

  /**
   * Takes a table in CSV (RFC 4180, UTF-8, commas or semicolons), up to 20,000 rows. The header
   * names the columns: source, sequence, number, door, direction (IN, OUT), passedAt, granted.
   *
   * @param atomic all rows or none; if false, all that can be kept
   */
  @POST
  @Path("import")
  @RolesAllowed({ACCESS_MANAGER, TOOL})
  @Consumes("text/csv")
  @Command
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "text/csv",
              schema = @Schema(type = SchemaType.STRING),
              example =
                  "source,sequence,number,door,direction,passedAt,granted\r\n"
                      + "gate-1,4711,B-0042,HQ-2-17,IN,2026-03-02T08:12:04Z,true"))
  public Uni<RestResponse<Taken>> importTable(
      @QueryParam("atomic") @DefaultValue("true") Boolean atomic, @NotNull byte[] body) {
    return take(table.read(body), atomic);
  }

  private Uni<RestResponse<Taken>> take(List<Row> rows, boolean atomic) {
    Set<String> doors =
        rows.stream()
            .map(row -> row.sighting().door())
            .filter(door -> door != null)
            .collect(Collectors.toSet());
    return passages
        .unknown(doors)
        .map(unknown -> rows.stream().map(row -> judged(row, unknown)).toList())
        .invoke(
            judged -> {
              if (atomic) {
                requireNoneRefused(judged);
              }
            })
        .chain(this::keep)
        .map(RestResponse::ok);
  }

  private Row judged(Row row, Set<String> unknownDoors) {
    List<FieldError> errors = new ArrayList<>(row.errors());
    Sighting told = row.sighting();
    if (unknownDoors.contains(told.door())) {
      errors.add(new FieldError("door", "leads into no zone; name it among a zone's doors"));
    }
    Instant now = clock.instant();
    if (told.passedAt() != null
        && (told.passedAt().isAfter(now.plus(FASTEST_CLOCK))
            || told.passedAt().isBefore(retention.passagesSince()))) {
      errors.add(
          new FieldError(
              "passedAt",
              "must be within the last %d days, for which it is kept, until now"
                  .formatted(retention.passages().getDays())));
    }
    return new Row(row.number(), told, errors);
  }

  private static void requireNoneRefused(List<Row> rows) {
    List<FieldError> errors =
        rows.stream()
            .flatMap(
                row ->
                    row.errors().stream()
                        .map(
                            error ->
                                new FieldError(
                                    "row %d: %s".formatted(row.number(), error.field()),
                                    error.message())))
            .limit(1_000)
            .toList();
    if (!errors.isEmpty()) {
      throw Problem.unprocessable(
          "rows-refused",
          "Nothing was taken. Correct the listed rows, or import a table with atomic=false to leave"
              + " them out.",
          errors);
    }
  }

  private Uni<Taken> keep(List<Row> rows) {
    List<Sighting> good =
        rows.stream().filter(row -> row.errors().isEmpty()).map(Row::sighting).toList();
    List<Refused> refused =
        rows.stream()
            .filter(row -> !row.errors().isEmpty())
            .map(row -> new Refused(row.number(), row.errors()))
            .limit(1_000)
            .toList();
    return passages
        .keep(good)
        .map(kept -> new Taken(kept.fresh(), good.size() - kept.fresh(), kept.misused(), refused));
  }

  /** In the order in which they were told. */
  @GET
  @RolesAllowed({ACCESS_MANAGER, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<Passage.View>>> list(
      @QueryParam("zone") UUID zone,
      @QueryParam("person") UUID person,
      @QueryParam("badge") UUID badge,
      @QueryParam("from") Instant from,
      @QueryParam("until") Instant until,
      @QueryParam("misused") Boolean misused,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("zone", zone)
            .equal("person", person)
            .equal("badge", badge)
            .where("passedAt >= :value", from)
            .where("passedAt < :value", until)
            .after(paging);
    if (misused != null) {
      filter.where(misused ? "misuse is not null" : "misuse is null");
    }
    return Passage.<Passage>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(all -> paging.page(all, Passage::id, Passage::view));
  }
}
