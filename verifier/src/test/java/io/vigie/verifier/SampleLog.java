package io.vigie.verifier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes logs into directories with code of its own, from the words of C2SP tlog-tiles. */
final class SampleLog {

  static final SampleKey KEY = SampleKey.ofLog("vigie.example/log");

  private final Path directory;
  private final List<byte[]> entries = new ArrayList<>();
  private final List<byte[]> leaves = new ArrayList<>();

  private SampleLog(Path directory) {
    this.directory = directory;
  }

  /** A log of this many entries, all of it on disk. */
  static SampleLog of(int size, Path directory) throws IOException {
    SampleLog log = new SampleLog(directory);
    log.growTo(size, "entry");
    return log;
  }

  /** Appends entries and publishes: the tiles and the checkpoint of the new size. */
  void growTo(int size, String text) throws IOException {
    for (int i = entries.size(); i < size; i++) {
      byte[] entry = (text + " n° " + i).getBytes(StandardCharsets.UTF_8);
      entries.add(entry);
      leaves.add(Rfc6962.leaf(entry));
    }
    writeTiles();
    Files.createDirectories(directory);
    Files.write(directory.resolve("checkpoint"), checkpoint());
  }

  byte[] root() {
    return Rfc6962.root(leaves);
  }

  byte[] checkpoint() {
    return KEY.checkpoint(leaves.size(), root());
  }

  List<byte[]> leaves() {
    return leaves;
  }

  byte[] entry(int index) {
    return entries.get(index);
  }

  Path directory() {
    return directory;
  }

  Path file(String path) {
    return directory.resolve(path);
  }

  /** The verification of this log by its own key. */
  LogVerifier.Verified verify(LogVerifier.Older... older) throws IOException, Rejected {
    return LogVerifier.verify(
        new LogDirectory(directory),
        List.of(KEY.verifier()),
        List.of(older),
        Progress.shown(System.err));
  }

  static LogVerifier.Older older(byte[] checkpoint) throws Rejected {
    return new LogVerifier.Older(
        "an older one", Checkpoint.open(checkpoint, List.of(KEY.verifier())));
  }

  private void writeTiles() throws IOException {
    List<byte[]> hashes = leaves;
    for (int level = 0; !hashes.isEmpty(); level++) {
      List<byte[]> above = new ArrayList<>();
      for (int from = 0; from < hashes.size(); from += 256) {
        List<byte[]> tile = hashes.subList(from, Math.min(from + 256, hashes.size()));
        write("tile/" + level + "/" + number(from / 256, tile.size()), concatenated(tile));
        if (level == 0) {
          write("tile/entries/" + number(from / 256, tile.size()), bundle(from, tile.size()));
        }
        if (tile.size() == 256) {
          above.add(Rfc6962.root(tile));
        }
      }
      hashes = above;
    }
  }

  private static String number(int n, int width) {
    String elements =
        n < 1000
            ? String.format(Locale.ROOT, "%03d", n)
            : String.format(Locale.ROOT, "x%03d/%03d", n / 1000, n % 1000);
    return width == 256 ? elements : elements + ".p/" + width;
  }

  private byte[] bundle(int from, int width) {
    ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    for (byte[] entry : entries.subList(from, from + width)) {
      bundle.write(entry.length >> 8);
      bundle.write(entry.length);
      bundle.writeBytes(entry);
    }
    return bundle.toByteArray();
  }

  private static byte[] concatenated(List<byte[]> hashes) {
    ByteArrayOutputStream tile = new ByteArrayOutputStream();
    hashes.forEach(tile::writeBytes);
    return tile.toByteArray();
  }

  private void write(String path, byte[] content) throws IOException {
    Files.createDirectories(file(path).getParent());
    Files.write(file(path), content);
  }
}
