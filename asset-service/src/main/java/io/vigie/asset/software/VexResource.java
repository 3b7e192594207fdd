package io.vigie.asset.software;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.TOOL;

/** What an asset's vulnerabilities come to, for those who use it. */
@Path("/v1/assets/{id}/vex")
public class VexResource {

  /** So many vulnerabilities fit into one document. */
  static final int MAX = 10_000;

  /** Of components that the asset still holds: what is gone needs no statement. */
  private static final String STATED =
      """
      select v.* from vulnerability v where v.asset_id = ?1 and v.state <> 'WITHDRAWN'
        and (v.state <> 'FIXED' or v.fix_reason = 'BY_HAND')
        and exists (select 1 from holding h
          where h.asset_id = v.asset_id and h.component_id = v.component_id)
      order by v.flaw, v.purl limit\s""";

  private final VexDocument.Publisher publisher;
  private final Clock clock;

  VexResource(
      @ConfigProperty(name = "vigie.publisher.name") String name,
      @ConfigProperty(name = "vigie.publisher.namespace") String namespace,
      Clock clock) {
    this.publisher = new VexDocument.Publisher(name, namespace);
    this.clock = clock;
  }

  /** A VEX document, as the CSAF 2.0 profile of that name. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR, TOOL})
  @Read
  @APIResponse(
      responseCode = "200",
      description = "CSAF 2.0, profile VEX",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(type = SchemaType.OBJECT, implementation = Object.class)))
  public Uni<JsonNode> get(UUID id) {
    return Asset.require(id)
        .chain(
            asset ->
                Bom.<Bom>findById(id)
                    .chain(
                        bom ->
                            stated(id)
                                .map(
                                    found ->
                                        VexDocument.of(
                                            publisher, asset, bom, found, clock.instant()))));
  }

  private static Uni<List<Vulnerability>> stated(UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(STATED + (MAX + 1), Vulnerability.class)
                    .setParameter(1, asset)
                    .getResultList())
        .invoke(
            found -> {
              if (found.isEmpty()) {
                throw Problem.notFound("Nothing is known that a VEX document could state.");
              }
              if (found.size() > MAX) {
                throw Problem.unprocessable(
                    "too-many-vulnerabilities", "A VEX document holds at most " + MAX + ".");
              }
            });
  }
}
