package io.vigie.audit.log;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.log.LogReader.Exported;
import io.vigie.audit.log.LogReader.Stored;
import io.vigie.audit.log.Search.Span;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.tlog.TileReader;
import io.vigie.kernel.PresentRequest;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** The log, or what of it a filter lets through, in one file for whoever verifies it without us. */
@Path("/v1/log/export")
@RolesAllowed({AUDITOR, CISO})
public class ExportResource {

  private final LogReader reader;
  private final TileReader tiles;
  private final PresentRequest request;
  private final Readings readings;
  private final ObjectMapper json;
  private final Checkpoints checkpoints;

  ExportResource(
      LogReader reader,
      TileReader tiles,
      PresentRequest request,
      Readings readings,
      ObjectMapper json,
      Checkpoints checkpoints) {
    this.reader = reader;
    this.tiles = tiles;
    this.request = request;
    this.readings = readings;
    this.json = json;
    this.checkpoints = checkpoints;
  }

  /** What an export says of itself before its first entry. */
  private record Manifest(
      Span range, long size, byte[] root, String note, List<byte[]> left, List<byte[]> right) {}

  /** An export, and how many entries it has in full. */
  private record Announced(Manifest manifest, long count) {}

  /**
   * The entries of a range of indexes, in format {@code vigie-export/2}: those that the filter lets
   * through with their payloads, of the others what was hashed, so that the file proves that none
   * is missing; the first line says what it is of, the last how many are in full. Without
   * parameters it is the whole log. Streamed: memory stays constant, and reads no faster than the
   * caller does. That it was taken goes into the log first. Free text is no filter here: what a
   * payload says cannot be checked on entries without one.
   *
   * @param fromIndex the first index, by default 0
   * @param toIndex the index behind the last, by default the size of the log
   */
  @GET
  @Produces("application/x-ndjson")
  @APIResponse(
      responseCode = "200",
      description = "One JSON object a line",
      content =
          @Content(mediaType = "application/x-ndjson", schema = @Schema(type = SchemaType.STRING)))
  public Multi<Buffer> export(
      @Valid @BeanParam ExportFilter filter,
      @QueryParam("fromIndex") String fromIndex,
      @QueryParam("toIndex") String toIndex) {
    return announced(filter, fromIndex, toIndex)
        .onItem()
        .transformToMulti(export -> lines(export, filter));
  }

  /**
   * The same for a spreadsheet: a ZIP archive of {@code entries.csv} (RFC 4180, UTF-8), which has
   * the entries that the filter lets through, and {@code export.ndjson}, the export that proves
   * them to be all. A payload that was erased is empty. What a spreadsheet would take for a formula
   * has an apostrophe before it.
   *
   * @param fromIndex the first index, by default 0
   * @param toIndex the index behind the last, by default the size of the log
   */
  @GET
  @Path("csv")
  @Produces("application/zip")
  @APIResponse(
      responseCode = "200",
      description = "The archive",
      content =
          @Content(
              mediaType = "application/zip",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Multi<Buffer> csv(
      @Valid @BeanParam ExportFilter filter,
      @QueryParam("fromIndex") String fromIndex,
      @QueryParam("toIndex") String toIndex) {
    return announced(filter, fromIndex, toIndex)
        .onItem()
        .transformToMulti(export -> archive(export, filter));
  }

  /** What is about to leave, which stands in the log before it does. */
  private Uni<Announced> announced(ExportFilter filter, String fromIndex, String toIndex) {
    request.hold();
    return reader
        .head()
        .chain(head -> manifest(head, Indexes.range(fromIndex, toIndex, head.size())))
        .chain(
            manifest ->
                reader
                    .count(manifest.range, filter)
                    .call(
                        count ->
                            readings.recordExport(
                                manifest.range, filter.stated().toString(), count))
                    .map(count -> new Announced(manifest, count)));
  }

  private Multi<Buffer> archive(Announced export, ExportFilter filter) {
    Archive archive = new Archive();
    Multi<String> rows =
        chunks(export.manifest.range, filter)
            .map(chunk -> CsvRows.of(chunk.stream().filter(Exported::isMatch).toList()));
    return Multi.createBy()
        .concatenating()
        .streams(
            Multi.createFrom()
                .item(() -> archive.file("entries.csv").write(CsvRows.HEADER).written()),
            rows.map(text -> archive.write(text).written()),
            Multi.createFrom().item(() -> archive.file("export.ndjson").written()),
            lines(export, filter).map(line -> archive.write(line + "\n").written()),
            Multi.createFrom().item(archive::end))
        .filter(part -> part.length() > 0);
  }

  private Multi<Buffer> lines(Announced export, ExportFilter filter) {
    ObjectNode last = json.createObjectNode().put("count", Long.toString(export.count));
    return Multi.createBy()
        .concatenating()
        .streams(
            Multi.createFrom().item(firstLine(export.manifest, filter)),
            chunks(export.manifest.range, filter).map(this::lines),
            Multi.createFrom().item(Buffer.buffer(last.toString())));
  }

  /** The newest checkpoint, where it says something of the range, and the tree to prove it in. */
  private Uni<Manifest> manifest(Head head, Span range) {
    return reader
        .newestCheckpoint()
        .chain(
            signed -> {
              boolean covers = signed != null && signed.size() >= range.end();
              boolean touches = signed != null && signed.size() >= range.first();
              long size = covers ? signed.size() : head.size();
              byte[] root = covers ? signed.root() : head.root();
              String note = touches ? signed.note() : null;
              return tiles
                  .hashes(
                      List.of(
                          MerkleTree.subtrees(0, range.first(), size),
                          MerkleTree.subtrees(range.end(), size, size)))
                  .map(sides -> new Manifest(range, size, root, note, sides.get(0), sides.get(1)));
            });
  }

  private Multi<List<Exported>> chunks(Span range, ExportFilter filter) {
    return Multi.createBy()
        .repeating()
        .<long[], List<Exported>>uni(
            () -> new long[] {range.first()}, next -> chunk(next, range.end(), filter))
        .whilst(chunk -> !chunk.isEmpty())
        .filter(chunk -> !chunk.isEmpty());
  }

  private Uni<List<Exported>> chunk(long[] next, long end, ExportFilter filter) {
    return reader
        .chunk(next[0], end, filter)
        .invoke(
            rows -> {
              if (rows.isEmpty() && next[0] < end) {
                throw new IllegalStateException("the log has lost entry " + next[0]);
              }
              next[0] = rows.isEmpty() ? end : rows.get(rows.size() - 1).entry().index() + 1;
            });
  }

  private Buffer firstLine(Manifest manifest, ExportFilter filter) {
    ObjectNode line = json.createObjectNode();
    line.put("format", "vigie-export/2");
    line.put("origin", checkpoints.origin());
    line.put("from", Long.toString(manifest.range.first()));
    line.put("to", Long.toString(manifest.range.end()));
    line.put("size", Long.toString(manifest.size));
    line.put("root", base64(manifest.root));
    line.put("left", joined(manifest.left));
    line.put("right", joined(manifest.right));
    line.put("checkpoint", manifest.note);
    line.put("filter", json.valueToTree(filter.stated()).toString());
    return Buffer.buffer(line.toString());
  }

  /** A line for each row; the stream itself ends each of its parts with a line feed. */
  private Buffer lines(List<Exported> rows) {
    StringJoiner lines = new StringJoiner("\n");
    for (Exported exported : rows) {
      Stored row = exported.entry();
      ObjectNode line = json.createObjectNode();
      line.put("index", Long.toString(row.index()));
      line.put("entry", new String(row.canonical(), StandardCharsets.UTF_8));
      if (exported.isMatch()) {
        line.put("columns", json.valueToTree(exported.columns()).toString());
        line.put("leaf", base64(row.leaf()));
        line.put("salt", base64(row.salt()));
        line.put("payload", base64(row.body()));
      }
      lines.add(line.toString());
    }
    return Buffer.buffer(lines.toString());
  }

  private static String joined(List<byte[]> hashes) {
    return hashes.stream().map(ExportResource::base64).collect(Collectors.joining(" "));
  }

  private static String base64(byte[] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }
}
