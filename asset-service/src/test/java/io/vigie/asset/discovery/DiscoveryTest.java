package io.vigie.asset.discovery;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.asset.Calls;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DiscoveryTest {

  private static final String TOKEN = Tokens.of(TOOL);
  private static final String MANAGER = Tokens.of(ASSET_MANAGER);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aMachineThatTheRegisterDoesNotHaveIsDiscoveredAndAdopted() {
    String serial = serial();
    String id =
        report(machine(serial))
            .then()
            .body("result", equalTo("DISCOVERED"))
            .extract()
            .path("asset");

    assertNotEquals(List.of(), tasks(MANAGER, "asset/" + id));
    Rest.as(MANAGER)
        .get("/v1/assets/" + id)
        .then()
        .body("state", equalTo("DISCOVERED"))
        .body("kind", equalTo("LAPTOP"))
        .body("serialNumber", equalTo(serial))
        .body("make", equalTo("Dell Inc."))
        .body("attributes.memoryMiB", equalTo(7800));
    change(id, "adoption", "{}").then().statusCode(200).body("state", equalTo("IN_STOCK"));
    problem(change(id, "adoption", "{}"), 409, "asset-in-another-state");
  }

  @Test
  void theKindThatAToolGuessedIsCorrectedUntilTheMachineIsAdopted() {
    String serial = serial();
    String id = report(machine(serial)).path("asset");
    String workstation =
        "{\"name\":\"host-1\",\"kind\":\"WORKSTATION\",\"serialNumber\":\"%s\",\"production\":false}"
            .formatted(serial);

    put(id, workstation).then().statusCode(200).body("kind", equalTo("WORKSTATION"));
    report(machine(serial)).then().statusCode(200).body("asset", equalTo(id));

    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/posture")
        .then()
        .body("kind", equalTo("WORKSTATION"));
    change(id, "adoption", "{}").then().statusCode(200);
    problem(put(id, workstation.replace("WORKSTATION", "LAPTOP")), 422, "asset-of-another-kind");
  }

  @Test
  void aReportThatDoesNotSayOfWhichTypeItIsIsReadAsThatOfAnAgent() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/v1/inventories"))
            .header("Authorization", "Bearer " + TOKEN)
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();

    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().contains("no report of a GLPI agent"), answer.body());
  }

  @Test
  void whatWasRejectedIsNotDiscoveredAgain() {
    String serial = serial();
    String id = report(machine(serial)).path("asset");
    change(id, "rejection", "{\"reason\":\"a visitor's\"}").then().statusCode(200);

    report(machine(serial)).then().body("result", equalTo("IGNORED")).body("asset", equalTo(id));
  }

  @Test
  void theSameReportAgainChangesNothing() {
    String body = machine(serial());
    String id = report(body).path("asset");
    String etag = Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag");

    report(body).then().body("result", equalTo("UNCHANGED")).body("changes", hasSize(0));

    assertEquals(etag, Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag"));
  }

  @Test
  void whatWasAddedChangedAndVanishedIsToldAndPublished() throws IOException {
    String serial = serial();
    String id = report(machine(serial)).path("asset");
    ObjectNode later = (ObjectNode) JSON.readTree(machine(serial));
    ObjectNode content = (ObjectNode) later.get("content");
    ((ObjectNode) content.get("hardware")).put("memory", 15_600);
    content
        .putArray("softwares")
        .addObject()
        .put("name", "vim")
        .put("version", "9.1")
        .put("from", "rpm");

    report(later.toString())
        .then()
        .body("result", equalTo("CHANGED"))
        .body("changes.find { it.field == 'attributes.memoryMiB' }.before", equalTo(7800))
        .body("changes.find { it.field == 'attributes.memoryMiB' }.after", equalTo(15_600))
        .body("software.added", equalTo(0))
        .body("software.removed", equalTo(1))
        .body("software.updated", equalTo(1))
        .body("software.examples", hasItem("~ vim 9.0 -> 9.1"));

    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of(
              "asset.discovered.v1",
              "asset.inventoried.v1",
              "asset.described.v1",
              "asset.inventoried.v1",
              "asset.software-changed.v1"),
          topic.await(5, about(id)).stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  @Test
  void whatCameAndWentOfTheMachineItselfIsToldOfEach() throws IOException {
    String serial = serial();
    report(machine(serial)).then().statusCode(200);
    ObjectNode later = (ObjectNode) JSON.readTree(machine(serial));
    ObjectNode content = (ObjectNode) later.get("content");
    ((ObjectNode) content.get("operatingsystem")).put("kernel_version", "5.6.16");
    ArrayNode drives = content.putArray("drives");
    for (int number = 0; number < 30; number++) {
      drives.addObject().put("type", "/data/" + number).put("total", 1);
    }

    report(later.toString())
        .then()
        .body("result", equalTo("CHANGED"))
        .body("changes.field", contains("inventory.kernel", "inventory.disks"))
        .body("changes[0].before", equalTo("5.6.15"))
        .body("changes[0].after", equalTo("5.6.16"))
        .body("changes[1].before.name", contains("/"))
        .body("changes[1].after", hasSize(20))
        .body("changes[1].after[0].name", equalTo("/data/0"));

    // And who did not look at disks says of none that it is gone
    content.remove("drives");
    report(later.toString()).then().body("changes", hasSize(0));
  }

  @Test
  void aReportThatDidNotLookAtSoftwareSaysOfNoneThatItIsGone() throws IOException {
    String serial = serial();
    String id = report(machine(serial)).path("asset");
    ObjectNode later = (ObjectNode) JSON.readTree(machine(serial));
    ((ObjectNode) later.get("content")).remove("softwares");

    report(later.toString())
        .then()
        .body("result", equalTo("CHANGED"))
        .body("software.removed", equalTo(0));

    installed(id).body("items", hasSize(2));
  }

  @Test
  void aPartialReportDeletesNothingThatItDoesNotMention() throws IOException {
    String serial = serial();
    String id = report(machine(serial)).path("asset");
    ObjectNode partial = (ObjectNode) JSON.readTree(machine(serial));
    partial.put("partial", true);
    ((ObjectNode) partial.get("content")).remove(List.of("softwares", "drives", "operatingsystem"));

    report(partial.toString()).then().body("result", equalTo("UNCHANGED"));

    Rest.as(MANAGER)
        .get("/v1/assets/" + id + "/inventory")
        .then()
        .body("packages", hasSize(2))
        .body("operatingSystem", equalTo("Fedora 31"));
  }

  @Test
  void whatTwoPackageManagersInstalledUnderOneNameIsTwoPrograms() {
    String both =
        machine(serial())
            .replace(
                "\"gitg\", \"version\": \"3.32.1\", \"from\": \"rpm\"",
                "\"vim\", \"version\": \"9.0\", \"from\": \"pip\"");
    report(both).then().statusCode(200);

    report(both.replace("\"pip\"", "\"gem\""))
        .then()
        .body("software.added", equalTo(1))
        .body("software.removed", equalTo(1))
        .body("software.examples", contains("+ vim 9.0", "- vim 9.0"));
  }

  @Test
  void whatIsInstalledIsKnownByItsPackageUrlAsAdvisoriesKnowIt() throws IOException {
    String serial = serial();
    String id = report(machine(serial)).path("asset");
    installed(id).body("items.purl", hasItem("pkg:rpm/fedora/vim@9.0?distro=fedora-31"));

    ObjectNode later = (ObjectNode) JSON.readTree(machine(serial));
    ((ObjectNode) later.get("content"))
        .putArray("softwares")
        .addObject()
        .put("name", "vim")
        .put("version", "9.1")
        .put("from", "rpm");
    report(later.toString()).then().statusCode(200);

    installed(id).body("items.purl", contains("pkg:rpm/fedora/vim@9.1?distro=fedora-31"));
  }

  @ParameterizedTest
  @CsvSource({
    "Rocky Linux 9.3 (Blue Onyx), pkg:rpm/rocky/vim@9.0?distro=rocky-9",
    "AlmaLinux 9.3, pkg:rpm/almalinux/vim@9.0?distro=almalinux-9",
    "CentOS Linux 7, pkg:rpm/centos/vim@9.0?distro=centos-7",
    "SUSE Linux Enterprise Server 15 SP5, pkg:rpm/suse/vim@9.0?distro=suse-15.5",
    "openSUSE Leap 15.5, pkg:rpm/opensuse/vim@9.0?distro=opensuse-15.5",
    "openSUSE Tumbleweed 20260101, pkg:rpm/opensuse/vim@9.0?distro=opensuse-Tumbleweed"
  })
  void eachDistributionHasItsOwnAdvisories(String system, String purl) {
    assertEquals(
        purl,
        new ReportRules()
            .packageUrl(new Inventory.SoftwarePackage("vim", "9.0", "rpm"), system)
            .orElseThrow());
  }

  @Test
  void aReportThatSaysWhatIsKnownWaitsForNoMatching() throws Exception {
    String body = machine(serial());
    report(body).then().statusCode(200);

    try (Connection other = Infrastructure.running().superuser("asset");
        Statement sql = other.createStatement()) {
      sql.execute("select pg_advisory_lock(hashtextextended('matching', 0))");
      report(body).then().statusCode(200).body("result", equalTo("UNCHANGED"));
    }
  }

  private static ValidatableResponse installed(String asset) {
    return Rest.as(MANAGER)
        .get("/v1/components?source=INVENTORY&asset=" + asset)
        .then()
        .statusCode(200);
  }

  @Test
  void whatAPersonWroteStaysAndWhatTheyLeftOpenIsFilledIn() {
    String serial = serial();
    String id =
        Rest.as(MANAGER)
            .body(
                Map.of(
                    "name",
                    "Anna's laptop",
                    "kind",
                    "WORKSTATION",
                    "serialNumber",
                    serial,
                    "model",
                    "the small one",
                    "production",
                    false))
            .post("/v1/assets")
            .path("id");

    report(machine(serial)).then().body("asset", equalTo(id)).body("result", equalTo("CHANGED"));

    Rest.as(TOKEN)
        .get("/v1/assets/" + id)
        .then()
        .body("name", equalTo("Anna's laptop"))
        .body("kind", equalTo("WORKSTATION"))
        .body("model", equalTo("the small one"))
        .body("make", equalTo("Dell Inc."));
  }

  @Test
  void aClonedIdOrAnOldLabelSaysNothingAgainstAnotherSerialNumber() throws IOException {
    String one = serial();
    String id = report(machine(one)).path("asset");
    ObjectNode clone = (ObjectNode) JSON.readTree(machine(serial()));
    ((ObjectNode) clone.at("/content/hardware"))
        .put("uuid", JSON.readTree(machine(one)).at("/content/hardware/uuid").asText());

    String other =
        report(clone.toString())
            .then()
            .body("result", equalTo("DISCOVERED"))
            .extract()
            .path("asset");

    assertNotEquals(id, other);
    report(clone.toString())
        .then()
        .body("result", equalTo("UNCHANGED"))
        .body("asset", equalTo(other));
    report(machine(one)).then().body("result", equalTo("UNCHANGED")).body("asset", equalTo(id));
  }

  @Test
  void aMachineThatNoToolHasSeenLatelyIsListedUntilOneSeesIt() throws Exception {
    String serial = serial();
    String id = report(machine(serial)).path("asset");
    registered("LAPTOP", serial());
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.execute(
          "update inventory set seen_at = '2026-01-02T03:04:05Z' where asset_id = '" + id + "'");
    }
    String list = "/v1/assets?serialNumber=" + serial + "&notSeenSince=";

    Calls.get(MANAGER, list + "2026-01-02T03:04:05Z").then().body("items", hasSize(0));
    Calls.get(MANAGER, list + "2026-01-02T03:04:06Z").then().body("items.id", contains(id));

    report(machine(serial)).then().body("result", equalTo("UNCHANGED"));
    Calls.get(MANAGER, list + "2026-01-02T03:04:06Z").then().body("items", hasSize(0));
  }

  @Test
  void aReportAboutASerialNumberThatSeveralAssetsHaveIsRefusedUntilOneIsCorrected() {
    // Given two of different kinds
    String serial = serial();
    String server = registered("SERVER", serial);
    String laptop = registered("LAPTOP", serial);

    // Then
    problem(report(machine(serial)), 409, "machine-is-several-assets")
        .body("detail", containsString(server))
        .body("detail", containsString(laptop));

    // When
    put(
            server,
            "{\"name\":\"x\",\"kind\":\"SERVER\",\"serialNumber\":\"%s\",\"production\":false}"
                .formatted(serial()))
        .then()
        .statusCode(200);

    // Then
    report(machine(serial)).then().statusCode(200).body("asset", equalTo(laptop));
  }

  private static String registered(String kind, String serial) {
    return Calls.create(
        MANAGER,
        "/v1/assets",
        Map.of("name", "x", "kind", kind, "serialNumber", serial, "production", false));
  }

  @Test
  void whatWasRejectedCanBeRegisteredAfterAll() {
    String serial = serial();
    String id = report(machine(serial)).path("asset");
    change(id, "rejection", "{\"reason\":\"a visitor's\"}").then().statusCode(200);

    String ours =
        Rest.as(MANAGER)
            .body(
                Map.of(
                    "name",
                    "bought",
                    "kind",
                    "LAPTOP",
                    "serialNumber",
                    serial,
                    "production",
                    false))
            .post("/v1/assets")
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    report(machine(serial)).then().body("asset", equalTo(ours));
  }

  @Test
  void whatWasRejectedStandsInTheWayOfNoOtherThatFits() {
    String serial = serial();
    String rejected =
        report(machine(serial).replaceFirst("\"uuid\": \"[^\"]*\", ", "")).path("asset");
    change(rejected, "rejection", "{\"reason\":\"a visitor's\"}").then().statusCode(200);
    String ours =
        Rest.as(MANAGER)
            .body(
                Map.of(
                    "name",
                    "bought",
                    "kind",
                    "LAPTOP",
                    "machineId",
                    UUID.nameUUIDFromBytes(serial.getBytes()),
                    "production",
                    false))
            .post("/v1/assets")
            .path("id");

    report(machine(serial)).then().body("asset", equalTo(ours)).body("result", equalTo("CHANGED"));
  }

  @Test
  void makersPlaceholdersTellNoMachineFromAnother() {
    String body =
        """
        {"deviceid": "x", "content": {"hardware": {"name": "x", "uuid": "%s"},
          "bios": {"ssn": "To Be Filled By O.E.M.", "assettag": "Default string"}}}""";
    problem(
        report(body.formatted("00000000-0000-0000-0000-000000000000")),
        422,
        "machine-without-identity");
    report(body.formatted(UUID.randomUUID())).then().statusCode(200);
  }

  @Test
  void whatIsNoReportIsRefusedAndNothingIsKept() {
    for (String body :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{}",
            "{\"deviceid\":\"x\"}",
            "{\"deviceid\":\" \",\"content\":{\"bios\":{\"ssn\":\"x\"}}}",
            "[".repeat(100_000))) {
      problem(report(body), 400, "bad-request");
    }
    byte[] latin = "{\"deviceid\":\"caf\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
    problem(
        Rest.as(TOKEN).contentType("application/json").body(latin).post("/v1/inventories"),
        400,
        "bad-request");
  }

  @Test
  void threeThousandProgramsAreTakenWhole() {
    String programs =
        IntStream.range(0, 3_000)
            .mapToObj(
                i ->
                    "{\"name\":\"program-%d\",\"version\":\"1.%d\",\"comments\":\"%s\"}"
                        .formatted(i, i, "x".repeat(400)))
            .collect(Collectors.joining(","));
    String id =
        report(
                machine(serial())
                    .replaceFirst("\"softwares\": \\[", "\"softwares\": [" + programs + ","))
            .then()
            .statusCode(200)
            .extract()
            .path("asset");
    Response kept = Rest.as(MANAGER).get("/v1/assets/" + id + "/inventory");
    kept.then().body("packages.size()", equalTo(3_002));
    assertTrue(kept.asByteArray().length < 400_000, "more is kept of 1.4 MB than is asked for");
  }

  @ParameterizedTest
  @CsvSource({
    "computer_1.json, LAPTOP, 640HP72, 6",
    "computer_1_partial_softs.json, LAPTOP, 640HP72, 1",
    "computer_2.json, LAPTOP, 2FAGP34, 0",
    "networkequipment_3.json, NETWORK_DEVICE, CN5BFP62CP, 0",
    "phone_1.json, PHONE, af8d8fcfa6fa4794, 3",
    "printer_1.json, PRINTER, PHCVN191TG, 0"
  })
  void everySampleOfGlpiIsTakenAndTakenTwiceChangesNothing(
      String file, String kind, String serial, int packages) throws IOException {
    String body = sample(file);

    String id = report(body).then().statusCode(200).extract().path("asset");

    report(body).then().body("result", equalTo("UNCHANGED"));
    Rest.as(TOKEN)
        .get("/v1/assets/" + id)
        .then()
        .body("kind", equalTo(kind))
        .body("serialNumber", equalTo(serial));
    if (packages > 0) {
      Rest.as(MANAGER)
          .get("/v1/assets/" + id + "/inventory")
          .then()
          .body("packages.size()", greaterThanOrEqualTo(packages));
    }
  }

  @Test
  void thePartialSampleOfGlpiDeletesNothingThatItDoesNotMention() throws IOException {
    String serial = serial();
    String id =
        report(sample("computer_1.json").replace("640HP72", serial))
            .then()
            .statusCode(200)
            .extract()
            .path("asset");
    JsonPath before = inventory(id);

    report(sample("computer_1_partial_softs.json").replace("640HP72", serial))
        .then()
        .statusCode(200)
        .body("asset", equalTo(id))
        .body("software.updated", equalTo(1))
        .body("software.removed", equalTo(0));

    JsonPath after = inventory(id);
    assertNotEquals(before.getList("packages"), after.getList("packages"));
    assertNotEquals(List.of(), after.getList("disks"));
    for (String kept : List.of("disks", "processors", "memoryBytes", "kernel")) {
      assertEquals(before.<Object>get(kept), after.get(kept), kept);
    }
  }

  private static JsonPath inventory(String asset) {
    return Rest.as(MANAGER).get("/v1/assets/" + asset + "/inventory").jsonPath();
  }

  private static String sample(String file) throws IOException {
    Path sample =
        Path.of(System.getProperty("vigie.root", ".."), "../shared/data/glpi/examples", file)
            .normalize();
    assumeTrue(Files.isReadable(sample), "the samples are not beside this checkout: " + sample);
    return Files.readString(sample);
  }

  private static String serial() {
    return UUID.randomUUID().toString().substring(0, 18);
  }

  /** A laptop whose machine id follows from its serial number. */
  private static String machine(String serial) {
    return """
    {"deviceid": "host-1", "action": "inventory", "content": {
      "hardware": {"name": "host-1", "uuid": "%s", "chassis_type": "Laptop",
        "vmsystem": "Physical", "memory": 7800},
      "bios": {"ssn": "%s", "smanufacturer": "Dell Inc.", "smodel": "XPS 13 9350"},
      "operatingsystem": {"full_name": "Fedora 31", "kernel_version": "5.6.15"},
      "drives": [{"type": "/", "total": 40189}],
      "softwares": [{"name": "vim", "version": "9.0", "from": "rpm"},
        {"name": "gitg", "version": "3.32.1", "from": "rpm"}]}}"""
        .formatted(UUID.nameUUIDFromBytes(serial.getBytes()), serial);
  }

  private static Response report(String body) {
    return Rest.as(TOKEN).contentType("application/json").body(body).post("/v1/inventories");
  }

  private static Response change(String id, String what, String body) {
    String etag = Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag");
    return Rest.as(MANAGER)
        .header("If-Match", etag)
        .contentType("application/json")
        .body(body)
        .post("/v1/assets/" + id + "/" + what);
  }

  private static Response put(String id, String body) {
    return Rest.as(MANAGER).header("If-Match", "*").body(body).put("/v1/assets/" + id);
  }
}
