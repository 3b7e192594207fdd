package io.vigie.asset.bulk;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetFilter;
import io.vigie.asset.inventory.AssetView;
import io.vigie.asset.inventory.Kinds;
import io.vigie.kernel.Deadline;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/** The register, or a part of it, as a file. Streamed, page by page: memory stays constant. */
@Path("/v1/assets/export")
public class ExportResource {

  private static final int PAGE = 500;

  private final Kinds kinds;
  private final Columns columns;
  private final ObjectMapper json;
  private final Deadline deadline;
  private final Clock clock;

  ExportResource(Kinds kinds, Columns columns, ObjectMapper json, Deadline deadline, Clock clock) {
    this.kinds = kinds;
    this.columns = columns;
    this.json = json;
    this.deadline = deadline;
    this.clock = clock;
  }

  /**
   * The assets that the filter lets through, as CSV (RFC 4180, UTF-8) that an import takes again.
   * What a spreadsheet would take for a formula has an apostrophe before it.
   */
  @GET
  @Path("csv")
  @RolesAllowed({STAFF, TOOL})
  @Produces("text/csv; charset=utf-8")
  @APIResponse(
      responseCode = "200",
      description = "The table",
      content =
          @Content(
              mediaType = "text/csv",
              schema = @Schema(type = SchemaType.STRING),
              example = "name,kind,serialNumber,attributes.rack\r\nweb-1,SERVER,CZJ2140B7K,B4/12"))
  public Multi<Buffer> csv(@Valid @BeanParam AssetFilter filter) {
    return Multi.createBy()
        .concatenating()
        .streams(
            Multi.createFrom().item(() -> Buffer.buffer(columns.header())),
            rows(filter, columns::row, ""));
  }

  /** The same, each as it is shown, one JSON object a line. */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Produces("application/x-ndjson")
  @APIResponse(
      responseCode = "200",
      description = "One JSON object a line",
      content =
          @Content(mediaType = "application/x-ndjson", schema = @Schema(type = SchemaType.STRING)))
  public Multi<Buffer> json(@Valid @BeanParam AssetFilter filter) {
    return rows(filter, this::line, "\n");
  }

  private String line(Asset asset) {
    try {
      return json.writeValueAsString(AssetView.of(asset));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The stream of JSON lines ends each of its parts with a line feed by itself. */
  private Multi<Buffer> rows(AssetFilter filter, Function<Asset, String> row, String between) {
    filter.filter(kinds, clock.instant()); // what is wrong with it is said before anything is sent
    return Multi.createBy()
        .repeating()
        .<UUID[], List<Asset>>uni(() -> new UUID[1], last -> page(filter, last))
        .whilst(page -> page.size() == PAGE)
        .filter(page -> !page.isEmpty())
        .map(page -> Buffer.buffer(page.stream().map(row).collect(Collectors.joining(between))));
  }

  private Uni<List<Asset>> page(AssetFilter wanted, UUID[] last) {
    var filter = wanted.filter(kinds, clock.instant()).where("id > :value", last[0]);
    return deadline
        .bound(
            Panache.withSession(
                () ->
                    Asset.<Asset>find(filter.query(), filter.parameters())
                        .range(0, PAGE - 1)
                        .list()))
        .invoke(
            page -> {
              if (!page.isEmpty()) {
                last[0] = page.get(page.size() - 1).id();
              }
            });
  }
}
