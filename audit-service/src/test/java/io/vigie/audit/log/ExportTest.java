package io.vigie.audit.log;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.ZipInputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.intake.Records;
import io.vigie.audit.note.SigningKey;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.ExportVerifier;
import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.Verified;
import io.vigie.verifier.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Exports by range and filter, as the independent verifier sees them. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ExportTest {

  @TempDir Path folder;

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Response export(UUID reader, String parameters) {
    return Rest.as(Tokens.of(reader, AUDITOR))
        .urlEncodingEnabled(false)
        .get("/v1/log/export?" + parameters);
  }

  private static ExportVerifier.Verdict verdict(Response export) throws Exception {
    export.then().statusCode(200);
    try (InputStream lines = export.asInputStream()) {
      return ExportVerifier.verify(lines);
    }
  }

  private static List<JsonNode> lines(Response export) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : export.asString().split("\n")) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fromIndex=0",
        "fromIndex=5&toIndex=259",
        "fromIndex=255&toIndex=257",
        "fromIndex=7&toIndex=7",
        "source=/vigie/asset",
        "outcome=success",
        "outcome=refused",
        "outcome=alert",
        "type=asset.registered.v1&from=2026-01-01T00:00:00Z&to=2026-01-02T03:04:05.000000001Z",
        "from=2026-01-02T03:04:06Z&fromIndex=3",
        "actor=nobody&toIndex=300"
      })
  void anExportProvesThatItHasAllThatTheFilterLetsThrough(String parameters) throws Exception {
    if (LogDatabase.size() < 300) {
      logged(300);
    }
    assertInstanceOf(Verified.class, verdict(export(UUID.randomUUID(), parameters)));
  }

  @Test
  void onlyWhatTheFilterLetsThroughComesWithItsPayload() throws Exception {
    String actor = UUID.randomUUID().toString();
    long index = logged(Records.registration().with("ce_actor", actor));
    List<JsonNode> lines =
        lines(export(UUID.randomUUID(), "actor=" + actor + "&toIndex=" + (index + 1)));

    assertEquals("vigie-export/2", lines.get(0).get("format").textValue());
    assertEquals(index + 3, lines.size());
    assertEquals("1", lines.get(lines.size() - 1).get("count").textValue());
    assertEquals(1, lines.stream().filter(line -> line.has("payload")).count());
  }

  @Test
  void anEntryThatTheSuperuserHidesFromTheFilterIsFoundAtItsIndex() throws Exception {
    String actor = UUID.randomUUID().toString();
    long index = logged(Records.registration().with("ce_actor", actor));
    LogDatabase.tamper("update entry set actor = 'nobody' where index = " + index);
    try {
      Mismatch found =
          assertInstanceOf(Mismatch.class, verdict(export(UUID.randomUUID(), "actor=" + actor)));
      assertEquals(index, found.index());
      assertTrue(found.reason().contains("left out"), found.reason());
    } finally {
      LogDatabase.tamper("update entry set actor = '%s' where index = %d".formatted(actor, index));
    }
  }

  /** What an outsider's verifier says of the file. */
  private String verify(int expected, byte[] export, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("export"));
    words.add(Files.write(folder.resolve("export"), export).toString());
    words.addAll(List.of(options));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exit = Main.run(words.toArray(String[]::new), InputStream.nullInputStream(), print, print);
    assertEquals(expected, exit, said::toString);
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anExportIsVerifiedWithTheKeyOfTheLogAlone() throws Exception {
    long index = logged(Records.registration());
    String range = "fromIndex=%d&toIndex=%d".formatted(index, index + 1);
    byte[] export = export(UUID.randomUUID(), range).asByteArray();

    String key = String.join("\n", LogDatabase.verifierKeys());
    String signed = verify(Main.VERIFIED, export, "--vkey", key);
    assertTrue(signed.contains("signed by the log: the first 1 of these entries"), signed);
    SigningKey other = SigningKey.parse(SigningKey.generate(SigningEnvironment.ORIGIN));
    verify(Main.DOES_NOT_MATCH, export, "--vkey", other.verifier().toString());
  }

  @Test
  void aTableForSpreadsheetsComesWithTheExportThatProvesItToBeAll() throws Exception {
    String actor = "=HYPERLINK(\"x\"),shop;=1+1" + UUID.randomUUID();
    long index = logged(Records.registration().with("ce_actor", actor));
    Response answer =
        Rest.as(Tokens.of(AUDITOR))
            .queryParam("actor", actor)
            .queryParam("fromIndex", index) // other tests leave holes in the numbers before
            .get("/v1/log/export/csv");
    answer.then().statusCode(200).contentType("application/zip");

    String verified = verify(Main.VERIFIED, answer.asByteArray());
    assertTrue(verified.contains("entries.csv has a row for each entry in full"), verified);
    try (ZipInputStream archive = new ZipInputStream(answer.asInputStream())) {
      assertEquals("entries.csv", archive.getNextEntry().getName());
      String[] rows = new String(archive.readAllBytes(), StandardCharsets.UTF_8).split("\r\n");
      assertEquals(2, rows.length);
      assertTrue(rows[0].startsWith("index,time,type,"), rows[0]);
      assertTrue(rows[1].startsWith(index + ",2026-01-02T03:04:05Z,asset.registered.v1,"), rows[1]);
      String harmless = "'" + actor.replace("\"", "\"\"").replace(";", ";'");
      assertTrue(rows[1].contains('"' + harmless + '"'), rows[1]);
      assertEquals("export.ndjson", archive.getNextEntry().getName());
      assertInstanceOf(Verified.class, ExportVerifier.verify(archive));
    }
  }

  @Test
  void whoTakesAnExportIsInTheLogWithWhatTheyTook() {
    UUID reader = UUID.randomUUID();
    logged(Records.registration());
    export(reader, "type=asset.lost.v1&fromIndex=0&toIndex=1").then().statusCode(200);
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(AUDITOR))
                    .get("/v1/log/entries?type=audit.log-exported.v1&actor=" + reader)
                    .then()
                    .body("items", hasSize(1))
                    .body("items[0].entry.source", equalTo("/vigie/audit")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fromIndex=-1",
        "fromIndex=2&toIndex=1",
        "toIndex=999999999999999999",
        "toIndex=x",
        "q=words",
        "outcome=fine",
        "from=yesterday"
      })
  void whatCannotBeExportedIsABadRequest(String parameters) {
    export(UUID.randomUUID(), parameters)
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }
}
