package io.vigie.verifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.verifier.SampleRange.ASSETS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The archive of an export and its table: entries 4, 6, … 16 of a log of 21, written here. */
class CsvExportTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SampleKey LOG = SampleKey.ofLog("vigie.example/log");
  private static final String HEADER =
      "index,time,type,source,subject,actor,id,eventNumber,sourceNumber,alert,leafHash,payload";

  @TempDir Path folder;

  private final SampleRange range = new SampleRange();
  private final List<String> rows = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    range.log.erase(8);
    range.export(3, 17, ASSETS);
    byte[] note = LOG.checkpoint(21, range.rootHash(0, 21));
    range.header.put("checkpoint", new String(note, StandardCharsets.UTF_8));
    rows.add(HEADER);
    for (int index = 4; index < 17; index += 2) {
      rows.add(row(range.log.line(index)));
    }
  }

  private static String row(Map<String, String> line) throws IOException {
    JsonNode columns = JSON.readTree(line.get("columns"));
    List<String> cells = new ArrayList<>(List.of(line.get("index")));
    for (String name :
        List.of(
            "time", "type", "source", "subject", "actor", "id", "eventNumber", "sourceNumber")) {
      cells.add(columns.path(name).asText());
    }
    cells.add("");
    cells.add(line.get("leaf"));
    String payload = line.get("payload");
    cells.add(
        payload == null
            ? ""
            : new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8));
    return String.join(",", cells);
  }

  private CommandRun verify() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("entries.csv", String.join("\r\n", rows) + "\r\n");
    files.put("export.ndjson", new String(range.bytes(), StandardCharsets.UTF_8));
    return verify(SampleZip.of(files));
  }

  private CommandRun verify(byte[] archive) throws IOException {
    Path file = Files.write(folder.resolve("export.zip"), archive);
    return CommandRun.of("export", file.toString(), "--vkey", LOG.vkey());
  }

  private void assertNamed(String reason) throws IOException {
    CommandRun run = verify();
    assertEquals(Main.DOES_NOT_MATCH, run.exit(), run::toString);
    assertTrue(run.out().contains(reason), run::toString);
  }

  @Test
  void aTableOfWhatTheExportHasIsVerifiedWithIt() throws Exception {
    CommandRun run = verify();
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().startsWith("verified: 14 entries"), run::toString);
    assertTrue(run.out().contains("entries.csv has a row for each entry in full"), run::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void aCellThatWasChangedIsNamed(int column) throws Exception {
    String[] cells = rows.get(3).split(",", -1);
    cells[column] = column == 0 ? "7" : cells[column] + "0";
    rows.set(3, String.join(",", cells));
    assertNamed(
        column == 0
            ? "entry 8 stands in the table behind a row too many: \"7,"
            : "entry 8 has another " + HEADER.split(",")[column] + " in the table");
  }

  @Test
  void aPayloadThatWasErasedCannotBeMadeUp() throws Exception {
    rows.set(3, rows.get(3) + "made up");
    assertNamed("entry 8 has another payload in the table, \"made up\", than in the export, \"\"");
  }

  @Test
  void aRowThatWasRemovedIsNamed() throws Exception {
    rows.remove(3);
    assertNamed("entry 8 has no row where it must stand in the table: there is that of entry 10");
  }

  @Test
  void theLastRowThatWasRemovedIsNamed() throws Exception {
    rows.remove(rows.size() - 1);
    assertNamed("entry 16 has no row in the table, which ends before it");
  }

  @Test
  void aRowThatWasAddedIsNamed() throws Exception {
    rows.add(3, row(range.log.line(7)));
    assertNamed("entry 8 stands in the table behind a row too many: \"7,");
  }

  @Test
  void aRowThatWasAddedAtTheEndIsNamed() throws Exception {
    rows.add(row(range.log.line(18)));
    assertNamed("entry 17 is not the end of the table, which has a row too many: \"18,");
  }

  @Test
  void aRowThatStandsThereTwiceIsNamed() throws Exception {
    rows.add(3, rows.get(2));
    assertNamed("entry 8 stands in the table behind a row too many: \"6,");
  }

  @Test
  void rowsInAnotherOrderAreNamed() throws Exception {
    Collections.swap(rows, 2, 5);
    assertNamed("entry 6 has no row where it must stand in the table: there is that of entry 12");
  }

  @Test
  void columnsInAnotherOrderAreNoTable() throws Exception {
    rows.set(0, HEADER.replace("subject,actor", "actor,subject"));
    assertNamed("does not begin with the names of its columns");
  }

  @Test
  void aRowThatSaysTheSameInAnotherFormIsRefused() throws Exception {
    rows.set(3, rows.get(3).replace("/vigie/asset", "\"/vigie/asset\""));
    assertNamed("entry 8 ");
  }

  @Test
  void whatTheExportItselfGetsWrongIsNamedBesideARightTable() throws Exception {
    range.lines.get(5).computeIfPresent("payload", (name, payload) -> null);
    range.lines.get(5).put("leaf", range.root(0, 1));
    assertNamed("entry 8 was changed");
  }

  @Test
  void textThatASpreadsheetReadsInItsOwnWayIsWrittenSafely() {
    Map<String, String> columns = Map.of("actor", "=1+1", "subject", "a,b", "type", "said \"x\"\n");
    String row =
        new String(
            CsvTable.row(5, columns, "bGVhZg==", "@sum;=x".getBytes(StandardCharsets.UTF_8)),
            StandardCharsets.UTF_8);
    assertEquals("5,,\"said \"\"x\"\"\n\",,\"a,b\",'=1+1,,,,,bGVhZg==,'@sum;'=x\r\n", row);
  }

  @Test
  void anArchiveThatUnpacksToAnotherTableIsRefused() throws Exception {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("entries.csv", String.join("\r\n", rows) + "\r\n");
    files.put("export.ndjson", new String(range.bytes(), StandardCharsets.UTF_8));
    byte[] honest = SampleZip.of(files);
    files.put("entries.csv", HEADER + "\r\n");
    CommandRun run = verify(SampleZip.ofTwoReadings(honest, SampleZip.of(files)));
    assertEquals(Main.DOES_NOT_MATCH, run.exit(), run::toString);
    assertTrue(run.out().contains("its directory shows another entries.csv"), run::toString);
  }

  @Test
  void anArchiveOfSomethingElseIsUnusable() throws Exception {
    assertEquals(Main.UNUSABLE, verify(SampleZip.of(Map.of("letter.txt", "hello"))).exit());
  }
}
