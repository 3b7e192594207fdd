package io.vigie.audit.tlog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.ZipInputStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The log as an outsider's verifier finds it over HTTP, and what it says after a change behind it.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@TestProfile(GrowingLog.Profile.class)
class OfflineVerifierTest {

  @TestHTTPResource URL service;
  @TempDir Path folder;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private String verify(int expected, String... arguments) {
    said.reset();
    PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exit = Main.run(arguments, InputStream.nullInputStream(), print, System.err);
    String text = said.toString(StandardCharsets.UTF_8);
    assertEquals(expected, exit, text);
    return text;
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private String[] log(Path older, String... more) {
    String[] arguments = {
      "log",
      service.toString().replaceAll("/$", "") + "/log",
      "--vkey",
      GrowingLog.verifierKey(),
      "--checkpoint",
      older.toString()
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return all;
  }

  @Test
  void theServedLogIsVerifiedAndEveryChangeBehindItIsNamed() throws Exception {
    try (GrowingLog log = new GrowingLog()) {
      log.growTo(300);
      Path older = file("older", log.publish());
      log.growTo(66_000);
      log.publish();
      String[] hashesAlone = log(older);
      String[] whole = log(older, "--token", Tokens.of(AUDITOR));

      String all = verify(Main.VERIFIED, whole);
      assertTrue(all.startsWith("verified: 66000 entries"), all);
      assertTrue(all.contains("its 300 entries are the log's first"), all);
      String hashes = verify(Main.VERIFIED, hashesAlone);
      assertTrue(hashes.startsWith("verified: 66000 leaf hashes"), hashes);

      log.execute("update entry set canonical = set_byte(canonical, 9, 0) where index = 299");
      String changed = verify(Main.DOES_NOT_MATCH, whole);
      assertTrue(changed.contains("entry 299: its bytes in tile/entries/001"), changed);
      // The hashes are as they were.
      verify(Main.VERIFIED, hashesAlone);
      log.execute(
          "update tile set hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1) where level = 1");
      String tile = verify(Main.DOES_NOT_MATCH, hashesAlone);
      assertTrue(tile.contains("tile/1/000.p/1: its hash 0 is"), tile);
    }
  }

  @Test
  void aServedReceiptIsVerifiedWithoutTheService() throws Exception {
    try (GrowingLog log = new GrowingLog()) {
      log.growTo(700);
      log.publish();
      String receipt = Rest.as(Tokens.of(AUDITOR)).get("/v1/log/entries/511/tlog-proof").asString();
      String file = file("receipt", receipt).toString();

      String[] verified = {"receipt", file, "--vkey", GrowingLog.verifierKey()};
      String shown = verify(Main.VERIFIED, verified);
      assertTrue(shown.startsWith("verified: the entry is number 511 of the 700"), shown);
      assertTrue(shown.contains("id: 511\n"), shown);
      Files.writeString(Path.of(file), receipt.replace("index 511", "index 510"));
      assertTrue(verify(Main.DOES_NOT_MATCH, verified).contains("not at index 510"));
    }
  }

  @Test
  void aPackAndAnExportCarryTheCosignaturesThatTheCheckpointHas() throws Exception {
    try (GrowingLog log = new GrowingLog()) {
      log.growTo(3);
      String cosigned = log.publish() + log.cosign();
      Response pack =
          Rest.as(Tokens.of(AUDITOR)).get("/v1/log/evidence?object=asset/" + UUID.randomUUID());
      try (ZipInputStream zip = new ZipInputStream(pack.asInputStream())) {
        zip.getNextEntry();
        assertEquals("checkpoint", zip.getNextEntry().getName());
        assertEquals(cosigned, new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
      String export = Rest.as(Tokens.of(AUDITOR)).get("/v1/log/export").asString();
      String first = export.substring(0, export.indexOf('\n'));
      assertEquals(cosigned, JsonPath.from(first).getString("checkpoint"));
    }
  }
}
