package io.vigie.verifier;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.NoExport;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import io.vigie.verifier.ExportVerifier.WrongRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExportVerifierTest {

  private static Verdict verify(byte[] export) throws Exception {
    return ExportVerifier.verify(new ByteArrayInputStream(export));
  }

  private static Verdict verify(SampleExport export) throws Exception {
    return verify(export.bytes());
  }

  private static Mismatch mismatch(SampleExport export) throws Exception {
    return assertInstanceOf(Mismatch.class, verify(export));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 100})
  void anUntouchedExportIsVerified(int size) throws Exception {
    Verified verified = assertInstanceOf(Verified.class, verify(SampleExport.of(size)));
    assertEquals(size, verified.size());
    assertEquals("vigie.example/log", verified.origin());
  }

  @Test
  void theFirstOfTwoEntriesThatDoNotMatchIsNamedHoweverFarApartTheyAre() throws Exception {
    SampleExport export = SampleExport.of(1_000);
    export.line(900).put("payload", "");
    assertEquals(900, mismatch(export).index());
    export.line(256).put("leaf", "");
    assertEquals(256, mismatch(export).index());
    export.line(255).put("salt", null);
    assertEquals(255, mismatch(export).index());
  }

  @Test
  void anExportThatEndsEarlyIsMissingTheFirstEntryThatIsNotThere() throws Exception {
    SampleExport export = SampleExport.of(600);
    String header = export.header();
    export.lines().subList(512, 600).clear();
    String body = new String(export.bytes(), StandardCharsets.UTF_8).split("\n", 2)[1];
    Verdict cut = verify((header + "\n" + body).getBytes(StandardCharsets.UTF_8));
    assertEquals(512, assertInstanceOf(Mismatch.class, cut).index());
  }

  @Test
  void anErasedPayloadLeavesTheProofWhole() throws Exception {
    Verified verified = assertInstanceOf(Verified.class, verify(SampleExport.of(5).erase(3)));
    assertEquals(1, verified.erased());
  }

  @Test
  void everyChangedByteOfAnEntryIsFoundAtItsIndex() throws Exception {
    byte[] export = SampleExport.of(4).bytes();
    int index = -1;
    for (int at = 0; at < export.length; at++) {
      if (index >= 0) {
        for (int change : new int[] {1, 2, 0x20, 0x80}) {
          byte[] changed = export.clone();
          changed[at] ^= (byte) change;
          // A line feed cut out joins two lines, one put in splits a line: the first of the two is
          // the one that no longer matches.
          Mismatch found = assertInstanceOf(Mismatch.class, verify(changed), "byte " + at);
          assertEquals(index, found.index(), "byte " + at + ": " + found.reason());
        }
      }
      index += export[at] == '\n' ? 1 : 0;
    }
    assertEquals(4, index);
  }

  @Test
  void noChangedByteOfTheFirstLineButOfTheNameIsVerified() throws Exception {
    SampleExport sample = SampleExport.of(4);
    byte[] export = sample.bytes();
    String header = sample.header();
    // The name of the log is bound by its signed checkpoint, which an export does not hold.
    int name = header.indexOf("vigie.example/log");
    for (int at = 0; at <= header.length(); at++) {
      boolean inName = at >= name && at < name + "vigie.example/log".length();
      byte[] changed = export.clone();
      changed[at] ^= 1;
      String outcome;
      try {
        outcome = verify(changed).getClass().getSimpleName();
      } catch (NoExport refused) {
        outcome = "NoExport";
      }
      assertEquals(inName, outcome.equals("Verified"), "byte " + at + ": " + outcome);
    }
  }

  @Test
  void anEntryReplacedTogetherWithItsHashesIsFoundByTheRoot() throws Exception {
    SampleExport honest = SampleExport.of(5);
    SampleExport forged = SampleExport.of(4).add(SampleExport.entry("/vigie/asset", 9), "forged");
    byte[] export = (honest.header() + forgedBody(forged)).getBytes(StandardCharsets.UTF_8);
    assertInstanceOf(WrongRoot.class, verify(export));
  }

  private static String forgedBody(SampleExport forged) {
    String whole = new String(forged.bytes(), StandardCharsets.UTF_8);
    return whole.substring(whole.indexOf('\n'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"type\":\"asset.lost.v1\"}", "not json", "{\"colour\":\"red\"}"})
  void searchColumnsThatDoNotSayWhatTheEntrySaysAreNamed(String columns) throws Exception {
    SampleExport export = SampleExport.of(6);
    export.line(4).put("columns", columns);
    assertEquals(4, mismatch(export).index());
  }

  @Test
  void aMemberTooManyInTheSearchColumnsIsNamed() throws Exception {
    SampleExport export = SampleExport.of(6);
    String columns = export.line(4).get("columns");
    export.line(4).put("columns", columns.replace("{", "{\"colour\":\"red\","));
    assertEquals(4, mismatch(export).index());
  }

  @Test
  void aMissingLastEntryIsNamed() throws Exception {
    SampleExport export = SampleExport.of(6);
    export.lines().remove(5);
    assertEquals(5, mismatch(export).index());
  }

  @Test
  void aMissingMiddleEntryIsNamed() throws Exception {
    SampleExport export = SampleExport.of(6);
    export.lines().remove(2);
    assertEquals(2, mismatch(export).index());
  }

  @Test
  void swappedEntriesAreNamed() throws Exception {
    SampleExport export = SampleExport.of(6);
    Collections.swap(export.lines(), 1, 4);
    assertEquals(1, mismatch(export).index());
  }

  @Test
  void anEntryTooManyIsNamed() throws Exception {
    SampleExport export = SampleExport.of(6);
    export.lines().add(export.line(5));
    assertEquals(6, mismatch(export).index());
  }

  @Test
  void aPayloadWithoutItsSaltIsNoErasure() throws Exception {
    SampleExport export = SampleExport.of(3);
    export.line(1).put("salt", null);
    assertEquals(1, mismatch(export).index());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 45})
  void bytesThatMovedBetweenSaltAndPayloadAreFoundAtTheirIndex(int saltLength) throws Exception {
    Mismatch moved = mismatch(SampleExport.of(6).moveBoundary(3, saltLength));
    assertEquals(3, moved.index());
    assertEquals(
        "has a payload (or salt) that was changed: its salt has %d bytes, not 32"
            .formatted(saltLength),
        moved.reason());
  }

  @Test
  void aSourceNumberGivenTwiceIsNamed() throws Exception {
    SampleExport export = SampleExport.of(5).add(SampleExport.entry("/vigie/access", 2), "again");
    Mismatch repeated = mismatch(export);
    assertEquals(5, repeated.index());
    assertTrue(
        repeated.reason().contains("repeats number 2 of source \"/vigie/access\""),
        repeated.reason());
  }

  @Test
  void anEntryThatTheLogItselfRaisedAnAlertOnMayRepeatASourceNumber() throws Exception {
    Map<String, String> entry = SampleExport.entry("/vigie/access", 2);
    entry.put("alert", "id-reused");
    Verified verified =
        assertInstanceOf(Verified.class, verify(SampleExport.of(5).add(entry, "again")));
    assertEquals(1, verified.alerted());
  }

  @Test
  void anEntryThatTheLogItselfRaisedAnAlertOnCountsUnderItsSourceNumber() throws Exception {
    Map<String, String> entry = SampleExport.entry("/vigie/asset", 2);
    entry.put("alert", "id-reused");
    SampleExport export = new SampleExport();
    export.add(SampleExport.entry("/vigie/asset", 1), "first").add(entry, "second");
    Verified verified = assertInstanceOf(Verified.class, verify(export));
    assertEquals(List.of(new SourceCoverage("/vigie/asset", 2, 0, 0)), verified.sources());
  }

  @Test
  void aSourceOfALongerNameThanTheLogTakesIsNamed() throws Exception {
    String longest = "/" + "x".repeat(EntryCheck.MAX_SOURCE - 1);
    SampleExport export = new SampleExport().add(SampleExport.entry(longest, 1), "payload");
    assertInstanceOf(Verified.class, verify(export));
    export.add(SampleExport.entry(longest + "x", 1), "payload");
    Mismatch found = mismatch(export);
    assertEquals(1, found.index());
    assertTrue(found.reason().contains("name has 1001 characters"), found.reason());
  }

  @Test
  void holesInTheNumbersOfASourceAreReported() throws Exception {
    SampleExport export = new SampleExport();
    for (long number : new long[] {5, 2, 9, 1, 6}) {
      export.add(SampleExport.entry("/vigie/asset", number), "payload");
    }
    Verified verified = assertInstanceOf(Verified.class, verify(export));
    assertEquals(List.of(new SourceCoverage("/vigie/asset", 9, 4, 3)), verified.sources());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "not json",
        "{}",
        "{\"format\":\"vigie-export/2\",\"origin\":\"o\",\"size\":\"0\",\"root\":\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"}",
        "{\"format\":\"vigie-export/1\",\"origin\":\"o\",\"size\":\"-1\",\"root\":\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"}",
        "{\"format\":\"vigie-export/1\",\"origin\":\"o\",\"size\":\"00\",\"root\":\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"}",
        "{\"format\":\"vigie-export/1\",\"origin\":\"o\",\"size\":\"9223372036854775808\",\"root\":\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"}",
        "{\"format\":\"vigie-export/1\",\"origin\":null,\"size\":\"0\",\"root\":\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"}",
        "{\"format\":\"vigie-export/1\",\"origin\":\"o\",\"size\":\"0\",\"root\":\"47DE\"}"
      })
  void whatDoesNotBeginLikeAnExportIsNone(String text) {
    assertThrows(NoExport.class, () -> verify(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aLineWithoutEndIsRefusedBeforeItFillsTheMemory() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    assertThrows(NoExport.class, () -> ExportVerifier.verify(endless));
  }
}
