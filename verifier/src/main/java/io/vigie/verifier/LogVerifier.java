package io.vigie.verifier;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Verifies a whole log in the layout of C2SP tlog-tiles: the checkpoint's signature, every entry
 * against its leaf hash, every tile of every level against the level below, the root, and the root
 * at each older checkpoint, recomputed from the same leaves. The partial tiles and bundles of the
 * older checkpoints are held against them, too, where the log still has them.
 *
 * <p>Leaf tiles are read and hashed in parallel and taken in the order of the log, a bounded number
 * of them at a time: memory does not grow with the log, and what is reported is the first thing
 * that does not match.
 */
final class LogVerifier {

  /**
   * What was verified.
   *
   * @param entriesRead whether the entries themselves were read, or their leaf hashes taken as they
   *     stand
   */
  record Verified(Checkpoint checkpoint, boolean entriesRead) {}

  /** A checkpoint of the same log that someone kept, its signature verified. */
  record Older(String name, Checkpoint checkpoint) {}

  /** One leaf tile that agrees with its bundle. */
  private record LeafTile(long n, byte[] hashes, byte[] root) {}

  /** One level above the leaves, its last tile under construction. */
  private static final class Level {
    final byte[] hashes = new byte[TilePath.WIDTH * TreeHash.LENGTH];
    int width;
    long n;

    byte[] soFar() {
      return Arrays.copyOf(hashes, width * TreeHash.LENGTH);
    }
  }

  private static final int THREADS = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

  private final LogSource source;
  private final LogFiles files;
  private final Checkpoint current;
  private final List<Older> checkpoints;
  private final Progress progress;
  private final TreeHash hash = new TreeHash();
  private final RootBuilder tree = new RootBuilder(hash);
  private final List<Level> levels = new ArrayList<>();
  private boolean entries;

  private LogVerifier(
      LogSource source, Checkpoint current, List<Older> checkpoints, Progress progress) {
    this.source = source;
    this.files = new LogFiles(source);
    this.current = current;
    this.checkpoints = checkpoints;
    this.progress = progress;
  }

  /**
   * Reads the whole log.
   *
   * @param keys verifier keys of the log
   * @param older checkpoints that the log must extend
   * @throws Rejected when anything does not match; the message says what and where
   * @throws IOException when the log cannot be read
   */
  static Verified verify(
      LogSource source, List<VerifierKey> keys, List<Older> older, Progress progress)
      throws IOException, Rejected {
    byte[] note = source.read("checkpoint", SignedNote.MAX_LENGTH);
    if (note == null) {
      throw new Rejected("the log has no checkpoint");
    }
    Checkpoint current = Checkpoint.open(note, keys);
    List<Older> checkpoints = new ArrayList<>();
    for (Older kept : older) {
      requireThatItMayBeOlder(kept, current);
      checkpoints.add(kept);
    }
    checkpoints.add(new Older("the log's own checkpoint", current));
    return new LogVerifier(source, current, checkpoints, progress).verify();
  }

  private static void requireThatItMayBeOlder(Older kept, Checkpoint current) throws Rejected {
    if (!kept.checkpoint.origin().equals(current.origin())) {
      throw new Rejected(
          "%s is a checkpoint of another log, %s, not of %s"
              .formatted(
                  kept.name,
                  Terminal.quoted(kept.checkpoint.origin()),
                  Terminal.quoted(current.origin())));
    }
    if (kept.checkpoint.size() > current.size()) {
      throw new Rejected(
          "%s has %d entries, the log now shows %d: it went back, or hides what it had signed"
              .formatted(kept.name, kept.checkpoint.size(), current.size()));
    }
  }

  private Verified verify() throws IOException, Rejected {
    long size = current.size();
    long last = TilePath.fullTiles(size, 0);
    int edge = TilePath.partialWidth(size, 0);
    long tiles = last + (edge > 0 ? 1 : 0);
    entries =
        size == 0 || source.showsEntries(TilePath.entries(0, last > 0 ? TilePath.WIDTH : edge));
    progress.begin(size);
    try (InOrder<LeafTile> work = new InOrder<>(THREADS)) {
      for (long n = 0; n < tiles; n++) {
        if (work.isFull()) {
          take(work);
        }
        long tile = n;
        int width = n < last ? TilePath.WIDTH : edge;
        work.give(() -> leafTile(tile, width));
      }
      while (!work.isEmpty()) {
        take(work);
      }
    } finally {
      progress.end();
    }
    if (edge == 0) {
      checkRoots(last, new byte[0]);
    }
    return new Verified(current, entries);
  }

  /** In a worker: one leaf tile, held against the entries it is made of. */
  private LeafTile leafTile(long n, int width) throws IOException, Rejected {
    TreeHash own = new TreeHash();
    byte[] hashes = files.hashes(0, n, width);
    if (entries) {
      requireEntries(n, width, hashes, own);
    }
    return new LeafTile(n, hashes, own.root(hashes, width));
  }

  private void requireEntries(long n, int width, byte[] hashes, TreeHash own)
      throws IOException, Rejected {
    byte[] leaves = files.leaves(n, width, own);
    int wrong = LogFiles.firstDifference(leaves, hashes);
    if (wrong >= 0) {
      throw new Rejected(
          "entry %d: its bytes in %s hash to %s, the leaf tile %s says %s"
              .formatted(
                  n * TilePath.WIDTH + wrong,
                  TilePath.entries(n, width),
                  LogFiles.at(leaves, wrong),
                  TilePath.hashes(0, n, width),
                  LogFiles.at(hashes, wrong)));
    }
  }

  /** In order: puts a leaf tile into the tree. */
  private void take(InOrder<LeafTile> work) throws IOException, Rejected {
    LeafTile tile = next(work);
    checkOlderPartials(tile);
    checkRoots(tile.n, tile.hashes);
    int width = tile.hashes.length / TreeHash.LENGTH;
    if (width == TilePath.WIDTH) {
      tree.add(tile.root);
      climb(1, tile.root);
    }
    progress.reached(tile.n * TilePath.WIDTH + width);
  }

  private static LeafTile next(InOrder<LeafTile> work) throws IOException, Rejected {
    try {
      return work.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Rejected rejected) {
        throw rejected;
      }
      if (e.getCause() instanceof IOException unreadable) {
        throw unreadable;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** What the log published of a leaf tile before it was as wide as it is now. */
  private void checkOlderPartials(LeafTile tile) throws IOException, Rejected {
    for (Older older : checkpoints) {
      long size = older.checkpoint.size();
      int width = TilePath.partialWidth(size, 0);
      if (width > 0 && TilePath.fullTiles(size, 0) == tile.n && size < current.size()) {
        byte[] prefix = Arrays.copyOf(tile.hashes, width * TreeHash.LENGTH);
        requireTile(0, tile.n, width, prefix);
        if (entries) {
          requireEntries(tile.n, width, prefix, hash);
        }
      }
    }
  }

  /** The roots at all sizes from this tile's first entry to before its last. */
  private void checkRoots(long n, byte[] hashes) throws Rejected {
    for (Older older : checkpoints) {
      long size = older.checkpoint.size();
      int width = TilePath.partialWidth(size, 0);
      if (TilePath.fullTiles(size, 0) == n && width <= hashes.length / TreeHash.LENGTH) {
        byte[] root = tree.root(width == 0 ? null : hash.root(hashes, width));
        if (!Arrays.equals(root, older.checkpoint.root())) {
          throw new Rejected(
              "%s signed root %s for %d entries, the log's first %d have root %s: %s"
                  .formatted(
                      older.name,
                      Canonical.base64(older.checkpoint.root()),
                      size,
                      size,
                      Canonical.base64(root),
                      older.checkpoint == current
                          ? "leaf tiles were changed"
                          : "entries were changed since, or two histories are shown"));
        }
      }
    }
  }

  /** Adds the hash of a full tile to the level above it, and so on up. */
  private void climb(int number, byte[] tileRoot) throws IOException, Rejected {
    if (levels.size() < number) {
      levels.add(new Level());
    }
    Level level = levels.get(number - 1);
    System.arraycopy(tileRoot, 0, level.hashes, level.width * TreeHash.LENGTH, TreeHash.LENGTH);
    level.width++;
    for (Older older : checkpoints) {
      long size = older.checkpoint.size();
      if (TilePath.partialWidth(size, number) == level.width
          && TilePath.fullTiles(size, number) == level.n) {
        requireTile(number, level.n, level.width, level.soFar());
      }
    }
    if (level.width == TilePath.WIDTH) {
      requireTile(number, level.n, TilePath.WIDTH, level.hashes);
      byte[] root = hash.root(level.hashes, TilePath.WIDTH);
      level.width = 0;
      level.n++;
      climb(number + 1, root);
    }
  }

  private void requireTile(int level, long n, int width, byte[] computed)
      throws IOException, Rejected {
    byte[] tile = files.hashes(level, n, width);
    int wrong = LogFiles.firstDifference(tile, computed);
    if (wrong >= 0) {
      throw new Rejected(
          "%s: its hash %d is %s, %s gives %s"
              .formatted(
                  TilePath.hashes(level, n, width),
                  wrong,
                  LogFiles.at(tile, wrong),
                  level == 0
                      ? "the tile that grew from it"
                      : TilePath.hashes(level - 1, n * TilePath.WIDTH + wrong, TilePath.WIDTH),
                  LogFiles.at(computed, wrong)));
    }
  }
}
