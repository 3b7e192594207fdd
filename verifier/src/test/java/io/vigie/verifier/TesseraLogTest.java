package io.vigie.verifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A real log that another implementation wrote (transparency-dev/tessera): its checkpoints of all
 * sizes from 0 to 15, with their tiles and bundles. Kept beside the checkout; a checkout without it
 * skips.
 */
class TesseraLogTest {

  private static final String VKEY =
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

  private static Path log;
  private static List<VerifierKey> keys;
  private static final List<LogVerifier.Older> OLDER = new ArrayList<>();

  @BeforeAll
  static void findTheLog() throws Exception {
    log =
        Path.of(System.getProperty("vigie.root", ".."), "../shared/data/tlog/tessera-log")
            .normalize();
    assumeTrue(Files.isDirectory(log), "the log is not beside this checkout: " + log);
    keys = List.of(VerifierKey.parse(VKEY));
    for (int size = 0; size <= 15; size++) {
      byte[] note = Files.readAllBytes(log.resolve("checkpoint." + size));
      OLDER.add(new LogVerifier.Older("checkpoint." + size, Checkpoint.open(note, keys)));
    }
  }

  /** The log with one byte changed, everything else read from the disk. */
  private record Changed(String changed, int at, int by) implements LogSource {
    @Override
    public byte[] read(String path, int limit) throws IOException {
      byte[] content = new LogDirectory(log).read(path, limit);
      if (path.equals(changed)) {
        content[at] ^= (byte) by;
      }
      return content;
    }

    @Override
    public boolean showsEntries(String firstBundle) {
      return true;
    }
  }

  private static void verify(LogSource source) throws IOException, Rejected {
    LogVerifier.verify(source, keys, OLDER, Progress.shown(System.err));
  }

  private static List<String> files(String below) throws IOException {
    try (Stream<Path> files = Files.walk(log.resolve(below))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> log.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void theLogIsVerifiedAsItIs() throws Exception {
    verify(new LogDirectory(log));
  }

  /** Length prefixes, entry bytes, every hash of every tile: no position is left out. */
  @Test
  void theLogIsRejectedAfterAnyByteOfAnyTileOrBundleIsChanged() throws Exception {
    Random random = new Random(6962);
    List<String> files = files("tile");
    assertEquals(30, files.size());
    for (String file : files) {
      long length = Files.size(log.resolve(file));
      for (int at = 0; at < length; at++) {
        Changed changed = new Changed(file, at, 1 + random.nextInt(255));
        assertThrows(Rejected.class, () -> verify(changed), changed::toString);
      }
    }
  }

  /** Origin, size, root, line feeds, dash, key name, key id, signature: no position is left out. */
  @Test
  void aCheckpointIsRejectedAfterAnyByteIsChanged() throws Exception {
    Random random = new Random(9162);
    for (int size = 0; size <= 15; size++) {
      byte[] note = Files.readAllBytes(log.resolve("checkpoint." + size));
      for (int at = 0; at < note.length; at++) {
        byte[] changed = note.clone();
        changed[at] ^= (byte) (1 + random.nextInt(255));
        assertThrows(
            Rejected.class, () -> Checkpoint.open(changed, keys), "checkpoint." + size + ":" + at);
      }
    }
  }

  @Test
  void theCommandSaysWhichFileWasChanged(@TempDir Path copy) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("log", copy.toString(), "--vkey", VKEY));
    List<String> files = new ArrayList<>(files("tile"));
    files.add("checkpoint");
    for (int size = 0; size <= 15; size++) {
      files.add("checkpoint." + size);
      arguments.addAll(List.of("--checkpoint", copy.resolve("checkpoint." + size).toString()));
    }
    for (String file : files) {
      Files.createDirectories(copy.resolve(file).getParent());
      Files.write(copy.resolve(file), Files.readAllBytes(log.resolve(file)));
    }
    assertTrue(run(Main.VERIFIED, arguments).startsWith("verified: 15 entries, root rKbDipCvhu"));

    for (String file : files) {
      byte[] content = Files.readAllBytes(log.resolve(file));
      for (int at : new int[] {0, content.length / 2, content.length - 1}) {
        byte[] changed = content.clone();
        changed[at] ^= 1;
        Files.write(copy.resolve(file), changed);
        String said = run(Main.DOES_NOT_MATCH, arguments);
        assertTrue(said.startsWith("DOES NOT MATCH: "), said);
        assertTrue(said.contains(file.startsWith("tile") ? file : "checkpoint"), said);
      }
      Files.write(copy.resolve(file), content);
    }
  }

  private static String run(int expected, List<String> arguments) {
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertEquals(expected, run.exit(), run::toString);
    return run.out();
  }
}
