package io.vigie.access.person;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vigie.access.person.HrRow.Result;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.CsvTable;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.HR_IMPORT;

/** Takes tables of people, as HR software exports them. */
@Path("/v1/people/import")
public class HrImportResource {

  /**
   * @param row 1 for the first behind the header
   * @param person whom it is about; null for a newcomer
   */
  @Schema(name = "RefusedPersonRow")
  record Refused(int row, UUID person, List<FieldError> errors) {

    static Refused of(HrRow row) {
      return new Refused(
          row.number(), row.id() == null || row.isAboutNewcomer() ? null : row.id(), row.errors());
    }
  }

  /**
   * @param person whom it is about; null for a newcomer whom a dry run does not keep
   */
  @Schema(name = "TakenPersonRow")
  record Taken(int row, Result result, UUID person) {

    static Taken of(HrRow row, boolean dryRun) {
      return new Taken(
          row.number(), row.result(), dryRun && row.isAboutNewcomer() ? null : row.id());
    }
  }

  /**
   * @param rows the first 1,000 that were refused
   * @param taken the first 1,000 of each of the other results, by row
   */
  @Schema(name = "ImportedPeople")
  record Imported(
      boolean dryRun,
      int created,
      int updated,
      int unchanged,
      int refused,
      List<Refused> rows,
      List<Taken> taken) {

    static Imported of(boolean dryRun, HrTable table) {
      return new Imported(
          dryRun,
          count(table, Result.CREATED),
          count(table, Result.UPDATED),
          count(table, Result.UNCHANGED),
          count(table, Result.REFUSED),
          table.rows().stream()
              .filter(HrRow::isRefused)
              .limit(HrImport.MOST_ROWS)
              .map(Refused::of)
              .toList(),
          Stream.of(Result.CREATED, Result.UPDATED, Result.UNCHANGED)
              .flatMap(
                  result ->
                      table.rows().stream()
                          .filter(row -> row.result() == result)
                          .limit(HrImport.MOST_ROWS))
              .sorted(Comparator.comparing(HrRow::number))
              .map(row -> Taken.of(row, dryRun))
              .toList());
    }

    private static int count(HrTable table, Result result) {
      return (int) table.rows().stream().filter(row -> row.result() == result).count();
    }
  }

  private final HrImport imports;

  HrImportResource(HrImport imports) {
    this.imports = imports;
  }

  /**
   * Takes a table in CSV (RFC 4180, UTF-8, commas or semicolons), up to 100,000 rows. The header
   * names the columns; a row about a known person (by employee number, else by address) changes
   * what the table has columns for. {@code manager} and {@code host} are ids, addresses or employee
   * numbers, of people here or in the table; so is {@code nextManager}, who leads from {@code
   * movesOn} on, {@code nextSite} where they work then, and {@code nextBusinessProfile} what they
   * do: a planned move, which no {@code movesOn} takes back. Accounts are not imported. Repeating
   * it changes nothing.
   *
   * @param dryRun say what the rows would come to, and keep nothing
   * @param atomic all rows or none; if false, all that can be kept
   * @param map what the header calls a column, and which it is, as in {@code Matricule:
   *     employeeNumber}; {@code -} for a column to pass over
   */
  @POST
  @RolesAllowed({ACCESS_MANAGER, HR_IMPORT})
  @Consumes("text/csv")
  @Command(inOneTransaction = false)
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "text/csv",
              schema = @Schema(type = SchemaType.STRING),
              example =
                  "givenName,familyName,email,businessProfile,manager,joinedOn\r\n"
                      + "Ada,Lovelace,ada@agency.example,developer,E-1001,2026-01-05"))
  public Uni<RestResponse<Imported>> take(
      @QueryParam("dryRun") @DefaultValue("false") Boolean dryRun,
      @QueryParam("atomic") @DefaultValue("true") Boolean atomic,
      @QueryParam("map") @Size(max = 60) List<String> map,
      @NotNull byte[] body) {
    return read(body, CsvTable.mapping(map))
        .chain(
            table ->
                dryRun
                    ? imports.plan(table, atomic)
                    : atomic ? imports.takeWhole(table) : imports.takeEach(table))
        .map(table -> RestResponse.ok(Imported.of(dryRun, table)));
  }

  /** Beside the event loop, which has others to serve. */
  private static Uni<HrTable> read(byte[] body, Map<String, String> mapping) {
    Context context = Vertx.currentContext();
    return Uni.createFrom()
        .item(() -> HrTable.read(body, mapping))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .emitOn(task -> context.runOnContext(ignored -> task.run()));
  }
}
