package io.vigie.asset.software;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.ETag;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** The bill of materials of an asset. */
@Path("/v1/assets/{id}/bom")
public class BomResource {

  /** What is read of a CycloneDX document in JSON; the rest of it may be there and is ignored. */
  @Schema(name = "CycloneDxBom")
  record Document(
      @Schema(enumeration = "CycloneDX") String bomFormat,
      @Schema(enumeration = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}) String specVersion,
      String serialNumber,
      List<Part> components,
      List<Need> dependencies) {

    @Schema(name = "CycloneDxComponent")
    record Part(String type, String name, String version, String purl) {}

    @Schema(name = "CycloneDxDependency")
    record Need(String ref, List<String> dependsOn) {}
  }

  @Schema(name = "Bom")
  record View(
      UUID asset,
      String digest,
      String specVersion,
      String serialNumber,
      int components,
      int withoutPurl,
      Instant takenAt,
      long version) {

    static View of(Bom bom) {
      Bom.State state = bom.state();
      return new View(
          state.asset(),
          state.digest(),
          state.specVersion(),
          state.serialNumber(),
          state.components(),
          state.withoutPurl(),
          state.takenAt(),
          bom.version());
    }
  }

  private final Holdings holdings;
  private final Matching matching;
  private final Outbox outbox;
  private final History history;
  private final Clock clock;

  BomResource(Holdings holdings, Matching matching, Outbox outbox, History history, Clock clock) {
    this.holdings = holdings;
    this.matching = matching;
    this.outbox = outbox;
    this.history = history;
    this.clock = clock;
  }

  /**
   * Replaces the asset's bill of materials by a CycloneDX document in JSON, 1.2 to 1.7, whose
   * components do not need each other in a cycle. The first one needs no {@code If-Match}, nor does
   * the same document again, which changes nothing.
   */
  @PUT
  @Consumes({MediaType.APPLICATION_JSON, "application/vnd.cyclonedx+json"})
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<View>> take(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull
          @RequestBody(
              required = true,
              content = @Content(schema = @Schema(implementation = Document.class)))
          byte[] body) {
    return Aside.read(() -> CycloneDxReader.read(body)).chain(bill -> take(id, ifMatch, bill));
  }

  private Uni<RestResponse<View>> take(UUID id, String ifMatch, BillOfMaterials bill) {
    return Asset.require(id)
        .invoke(BomResource::requireHeld)
        .chain(matching::begin)
        .chain(() -> Bom.<Bom>findById(id))
        .invoke(
            bom -> {
              if (bom != null && !bom.isOf(bill)) {
                ETag.require(ifMatch, bom.version());
              }
            })
        .map(bom -> bom == null ? new Bom(id) : bom)
        .call(bom -> bom.isOf(bill) ? Uni.createFrom().voidItem() : replace(bom, bill))
        .map(BomResource::ok);
  }

  private Uni<Void> replace(Bom bom, BillOfMaterials bill) {
    return holdings.replace(
        bom.id(),
        Holdings.Source.BOM,
        bill.byPurl(),
        change -> outbox.append(bom, bom.take(bill, change, clock.instant())));
  }

  private static void requireHeld(Asset asset) {
    if (!asset.state().state().isHeld()) {
      throw Problem.conflict("asset-not-held", "A retired or lost asset changes no more.");
    }
  }

  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Asset.require(id).chain(() -> Bom.require(id)).map(BomResource::ok);
  }

  /** What happened to the bill of materials, from the log, with each event's index in it. */
  @GET
  @Path("history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("bom", id, query);
  }

  private static RestResponse<View> ok(Bom bom) {
    return Answer.ok(View.of(bom), bom.version());
  }
}
