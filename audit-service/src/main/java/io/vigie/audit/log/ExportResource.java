package io.vigie.audit.log;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.log.LogReader.Exported;
import io.vigie.audit.log.LogReader.Stored;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** The whole log in one file, for whoever wants to verify it without us. */
@Path("/v1/log/export")
@RolesAllowed({AUDITOR, CISO})
public class ExportResource {

  private final LogReader reader;
  private final Readings readings;
  private final ObjectMapper json;
  private final Checkpoints checkpoints;

  ExportResource(LogReader reader, Readings readings, ObjectMapper json, Checkpoints checkpoints) {
    this.reader = reader;
    this.readings = readings;
    this.json = json;
    this.checkpoints = checkpoints;
  }

  /**
   * Every entry with its payload, as of one size, in format {@code vigie-export/1}: a first line
   * with origin, size and root, then a line for each entry. Streamed: memory stays constant, and
   * reads no faster than the caller does. That it was read goes into the log too.
   */
  @GET
  @Produces("application/x-ndjson")
  @APIResponse(
      responseCode = "200",
      description = "One JSON object a line",
      content =
          @Content(mediaType = "application/x-ndjson", schema = @Schema(type = SchemaType.STRING)))
  public Multi<Buffer> export() {
    return reader
        .head()
        .call(
            head ->
                head.size() == 0
                    ? Uni.createFrom().voidItem()
                    : readings.record(0, head.size() - 1))
        .onItem()
        .transformToMulti(
            head ->
                Multi.createBy()
                    .concatenating()
                    .streams(Multi.createFrom().item(firstLine(head)), entries(head.size())));
  }

  private Multi<Buffer> entries(long size) {
    return Multi.createBy()
        .repeating()
        .<long[], List<Exported>>uni(() -> new long[1], next -> chunk(next, size))
        .whilst(chunk -> !chunk.isEmpty())
        .filter(chunk -> !chunk.isEmpty())
        .map(this::lines);
  }

  private Uni<List<Exported>> chunk(long[] next, long size) {
    return reader
        .chunk(next[0], size)
        .invoke(
            rows -> {
              if (rows.isEmpty() && next[0] < size) {
                throw new IllegalStateException("the log has lost entry " + next[0]);
              }
              next[0] = rows.isEmpty() ? size : rows.get(rows.size() - 1).entry().index() + 1;
            });
  }

  private Buffer firstLine(Head head) {
    ObjectNode line = json.createObjectNode();
    line.put("format", "vigie-export/1");
    line.put("origin", checkpoints.origin());
    line.put("size", Long.toString(head.size()));
    line.put("root", base64(head.root()));
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
      line.put("columns", json.valueToTree(exported.columns()).toString());
      line.put("leaf", base64(row.leaf()));
      line.put("salt", base64(row.salt()));
      line.put("payload", base64(row.body()));
      lines.add(line.toString());
    }
    return Buffer.buffer(lines.toString());
  }

  private static String base64(byte[] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }
}
