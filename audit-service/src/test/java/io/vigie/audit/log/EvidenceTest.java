package io.vigie.audit.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.EvidencePack;
import io.vigie.verifier.Rejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Evidence packs as the service makes them and the independent verifier reads them. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class EvidenceTest {

  @TempDir Path folder;

  private static Draft of(UUID asset, UUID client) {
    return Records.registration(asset)
        .withValue(
            """
            {"aggregateId":"%s","kind":"SERVER","production":true,"at":"2026-01-02T03:04:05Z",
             "changes":{"name":"web-1","client":"%s"}}"""
                .formatted(asset, client));
  }

  private static Draft incidentAt(UUID asset) {
    UUID incident = UUID.randomUUID();
    return Records.registration(incident)
        .with("ce_type", "backup-plan.asset-gone.v1")
        .with("ce_dataschema", "urn:vigie:schema:backup-plan.asset-gone.v1")
        .with("ce_subject", "backup-plan/" + incident)
        .withValue(
            """
            {"aggregateId":"%s","asset":"%s","assetState":"LOST","at":"2026-01-02T03:04:05Z",
             "changes":{"assetState":"LOST"}}"""
                .formatted(incident, asset));
  }

  /** An event of this type as its contract's example has it, about this client. */
  private static Draft ofClient(String type, String kind, UUID id, UUID client) throws Exception {
    Path example =
        Path.of(System.getProperty("vigie.root"), "contracts", "events", type + ".example.json");
    ObjectNode data = (ObjectNode) new ObjectMapper().readTree(example.toFile());
    data.put("aggregateId", id.toString());
    for (JsonNode saying : data.findParents("client")) {
      ((ObjectNode) saying).put("client", client.toString());
    }
    return Records.event(type, kind + "/" + id, data.toString());
  }

  /** An event of an incident as its contract's example has it. */
  private static Draft ofIncident(String type, UUID incident) throws Exception {
    return ofClient(type, "incident", incident, null);
  }

  private static Draft opened(UUID incident, UUID asset) {
    return Records.event(
        "incident.opened.v1",
        "incident/" + incident,
        """
        {"aggregateId":"%s","securityEvent":"%s","asset":"%s","category":"MALICIOUS_CODE","severity":3,
         "tlp":"AMBER+STRICT","occurredAt":"2026-01-02T02:50:00Z","detectedAt":"2026-01-02T03:00:00Z",
         "at":"2026-01-02T03:04:05Z","changes":{"state":"DETECTED"}}"""
            .formatted(incident, UUID.randomUUID(), asset));
  }

  private static Draft affecting(UUID incident, List<UUID> assets, List<UUID> clients)
      throws Exception {
    return Records.event(
        "incident.affected-named.v1",
        "incident/" + incident,
        new ObjectMapper()
            .writeValueAsString(
                Map.of(
                    "aggregateId",
                    incident,
                    "assets",
                    assets,
                    "clients",
                    clients,
                    "people",
                    0,
                    "at",
                    "2026-01-02T03:04:05Z",
                    "changes",
                    Map.of())));
  }

  private static Response pack(String parameters) {
    return Rest.as(Tokens.of(AUDITOR)).get("/v1/log/evidence" + parameters);
  }

  private EvidencePack.Proven proven(byte[] archive) throws Exception {
    Path file = Files.write(folder.resolve("pack.zip"), archive);
    return EvidencePack.verify(file, LogDatabase.verifierKeys());
  }

  private static String entries(byte[] archive) throws Exception {
    try (ZipInputStream files = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
        if (file.getName().equals("entries.ndjson")) {
          return new String(files.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    }
    throw new AssertionError("no entries");
  }

  @Test
  void aPackHasWhatIsAboutAClientAndNothingAboutAnother() throws Exception {
    UUID client = UUID.randomUUID();
    UUID theirs = UUID.randomUUID();
    UUID foreign = UUID.randomUUID();
    logged(
        List.of(
            of(theirs, client),
            of(foreign, UUID.randomUUID()),
            incidentAt(theirs),
            incidentAt(foreign)));

    Response answer = pack("?client=" + client);
    answer.then().statusCode(200);
    byte[] archive = answer.asByteArray();

    assertEquals(2, proven(archive).count());
    assertEquals("client/" + client, proven(archive).about());
    assertFalse(new String(archive, StandardCharsets.ISO_8859_1).contains(foreign.toString()));
  }

  @Test
  void aPackOfAClientHasItsContractAndForWhatItsDataWasTouchedByWhom() throws Exception {
    UUID client = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    UUID access = UUID.randomUUID();
    UUID foreign = UUID.randomUUID();
    logged(
        List.of(
            ofClient("client.registered.v1", "client", client, client),
            ofClient("client-access.requested.v1", "client-access", access, client),
            ofClient("client.registered.v1", "client", other, other),
            ofClient("client-access.requested.v1", "client-access", foreign, other)));

    byte[] archive = pack("?client=" + client).asByteArray();

    assertEquals(2, proven(archive).count());
    String entries = entries(archive);
    assertTrue(entries.contains("client/" + client), entries);
    assertTrue(entries.contains("client-access/" + access), entries);
    assertFalse(entries.contains(foreign.toString()), entries);
  }

  @Test
  void aPackHasWhatBecameOfAnIncidentAtAnAssetOfTheClient() throws Exception {
    UUID client = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    UUID incident = UUID.randomUUID();
    UUID elsewhere = UUID.randomUUID();
    logged(
        List.of(
            of(asset, client),
            opened(incident, asset),
            ofIncident("incident.advanced.v1", incident),
            opened(elsewhere, UUID.randomUUID()),
            ofIncident("incident.advanced.v1", elsewhere)));

    byte[] archive = pack("?client=" + client).asByteArray();

    assertEquals(3, proven(archive).count());
    assertEquals(0, proven(archive).withheld());
    assertFalse(entries(archive).contains(elsewhere.toString()));
  }

  @Test
  void aClientThatAnIncidentAffectsHasItInItsPackUnlessItAffectsOthersToo() throws Exception {
    UUID client = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    UUID theirs = UUID.randomUUID();
    UUID shared = UUID.randomUUID();
    logged(
        List.of(
            affecting(theirs, List.of(), List.of(client)),
            ofIncident("incident.advanced.v1", theirs),
            affecting(shared, List.of(), List.of(client, other)),
            ofIncident("incident.advanced.v1", shared)));

    byte[] archive = pack("?client=" + client).asByteArray();

    assertEquals(2, proven(archive).count());
    assertEquals(2, proven(archive).withheld());
    assertFalse(entries(archive).contains(shared.toString()));
    byte[] both = pack("?object=incident/" + theirs + "&object=incident/" + shared).asByteArray();
    assertEquals(4, proven(both).count());
  }

  @Test
  void whatBecameOfAnIncidentAtAssetsOfTwoClientsIsWithheld() throws Exception {
    UUID client = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    UUID foreign = UUID.randomUUID();
    UUID incident = UUID.randomUUID();
    logged(
        List.of(
            of(asset, client),
            of(foreign, UUID.randomUUID()),
            opened(incident, asset),
            affecting(incident, List.of(asset, foreign), List.of()),
            ofIncident("incident.noted.v1", incident)));

    byte[] archive = pack("?client=" + client).asByteArray();

    // Then there is the registration of the asset, and that the incident was opened for it
    assertEquals(2, proven(archive).count());
    assertEquals(2, proven(archive).withheld());
    assertFalse(entries(archive).contains("incident.noted.v1"));
  }

  @Test
  void ofARestrictedIncidentAPackHasOnlyWhatNamesWhatItIsAbout() throws Exception {
    UUID client = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    UUID incident = UUID.randomUUID();
    logged(
        List.of(
            of(asset, client),
            opened(incident, asset),
            affecting(incident, List.of(), List.of(client)),
            ofIncident("incident.noted.v1", incident),
            ofIncident("incident.restricted.v1", incident)));

    assertEquals(3, proven(pack("?client=" + client).asByteArray()).count());

    // When it is restricted no more
    logged(ofIncident("incident.restriction-lifted.v1", incident));

    assertEquals(6, proven(pack("?client=" + client).asByteArray()).count());
  }

  @Test
  void aPackThatSaysToBeAboutAnotherClientIsRefused() throws Exception {
    UUID client = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    long index = logged(of(asset, client));
    byte[] archive = pack("?client=" + client).asByteArray();

    byte[] relabelled = relabelled(archive, client, other);

    Rejected found = assertThrows(Rejected.class, () -> proven(relabelled));
    assertEquals(
        "entry %d is about client/%s, and the pack is said to be about \"client/%s\""
            .formatted(index, client, other),
        found.getMessage());
  }

  /** The same files, the manifest about another client. */
  private static byte[] relabelled(byte[] archive, UUID client, UUID other) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipInputStream files = new ZipInputStream(new ByteArrayInputStream(archive));
        ZipOutputStream changed = new ZipOutputStream(bytes)) {
      for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
        String text = new String(files.readAllBytes(), StandardCharsets.UTF_8);
        boolean isManifest = file.getName().equals("manifest.json");
        changed.putNextEntry(new ZipEntry(file.getName()));
        changed.write(
            (isManifest ? text.replace(client.toString(), other.toString()) : text)
                .getBytes(StandardCharsets.UTF_8));
        changed.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void aPackOfAnAssetWithoutAClientLeavesOutWhatBecameOfItsIncidents() throws Exception {
    UUID asset = UUID.randomUUID();
    UUID incident = UUID.randomUUID();
    logged(
        List.of(
            Records.registration(asset),
            opened(incident, asset),
            affecting(incident, List.of(), List.of(UUID.randomUUID(), UUID.randomUUID())),
            ofIncident("incident.noted.v1", incident)));

    byte[] archive = pack("?object=asset/" + asset).asByteArray();

    assertEquals(2, proven(archive).count());
    assertFalse(entries(archive).contains("incident.affected-named.v1"));
    assertFalse(entries(archive).contains("incident.noted.v1"));
  }

  @Test
  void aPackOfObjectsHasTheirEventsAndThoseThatReferToThem() throws Exception {
    UUID asset = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    logged(List.of(Records.registration(asset), incidentAt(asset), Records.registration(other)));
    assertEquals(
        3, proven(pack("?object=asset/" + asset + "&object=asset/" + other).asByteArray()).count());
  }

  @Test
  void aPackIsOfUpToAHundredObjects() throws Exception {
    UUID asset = UUID.randomUUID();
    logged(List.of(Records.registration(asset), incidentAt(asset)));
    // The longest kind that there may be
    String others = ("&object=" + "k".repeat(50) + "/" + UUID.randomUUID()).repeat(99);

    Response answer = pack("?object=asset/" + asset + others);

    answer.then().statusCode(200);
    assertEquals(2, proven(answer.asByteArray()).count());
    pack("?object=asset/" + asset + others + "&object=asset/" + asset).then().statusCode(400);
  }

  @Test
  void aPackWhosePayloadTheSuperuserChangedDoesNotMatch() throws Exception {
    UUID asset = UUID.randomUUID();
    long index = logged(Records.registration(asset));
    String flip =
        "update payload set body = set_byte(body, 0, get_byte(body, 0) # 1) where index = " + index;
    LogDatabase.tamper(flip);
    try {
      byte[] archive = pack("?object=asset/" + asset).asByteArray();
      Rejected found = assertThrows(Rejected.class, () -> proven(archive));
      assertTrue(
          found.getMessage().startsWith("entry " + index + " has a payload"), found::toString);
    } finally {
      LogDatabase.tamper(flip);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?client=x", "?object=asset", "?object=asset/1&q=x"})
  void whatCannotBeAskedForIsABadRequest(String parameters) {
    pack(parameters).then().statusCode(400).contentType("application/problem+json");
  }
}
