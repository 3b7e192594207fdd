package io.vigie.audit.log;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.EvidencePack;
import io.vigie.verifier.Rejected;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

  private static final String ORIGIN = "vigie.local/log";

  private static KeyPair key;

  @BeforeAll
  static void aKeyOfTheLog() throws Exception {
    key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static byte[] concatenated(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  /** C2SP signed-note: an algorithm byte and the raw key. */
  private static byte[] typedKey() {
    byte[] encoded = key.getPublic().getEncoded();
    return concatenated(
        new byte[] {1}, Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private static byte[] keyId() throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update((ORIGIN + "\n").getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(sha256.digest(typedKey()), 4);
  }

  private static String vkey() throws Exception {
    return ORIGIN
        + "+"
        + HexFormat.of().formatHex(keyId())
        + "+"
        + Base64.getEncoder().encodeToString(typedKey());
  }

  /** Signs the log as it stands, as the service itself does after each batch. */
  private static void sign() throws Exception {
    try (var database = Infrastructure.running().superuser("audit");
        var sql = database.createStatement();
        var head = sql.executeQuery("select size, root from head")) {
      head.next();
      byte[] root = head.getBytes(2);
      String text =
          ORIGIN + "\n" + head.getLong(1) + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key.getPrivate());
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      String line =
          "— "
              + ORIGIN
              + " "
              + Base64.getEncoder().encodeToString(concatenated(keyId(), signature.sign()));
      LogDatabase.tamper(
          "insert into checkpoint values (%d, '\\x%s', '%s', now()) on conflict (size) do update set note = excluded.note"
              .formatted(
                  head.getLong(1), HexFormat.of().formatHex(root), text + "\n" + line + "\n"));
    }
  }

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

  private static Response pack(String parameters) {
    return Rest.as(Tokens.of(AUDITOR)).get("/v1/log/evidence" + parameters);
  }

  private static EvidencePack.Proven proven(byte[] archive) throws Exception {
    return EvidencePack.verify(new ByteArrayInputStream(archive), List.of(vkey()));
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
    sign();

    Response answer = pack("?client=" + client);
    answer.then().statusCode(200);
    byte[] archive = answer.asByteArray();

    assertEquals(2, proven(archive).count());
    assertEquals("client/" + client, proven(archive).about());
    assertFalse(new String(archive, StandardCharsets.ISO_8859_1).contains(foreign.toString()));
  }

  @Test
  void aPackOfObjectsHasTheirEventsAndThoseThatReferToThem() throws Exception {
    UUID asset = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    logged(List.of(Records.registration(asset), incidentAt(asset), Records.registration(other)));
    sign();
    assertEquals(
        3, proven(pack("?object=asset/" + asset + "&object=asset/" + other).asByteArray()).count());
  }

  @Test
  void aPackWhosePayloadTheSuperuserChangedDoesNotMatch() throws Exception {
    UUID asset = UUID.randomUUID();
    long index = logged(Records.registration(asset));
    sign();
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
