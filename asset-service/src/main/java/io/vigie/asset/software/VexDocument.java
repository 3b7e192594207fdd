package io.vigie.asset.software;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.asset.inventory.Asset;

/** Vulnerabilities of an asset as a document in CSAF 2.0, profile 5 (VEX). */
final class VexDocument {

  /**
   * Who gives it out.
   *
   * @param namespace an address of theirs
   */
  record Publisher(String name, String namespace) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ASSET_ID = "asset";

  private final ObjectNode document = JSON.createObjectNode();
  private final Map<String, String> products = new LinkedHashMap<>();

  private VexDocument() {}

  /** The statements on {@code found}, of which there is at least one. */
  static JsonNode of(
      Publisher publisher, Asset asset, Bom bom, List<Vulnerability> found, Instant now) {
    VexDocument vex = new VexDocument();
    vex.head(publisher, asset, now);
    vex.products(asset, bom, found);
    found.stream()
        .collect(
            Collectors.groupingBy(
                vulnerability -> vulnerability.state().flaw(),
                LinkedHashMap::new,
                Collectors.toList()))
        .forEach(vex::vulnerability);
    return vex.document;
  }

  private void head(Publisher publisher, Asset asset, Instant now) {
    ObjectNode head = document.putObject("document");
    head.put("category", "csaf_vex").put("csaf_version", "2.0");
    head.put("title", "Vulnerabilities of " + asset.details().name());
    head.putObject("publisher")
        .put("category", "vendor")
        .put("name", publisher.name())
        .put("namespace", publisher.namespace());
    ObjectNode tracking = head.putObject("tracking");
    tracking
        .put("id", "vex-" + asset.id() + "-" + now.toEpochMilli())
        .put("status", "final")
        .put("version", "1")
        .put("initial_release_date", now.toString())
        .put("current_release_date", now.toString());
    tracking
        .putArray("revision_history")
        .addObject()
        .put("number", "1")
        .put("date", now.toString())
        .put("summary", "As things stood at that time.");
  }

  /** The asset, its components, and each component as a part of the asset. */
  private void products(Asset asset, Bom bom, List<Vulnerability> found) {
    ObjectNode tree = document.putObject("product_tree");
    ArrayNode names = tree.putArray("full_product_names");
    names.addObject().put("name", asset.details().name()).put("product_id", ASSET_ID);
    ArrayNode relationships = tree.putArray("relationships");
    Set<String> purls = new TreeSet<>();
    found.forEach(vulnerability -> purls.add(vulnerability.state().purl()));
    for (String purl : purls) {
      int number = products.size() + 1;
      String part = "part-" + number;
      names
          .addObject()
          .put("name", purl)
          .put("product_id", "component-" + number)
          .putObject("product_identification_helper")
          .put("purl", purl);
      ObjectNode relationship = relationships.addObject();
      relationship
          .put("category", bom == null ? "installed_on" : "default_component_of")
          .put("product_reference", "component-" + number)
          .put("relates_to_product_reference", ASSET_ID);
      relationship
          .putObject("full_product_name")
          .put("name", purl + " in " + asset.details().name())
          .put("product_id", part);
      products.put(purl, part);
    }
  }

  private void vulnerability(String flaw, List<Vulnerability> found) {
    ObjectNode vulnerability = document.withArray("vulnerabilities").addObject();
    if (flaw.matches("CVE-[0-9]{4}-[0-9]{4,}")) {
      vulnerability.put("cve", flaw);
    } else {
      vulnerability
          .putArray("ids")
          .addObject()
          .put("system_name", "Name of the flaw in its advisory")
          .put("text", flaw);
    }
    vulnerability
        .putArray("notes")
        .addObject()
        .put("category", "general")
        .put("text", "What is known of " + flaw + " in the components of this product.");
    Map<String, Vulnerability> worst = new LinkedHashMap<>();
    found.forEach(v -> worst.merge(v.state().purl(), v, VexDocument::worse));
    worst.values().forEach(v -> state(vulnerability, v));
  }

  /** Of two advisories about one flaw in one component, the one with more left to do. */
  private static Vulnerability worse(Vulnerability a, Vulnerability b) {
    List<VulnerabilityState> order =
        List.of(
            VulnerabilityState.AFFECTED,
            VulnerabilityState.UNDER_INVESTIGATION,
            VulnerabilityState.TO_ASSESS,
            VulnerabilityState.NOT_AFFECTED,
            VulnerabilityState.FIXED);
    return order.indexOf(a.state().state()) <= order.indexOf(b.state().state()) ? a : b;
  }

  private void state(ObjectNode vulnerability, Vulnerability of) {
    Vulnerability.State state = of.state();
    String product = products.get(state.purl());
    String status =
        switch (state.state()) {
          case AFFECTED -> "known_affected";
          case NOT_AFFECTED -> "known_not_affected";
          case FIXED -> "fixed";
          default -> "under_investigation";
        };
    vulnerability.withObjectProperty("product_status").withArrayProperty(status).add(product);
    if (state.state() == VulnerabilityState.NOT_AFFECTED) {
      ObjectNode flag = vulnerability.withArrayProperty("flags").addObject();
      flag.put("label", state.justification().label()).putArray("product_ids").add(product);
    }
    if (state.state() == VulnerabilityState.AFFECTED) {
      ObjectNode action = vulnerability.withArrayProperty("remediations").addObject();
      action
          .put("category", "none_available")
          .put("details", "It is to be mended by " + state.dueAt() + ".")
          .putArray("product_ids")
          .add(product);
    }
  }
}
