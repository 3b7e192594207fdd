package io.vigie.access.training;

import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.access.training.AttendanceImport.Line;
import io.vigie.access.training.AttendanceImport.RowResult;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.CsvTable.Row;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.HR_IMPORT;

/** Takes tables of attendances. */
@Path("/v1/attendances/import")
public class AttendanceImportResource {

  /** How many rows came to what, and each row. */
  @Schema(name = "AttendanceImport")
  record Imported(boolean dryRun, int created, int unchanged, int refused, List<Line> rows) {

    static Imported of(boolean dryRun, List<Line> rows) {
      return new Imported(
          dryRun,
          count(rows, RowResult.CREATED),
          count(rows, RowResult.UNCHANGED),
          count(rows, RowResult.REFUSED),
          rows);
    }

    private static int count(List<Line> rows, RowResult result) {
      return (int) rows.stream().filter(row -> row.result() == result).count();
    }
  }

  private final AttendanceImport imports;

  AttendanceImportResource(AttendanceImport imports) {
    this.imports = imports;
  }

  /**
   * Takes a table in CSV (RFC 4180, UTF-8, commas or semicolons), up to 20,000 rows. The header
   * names the columns: course (its code), attendedOn, and person (an id) or email. Repeating it
   * changes nothing.
   *
   * @param dryRun say what each row would come to, and keep nothing
   * @param atomic all rows or none; if false, all that can be kept
   */
  @POST
  @RolesAllowed({CISO, ACCESS_MANAGER, HR_IMPORT})
  @Consumes("text/csv")
  @Command(inOneTransaction = false)
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "text/csv",
              schema = @Schema(type = SchemaType.STRING),
              example =
                  "course,email,attendedOn\r\nowasp-top-ten,ada.lovelace@agency.example,2026-03-02"))
  public Uni<RestResponse<Imported>> take(
      @QueryParam("dryRun") @DefaultValue("false") Boolean dryRun,
      @QueryParam("atomic") @DefaultValue("true") Boolean atomic,
      @NotNull byte[] body) {
    List<Row> table = AttendanceImport.read(body);
    Uni<List<Line>> rows =
        dryRun ? imports.plan(table) : atomic ? imports.takeWhole(table) : imports.takeEach(table);
    return rows.map(lines -> RestResponse.ok(Imported.of(dryRun, lines)));
  }
}
