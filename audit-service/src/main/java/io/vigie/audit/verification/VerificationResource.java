package io.vigie.audit.verification;

import java.net.URI;
import java.time.Instant;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vigie.audit.verification.VerificationEvent.LogVerified;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Whether the log is, as it is stored, what was logged and signed. */
@Path("/v1/log/verifications")
@RolesAllowed({AUDITOR, CISO, SYSADMIN})
public class VerificationResource {

  /**
   * @param intact whether everything is as it was logged and signed
   * @param size entries that the log's head said there were
   * @param signedSize size of the newest signed checkpoint; null where none was signed yet
   * @param index the first entry that is not as it should be; null where no single one is to blame
   * @param underWay whether the next one runs already, in the replica that answers
   */
  @Schema(name = "Verification")
  record View(
      boolean intact,
      long size,
      String root,
      Long signedSize,
      Long index,
      String reason,
      long milliseconds,
      Instant finishedAt,
      boolean underWay) {}

  private final Verification verification;
  private final VerificationRows results;
  private final Actor actor;

  VerificationResource(Verification verification, VerificationRows results, Actor actor) {
    this.verification = verification;
    this.results = results;
    this.actor = actor;
  }

  /**
   * Verifies the whole log now, in the background: as the verifier that outsiders use reads it, and
   * what no export shows as well. The result is an event, and stands under {@code last} when it is
   * there. While a run is under way no second one begins.
   */
  @POST
  @Command
  @APIResponse(
      responseCode = "202",
      description = "It runs; Location says where its result will be")
  public Uni<RestResponse<Void>> verify() {
    verification.start(actor.id());
    return Uni.createFrom()
        .item(
            ResponseBuilder.<Void>create(202)
                .location(URI.create("/v1/log/verifications/last"))
                .build());
  }

  /** What the last verification found. 404 as long as there was none. */
  @GET
  @Path("last")
  @Read(inSession = false)
  public Uni<View> last() {
    return results
        .last()
        .map(
            result -> {
              if (result == null) {
                throw Problem.notFound("The log was not verified yet.");
              }
              return view(result);
            });
  }

  private View view(LogVerified result) {
    return new View(
        result.intact(),
        result.size(),
        result.root(),
        result.signedSize(),
        result.index(),
        result.reason(),
        result.milliseconds(),
        result.at(),
        verification.isUnderWay());
  }
}
