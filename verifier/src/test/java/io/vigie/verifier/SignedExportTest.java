package io.vigie.verifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.verifier.SampleRange.SIZE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an export proves to whoever has the log's key. */
class SignedExportTest {

  private static final SampleKey LOG = SampleKey.ofLog("vigie.example/log");
  private static final SampleKey ANNE = SampleKey.ofWitness("anne.example/witness");
  private static final SampleKey BERT = SampleKey.ofWitness("bert.example/witness");

  @TempDir Path folder;

  private final SampleRange range = new SampleRange();

  private String note(SampleKey key, int size) {
    return new String(key.checkpoint(size, range.rootHash(0, size)), StandardCharsets.UTF_8);
  }

  private void export(int from, int to, String note) {
    range.export(from, to, "{}");
    range.header.put("checkpoint", note);
  }

  private CommandRun verify(byte[] export, String... options) throws IOException {
    Path file = Files.write(folder.resolve("export.ndjson"), export);
    List<String> arguments = new ArrayList<>(List.of("export", file.toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private CommandRun verify() throws IOException {
    return verify(range.bytes(), "--vkey", LOG.vkey());
  }

  private void assertRefused(String reason) throws IOException {
    CommandRun run = verify();
    assertEquals(Main.DOES_NOT_MATCH, run.exit(), run::toString);
    assertTrue(run.out().contains(reason), run::toString);
  }

  private static void assertUnsigned(String reason, CommandRun run) {
    assertEquals(Main.UNUSABLE, run.exit(), run::toString);
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("nothing in this export is signed"), run::toString);
    assertTrue(run.err().contains(reason), run::toString);
  }

  @ParameterizedTest
  @CsvSource({"0,21,21,21", "3,17,4,1", "3,17,16,13", "3,17,17,14", "8,17,21,9", "21,21,21,0"})
  void asManyEntriesAreSignedAsTheCheckpointCovers(int from, int to, int size, int signed)
      throws Exception {
    export(from, to, note(LOG, size));
    CommandRun run = verify();
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    String headline =
        signed == to - from
            ? "verified: %d entries, root ".formatted(signed)
            : "verified: the first %d of %d entries, the others are not signed, root "
                .formatted(signed, to - from);
    assertTrue(run.out().startsWith(headline), run::toString);
    assertTrue(
        run.out()
            .contains(
                "signed by the log: the first %d of these entries; behind the checkpoint, not signed: %d\n"
                    .formatted(signed, to - from - signed)),
        run::toString);
  }

  @Test
  void theVerdictSaysOfWhatItIs() throws Exception {
    export(3, 17, note(LOG, SIZE));
    String all = verify().out();
    assertTrue(
        all.contains(
            "\nrange: from index 3 on and below 17\nfilter: none\nentries in full: 14 of 14\n"),
        all);

    SampleRange assets = new SampleRange();
    assets.export(3, 17, SampleRange.ASSETS);
    String filtered = verify(assets.bytes()).out();
    assertTrue(filtered.startsWith("agrees with itself: 14 entries"), filtered);
    assertTrue(
        filtered.contains("\nfilter: " + SampleRange.ASSETS + "\nentries in full: 7 of 14\n"),
        filtered);

    String whole = verify(SampleExport.of(4).bytes()).out();
    assertTrue(
        whole.contains(
            "\nrange: from index 0 on and below 4\nfilter: none\nentries in full: 4 of 4\n"),
        whole);
  }

  @Test
  void aCheckpointOfAnotherTreeDoesNotMatch() throws Exception {
    export(3, 17, note(LOG, 17));
    byte[] other = LOG.checkpoint(16, range.rootHash(1, 17));
    range.header.put("checkpoint", new String(other, StandardCharsets.UTF_8));
    assertRefused("not " + range.root(1, 17));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8})
  void aCheckpointThatEndsWhereTheRangeBeginsOrBeforeSignsNothingOfIt(int size) throws Exception {
    export(8, 17, note(LOG, size));
    assertUnsigned("of size " + size + ", says nothing of its entries, from 8 on", verify());
  }

  @Test
  void aCheckpointOfATreeThatTheExportDoesNotShowSignsNothingOfIt() throws Exception {
    export(8, 17, note(LOG, 19));
    assertUnsigned("of size 19, says nothing", verify());
  }

  @Test
  void anExportWithoutCheckpointIsNotSigned() throws Exception {
    export(0, SIZE, null);
    assertUnsigned("it carries no checkpoint", verify());
    assertUnsigned(
        "it carries no checkpoint", verify(SampleExport.of(4).bytes(), "--vkey", LOG.vkey()));
  }

  @Test
  void aCheckpointOfAnotherLogIsRefused() throws Exception {
    export(0, SIZE, note(SampleKey.ofLog("other.example/log"), SIZE));
    assertRefused("the checkpoint is of another log: \"other.example/log\"");
  }

  @Test
  void anExportThatTakesTheNameOfAnotherLogIsRefused() throws Exception {
    export(0, SIZE, note(LOG, SIZE));
    range.header.put("origin", "other.example/log");
    assertRefused("the export says it is of \"other.example/log\"");
  }

  @Test
  void aCheckpointThatAnUnknownKeySignedIsRefused() throws Exception {
    export(0, SIZE, note(SampleKey.ofLog(LOG.name()), SIZE));
    assertRefused("signed by no key that is known here");
  }

  @Test
  void aCheckpointWhoseSignatureIsWrongIsRefused() throws Exception {
    export(0, SIZE, note(LOG, SIZE).replace("\n21\n", "\n20\n"));
    assertRefused("is wrong: text or signature was changed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"trailing", "trailing\n", "\n"})
  void aCheckpointWithBytesBehindItsSignaturesIsRefused(String trailing) throws Exception {
    export(0, SIZE, note(LOG, SIZE) + trailing);
    assertRefused("the checkpoint is malformed");
  }

  @Test
  void whileKeysAreRotatedAnyOfThemSuffices() throws Exception {
    export(0, SIZE, note(LOG, SIZE));
    String next = SampleKey.ofLog(LOG.name()).vkey();
    Path both = Files.writeString(folder.resolve("vkey"), next + "\n" + LOG.vkey() + "\n");
    assertEquals(0, verify(range.bytes(), "--vkey", both.toString()).exit());
    assertEquals(0, verify(range.bytes(), "--vkey", next, "--vkey", LOG.vkey()).exit());
  }

  @Test
  void withoutAKeyItIsSaidThatNoSignatureWasChecked() throws Exception {
    export(0, SIZE, note(SampleKey.ofLog(LOG.name()), SIZE));
    CommandRun run = verify(range.bytes());
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().startsWith("agrees with itself: 21 entries"), run::toString);
    assertTrue(run.out().contains("no signature was checked"), run::toString);
    assertFalse(run.out().contains("verified"), run::toString);
    range.header.put("checkpoint", note(LOG, SIZE).replace("\n21\n", "\n20\n"));
    assertEquals(Main.DOES_NOT_MATCH, verify(range.bytes()).exit());
    range.header.put("checkpoint", "no checkpoint");
    assertEquals(Main.UNUSABLE, verify(range.bytes()).exit());
  }

  @Test
  void aCheckpointThatSomebodyKeptSignsAnExportThatCarriesNone() throws Exception {
    Path kept = Files.writeString(folder.resolve("kept"), note(LOG, 9));
    String[] options = {"--vkey", LOG.vkey(), "--checkpoint", kept.toString()};
    export(8, 17, null);
    CommandRun run = verify(range.bytes(), options);
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().contains("the first 1 of these entries"), run::toString);

    CommandRun ofFormat1 = verify(SampleExport.of(SIZE).bytes(), options);
    assertTrue(ofFormat1.out().contains("the first 9 of these entries"), ofFormat1::toString);
    assertEquals(2, verify(range.bytes(), "--checkpoint", kept.toString()).exit());
  }

  @Test
  void theWitnessesAskedForMustHaveCosigned() throws Exception {
    byte[] cosigned = LOG.checkpoint(SIZE, range.rootHash(0, SIZE), ANNE);
    export(3, 17, new String(cosigned, StandardCharsets.UTF_8));
    String[] one = {"--vkey", LOG.vkey(), "--witness", ANNE.vkey()};
    CommandRun run = verify(range.bytes(), one);
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().contains("cosigned by witness: \"anne"), run::toString);

    String[] both = {"--vkey", LOG.vkey(), "--witness", ANNE.vkey(), "--witness", BERT.vkey()};
    CommandRun tooFew = verify(range.bytes(), both);
    assertEquals(Main.DOES_NOT_MATCH, tooFew.exit(), tooFew::toString);
    assertTrue(tooFew.out().contains("1 of the witnesses cosigned it, not 2"), tooFew::toString);

    range.header.put("checkpoint", note(LOG, SIZE));
    assertEquals(Main.DOES_NOT_MATCH, verify(range.bytes(), one).exit());
    assertEquals(Main.UNUSABLE, verify(range.bytes(), "--witness", ANNE.vkey()).exit());
    assertEquals(
        Main.UNUSABLE, verify(range.bytes(), "--vkey", LOG.vkey(), "--quorum", "1").exit());
  }

  @Test
  void aNewerCheckpointThatWaitsForItsWitnessesLeavesWhatOneTheyCosignedSays() throws Exception {
    export(3, 17, note(LOG, SIZE));
    byte[] cosigned = LOG.checkpoint(9, range.rootHash(0, 9), ANNE);
    Path kept = Files.write(folder.resolve("kept"), cosigned);
    String[] options = {
      "--vkey", LOG.vkey(), "--checkpoint", kept.toString(), "--witness", ANNE.vkey()
    };
    CommandRun run = verify(range.bytes(), options);
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().contains("the first 6 of these entries"), run::toString);
    assertTrue(run.out().contains("cosigned by witness: \"anne"), run::toString);

    // But a cosignature of one of them that is none is not passed over
    String forged = note(LOG, SIZE) + ANNE.line("another text");
    range.header.put("checkpoint", forged);
    CommandRun wrong = verify(range.bytes(), options);
    assertEquals(Main.DOES_NOT_MATCH, wrong.exit(), wrong::toString);
  }

  @Test
  void aCheckpointThatSomebodyKeptAndTheExportDoesNotExtendIsFound() throws Exception {
    byte[] other = LOG.checkpoint(9, range.rootHash(1, 10));
    Path kept = Files.write(folder.resolve("kept"), other);
    export(8, 17, note(LOG, SIZE));
    CommandRun run = verify(range.bytes(), "--vkey", LOG.vkey(), "--checkpoint", kept.toString());
    assertEquals(Main.DOES_NOT_MATCH, run.exit(), run::toString);
    Files.writeString(kept, note(LOG, 5));
    assertUnsigned(
        kept + ", of size 5",
        verify(range.bytes(), "--vkey", LOG.vkey(), "--checkpoint", kept.toString()));
  }
}
