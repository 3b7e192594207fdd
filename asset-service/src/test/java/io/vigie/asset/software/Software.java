package io.vigie.asset.software;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;

/** What the tests of this package say to the service. */
final class Software {

  static final UUID MANAGER = UUID.randomUUID();
  static final String TOKEN = Tokens.of(MANAGER, ASSET_MANAGER);
  static final String TOOL_TOKEN = Tokens.of(TOOL);

  private Software() {}

  static String asset(String kind, boolean production) {
    return Rest.as(TOKEN)
        .body(
            Map.of(
                "name",
                "shop",
                "kind",
                kind,
                "production",
                production,
                "attributes",
                kind.equals("WEB_PROPERTY") ? Map.of("url", "https://shop.example/") : Map.of()))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** A CycloneDX document with these components. */
  static String bom(String... purls) {
    String components =
        Stream.of(purls)
            .map(purl -> "{\"type\":\"library\",\"name\":\"x\",\"purl\":\"" + purl + "\"}")
            .collect(Collectors.joining(","));
    return "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
        + components
        + "]}";
  }

  /** Replaces an asset's bill of materials, whatever its version. */
  static Response take(String asset, String... purls) {
    return Rest.as(TOOL_TOKEN)
        .header("If-Match", "*")
        .body(bom(purls))
        .put("/v1/assets/" + asset + "/bom");
  }

  /** An OSV advisory about versions of one npm package from {@code introduced} to {@code fixed}. */
  static String osv(String id, String modified, String name, String introduced, String fixed) {
    return """
        {"id": "%s", "modified": "%s", "summary": "About %s", "aliases": ["CVE-2026-%s"],
         "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
         "affected": [{"package": {"ecosystem": "npm", "name": "%s"},
           "ranges": [{"type": "SEMVER", "events": [{"introduced": "%s"}, {"fixed": "%s"}]}]}]}
        """
        .formatted(id, modified, name, id.replaceAll("\\D", ""), name, introduced, fixed);
  }

  static Response publish(String document) {
    return Rest.as(TOOL_TOKEN).body(document).post("/v1/advisories");
  }

  static Response found(String query) {
    return Rest.as(TOKEN).get("/v1/vulnerabilities?" + query);
  }

  /** The one vulnerability of an asset. */
  static String of(String asset) {
    List<String> ids = found("asset=" + asset).path("items.id");
    if (ids.size() != 1) {
      throw new AssertionError(ids);
    }
    return ids.get(0);
  }

  static Response get(String vulnerability) {
    return Rest.as(TOKEN).get("/v1/vulnerabilities/" + vulnerability);
  }

  static Response decide(String token, String vulnerability, String what, Map<String, ?> body) {
    return Rest.as(token)
        .header("If-Match", get(vulnerability).header("ETag"))
        .body(body)
        .post("/v1/vulnerabilities/" + vulnerability + "/" + what);
  }

  /** A name that no other test uses. */
  static String unique(String prefix) {
    return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** The id of an advisory that no other test uses; its digits make its CVE. */
  static String advisoryId() {
    return "TEST-"
        + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000L)
        + "00000";
  }
}
