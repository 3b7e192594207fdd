package io.vigie.asset.discovery;

import java.io.IOException;
import java.time.Clock;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.software.Aside;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;

/** Where tools report machines, whether the register has them or not. */
@Path("/v1/inventories")
public class DiscoveryResource {

  private static final String NDJSON = "application/x-ndjson";
  private static final String CSV = "text/csv";

  /** What became of a report about one machine, or of a table of machines. */
  @Schema(
      name = "InventoryAnswer",
      anyOf = {Discovery.Outcome.class, InventoryTable.Taken.class})
  sealed interface Answer permits Discovery.Outcome, InventoryTable.Taken {}

  /** What tools write is not ours to be strict about. */
  private static final ObjectMapper LENIENT =
      JsonMapper.builder()
          .addModule(KeptText.module())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
          .build();

  private final Discovery discovery;
  private final InventoryTable table;
  private final ReportRules rules;
  private final Clock clock;

  DiscoveryResource(Discovery discovery, InventoryTable table, ReportRules rules, Clock clock) {
    this.discovery = discovery;
    this.table = table;
    this.rules = rules;
    this.clock = clock;
  }

  /**
   * Takes a report in the inventory format of GLPI agents, full or partial (GLPI's
   * inventory_format); as {@code application/x-ndjson} what osquery logged of one machine, a line
   * for each snapshot, or for each row that came or went; or as {@code text/csv} a table of up to
   * 500 machines, a row each, all or none. The same one again changes nothing.
   *
   * @param map of a table: what the header calls a column, and which it is, as in {@code Serial
   *     Number:serial}; {@code -} for a column to pass over
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Consumes({MediaType.APPLICATION_JSON, NDJSON, CSV})
  @Command(longFor = CSV)
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = GlpiReport.class)),
        @Content(mediaType = NDJSON, schema = @Schema(implementation = OsqueryLog.Line.class)),
        @Content(
            mediaType = CSV,
            schema = @Schema(type = SchemaType.STRING),
            example =
                "serial,name,kind,make,model,os,os_version\r\n"
                    + "CZJ2140B7K,web-1,SERVER,HPE,ProLiant DL360,Debian GNU/Linux,13")
      })
  public Uni<RestResponse<Answer>> report(
      @Context HttpHeaders headers,
      @QueryParam("map") @Size(max = 60) List<String> map,
      @NotNull byte[] body) {
    MediaType type = headers.getMediaType();
    if (MediaType.valueOf(CSV).isCompatible(type)) {
      List<Report> machines = table.read(body, map);
      return Panache.withTransaction(() -> table.take(machines)).map(RestResponse::ok);
    }
    return Aside.read(
            () -> MediaType.valueOf(NDJSON).isCompatible(type) ? osquery(body) : glpi(body))
        .chain(discovery::take)
        .map(RestResponse::ok);
  }

  private Report osquery(byte[] body) {
    return new OsqueryReport(OsqueryLog.parse(body)).read(rules, clock.instant());
  }

  private Report glpi(byte[] body) {
    GlpiReport report;
    try {
      report = LENIENT.readValue(body, GlpiReport.class);
    } catch (IOException e) {
      throw Problem.badRequest("This is no JSON that an inventory can be read from.");
    }
    if (report == null || !report.looksComplete()) {
      throw Problem.badRequest(
          "This is no report of a GLPI agent: it has no deviceid or no content.");
    }
    return report.read(rules, clock.instant());
  }
}
