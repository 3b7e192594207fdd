package io.vigie.verifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogVerifierTest {

  @TempDir Path folder;

  private static String refusal(SampleLog log, LogVerifier.Older... older) {
    return assertThrows(Rejected.class, () -> log.verify(older)).getMessage();
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 255, 256, 257, 512, 65_535, 65_536, 65_537, 70_000})
  void aLogOfEverySizeIsVerified(int size) throws Exception {
    LogVerifier.Verified verified = SampleLog.of(size, folder).verify();
    assertEquals(size, verified.checkpoint().size());
    assertTrue(verified.entriesRead());
  }

  @Test
  void aLogThatGrewExtendsEveryCheckpointItHad() throws Exception {
    SampleLog log = SampleLog.of(0, folder);
    LogVerifier.Older[] older = new LogVerifier.Older[9];
    int[] sizes = {0, 1, 255, 256, 300, 511, 512, 600, 600};
    for (int i = 0; i < sizes.length; i++) {
      log.growTo(sizes[i], "entry");
      older[i] = SampleLog.older(log.checkpoint());
    }
    log.growTo(777, "entry");
    assertEquals(777, log.verify(older).checkpoint().size());
  }

  @Test
  void aHistoryThatWasRewrittenDoesNotExtendTheCheckpointSomeoneKept() throws Exception {
    LogVerifier.Older kept =
        SampleLog.older(SampleLog.of(300, folder.resolve("honest")).checkpoint());
    SampleLog forked = SampleLog.of(299, folder.resolve("forked"));
    forked.growTo(600, "forgery");
    assertEquals(600, forked.verify().checkpoint().size());
    String refusal = refusal(forked, kept);
    assertTrue(refusal.startsWith("an older one signed root"), refusal);
    assertTrue(refusal.contains("for 300 entries"), refusal);
  }

  @Test
  void aLogThatWentBackIsNamedSo() throws Exception {
    LogVerifier.Older kept =
        SampleLog.older(SampleLog.of(10, folder.resolve("newer")).checkpoint());
    SampleLog restored = SampleLog.of(9, folder.resolve("restored"));
    assertTrue(refusal(restored, kept).contains("went back"));
  }

  @Test
  void aCheckpointOfAnotherLogIsNamedSo() throws Exception {
    SampleLog log = SampleLog.of(10, folder);
    SampleKey other = SampleKey.ofLog("other.example/log");
    Checkpoint foreign = Checkpoint.parse(other.checkpoint(5, log.root()));
    assertTrue(refusal(log, new LogVerifier.Older("kept", foreign)).contains("another log"));
  }

  @Test
  void aChangedEntryIsNamedByItsIndex() throws Exception {
    SampleLog log = SampleLog.of(600, folder);
    flip(log.file("tile/entries/001"), 20);
    String refusal = refusal(log);
    assertTrue(refusal.startsWith("entry 257: its bytes in tile/entries/001"), refusal);
  }

  @Test
  void anEntryReplacedTogetherWithItsLeafHashIsNamedByTheTileAbove() throws Exception {
    SampleLog log = SampleLog.of(600, folder);
    flip(log.file("tile/entries/001"), 20);
    byte[] bundle = Files.readAllBytes(log.file("tile/entries/001"));
    int length = bundle[0] << 8 | bundle[1];
    int next = bundle[2 + length] << 8 | bundle[3 + length];
    byte[] forged = new byte[next];
    System.arraycopy(bundle, 4 + length, forged, 0, next);
    byte[] tile = Files.readAllBytes(log.file("tile/0/001"));
    System.arraycopy(Rfc6962.leaf(forged), 0, tile, 32, 32);
    Files.write(log.file("tile/0/001"), tile);
    String refusal = refusal(log);
    assertTrue(
        refusal.startsWith("tile/1/000.p/2: its hash 1 is ")
            && refusal.contains("tile/0/001 gives"),
        refusal);
  }

  @Test
  void aTileOfAnyLevelThatIsChangedOrMissingOrOfTheWrongLengthIsNamed() throws Exception {
    SampleLog log = SampleLog.of(65_537, folder);
    for (String tile :
        new String[] {"tile/0/255", "tile/1/000", "tile/0/256.p/1", "tile/2/000.p/1"}) {
      byte[] content = Files.readAllBytes(log.file(tile));
      flip(log.file(tile), content.length - 1);
      String changed = refusal(log);
      assertTrue(changed.contains(tile), changed);
      Files.write(log.file(tile), new byte[content.length + 1]);
      assertTrue(refusal(log).startsWith(tile + " is longer than " + content.length + " bytes"));
      Files.write(log.file(tile), new byte[content.length - 1]);
      assertTrue(refusal(log).startsWith(tile + " has " + (content.length - 1) + " of "));
      Files.delete(log.file(tile));
      assertTrue(refusal(log).startsWith(tile + " is missing"));
      Files.write(log.file(tile), content);
    }
    log.verify();
  }

  @Test
  void aBundleThatEndsEarlyOrLateIsNamed() throws Exception {
    SampleLog log = SampleLog.of(300, folder);
    Path bundle = log.file("tile/entries/001.p/44");
    byte[] content = Files.readAllBytes(bundle);
    Files.write(bundle, Arrays.copyOf(content, content.length + 1));
    assertTrue(refusal(log).contains("bytes after its last entry"));
    for (int cut : new int[] {1, content.length - 1, content.length}) {
      Files.write(bundle, Arrays.copyOf(content, content.length - cut));
      String refusal = refusal(log);
      assertTrue(refusal.contains("tile/entries/001.p/44 ends within it"), refusal);
    }
    Files.delete(bundle);
    assertTrue(refusal(log).startsWith("tile/entries/001.p/44 is missing"));
  }

  @Test
  void whereAPartialTileIsGoneItsFullTileServes() throws Exception {
    SampleLog log = SampleLog.of(300, folder);
    byte[] checkpoint = log.checkpoint();
    log.growTo(600, "entry");
    Files.delete(log.file("tile/0/001.p/44"));
    Files.delete(log.file("tile/entries/001.p/44"));
    // What a reader sees that took the checkpoint just before the log grew.
    Files.write(log.file("checkpoint"), checkpoint);
    assertEquals(300, log.verify().checkpoint().size());
  }

  @Test
  void whatTheLogPublishedForAnOlderCheckpointIsHeldAgainstItToo() throws Exception {
    SampleLog log = SampleLog.of(300, folder);
    LogVerifier.Older older = SampleLog.older(log.checkpoint());
    log.growTo(600, "entry");
    log.verify(older);
    flip(log.file("tile/0/001.p/44"), 40);
    String tile = refusal(log, older);
    assertTrue(tile.startsWith("tile/0/001.p/44: its hash 1"), tile);
    flip(log.file("tile/0/001.p/44"), 40);
    flip(log.file("tile/entries/001.p/44"), 3);
    String entry = refusal(log, older);
    assertTrue(entry.startsWith("entry 256: its bytes in tile/entries/001.p/44"), entry);
  }

  @Test
  void aDirectoryWithoutEntriesIsVerifiedByItsHashesAlone() throws Exception {
    SampleLog log = SampleLog.of(300, folder);
    Files.move(log.file("tile/entries"), folder.resolve("elsewhere"));
    assertFalse(log.verify().entriesRead());
    flip(log.file("tile/0/001.p/44"), 0);
    assertTrue(refusal(log).contains("leaf tiles were changed"));
  }

  @Test
  void aLogWithoutACheckpointIsNone() {
    assertThrows(
        Rejected.class,
        () ->
            LogVerifier.verify(
                new LogDirectory(folder),
                List.of(SampleLog.KEY.verifier()),
                List.of(),
                Progress.shown(System.err)));
  }

  @Test
  void tilesAreNamedAsTheSpecificationSays() {
    assertEquals("tile/0/x001/x234/067", TilePath.hashes(0, 1234067, 256));
    assertEquals("tile/entries/000.p/1", TilePath.entries(0, 1));
    assertEquals("tile/7/x001/000.p/255", TilePath.hashes(7, 1000, 255));
    // The specification's example of 70,000 entries.
    assertEquals(273, TilePath.fullTiles(70_000, 0));
    assertEquals(112, TilePath.partialWidth(70_000, 0));
    assertEquals(1, TilePath.fullTiles(70_000, 1));
    assertEquals(17, TilePath.partialWidth(70_000, 1));
    assertEquals(1, TilePath.partialWidth(70_000, 2));
    assertEquals(0, TilePath.partialWidth(70_000, 3));
    assertEquals(0, TilePath.partialWidth(Long.MAX_VALUE, 8));
  }

  @Test
  void theWitnessesAskedForMustHaveCosignedWhatTheLogShows() throws Exception {
    SampleLog.of(5, folder);
    String[] words = {"log", folder.toString(), "--vkey", SampleLog.KEY.vkey()};
    String[] witnessed = Arrays.copyOf(words, 6);
    witnessed[4] = "--witness";
    witnessed[5] = SampleKey.ofWitness("anne.example/witness").vkey();
    assertEquals(Main.VERIFIED, CommandRun.of(words).exit());
    CommandRun refused = CommandRun.of(witnessed);
    assertEquals(Main.DOES_NOT_MATCH, refused.exit(), refused::toString);
    assertTrue(refused.out().contains("0 of the witnesses cosigned it, not 1"), refused::toString);
  }
}
