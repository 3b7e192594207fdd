package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps the checkpoints that the log shows while the run lasts, as a witness would. */
final class Checkpoints implements AutoCloseable {

  /**
   * The verifier is given this many at most, from the first to the last: all of ten minutes, and as
   * many as a command line holds well.
   */
  static final int HELD = 2_500;

  /** The log, as a witness sees it. */
  interface Log {

    /** The newest checkpoint that it shows; empty where it shows none. */
    Optional<String> checkpoint() throws IOException;
  }

  private final Log log;
  private final Map<Long, String> seen = new TreeMap<>();
  private final List<Difference> differences = new ArrayList<>();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

  /** Nothing is looked at yet. */
  Checkpoints(Log log) {
    this.log = log;
  }

  void begin() {
    thread.scheduleWithFixedDelay(this::look, 0, 250, TimeUnit.MILLISECONDS);
  }

  /**
   * Keeps the newest one.
   *
   * @throws RuntimeException when it is none, which is a difference, and the last look
   */
  void look() {
    try {
      log.checkpoint().ifPresent(this::keep);
    } catch (IOException e) {
      // away; the next one tells
    } catch (RuntimeException e) {
      died(e);
      throw e;
    }
  }

  private synchronized void died(RuntimeException cause) {
    differences.add(Difference.death("the witness of the log", cause));
  }

  /** What a checkpoint says of the log: whose it is, its size and its root. */
  static List<String> head(String note) {
    return List.of(note.split("\n", 4)).subList(0, 3);
  }

  private synchronized void keep(String note) {
    String[] lines = note.split("\n", 4);
    long size = Long.parseLong(lines[1]);
    String known = seen.putIfAbsent(size, note);
    if (known != null && !known.split("\n", 4)[2].equals(lines[2])) {
      differences.add(
          new Difference("the log at " + size + " entries", known.split("\n", 4)[2], lines[2]));
    }
  }

  /** Two roots of one size, which is a fork; what was shown that is no checkpoint; or none seen. */
  synchronized List<Difference> differences() {
    List<Difference> all = new ArrayList<>(differences);
    if (seen.isEmpty()) {
      all.add(new Difference("the log", "shows a checkpoint during the run", "none"));
    }
    return all;
  }

  synchronized int count() {
    return seen.size();
  }

  /** Writes them down, each in a file of its own. */
  synchronized List<Path> files(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> notes = new ArrayList<>(seen.values());
    int held = Math.min(HELD, notes.size());
    Set<Integer> chosen = new TreeSet<>();
    for (int i = 0; i < held; i++) {
      chosen.add(i * (notes.size() - 1) / Math.max(1, held - 1));
    }
    List<Path> files = new ArrayList<>();
    for (int index : chosen) {
      files.add(Files.writeString(folder.resolve("checkpoint-" + index), notes.get(index)));
    }
    return files;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
