package io.vigie.asset.software;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Which asset holds which component. */
@Path("/v1/components")
public class ComponentResource {

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "%sname",
          "type", "%stype",
          "source", "%ssource");

  @Schema(name = "HeldComponent")
  record View(
      UUID id,
      UUID asset,
      Holdings.Source source,
      String purl,
      String type,
      String namespace,
      String name,
      String version) {}

  /**
   * What assets hold, by their bills of materials and inventories, in order of arrival. For those
   * who read inventories.
   *
   * @param purl a package URL; without a version, all its versions
   * @param name as its ecosystem compares names: of NuGet and Composer in small letters, of PyPI
   *     also with {@code -} for each run of {@code -}, {@code _} and {@code .}
   */
  @GET
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("source") Holdings.Source source,
      @QueryParam("purl") @Size(max = Component.MAX_LENGTH) String purl,
      @QueryParam("type")
          @Pattern(regexp = "[a-z][a-z0-9.+-]{0,49}", message = "is a type of package URLs")
          String type,
      @QueryParam("name") @Size(max = Component.MAX_LENGTH) String name,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("source", source)
            .equal("type", type)
            .equal("name", name)
            .after(paging, sorting, HeldComponent.class, SORTS);
    if (purl != null) {
      restrict(filter, purl);
    }
    return HeldComponent.<HeldComponent>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(rows -> paging.page(rows, HeldComponent::id, HeldComponent::view));
  }

  private static void restrict(Filter filter, String purl) {
    Component component =
        Component.of(purl)
            .orElseThrow(
                () ->
                    Problem.invalid(
                        List.of(new Problem.FieldError("purl", "is not a package URL"))));
    if (component.version() != null) {
      filter.equal("purl", component.purl());
    } else {
      filter
          .equal("type", component.type())
          .equal("namespace", component.namespace())
          .equal("name", component.name());
    }
  }
}
