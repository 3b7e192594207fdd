package io.vigie.audit.checkpoint;

import java.util.stream.Collectors;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * What outsiders hold the log to (C2SP tlog-tiles): hashes and signatures, open to everybody so
 * that anybody can keep them.
 */
@Path("/log")
@PermitAll
public class CheckpointResource {

  private static final String TEXT = MediaType.TEXT_PLAIN + ";charset=utf-8";

  private final Checkpoints checkpoints;
  private final LogKeys keys;

  CheckpointResource(Checkpoints checkpoints, LogKeys keys) {
    this.checkpoints = checkpoints;
    this.keys = keys;
  }

  /** The newest checkpoint (C2SP tlog-checkpoint), a signed note. */
  @GET
  @Path("checkpoint")
  @Produces(TEXT)
  @APIResponse(
      responseCode = "200",
      description = "The signed note",
      content = @Content(mediaType = "text/plain", schema = @Schema(type = SchemaType.STRING)))
  @Read(inSession = false)
  public Uni<RestResponse<String>> checkpoint() {
    return checkpoints
        .newest()
        .map(
            newest ->
                newest.orElseThrow(
                    () -> Problem.notFound("The log has published no checkpoint yet.")))
        .map(newest -> answer(newest.note(), "max-age=1"));
  }

  /** The keys that verify the log's checkpoints (vkeys of C2SP signed-note), one a line. */
  @GET
  @Path("vkey")
  @Produces(TEXT)
  @APIResponse(
      responseCode = "200",
      description = "One verifier key a line",
      content = @Content(mediaType = "text/plain", schema = @Schema(type = SchemaType.STRING)))
  public RestResponse<String> verifierKeys() {
    return answer(
        keys.verifiers().stream().map(key -> key + "\n").collect(Collectors.joining()),
        "max-age=60");
  }

  private static RestResponse<String> answer(String text, String caching) {
    return ResponseBuilder.ok(text).header("Cache-Control", caching).build();
  }
}
