package io.vigie.asset.bulk;

import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.bulk.Import.Line;
import io.vigie.asset.bulk.Import.Lines;
import io.vigie.asset.bulk.Import.RowResult;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.CsvTable;
import io.vigie.kernel.web.CsvTable.Table;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;

/** Takes tables of assets. */
@Path("/v1/assets/import")
public class ImportResource {

  private static final int MAX_ROWS = 20_000;

  /**
   * How many rows came to what, and each row.
   *
   * @param passedOver the table's columns that no import changes, as people and procedures decide
   *     them: owner, custodian, levels and state
   * @param moreErrors how many errors are not listed, as the first thousand are
   */
  record Imported(
      boolean dryRun,
      List<String> passedOver,
      int created,
      int updated,
      int unchanged,
      int refused,
      List<Line> rows,
      int moreErrors) {

    static Imported of(boolean dryRun, List<String> passedOver, Lines lines) {
      List<Line> rows = lines.rows();
      return new Imported(
          dryRun,
          passedOver,
          count(rows, RowResult.CREATED),
          count(rows, RowResult.UPDATED),
          count(rows, RowResult.UNCHANGED),
          count(rows, RowResult.REFUSED),
          rows,
          lines.moreErrors());
    }

    private static int count(List<Line> rows, RowResult result) {
      return (int) rows.stream().filter(row -> row.result() == result).count();
    }
  }

  private final Import imports;
  private final Columns columns;

  ImportResource(Import imports, Columns columns) {
    this.imports = imports;
    this.columns = columns;
  }

  /**
   * Takes a table in CSV (RFC 4180, UTF-8, commas or semicolons), up to 20,000 rows. The header
   * names the columns; a row about a known asset (by {@code id}, else by tag, else by kind and
   * serial number) changes what the table has columns for. Repeating it changes nothing. Owners,
   * custodians, levels and states are not imported: the answer says which columns were passed over.
   *
   * @param dryRun say what each row would come to, and keep nothing
   * @param atomic all rows or none; if false, all that can be kept
   * @param map what the header calls a column, and which it is, as in {@code N° de
   *     série:serialNumber}; {@code -} for a column to pass over
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Consumes("text/csv")
  @Command(inOneTransaction = false)
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "text/csv",
              schema = @Schema(type = SchemaType.STRING),
              example = "name,kind,serialNumber,attributes.rack\r\nweb-1,SERVER,CZJ2140B7K,B4/12"))
  public Uni<RestResponse<Imported>> take(
      @QueryParam("dryRun") @DefaultValue("false") Boolean dryRun,
      @QueryParam("atomic") @DefaultValue("true") Boolean atomic,
      @QueryParam("map") @Size(max = 60) List<String> map,
      @NotNull byte[] body) {
    Table table = CsvTable.table(body, CsvTable.mapping(map), columns, MAX_ROWS);
    Uni<Lines> taken =
        dryRun
            ? imports.plan(table.rows())
            : atomic ? imports.takeWhole(table.rows()) : imports.takeEach(table.rows());
    return taken.map(lines -> RestResponse.ok(Imported.of(dryRun, table.passedOver(), lines)));
  }
}
