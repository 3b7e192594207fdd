package io.vigie.asset.software;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a bill of materials says, as far as it matters here.
 *
 * @param digest SHA-256 of the document as it came, in hexadecimal
 * @param serialNumber the document's own, or null
 * @param byPurl each component once, by canonical package URL
 * @param withoutPurl how many components have no package URL, or one that is malformed: nothing can
 *     be matched with them
 */
record BillOfMaterials(
    String digest,
    String specVersion,
    String serialNumber,
    Map<String, Component> byPurl,
    int withoutPurl) {

  Collection<Component> components() {
    return byPurl.values();
  }

  static Map<String, Component> byPurl(Collection<Component> components) {
    Map<String, Component> byPurl = new LinkedHashMap<>();
    components.forEach(component -> byPurl.putIfAbsent(component.purl(), component));
    return byPurl;
  }
}
