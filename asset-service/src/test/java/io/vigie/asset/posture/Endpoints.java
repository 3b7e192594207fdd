package io.vigie.asset.posture;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/** Machines in service, and what a tool and asset managers do to them. */
public final class Endpoints {

  static final String ANNA = Tokens.of(UUID.randomUUID(), ASSET_MANAGER);
  static final String TOOL_TOKEN = Tokens.of(TOOL);

  private Endpoints() {}

  /** In service, and judged. */
  public static String inService(String kind) {
    return inService(Map.of("name", "x", "kind", kind, "production", false));
  }

  /** In service, and judged, with these details. */
  static String inService(Map<String, ?> details) {
    String id = Rest.as(ANNA).body(details).post("/v1/assets").path("id");
    Map<String, Object> levels =
        Map.of("availability", 2, "integrity", 2, "confidentiality", 2, "proof", 2);
    Map<String, Object> assessment = new HashMap<>(levels);
    assessment.put("rationale", "a test");
    change(id, "PUT", "classification", assessment).then().statusCode(200);
    change(id, "PUT", "owner", Map.of("owner", UUID.randomUUID())).then().statusCode(200);
    change(id, "POST", "commissioning", Map.of()).then().statusCode(200);
    await().untilAsserted(() -> posture(id).then().body("inService", equalTo(true)));
    return id;
  }

  /** A change of the asset. */
  static Response change(String id, String method, String what, Object body) {
    String etag = Rest.as(ANNA).get("/v1/assets/" + id).header("ETag");
    return Rest.as(ANNA)
        .header("If-Match", etag)
        .body(body)
        .request(method, "/v1/assets/" + id + "/" + what);
  }

  static Response posture(String id) {
    return Rest.as(ANNA).get("/v1/assets/" + id + "/posture");
  }

  static String verdict(String id, String rule) {
    return posture(id).path("rules.find { it.rule == '" + rule + "' }.verdict");
  }

  public static Response report(String id, Instant at, Map<String, ?> facts) {
    return Rest.as(TOOL_TOKEN)
        .body(Map.of("observedAt", at.toString(), "facts", facts))
        .put("/v1/assets/" + id + "/posture");
  }

  static Response declare(String id, List<Integer> ports) {
    return Rest.as(ANNA)
        .header("If-Match", posture(id).header("ETag"))
        .body(Map.of("ports", ports))
        .put("/v1/assets/" + id + "/declared-ports");
  }

  /** What keeps every rule on this day. */
  public static Map<String, Object> good() {
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    Map<String, Object> facts = new HashMap<>();
    facts.put("antivirus", "ClamAV");
    facts.put("antivirusRunning", true);
    facts.put("signaturesOn", today);
    facts.put("diskEncrypted", true);
    facts.put("firewallOn", true);
    facts.put("screenLock", true);
    facts.put("screenLockSeconds", 300);
    facts.put("signIn", "BIOMETRICS");
    facts.put("operatingSystem", "Debian GNU/Linux 13");
    facts.put("patchedOn", today);
    facts.put("openPorts", List.of());
    facts.put("rebootPending", false);
    return facts;
  }

  static Response exempt(String token, String id, String rule, Instant endsAt) {
    return Rest.as(token)
        .body(
            Map.of(
                "asset",
                id,
                "rule",
                rule,
                "reason",
                "The vendor is late",
                "endsAt",
                endsAt.toString()))
        .post("/v1/posture-exemptions");
  }

  static Response decide(String token, String exemption, String how, Map<String, ?> body) {
    String path = "/v1/posture-exemptions/" + exemption;
    return Rest.as(token)
        .header("If-Match", Rest.as(ANNA).get(path).header("ETag"))
        .body(body)
        .post(path + "/" + how);
  }
}
