package io.vigie.asset.disposal;

import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Pdf;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** The files that prove a disposal, and the certificate that comes of it. */
@Path("/v1/disposals/{id}")
public class EvidenceResource {

  private static final String PDF = "application/pdf";
  private static final String RECEIPT = "disposal.tlog-proof";

  record Kept(String sha256) {}

  @CheckedTemplate
  static class Templates {
    static native TemplateInstance certificate(
        UUID id, Disposal.State disposal, Asset.State asset, String address, String attached);
  }

  private record Completed(Disposal disposal, Asset asset) {}

  private final Evidence evidence;
  private final Receipts receipts;

  EvidenceResource(Evidence evidence, Receipts receipts) {
    this.evidence = evidence;
    this.receipts = receipts;
  }

  /**
   * Keeps a certificate or a photograph, up to 5 MiB, and 100 of them at most; it is known by its
   * SHA-256 from then on.
   */
  @POST
  @Path("evidence")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Consumes({PDF, "image/png", "image/jpeg"})
  @Command
  public Uni<RestResponse<Kept>> keep(
      UUID id,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) String type,
      @NotNull @Size(min = 1) byte[] body) {
    String hash = Sha256.hex(body);
    String mediaType = type.replaceFirst(";.*", "").strip();
    return Disposal.require(id)
        .call(disposal -> evidence.keep(disposal, hash, mediaType, body))
        .map(disposal -> Answer.ok(new Kept(hash), disposal.version()));
  }

  /** The file with this SHA-256, as it was sent. */
  @GET
  @Path("evidence/{sha256}")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  @APIResponse(
      responseCode = "200",
      description = "The file",
      content =
          @Content(
              mediaType = "application/octet-stream",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Uni<RestResponse<byte[]>> evidence(UUID id, String sha256) {
    return evidence
        .find(id, sha256)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("This disposal has no such file."))
        .map(
            file ->
                ResponseBuilder.ok(file.content(), file.mediaType())
                    .header(
                        "Content-Disposition",
                        "attachment; filename=\"%s.%s\""
                            .formatted(sha256, file.mediaType().replaceFirst(".*/", "")))
                    .header("X-Content-Type-Options", "nosniff")
                    .build());
  }

  /**
   * What was done by whom, to which medium; 409 before. The receipt of the log is attached as a
   * file, so that whoever has the certificate can verify it without an account; while the log has
   * none for the caller the certificate says so. Its address is printed in any case.
   */
  @GET
  @Path("certificate")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read(inSession = false)
  @APIResponse(
      responseCode = "200",
      description = "The certificate",
      content =
          @Content(mediaType = PDF, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Uni<RestResponse<byte[]>> certificate(
      UUID id, @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
    return Panache.withSession(() -> completed(id))
        .chain(
            completed ->
                receipts
                    .file(completed.disposal().receipt(), authorization)
                    .chain(receipt -> print(completed, receipt)))
        .map(
            pdf ->
                ResponseBuilder.ok(pdf, PDF)
                    .header("Content-Disposition", "attachment; filename=\"disposal.pdf\"")
                    .build());
  }

  private static Uni<Completed> completed(UUID id) {
    return Disposal.require(id)
        .invoke(
            disposal -> {
              if (disposal.state().stage() != Disposal.Stage.COMPLETED) {
                throw Problem.conflict(
                    "disposal-not-completed", "There is a certificate once the asset has left.");
              }
            })
        .chain(
            disposal ->
                Asset.require(disposal.state().asset())
                    .map(asset -> new Completed(disposal, asset)));
  }

  /**
   * @param receipt null where there is none
   */
  private Uni<byte[]> print(Completed completed, byte[] receipt) {
    Disposal disposal = completed.disposal();
    return Pdf.render(
        () ->
            Templates.certificate(
                    disposal.id(),
                    disposal.state(),
                    completed.asset().state(),
                    receipts.address(disposal.receipt()),
                    receipt == null ? null : RECEIPT)
                .render(),
        receipt == null ? Map.of() : Map.of(RECEIPT, receipt));
  }
}
