package io.vigie.asset.print;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.Details;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Pdf;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;

/** Labels to stick on assets. */
@Path("/v1/assets/labels")
public class LabelResource {

  /**
   * @param code the picture of the QR code that leads to the asset
   */
  record Label(String code, String tag, String name, String what) {}

  @CheckedTemplate
  static class Templates {
    static native TemplateInstance labels(List<Label> labels);
  }

  private final String console;

  LabelResource(@ConfigProperty(name = "vigie.console-url") String console) {
    this.console = console;
  }

  /**
   * A sheet of labels (A4, three by eight of 70 × 37 mm) for these assets, in this order; each with
   * a QR code that opens the asset in the console.
   *
   * @param ids up to 240 assets
   */
  @GET
  @RolesAllowed(ASSET_MANAGER)
  @Produces("application/pdf")
  @Read
  @APIResponse(
      responseCode = "200",
      description = "The sheet",
      content =
          @Content(
              mediaType = "application/pdf",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Uni<RestResponse<byte[]>> labels(
      @QueryParam("id") @NotEmpty @Size(max = 240) List<UUID> ids) {
    return Asset.<Asset>list("id in ?1", ids)
        .map(assets -> ordered(ids, assets))
        .chain(
            assets ->
                Pdf.render(
                    () -> Templates.labels(assets.stream().map(this::label).toList()).render()))
        .map(
            pdf ->
                RestResponse.ResponseBuilder.ok(pdf)
                    .header("Content-Disposition", "attachment; filename=\"labels.pdf\"")
                    .build());
  }

  private static List<Asset> ordered(List<UUID> ids, List<Asset> assets) {
    Map<UUID, Asset> byId = assets.stream().collect(Collectors.toMap(Asset::id, asset -> asset));
    if (!byId.keySet().containsAll(ids)) {
      throw Problem.notFound("One of these ids is no asset's.");
    }
    return ids.stream().map(byId::get).toList();
  }

  private Label label(Asset asset) {
    Details details = asset.details();
    return new Label(
        QrCode.picture(console + "/assets/" + asset.id()),
        details.assetTag() == null ? "" : details.assetTag(),
        details.name(),
        Stream.of(details.make(), details.model(), details.serialNumber())
            .filter(Objects::nonNull)
            .collect(Collectors.joining(" · ")));
  }
}
