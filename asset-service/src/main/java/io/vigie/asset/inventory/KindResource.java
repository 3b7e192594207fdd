package io.vigie.asset.inventory;

import java.util.List;
import java.util.Map;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;

/** The kinds of assets, for forms and imports. */
@Path("/v1/asset-kinds")
public class KindResource {

  @Schema(name = "AssetKind")
  record View(
      String kind,
      Kinds.Title title,
      boolean networked,
      boolean medium,
      List<Medium> media,
      Map<String, Attribute> attributes) {}

  record AllKinds(List<View> items) {}

  private final AllKinds kinds;

  KindResource(Kinds kinds) {
    this.kinds =
        new AllKinds(
            kinds.all().entrySet().stream()
                .map(
                    kind ->
                        new View(
                            kind.getKey(),
                            kind.getValue().title(),
                            kind.getValue().networked(),
                            kind.getValue().medium(),
                            List.copyOf(kind.getValue().media()),
                            kind.getValue().attributes()))
                .toList());
  }

  /** Each kind with its attributes; all of them, as they are few. */
  @GET
  @RolesAllowed({STAFF, TOOL})
  public AllKinds list() {
    return kinds;
  }
}
