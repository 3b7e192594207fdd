package io.vigie.system;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import static io.vigie.system.Platform.create;
import static org.awaitility.Awaitility.await;

/**
 * Objects of each domain for somebody to look at, made by those who make such objects, which all
 * have hostile names. Each is there by its id.
 *
 * @param application that needs two other assets
 * @param flow that is approved
 * @param right that waits for who looks
 * @param campaign that asks who looks
 * @param test of the restore of a run of {@code plan}
 * @param evidence that was asked for in {@code audit}, and answered
 * @param finding of {@code audit}
 * @param exception to a rule that waits for the CISO
 */
record Exhibits(
    String application,
    String supplier,
    String flow,
    String right,
    String campaign,
    String incident,
    String alert,
    String plan,
    String test,
    String audit,
    String evidence,
    String finding,
    String exception) {

  /** As the realm has it. */
  private static final String AUDITOR = "5e1f0000-0000-4000-8000-000000000007";

  /**
   * Makes them.
   *
   * @param names three that are hostile, or more
   * @param person who looks
   */
  static Exhibits make(List<String> names, String person) {
    String laptop = asset(names.get(1), "LAPTOP");
    String plan = plan(names.get(0), laptop);
    String holder = "holder-" + UUID.randomUUID();
    String other = Access.join(holder, "staff");
    String audit = audit(names.get(0), "INTERNAL", AUDITOR);
    String incident = incident(names.get(1), "OTHER", laptop);
    scan(laptop, names.get(2));
    flaw(laptop, names.get(0));
    strangeFlow(names);
    clock(incident);
    String had = Access.entitlement(names.get(0), person);
    Access.approve(Access.ask(holder, other, had, names.get(1)));
    return new Exhibits(
        application(names.get(0), List.of(laptop, asset(names.get(2), "SERVER"))),
        supplier(names.get(1)),
        flow(names),
        Access.ask(holder, other, Access.entitlement(names.get(1), person), names.get(2)),
        Access.review(names.get(2), had),
        incident,
        alert(names.get(2)),
        plan,
        restore(plan),
        audit,
        evidence(audit, names),
        finding(audit, names.get(2)),
        exception(names.get(1)));
  }

  /** A restore that the system administrator has just begun, of a plan of this name; its id. */
  static String restoreUnderWay(String name) {
    return restore(plan(name, asset(name, "SERVER")));
  }

  private static String application(String name, List<String> needed) {
    String application = asset(name, "APPLICATION");
    Platform.as("asset-manager", "asset")
        .header("If-Match", "*")
        .body(Map.of("dependsOn", needed))
        .put("/v1/assets/" + application + "/dependencies")
        .then()
        .statusCode(200);
    return application;
  }

  static String asset(String name, String kind) {
    return create(
        "asset-manager",
        "asset",
        "/v1/assets",
        Map.of("name", name, "kind", kind, "production", false));
  }

  private static String supplier(String name) {
    return create(
        "asset-manager",
        "asset",
        "/v1/suppliers",
        Map.of(
            "name",
            name,
            "services",
            name,
            "activities",
            List.of("DEVELOPS"),
            "criticality",
            "MODERATE",
            "handlesClientData",
            false,
            "countries",
            List.of("FR"),
            "contactName",
            name,
            "contactEmail",
            "contact@supplier.example"));
  }

  private static String flow(List<String> names) {
    String flow =
        create(
            "sysadmin",
            "asset",
            "/v1/flows",
            Map.of(
                "fromZone", zone(names.get(0), "DMZ"),
                "toZone", zone(names.get(1), "HOSTING"),
                "protocol", "TCP",
                "ports", "443",
                "purpose", names.get(2)));
    done("ciso", "asset", "/v1/flows/" + flow + "/approval");
    return flow;
  }

  private static String zone(String name, String purpose, String... ranges) {
    return create(
        "sysadmin",
        "asset",
        "/v1/zones",
        Map.of("name", name, "purpose", purpose, "ranges", List.of(ranges)));
  }

  /** What a tool saw between two zones, and nobody approved. */
  private static void strangeFlow(List<String> names) {
    zone(names.get(0) + " inside", "DMZ", "2001:db8:1::/64");
    zone(names.get(1) + " outside", "HOSTING", "2001:db8:2::/64");
    String at = Instant.now().minusSeconds(60).toString();
    report(
        "asset",
        "/v1/observed-flows",
        "application/x-ndjson",
        Map.of(
            "source",
            "2001:db8:1::1",
            "destination",
            "2001:db8:2::1",
            "protocol",
            "TCP",
            "port",
            22,
            "firstSeen",
            at,
            "lastSeen",
            at,
            "count",
            1));
  }

  /** What a scanner found on an asset. */
  private static void scan(String asset, String message) {
    report(
        "incident",
        "/v1/scans?asset=" + asset,
        "application/sarif+json",
        Map.of(
            "version",
            "2.1.0",
            "runs",
            List.of(
                Map.of(
                    "tool",
                    Map.of("driver", Map.of("name", "scanner")),
                    "results",
                    List.of(Map.of("ruleId", "exhibit", "message", Map.of("text", message)))))));
  }

  /** A component of an asset, and what is known to be wrong with it. */
  private static void flaw(String asset, String summary) {
    String name = "exhibit-" + UUID.randomUUID();
    Platform.as("tool", "asset")
        .body(
            Map.of(
                "bomFormat",
                "CycloneDX",
                "specVersion",
                "1.6",
                "serialNumber",
                "urn:uuid:" + UUID.randomUUID(),
                "components",
                List.of(
                    Map.of(
                        "type",
                        "library",
                        "name",
                        name,
                        "version",
                        "1.0.0",
                        "purl",
                        "pkg:npm/" + name + "@1.0.0"))))
        .put("/v1/assets/" + asset + "/bom")
        .then()
        .statusCode(200);
    create(
        "tool",
        "asset",
        "/v1/advisories",
        Map.of(
            "id",
            name,
            "modified",
            "2026-01-01T00:00:00Z",
            "summary",
            summary,
            "affected",
            List.of(
                Map.of(
                    "package",
                    Map.of("ecosystem", "npm", "name", name),
                    "ranges",
                    List.of(
                        Map.of(
                            "type",
                            "SEMVER",
                            "events",
                            List.of(Map.of("introduced", "0"), Map.of("fixed", "1.0.1"))))))));
  }

  /** What a tool has seen, in a form of its own. */
  private static void report(String service, String path, String type, Map<String, ?> document) {
    try {
      Platform.as("tool", service)
          .contentType(type)
          .body(new ObjectMapper().writeValueAsBytes(document))
          .post(path)
          .then()
          .statusCode(200);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By when the management is to be told of an incident. */
  private static void clock(String incident) {
    Platform.as("responder", "incident")
        .header("If-Match", "*")
        .body(
            Map.of(
                "regimes", List.of("agency"), "awareAt", Instant.now().minusSeconds(60).toString()))
        .post("/v1/incidents/" + incident + "/classification")
        .then()
        .statusCode(200);
  }

  /** One of this category, about an asset, of which incident-service may hear a moment later. */
  static String incident(String title, String category, String asset) {
    Map<String, String> report =
        Map.of(
            "title",
            title,
            "description",
            title,
            "occurredAt",
            Instant.now().minusSeconds(600).toString(),
            "asset",
            asset);
    String event =
        await()
            .atMost(Duration.ofMinutes(3))
            .until(
                () -> Platform.as("staff", "incident").body(report).post("/v1/security-events"),
                answer -> answer.statusCode() == 201)
            .path("id");
    return Platform.as("responder", "incident")
        .header("If-Match", "*")
        .body(Map.of("category", category, "severity", 3))
        .post("/v1/security-events/" + event + "/promotion")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String alert(String summary) {
    String rule = "rule-" + UUID.randomUUID();
    Platform.as("tool", "incident")
        .body(
            Map.of(
                "source", "monitoring",
                "rule", rule,
                "status", "FIRING",
                "severity", "INFO",
                "summary", summary))
        .post("/v1/alerts")
        .then()
        .statusCode(201);
    return Platform.as("responder", "incident")
        .get("/v1/alerts?rule=" + rule)
        .then()
        .statusCode(200)
        .extract()
        .path("items[0].id");
  }

  static String plan(String name, String asset) {
    return create(
        "sysadmin",
        "backup",
        "/v1/plans",
        Map.of(
            "asset",
            asset,
            "name",
            name,
            "site",
            "elsewhere",
            "schedule",
            Map.of("interval", "P1D", "tolerance", "PT6H")));
  }

  private static String restore(String plan) {
    return create(
        "sysadmin",
        "backup",
        "/v1/restore-tests",
        Map.of("run", run(plan), "depth", "L2", "reason", "It is due"));
  }

  /** One that made a copy. */
  static String run(String plan) {
    String digest = (UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", "");
    Instant ended = Instant.now().minusSeconds(60);
    return create(
        "tool",
        "backup",
        "/v1/plans/" + plan + "/runs",
        Map.of(
            "startedAt",
            ended.minusSeconds(60).toString(),
            "endedAt",
            ended.toString(),
            "outcome",
            "SUCCEEDED",
            "bytes",
            1_000_000,
            "sha256",
            digest));
  }

  /** One that has begun. */
  static String audit(String title, String kind, String auditor) {
    Instant now = Instant.now();
    String audit =
        create(
            "ciso",
            "audit",
            "/v1/audits",
            Map.of(
                "title",
                title,
                "kind",
                kind,
                "rules",
                List.of("R3.1", "R4.6"),
                "clients",
                List.of(),
                "auditor",
                auditor,
                "periodFrom",
                now.minusSeconds(3_600).toString(),
                "periodUntil",
                now.plusSeconds(864_000).toString()));
    done("ciso", "audit", "/v1/audits/" + audit + "/opening");
    return audit;
  }

  private static String evidence(String audit, List<String> names) {
    String evidence =
        create(
            "auditor",
            "audit",
            "/v1/evidence-requests",
            Map.of(
                "audit",
                audit,
                "text",
                names.get(1),
                "dueAt",
                Instant.now().plusSeconds(86_400).toString()));
    String path = "/v1/evidence-requests/" + evidence;
    Platform.as("ciso", "audit")
        .header("If-Match", "*")
        .body(
            Map.of(
                "answer",
                names.get(2),
                "entries",
                List.of(),
                "objects",
                List.of("control-audit/" + audit)))
        .post(path + "/answer")
        .then()
        .statusCode(200);
    Platform.as("auditor", "audit")
        .header("If-Match", "*")
        .body(Map.of("accepted", false, "reason", names.get(0)))
        .post(path + "/review")
        .then()
        .statusCode(200);
    return evidence;
  }

  private static String finding(String audit, String text) {
    return create(
        "ciso",
        "audit",
        "/v1/audit-findings",
        Map.of(
            "audit",
            audit,
            "reference",
            "NC-" + UUID.randomUUID(),
            "rule",
            "R4.6",
            "severity",
            "MINOR",
            "text",
            text,
            "owner",
            AUDITOR,
            "dueAt",
            Instant.now().plusSeconds(864_000).toString()));
  }

  private static String exception(String reason) {
    return create(
        "sysadmin",
        "audit",
        "/v1/control-exceptions",
        Map.of(
            "rule",
            "R3.4",
            "reason",
            reason,
            "endsAt",
            Instant.now().plusSeconds(864_000).toString()));
  }

  /** Does something that takes no more than its path, to any version. */
  static void done(String account, String service, String path) {
    Platform.as(account, service).header("If-Match", "*").post(path).then().statusCode(200);
  }
}
