package io.vigie.incident.finding;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.Aside;
import io.vigie.kernel.Sha256;
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

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** Scans of assets, as the tools that made them wrote them down (R11.13). */
@Path("/v1/scans")
public class ScanResource {

  private static final String SARIF = "application/sarif+json";
  private static final String NMAP = "application/xml";

  /**
   * A scan that was taken in.
   *
   * @param digest SHA-256 of the document
   * @param complete whether what it did not see is gone
   * @param results different things that it saw
   * @param found of these, new ones
   * @param reopened of these, those that were gone
   * @param gone findings that it saw no more
   */
  @Schema(name = "Scan")
  record View(
      UUID id,
      UUID asset,
      String tool,
      String digest,
      boolean complete,
      int results,
      int found,
      int reopened,
      int gone,
      Instant performedAt,
      Instant takenAt,
      long version) {

    static View of(Scan scan) {
      Scan.State state = scan.state();
      return new View(
          scan.id(),
          state.asset(),
          state.tool(),
          state.digest(),
          state.complete(),
          state.results(),
          state.found(),
          state.reopened(),
          state.gone(),
          state.performedAt(),
          state.takenAt(),
          scan.version());
    }
  }

  /**
   * What became of one tool's part of a document.
   *
   * @param unchanged it was taken in before, and nothing was since: nothing was done
   */
  @Schema(name = "ScanOutcome")
  record Outcome(boolean unchanged, View scan) {}

  /** One for each tool, in the order of their names. */
  @Schema(name = "ScanIntake")
  record Taken(List<Outcome> scans) {}

  private final ScanIntake intake;
  private final ScanPolicy policy;

  ScanResource(ScanIntake intake, ScanPolicy policy) {
    this.intake = intake;
    this.policy = policy;
  }

  /**
   * Takes in a scan of one asset: a SARIF 2.1.0 log, or what {@code nmap -oX} wrote about one host;
   * up to 20 MiB and 50,000 results, all or nothing. The last scan again changes nothing; one that
   * is older than the last is refused.
   *
   * @param complete false for a scan that looked at a part only: then nothing is gone
   */
  @POST
  @RolesAllowed({RESPONDER, SYSADMIN, TOOL})
  @Consumes({SARIF, NMAP})
  @Command(inOneTransaction = false)
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = SARIF,
            schema = @Schema(type = SchemaType.STRING),
            example = "a SARIF log: version 2.1.0 and runs, each with a tool and its results"),
        @Content(
            mediaType = NMAP,
            schema = @Schema(type = SchemaType.STRING),
            example = "what nmap -oX writes: nmaprun with one host and its ports")
      })
  public Uni<RestResponse<Taken>> take(
      @QueryParam("asset") @NotNull UUID asset,
      @QueryParam("complete") @DefaultValue("true") Boolean complete,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) String type,
      @NotNull @Size(min = 1) byte[] body) {
    boolean isSarif = type.toLowerCase(Locale.ROOT).startsWith(SARIF);
    return Aside.of(() -> read(isSarif, body, complete))
        .chain(document -> intake.take(asset, document))
        .map(
            results ->
                RestResponse.ok(
                    new Taken(
                        results.stream()
                            .map(result -> new Outcome(result.unchanged(), View.of(result.scan())))
                            .toList())));
  }

  private ScanDocument read(boolean isSarif, byte[] body, boolean complete) {
    List<ScanRun> runs =
        isSarif ? SarifReader.read(body, policy) : List.of(NmapReader.read(body, policy));
    if (!complete) {
      runs.forEach(ScanRun::incomplete);
    }
    return new ScanDocument(Sha256.hex(body), runs);
  }

  /** Scans in the order in which they were taken in. */
  @GET
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("tool") @Size(max = ScanRun.LONGEST_NAME) String tool,
      @QueryParam("complete") Boolean complete,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("tool", tool)
            .equal("complete", complete)
            .after(paging);
    return Scan.<Scan>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(scans -> paging.page(scans, Scan::id, View::of));
  }
}
