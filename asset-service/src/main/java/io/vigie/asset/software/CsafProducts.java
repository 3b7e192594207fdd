package io.vigie.asset.software;

import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.asset.software.version.VersionRange;

import static io.vigie.asset.software.DocumentReader.invalid;
import static io.vigie.asset.software.DocumentReader.text;

/** The products of a CSAF document, by their ids (CSAF 2.0, sections 3.2.2 and 3.1.2). */
final class CsafProducts {

  /**
   * A product.
   *
   * @param component its package; null where no package URL names it
   * @param versions which of the package's versions it is, as vers
   */
  record Product(Component component, String versions) {}

  private final Map<String, Product> byId = new HashMap<>();

  CsafProducts(JsonNode tree) {
    readBranches(tree.path("branches"), "product_tree.branches");
    JsonNode names = tree.path("full_product_names");
    for (int i = 0; i < names.size(); i++) {
      define(names.get(i), "", null, "product_tree.full_product_names[" + i + "]");
    }
    readRelationships(tree.path("relationships"));
  }

  /** The product with this id; CSAF 2.0, test 6.1.1, wants every one that is named defined. */
  Product require(String id, String field) {
    Product product = byId.get(id);
    if (product == null) {
      throw invalid(field, "is a product that product_tree does not define: " + id);
    }
    return product;
  }

  private void readBranches(JsonNode branches, String place) {
    for (int i = 0; i < branches.size(); i++) {
      JsonNode branch = branches.get(i);
      String field = place + "[" + i + "]";
      if (branch.has("product")) {
        define(
            branch.get("product"),
            branch.get("category").asText(),
            branch.get("name").asText(),
            field + ".product");
      }
      readBranches(branch.path("branches"), field + ".branches");
    }
  }

  /** A product as a part of another is the package that it is. */
  private void readRelationships(JsonNode relationships) {
    for (int i = 0; i < relationships.size(); i++) {
      String field = "product_tree.relationships[" + i + "]";
      JsonNode relationship = relationships.get(i);
      Product part =
          require(relationship.get("product_reference").asText(), field + ".product_reference");
      require(
          relationship.get("relates_to_product_reference").asText(),
          field + ".relates_to_product_reference");
      JsonNode name = relationship.get("full_product_name");
      define(name, "", null, field + ".full_product_name");
      if (!name.at("/product_identification_helper").has("purl")) {
        byId.put(name.get("product_id").asText(), part);
      }
    }
  }

  private void define(JsonNode product, String category, String name, String field) {
    String id = product.get("product_id").asText();
    String purl = text(product.at("/product_identification_helper/purl"));
    Component component = purl == null ? null : Component.of(purl).orElse(null);
    if (purl != null && component == null) {
      throw invalid(field + ".product_identification_helper.purl", "is not a package URL");
    }
    Product defined =
        new Product(
            component, component == null ? null : versions(component, category, name, field));
    if (byId.put(id, defined) != null) {
      throw invalid(field + ".product_id", "is defined twice: " + id);
    }
  }

  private static String versions(Component component, String category, String name, String field) {
    String scheme = "vers:" + component.type() + "/";
    if (category.equals("product_version_range")) {
      return range(scheme, name, field);
    }
    if (component.version() != null) {
      return Versions.checked(Versions.only(component.type(), component.version()), field);
    }
    return category.equals("product_version")
        ? Versions.checked(Versions.only(component.type(), name), field)
        : scheme + "*";
  }

  /** A range in the publisher's own words (vls) has no meaning that a machine can be sure of. */
  private static String range(String scheme, String name, String field) {
    if (!name.startsWith("vers:")) {
      return Versions.UNDECIDABLE;
    }
    if (name.equals("vers:all/*")) {
      return scheme + "*";
    }
    try {
      VersionRange.parse(name);
      return name;
    } catch (IllegalArgumentException e) {
      throw invalid(field, "is in a branch whose name " + e.getMessage());
    }
  }
}
