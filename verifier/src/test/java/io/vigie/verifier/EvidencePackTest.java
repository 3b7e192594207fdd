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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Packs of entries 1 and 4, whose payload is erased, of a log of 7. */
class EvidencePackTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SampleKey LOG = SampleKey.ofLog("vigie.example/log");
  private static final SampleKey ANNE = SampleKey.ofWitness("anne.example/witness");
  private static final SampleExport EXPORT = SampleExport.of(7).erase(4);

  @TempDir Path folder;

  private static List<byte[]> leaves() {
    return EXPORT.lines().stream()
        .map(line -> Base64.getDecoder().decode(line.get("leaf")))
        .toList();
  }

  private static Map<String, String> files() throws IOException {
    Map<String, String> manifest = new LinkedHashMap<>();
    manifest.put("format", "vigie-evidence/1");
    manifest.put("origin", LOG.name());
    manifest.put("about", "client/1");
    manifest.put("size", "7");
    manifest.put("count", "2");
    manifest.put("withheld", "3");
    StringBuilder entries = new StringBuilder();
    for (int index : new int[] {1, 4}) {
      Map<String, String> line = new LinkedHashMap<>(EXPORT.line(index));
      line.keySet().removeAll(List.of("columns", "leaf"));
      line.put(
          "proof",
          Rfc6962.path(index, leaves()).stream()
              .map(Base64.getEncoder()::encodeToString)
              .collect(Collectors.joining(" ")));
      entries.append(JSON.writeValueAsString(line)).append('\n');
    }
    Map<String, String> files = new LinkedHashMap<>();
    files.put("manifest.json", JSON.writeValueAsString(manifest));
    byte[] checkpoint = LOG.checkpoint(7, Rfc6962.root(leaves()), ANNE);
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
    assertTrue(run.out().contains("payloads erased: 1, entries withheld"), run::toString);
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
