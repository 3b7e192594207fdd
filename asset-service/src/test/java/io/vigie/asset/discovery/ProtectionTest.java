package io.vigie.asset.discovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.asset.posture.Facts;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What reports of GLPI agents and of osquery say of a machine's protection. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ProtectionTest {

  private static final String MANAGER = Tokens.of(ASSET_MANAGER);
  private static final ObjectMapper LENIENT =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  /** The first keeps /var/www on a drive that is not encrypted. */
  @ParameterizedTest
  @CsvSource({
    "computer_1.json, false, true",
    "computer_1_partial_softs.json, , ",
    "computer_2.json, , ",
    "phone_1.json, , ",
  })
  void everySampleOfGlpiSaysWhatItSaysOfEncryptionAndFirewalls(
      String file, Boolean encrypted, Boolean firewall) throws IOException {
    Path sample =
        Path.of(System.getProperty("vigie.root", ".."), "../shared/data/glpi/examples", file)
            .normalize();
    assumeTrue(Files.isReadable(sample), "the samples are not beside this checkout: " + sample);

    Facts facts = facts(Files.readString(sample));

    assertEquals(encrypted, facts.diskEncrypted());
    assertEquals(firewall, facts.firewallOn());
    assertEquals(null, facts.antivirusRunning());
  }

  @Test
  void theAntivirusThatRunsCountsAndEveryDriveAndFirewallMustBeWell() throws IOException {
    Facts facts =
        facts(
            """
            {"deviceid": "x", "content": {
              "antivirus": [{"name": "Defender", "enabled": false, "uptodate": false},
                {"name": "ClamAV", "enabled": true, "base_creation": "2026-03-01"}],
              "drives": [{"letter": "C:", "filesystem": "NTFS", "encrypt_status": "Yes"},
                {"letter": "D:", "filesystem": "NTFS", "encrypt_status": "Partially"},
                {"letter": "E:", "filesystem": "UDF"}],
              "firewalls": [{"profile": "PublicProfile", "status": "on"},
                {"profile": "DomainProfile", "status": "off"}]}}""");
    assertEquals("ClamAV", facts.antivirus());
    assertEquals(true, facts.antivirusRunning());
    assertEquals(LocalDate.parse("2026-03-01"), facts.signaturesOn());
    assertEquals(false, facts.diskEncrypted());
    assertEquals(false, facts.firewallOn());

    Facts newest =
        facts(
            """
            {"deviceid": "x", "content": {
              "antivirus": [{"name": "Defender", "enabled": true, "uptodate": true}],
              "drives": [{"type": "/boot", "filesystem": "ext4"},
                {"type": "/", "filesystem": "ext4", "encrypt_status": "Yes"}]}}""");
    assertEquals(LocalDate.parse("2026-03-02"), newest.signaturesOn());
    assertEquals(true, newest.diskEncrypted());
    assertEquals(null, newest.firewallOn());

    Facts impossible =
        facts(
            """
            {"deviceid": "x", "content": {"antivirus":
              [{"name": "A", "enabled": true, "uptodate": false, "base_creation": "2999-01-01"}]}}""");
    assertEquals(null, impossible.signaturesOn());
  }

  private static Facts facts(String report) throws IOException {
    return LENIENT.readValue(report, GlpiReport.class).read(new ReportRules(), NOW).facts();
  }

  @Test
  void whatOsquerySawIsInventoryAndProtection() {
    String serial = serial();
    String id =
        osquery(machine(serial, "web-1"))
            .then()
            .statusCode(200)
            .body("result", equalTo("DISCOVERED"))
            .extract()
            .path("asset");

    Rest.as(MANAGER)
        .get("/v1/assets/" + id)
        .then()
        .body("name", equalTo("web-1"))
        .body("serialNumber", equalTo(serial))
        .body("make", equalTo("HPE"))
        .body("attributes.memoryMiB", equalTo(7812))
        .body("attributes.operatingSystem", equalTo("Rocky Linux 9.5"));
    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/inventory")
        .then()
        .body("listeningPorts", contains(22, 443, 5432))
        .body("packages.find { it.name == 'openssl' }.version", equalTo("3.2.2-6.el9"))
        .body("packages.source", hasItem("deb"))
        .body("packages", hasSize(2));
    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/posture")
        .then()
        .body("inService", equalTo(false))
        .body("facts.openPorts.value", contains(22, 443))
        .body("facts.diskEncrypted.value", equalTo(true))
        .body("facts.patchedOn.value", equalTo("2025-11-01"))
        .body("facts.operatingSystem.value", equalTo("Rocky Linux 9.5"))
        .body("facts.openPorts.observedAt", equalTo("2025-12-01T00:00:10Z"));
    osquery(machine(serial, "web-1")).then().body("result", equalTo("UNCHANGED"));

    // and a report of one table leaves the others as they were
    osquery(List.of(system(serial, "web-1"), line("apps", "web-1", "{\"name\":\"Mail.app\"}")))
        .then()
        .body("result", equalTo("CHANGED"));
    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/inventory")
        .then()
        .body("listeningPorts", contains(22, 443, 5432));

    // and of ports it is told which are open now, and which no more
    osquery(
            List.of(
                system(serial, "web-1"),
                line(
                    "listening_ports",
                    "web-1",
                    port(22, 6, "::") + "," + port(8443, 6, "0.0.0.0"))))
        .then()
        .body("changes.field", contains("inventory.listeningPorts"))
        .body("changes[0].before", contains(443, 5432))
        .body("changes[0].after", contains(8443));
  }

  @Test
  void rowsThatCameAndWentChangeWhatIsInstalledAndNothingElse() {
    // Given a machine that is known by its own id
    String serial = serial();
    String host = UUID.nameUUIDFromBytes(serial.getBytes()).toString();
    String id = osquery(machine(serial, host)).path("asset");

    // When openssl is updated and vim removed
    String openssl =
        "{\"name\":\"openssl\",\"version\":\"3.2.2\",\"release\":\"%s\",\"install_time\":\"%d\"}";
    List<String> rows =
        List.of(
            row("added", "rpm_packages", host, 3, openssl.formatted("7.el9", 1_764_547_000)),
            row("removed", "rpm_packages", host, 3, openssl.formatted("6.el9", 1_761_955_200)),
            row("removed", "deb_packages", host, 5, "{\"name\":\"vim\",\"version\":\"9.1\"}"),
            row("removed", "listening_ports", host, 5, port(22, 6, "::")));
    osquery(rows)
        .then()
        .statusCode(200)
        .body("asset", equalTo(id))
        .body("result", equalTo("CHANGED"))
        .body("software.updated", equalTo(1))
        .body("software.removed", equalTo(1));

    // Then
    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/inventory")
        .then()
        .body("packages.name", contains("openssl"))
        .body("packages.version", contains("3.2.2-7.el9"))
        .body("listeningPorts", contains(22, 443, 5432));
    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/posture")
        .then()
        .body("facts.patchedOn.value", equalTo("2025-11-30"));
    osquery(rows).then().body("result", equalTo("UNCHANGED"));
  }

  @Test
  void theFirstRowsOfAQueryAreASnapshotAndLaterOnesNeedOne() {
    String host = UUID.randomUUID().toString();
    String vim = "{\"name\":\"vim\",\"version\":\"9.1\"}";
    problem(osquery(List.of(row("added", "deb_packages", host, 4, vim))), 409, "software-unknown");

    String id =
        osquery(
                List.of(
                    row("added", "os_version", host, 0, "{\"name\":\"Debian\",\"version\":\"12\"}"),
                    row("added", "deb_packages", host, 0, vim),
                    row("added", "deb_packages", host, 0, vim.replace("vim", "nano")),
                    row("removed", "deb_packages", host, 1, vim)))
            .then()
            .statusCode(200)
            .body("result", equalTo("DISCOVERED"))
            .extract()
            .path("asset");

    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/inventory")
        .then()
        .body("operatingSystem", equalTo("Debian 12"))
        .body("packages.name", contains("nano"));
  }

  @Test
  void theFirstRowsOfALaterRunTakeThePlaceOfThoseOfAnEarlierOne() {
    String host = UUID.randomUUID().toString();
    String vim = "{\"name\":\"vim\",\"version\":\"9.1\"}";
    String nano = vim.replace("vim", "nano");
    String emacs = vim.replace("vim", "emacs");

    String id =
        osquery(
                List.of(
                    row("added", "deb_packages", host, 0, vim),
                    row("added", "deb_packages", host, 0, nano),
                    row("added", "rpm_packages", host, 0, vim),
                    row("removed", "deb_packages", host, 1, nano),
                    later(row("added", "deb_packages", host, 0, nano)),
                    later(row("added", "deb_packages", host, 0, emacs))))
            .then()
            .statusCode(200)
            .extract()
            .path("asset");

    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/inventory")
        .then()
        .body("packages.findAll { it.source == 'deb' }.name", containsInAnyOrder("nano", "emacs"))
        .body("packages.findAll { it.source == 'rpm' }.name", contains("vim"));
  }

  @Test
  void aSnapshotTakesThePlaceOfWhatCameAndWentBeforeItInItsTableAlone() {
    String host = UUID.randomUUID().toString();
    String vim = "{\"name\":\"vim\",\"version\":\"9.1\"}";
    String id = osquery(List.of(line("deb_packages", host, vim))).path("asset");

    osquery(
            List.of(
                row("added", "rpm_packages", host, 3, vim),
                row("added", "apps", host, 3, vim.replace("vim", "nano")),
                line("apps", host, vim.replace("vim", "Mail.app"))))
        .then()
        .statusCode(200);

    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/inventory")
        .then()
        .body("packages.name", containsInAnyOrder("Mail.app", "vim"))
        .body("packages.source", containsInAnyOrder("macos", "rpm"));
  }

  @Test
  void anOlderDifferenceIsPassedOverWhereANewerOneIsRefused() {
    // Given a machine whose software is not known
    String host = UUID.randomUUID().toString();
    String system = "{\"name\":\"Debian\",\"version\":\"12\"}";
    String id = osquery(List.of(later(line("os_version", host, system)))).path("asset");
    String vim = row("added", "deb_packages", host, 3, "{\"name\":\"vim\",\"version\":\"9.1\"}");

    osquery(List.of(vim))
        .then()
        .statusCode(200)
        .body("asset", equalTo(id))
        .body("result", equalTo("UNCHANGED"));
    problem(osquery(List.of(later(vim))), 409, "software-unknown");
  }

  /** The same a day later. */
  private static String later(String line) {
    return line.replace("17645472", "17646336");
  }

  private static String row(String action, String table, String host, int counter, String columns) {
    return """
    {"name":"pack_vigie_%s","action":"%s","hostIdentifier":"%s","unixTime":%d,"counter":%d,"columns":%s}"""
        .formatted(table, action, host, 1_764_547_210 + counter, counter, columns);
  }

  @Test
  void anOlderReportOverwritesNothing() {
    String serial = serial();
    String id = osquery(machine(serial, "web-1")).path("asset");
    String older =
        String.join("\n", machine(serial, "old-name"))
            .replace("\"9.5\"", "\"9.4\"")
            .replace("\"1764547210\"", "\"1764000000\"");

    osquery(List.of(older)).then().statusCode(200).body("result", equalTo("UNCHANGED"));

    Rest.as(MANAGER)
        .get("/v1/assets/" + id)
        .then()
        .body("attributes.hostname", equalTo("web-1"))
        .body("attributes.operatingSystem", equalTo("Rocky Linux 9.5"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "null",
        "{\"name\":\"x\"}",
        "{\"name\":\"x\",\"action\":\"added\",\"hostIdentifier\":\"h\",\"unixTime\":1}",
        "{\"name\":\"x\",\"action\":\"removed\",\"hostIdentifier\":\"other\",\"unixTime\":1,\"columns\":{}}",
        "{\"name\":\"x\",\"action\":\"added\",\"hostIdentifier\":\"h\",\"unixTime\":1,\"columns\":{\"a\":[]}}",
        "{\"name\":\"x\",\"action\":\"snapshot\",\"hostIdentifier\":\"other\",\"unixTime\":1,\"snapshot\":[]}",
        "{\"name\":\"x\",\"action\":\"snapshot\",\"hostIdentifier\":\"h\",\"snapshot\":[]}",
        "{\"name\":\"x\",\"action\":\"snapshot\",\"hostIdentifier\":\"h\",\"unixTime\":1,\"snapshot\":[null]}",
        "{\"name\":\"x\",\"action\":\"snapshot\",\"hostIdentifier\":\"h\",\"unixTime\":1,\"snapshot\":[{\"a\":[]}]}",
      })
  void aBrokenLineRefusesTheWholeWithItsNumber(String broken) {
    problem(osquery(List.of(system(serial(), "h"), "", broken)), 400, "bad-request")
        .body("detail", containsString("Line 3"));
  }

  @Test
  void aReportWithoutLinesOrIdentityIsRefused() {
    problem(osquery(List.of("", "")), 400, "bad-request");
    problem(osquery(List.of(line("apps", "h", ""))), 422, "machine-without-identity");
    problem(osquery(Collections.nCopies(25_001, "{}")), 400, "bad-request");
    byte[] latin = "{\"name\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    problem(
        Rest.as(MANAGER).contentType("application/x-ndjson").body(latin).post("/v1/inventories"),
        400,
        "bad-request");
  }

  private static List<String> machine(String serial, String host) {
    return List.of(
        system(serial, host),
        line("os_version", host, "{\"name\":\"Rocky Linux\",\"version\":\"9.5\"}"),
        line(
            "rpm_packages",
            host,
            "{\"name\":\"openssl\",\"version\":\"3.2.2\",\"release\":\"6.el9\",\"install_time\":\"1761955200\"}"),
        line("deb_packages", host, "{\"name\":\"vim\",\"version\":\"9.1\"}"),
        line(
            "listening_ports",
            host,
            port(443, 6, "0.0.0.0")
                + ","
                + port(22, 6, "::")
                + ","
                + port(5432, 6, "127.0.0.1")
                + ","
                + port(123, 17, "0.0.0.0")
                + ","
                + port(0, 0, "")),
        line(
            "disk_encryption",
            host,
            "{\"name\":\"/dev/sda\",\"encrypted\":\"0\"},{\"name\":\"/dev/dm-0\",\"encrypted\":\"1\"}"),
        line("uptime", host, "{\"days\":\"3\"}"));
  }

  private static String system(String serial, String host) {
    return line(
        "system_info",
        host,
        """
        {"hostname":"%s","hardware_serial":"%s","uuid":"%s","hardware_vendor":"HPE",
        "hardware_model":"DL360","cpu_logical_cores":"8","physical_memory":"8192000000"}"""
            .replace("\n", "")
            .formatted(host, serial, UUID.nameUUIDFromBytes(serial.getBytes())));
  }

  private static String line(String table, String host, String rows) {
    return """
    {"name":"pack_vigie_%s","action":"snapshot","hostIdentifier":"%s","unixTime":"1764547210","snapshot":[%s]}"""
        .formatted(table, host, rows);
  }

  private static String port(int port, int protocol, String address) {
    return "{\"port\":\"%d\",\"protocol\":\"%d\",\"address\":\"%s\"}"
        .formatted(port, protocol, address);
  }

  private static Response osquery(List<String> lines) {
    return Rest.as(Tokens.of(TOOL))
        .contentType("application/x-ndjson")
        .body(String.join("\n", lines).getBytes(StandardCharsets.UTF_8))
        .post("/v1/inventories");
  }

  private static String serial() {
    return UUID.randomUUID().toString().substring(0, 18);
  }
}
