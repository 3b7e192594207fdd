package io.vigie.verifier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Packs of entries 1 and 4, whose payload is erased, of a log of 7; and of some of a log of what
 * became of an asset of client 1.
 */
class EvidencePackTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SampleKey LOG = SampleKey.ofLog("vigie.example/log");
  private static final SampleKey ANNE = SampleKey.ofWitness("anne.example/witness");
  private static final SampleExport EXPORT = SampleExport.of(7).erase(4);

  @TempDir Path folder;

  private static final String CLIENT = "client/01936f2a-5c00-7000-8000-0000000000c1";
  private static final String ASSET = "asset/01936f2a-5c00-7000-8000-0000000000a1";

  /** An asset of the client: that it is registered, what happened to it, and a backup of it. */
  private static final SampleExport HISTORY =
      new SampleExport()
          .add(event(ASSET, 1), "{\"changes\":{\"client\":\"%s\"}}".formatted(id(CLIENT)))
          .add(event(ASSET, 2), "{\"changes\":{}}")
          .add(event(ASSET, 3), "{\"changes\":{}}")
          .add(
              event("backup-run/01936f2a-5c00-7000-8000-0000000000b1", 1),
              "{\"asset\":\"%s\"}".formatted(id(ASSET)));

  private static Map<String, String> event(String subject, int number) {
    Map<String, String> entry = SampleExport.entry("/vigie/asset", number);
    entry.put("subject", subject);
    entry.put("eventNumber", Integer.toString(number));
    return entry;
  }

  private static String id(String object) {
    return object.substring(object.indexOf('/') + 1);
  }

  private static List<byte[]> leaves(SampleExport export) {
    return export.lines().stream()
        .map(line -> Base64.getDecoder().decode(line.get("leaf")))
        .toList();
  }

  private static Map<String, String> files() throws IOException {
    return files(EXPORT, "client/1", 1, 4);
  }

  private static Map<String, String> files(SampleExport export, String about, int... indexes)
      throws IOException {
    List<byte[]> leaves = leaves(export);
    Map<String, String> manifest = new LinkedHashMap<>();
    manifest.put("format", "vigie-evidence/1");
    manifest.put("origin", LOG.name());
    manifest.put("about", about);
    manifest.put("size", Integer.toString(leaves.size()));
    manifest.put("count", Integer.toString(indexes.length));
    manifest.put("withheld", "3");
    StringBuilder entries = new StringBuilder();
    for (int index : indexes) {
      Map<String, String> line = new LinkedHashMap<>(export.line(index));
      line.keySet().removeAll(List.of("columns", "leaf"));
      line.put(
          "proof",
          Rfc6962.path(index, leaves).stream()
              .map(Base64.getEncoder()::encodeToString)
              .collect(Collectors.joining(" ")));
      entries.append(JSON.writeValueAsString(line)).append('\n');
    }
    Map<String, String> files = new LinkedHashMap<>();
    files.put("manifest.json", JSON.writeValueAsString(manifest));
    byte[] checkpoint = LOG.checkpoint(leaves.size(), Rfc6962.root(leaves), ANNE);
    files.put("checkpoint", new String(checkpoint, StandardCharsets.UTF_8));
    files.put("entries.ndjson", entries.toString());
    return files;
  }

  private Path file(byte[] pack) throws IOException {
    return Files.write(folder.resolve("pack.zip"), pack);
  }

  private EvidencePack.Proven verify(byte[] pack) throws Exception {
    return EvidencePack.verify(file(pack), List.of(LOG.vkey()));
  }

  private void assertRejected(String reason, byte[] pack) {
    Rejected found = assertThrows(Rejected.class, () -> verify(pack));
    assertTrue(found.getMessage().contains(reason), found::getMessage);
  }

  @Test
  void aPackProvesItsEntries() throws Exception {
    CommandRun run =
        CommandRun.of("pack", file(SampleZip.of(files())).toString(), "--vkey", LOG.vkey());
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(
        run.out()
            .startsWith(
                "verified: 2 entries of the log \"vigie.example/log\", as signed at size 7"),
        run::toString);
    assertTrue(run.out().contains("payloads erased: 1"), run::toString);
  }

  @Test
  void whatTheManifestSaysIsToldAsItsMakersWord() throws Exception {
    CommandRun run = run(files(HISTORY, CLIENT, 0, 1, 2, 3));
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    String shown = run.out();
    int word = shown.indexOf("as its maker says, which nothing proves:");
    assertTrue(word > shown.indexOf("verified: 4 entries"), shown);
    assertTrue(shown.indexOf("about: " + CLIENT) > word, shown);
    assertTrue(shown.indexOf("withheld because they are about others too: 3") > word, shown);
    assertTrue(shown.contains("entries that name what it is said to be about: 1 of 4"), shown);
  }

  private CommandRun run(Map<String, String> files) throws Exception {
    return CommandRun.of("pack", file(SampleZip.of(files)).toString(), "--vkey", LOG.vkey());
  }

  @Test
  void aPackOfAClientRelabelledAsAnothersIsRefused() throws Exception {
    String other = "client/01936f2a-5c00-7000-8000-0000000000c2";
    byte[] relabelled = SampleZip.of(files(HISTORY, other + " " + ASSET, 0, 1, 2));
    assertRejected("entry 0 is about " + CLIENT + ", and the pack is said to be about", relabelled);

    // Nor one that has the client itself
    SampleExport registry = new SampleExport().add(event(CLIENT, 1), "{}");
    assertRejected("entry 0 is about " + CLIENT, SampleZip.of(files(registry, other, 0)));

    // But one that leaves out what names the client is told apart only by naming nobody
    CommandRun run = run(files(HISTORY, other, 1, 2, 3));
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().contains("is said to be about: 0 of 3"), run::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clients", "affectedClients", "clientsBarred"})
  void anEntryThatNamesAnotherClientBesideTheirsIsRefused(String member) throws Exception {
    String other = "client/01936f2a-5c00-7000-8000-0000000000c2";
    String both = "{\"%s\":[\"%s\", \"%s\"]}".formatted(member, id(CLIENT), id(other));
    String incident = "incident/01936f2a-5c00-7000-8000-0000000000d1";

    SampleExport affecting = new SampleExport().add(event(incident, 1), both);
    assertRejected("entry 0 is about " + other, SampleZip.of(files(affecting, CLIENT, 0)));

    // What an audit covers is not what it is about
    String audit = "control-audit/01936f2a-5c00-7000-8000-0000000000e1";
    SampleExport covering = new SampleExport().add(event(audit, 1), both);
    assertEquals(1, verify(SampleZip.of(files(covering, CLIENT + " " + audit, 0))).count());
  }

  @Test
  void aClientNamedInARecordThatIsKeptWholeIsWhatItsEntryIsAbout() throws Exception {
    // Given a record with a header more than the log knows, and so kept with its value in base64
    String value = "{\"client\":\"%s\"}".formatted(id(CLIENT));
    Map<String, String> entry = event(ASSET, 1);
    entry.put("contentType", "application/vnd.vigie.record+json");
    SampleExport whole =
        new SampleExport()
            .add(
                entry,
                "{\"key\":null,\"headers\":[{\"name\":\"more\",\"value\":null}],\"value\":\"%s\"}"
                    .formatted(
                        Base64.getEncoder()
                            .encodeToString(value.getBytes(StandardCharsets.UTF_8))));

    // Then a pack about another client may not have it, and it names its own
    String other = "client/01936f2a-5c00-7000-8000-0000000000c2";
    assertRejected("entry 0 is about " + CLIENT, SampleZip.of(files(whole, other, 0)));
    assertEquals(1, verify(SampleZip.of(files(whole, CLIENT, 0))).named());
  }

  @Test
  void aClientNamedWithinATextIsNotWhatAnEntryIsAbout() throws Exception {
    SampleExport quoting =
        new SampleExport()
            .add(event(ASSET, 1), "{\"name\":\"\\\"client\\\":\\\"%s\\\"\"}".formatted(id(CLIENT)));
    String other = "client/01936f2a-5c00-7000-8000-0000000000c2";
    assertEquals(1, verify(SampleZip.of(files(quoting, other, 0))).count());
  }

  @Test
  void ofWhatAPackIsAboutItIsToldWhichEventsWereTakenOut() throws Exception {
    CommandRun run = run(files(HISTORY, ASSET, 0, 2, 3));
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(
        run.out()
            .contains("not there: 1 of the events 1 to 3 of " + ASSET + ", the first of them 2"),
        run::toString);

    // When nothing was taken out, nor what belongs to others counted
    CommandRun whole = run(files(HISTORY, ASSET, 0, 1, 2, 3));
    assertFalse(whole.out().contains("not there"), whole::toString);
    assertTrue(whole.out().contains("is said to be about: 4 of 4"), whole::toString);
  }

  @Test
  void noChangedByteOfAPackChangesWhatAnybodyFindsInIt() throws Exception {
    byte[] pack = SampleZip.of(files());
    EvidencePack.Proven proven = verify(pack);
    int refused = 0;
    for (int at = 0; at < pack.length; at++) {
      byte[] changed = pack.clone();
      changed[at] ^= (byte) (1 << at % 8);
      try {
        assertEquals(proven, verify(changed), "byte " + at);
        // A time, or what else an archive says of no content.
        assertEquals(SampleZip.unpacked(file(pack)), SampleZip.unpacked(file(changed)));
      } catch (Rejected | Unusable found) {
        refused++;
      }
    }
    assertTrue(refused > pack.length * 9 / 10, refused + " of " + pack.length);
  }

  @Test
  void bytesBehindThePackAreRefused() throws Exception {
    byte[] pack = SampleZip.of(files());
    for (byte[] behind : List.of(new byte[1], pack, "PK\5\6".getBytes(StandardCharsets.UTF_8))) {
      ByteArrayOutputStream longer = new ByteArrayOutputStream();
      longer.write(pack);
      longer.write(behind);
      assertThrows(Rejected.class, () -> verify(longer.toByteArray()));
    }
    ByteArrayOutputStream commented = new ByteArrayOutputStream();
    commented.write(pack, 0, pack.length - 2);
    commented.write(new byte[] {3, 0, 'a', 'n', 'd'});
    assertRejected("does not end where its file does", commented.toByteArray());
  }

  @Test
  void aDirectoryThatShowsAnUnpackerAnotherContentIsRefused() throws Exception {
    byte[] honest = SampleZip.of(files());
    Map<String, String> other = files();
    other.put("entries.ndjson", other.get("entries.ndjson").replace("registered", "unfounded!"));
    byte[] forged = SampleZip.of(other);
    for (byte[] pack :
        List.of(SampleZip.ofTwoReadings(honest, forged), SampleZip.ofTwoReadings(forged, honest))) {
      assertFalse(SampleZip.unpacked(file(pack)).isEmpty());
      assertRejected("can be read in two ways", pack);
    }
  }

  @Test
  void whatIsNoArchiveOrNoPackIsUnusable() {
    assertThrows(Unusable.class, () -> verify(new byte[0]));
    assertThrows(Unusable.class, () -> verify("no archive".getBytes(StandardCharsets.UTF_8)));
    assertThrows(Unusable.class, () -> verify(SampleZip.of(Map.of("letter.txt", "hello"))));
    assertThrows(
        Unusable.class,
        () -> {
          Map<String, String> files = files();
          files.computeIfPresent("manifest.json", (n, text) -> text.replace("ce/1", "ce/9"));
          verify(SampleZip.of(files));
        });
  }

  @Test
  void aFileTooFewOrTooManyIsRefused() throws Exception {
    for (String file : List.of("checkpoint", "entries.ndjson", "letter.txt")) {
      Map<String, String> files = files();
      if (files.remove(file) == null) {
        files.put(file, "hello");
      }
      assertRejected("must hold", SampleZip.of(files));
    }
  }

  @Test
  void whatTheManifestPromisesMustBeThere() throws Exception {
    for (String change : List.of("\"7\"", "\"2\"", "vigie.example/log")) {
      Map<String, String> files = files();
      files.computeIfPresent("manifest.json", (n, text) -> text.replace(change, "\"1\""));
      assertThrows(Rejected.class, () -> verify(SampleZip.of(files)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 45})
  void bytesThatMovedBetweenSaltAndPayloadAreRefusedAtTheirIndex(int saltLength) throws Exception {
    SampleExport moved = SampleExport.of(7).moveBoundary(3, saltLength);
    assertRejected(
        "entry 3 has a payload (or salt) that was changed: its salt has %d bytes, not 32"
            .formatted(saltLength),
        SampleZip.of(files(moved, "client/1", 1, 3)));
  }

  @Test
  void aCheckpointThatNobodyKnownSignedProvesNothing() throws Exception {
    byte[] pack = SampleZip.of(files());
    String unknown = SampleKey.ofLog(LOG.name()).vkey();
    assertThrows(Rejected.class, () -> EvidencePack.verify(file(pack), List.of(unknown)));
  }

  @Test
  void theWitnessesAskedForMustHaveCosigned() throws Exception {
    List<String> words = new ArrayList<>(List.of("pack", file(SampleZip.of(files())).toString()));
    words.addAll(List.of("--vkey", LOG.vkey(), "--witness", ANNE.vkey()));
    CommandRun cosigned = CommandRun.of(words.toArray(String[]::new));
    assertEquals(Main.VERIFIED, cosigned.exit(), cosigned::toString);
    assertTrue(cosigned.out().contains("cosigned by witness: \"anne"), cosigned::toString);
    words.addAll(List.of("--witness", SampleKey.ofWitness("bert.example/witness").vkey()));
    CommandRun one = CommandRun.of(words.toArray(String[]::new));
    assertEquals(Main.DOES_NOT_MATCH, one.exit(), one::toString);
  }
}
