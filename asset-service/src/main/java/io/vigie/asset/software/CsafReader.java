package io.vigie.asset.software;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import static io.vigie.asset.software.DocumentReader.invalid;
import static io.vigie.asset.software.DocumentReader.text;
import static io.vigie.asset.software.DocumentReader.time;

/** An advisory in CSAF 2.0 that has kept its schema. One document, one reader. */
final class CsafReader {

  private static final List<String> AFFECTED =
      List.of("known_affected", "first_affected", "last_affected", "under_investigation");
  private static final List<String> UNAFFECTED =
      List.of("fixed", "first_fixed", "known_not_affected");
  private static final int MAX_LISTED = 100;

  private final JsonNode document;
  private final CsafProducts products;
  private final Set<String> withoutPurl = new HashSet<>();

  CsafReader(JsonNode document) {
    this.document = document;
    this.products = new CsafProducts(document.path("product_tree"));
  }

  Publication read() {
    JsonNode head = document.path("document");
    JsonNode tracking = head.path("tracking");
    List<Publication.Flaw> flaws = flaws(severity(head));
    return new Publication(
        Publication.Format.CSAF,
        head.at("/publisher/namespace").textValue(),
        text(tracking.path("id")),
        text(head.path("title")),
        time(tracking.path("initial_release_date"), "document.tracking.initial_release_date"),
        time(tracking.path("current_release_date"), "document.tracking.current_release_date"),
        null,
        texts(tracking.path("aliases"), ""),
        texts(head.path("references"), "/url"),
        flaws,
        withoutPurl.size());
  }

  private static List<String> texts(JsonNode array, String pointer) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> Optional.ofNullable(text(item.at(pointer))).ifPresent(texts::add));
    return texts.stream().distinct().limit(MAX_LISTED).toList();
  }

  private static Severity severity(JsonNode head) {
    return Severity.of(head.at("/aggregate_severity/text").asText());
  }

  private List<Publication.Flaw> flaws(Severity ofDocument) {
    List<Publication.Flaw> flaws = new ArrayList<>();
    Set<String> names = new HashSet<>();
    JsonNode vulnerabilities = document.path("vulnerabilities");
    for (int i = 0; i < vulnerabilities.size(); i++) {
      String place = "vulnerabilities[" + i + "]";
      JsonNode vulnerability = vulnerabilities.get(i);
      String name = name(vulnerability, i);
      if (!names.add(name)) {
        throw invalid(place, "is about " + name + ", as another one is");
      }
      flaws.add(flaw(vulnerability, place, name, ofDocument));
    }
    return flaws;
  }

  private static String name(JsonNode vulnerability, int index) {
    String cve = text(vulnerability.path("cve"));
    String id = text(vulnerability.at("/ids/0/text"));
    return cve != null ? cve : id != null ? id : "vulnerability-" + (index + 1);
  }

  private Publication.Flaw flaw(
      JsonNode vulnerability, String place, String name, Severity ofDocument) {
    JsonNode worst = null;
    for (JsonNode score : vulnerability.path("scores")) {
      JsonNode cvss = score.has("cvss_v3") ? score.get("cvss_v3") : score.path("cvss_v2");
      if (cvss.has("baseScore")
          && (worst == null
              || cvss.get("baseScore")
                      .decimalValue()
                      .compareTo(worst.get("baseScore").decimalValue())
                  > 0)) {
        worst = cvss;
      }
    }
    BigDecimal score =
        worst == null
            ? null
            : worst.get("baseScore").decimalValue().setScale(1, RoundingMode.HALF_UP);
    return new Publication.Flaw(
        name,
        text(vulnerability.path("title")),
        score == null ? ofDocument : Severity.of(score),
        score,
        worst == null ? null : text(worst.path("vectorString")),
        packages(vulnerability.path("product_status"), place + ".product_status"));
  }

  private List<Publication.AffectedPackage> packages(JsonNode status, String place) {
    Map<String, Publication.AffectedPackage> byPackage = new LinkedHashMap<>();
    status
        .properties()
        .forEach(
            group -> {
              for (int i = 0; i < group.getValue().size(); i++) {
                String field = place + "." + group.getKey() + "[" + i + "]";
                add(byPackage, group.getKey(), group.getValue().get(i).asText(), field);
              }
            });
    return byPackage.values().stream().filter(p -> !p.affected().isEmpty()).toList();
  }

  private void add(
      Map<String, Publication.AffectedPackage> byPackage, String group, String id, String field) {
    CsafProducts.Product product = products.require(id, field);
    boolean affected = AFFECTED.contains(group);
    if (product.component() == null) {
      if (affected) {
        withoutPurl.add(id);
      }
      return;
    }
    Component component = product.component();
    Publication.AffectedPackage known =
        byPackage.computeIfAbsent(
            component.product() + " " + component.distro(),
            key ->
                new Publication.AffectedPackage(
                    component.type(),
                    component.namespace(),
                    component.name(),
                    component.distro(),
                    new ArrayList<>(),
                    new ArrayList<>()));
    if (affected) {
      known.affected().add(product.versions());
    } else if (UNAFFECTED.contains(group)) {
      known.unaffected().add(product.versions());
    }
  }
}
