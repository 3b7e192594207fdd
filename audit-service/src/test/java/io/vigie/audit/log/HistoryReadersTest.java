package io.vigie.audit.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class HistoryReadersTest {

  private static final List<String> ROLES =
      List.of(STAFF, ASSET_MANAGER, ACCESS_MANAGER, RESPONDER, SYSADMIN, CISO, AUDITOR, TOOL);

  private static Response history(String kind, String role) {
    return Rest.as(Tokens.of(role)).get("/v1/objects/{kind}/{id}/history", kind, UUID.randomUUID());
  }

  private static List<String> readers(String kind) {
    List<String> readers = new ArrayList<>();
    for (String role : ROLES) {
      int status = history(kind, role).statusCode();
      if (status != 403) {
        assertEquals(200, status, role);
        readers.add(role);
      }
    }
    return readers;
  }

  @ParameterizedTest
  @CsvSource({
    "asset, asset-service, /v1/assets/{id}/history",
    "supplier, asset-service, /v1/suppliers/{id}/history",
    "document, asset-service, /v1/documents/{id}/history",
    "deployment, asset-service, /v1/deployments/{id}/history",
    "bom, asset-service, /v1/assets/{id}/bom/history",
    "advisory, asset-service, /v1/advisories/{id}/history",
    "vulnerability, asset-service, /v1/vulnerabilities/{id}/history",
    "feed, asset-service, /v1/feeds/{id}/history",
    "notice, asset-service, /v1/notices/{id}/history",
    "disposal, asset-service, /v1/disposals/{id}/history",
    "posture, asset-service, /v1/assets/{id}/posture/history",
    "zone, asset-service, /v1/zones/{id}/history",
    "flow, asset-service, /v1/flows/{id}/history",
    "person, access-service, /v1/people/{id}/history",
    "service-account, access-service, /v1/service-accounts/{id}/history",
    "entitlement, access-service, /v1/entitlements/{id}/history",
    "business-profile, access-service, /v1/business-profiles/{id}/history",
    "profile-assignment, access-service, /v1/profile-assignments/{id}/history",
    "right, access-service, /v1/rights/{id}/history",
    "delegation, access-service, /v1/delegations/{id}/history",
    "client, access-service, /v1/clients/{id}/history",
    "client-access, access-service, /v1/client-accesses/{id}/history",
    "duty-rule, access-service, /v1/duty-rules/{id}/history",
    "duty-conflict, access-service, /v1/duty-conflicts/{id}/history",
    "course, access-service, /v1/courses/{id}/history",
    "attendance, access-service, /v1/attendances/{id}/history",
    "physical-zone, access-service, /v1/physical-zones/{id}/history",
    "badge, access-service, /v1/badges/{id}/history",
    "key, access-service, /v1/keys/{id}/history",
    "visit, access-service, /v1/visits/{id}/history",
    "inspection, access-service, /v1/inspections/{id}/history",
    "inspection-finding, access-service, /v1/inspection-findings/{id}/history",
    "campaign, access-service, /v1/campaigns/{id}/history",
    "security-event, incident-service, /v1/security-events/{id}/history",
    "incident, incident-service, /v1/incidents/{id}/history",
    "compromise, incident-service, /v1/incidents/{incident}/compromises/{id}/history",
    "monitoring-alert, incident-service, /v1/alerts/{id}/history",
    "silence, incident-service, /v1/silences/{id}/history",
    "notification-clock, incident-service, /v1/notification-clocks/{id}/history",
    "monitor, incident-service, /v1/monitors/{id}/history",
    "attachment, incident-service, /v1/attachments/{id}/history",
    "playbook, incident-service, /v1/playbooks/{id}/history",
    "playbook-run, incident-service, /v1/playbook-runs/{id}/history",
    "rota, incident-service, /v1/rota/{id}/history",
    "scan-finding, incident-service, /v1/scan-findings/{id}/history",
    "backup-plan, backup-service, /v1/plans/{id}/history",
    "backup-run, backup-service, /v1/plans/{plan}/runs/{id}/history",
    "asset-coverage, backup-service, /v1/coverage/{asset}/history",
    "backup-exception, backup-service, /v1/backup-exceptions/{id}/history",
    "backup-access, backup-service, /v1/backup-accesses/{id}/history",
    "backup-deletion, backup-service, /v1/backup-deletions/{id}/history",
    "backup-hold, backup-service, /v1/backup-holds/{id}/history",
    "retention-decision, backup-service, /v1/retention-decisions/{id}/history",
    "restore-test, backup-service, /v1/restore-tests/{id}/history",
    "restore-duty, backup-service, /v1/restore-duties/{asset}/history",
    "critical-function, backup-service, /v1/critical-functions/{id}/history",
    "continuity-plan, backup-service, /v1/continuity-plans/{id}/history",
    "continuity-exercise, backup-service, /v1/continuity-exercises/{id}/history"
  })
  void theLogLetsReadAHistoryExactlyWhomTheOwningServiceLets(
      String kind, String service, String path) throws IOException {
    Path contract =
        Path.of(System.getProperty("vigie.root"), "contracts", "roles", service + ".json");
    JsonNode allowed = new ObjectMapper().readTree(contract.toFile()).get("GET " + path);
    List<String> declared = new ArrayList<>();
    allowed.forEach(role -> declared.add(role.textValue()));

    assertEquals(ROLES.stream().filter(declared::contains).toList(), readers(kind));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "control-attestation",
        "control-audit",
        "control-exception",
        "re-evaluation",
        "spaceship"
      })
  void theHistoryOfWhatIsAboutControlsOrOfAnUnknownKindIsForTheCisoAndTheAuditorAlone(String kind) {
    assertEquals(List.of(CISO, AUDITOR), readers(kind));
  }

  @Test
  void whoMayNotReadAHistoryIsToldSo() {
    history("incident", ASSET_MANAGER)
        .then()
        .statusCode(403)
        .contentType("application/problem+json")
        .body("status", equalTo(403))
        .body("detail", containsString("history of this kind"));
  }
}
