package io.vigie.chaos;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.vigie.stack.Stack;

/**
 * Puts an older state of the whole database back under a platform at rest, as a careless restore
 * would, and looks whether the log sees it: it must refuse, and sign nothing any more.
 */
final class Rewind {

  private static final long SEEN_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final Platform platform;
  private final Stack stack;
  private final Api api;
  private final Path data;
  private final Path older;

  Rewind(Platform platform, Api api) {
    this.platform = platform;
    this.stack = platform.stack();
    this.api = api;
    this.data = platform.state().resolve("data/" + Platform.DATABASE);
    this.older = platform.state().resolve("older-" + Platform.DATABASE);
  }

  /**
   * Keeps a copy of the database, lets {@code work} go on until the log has grown, and puts the
   * copy back.
   *
   * @return what is not as it must be
   */
  List<Difference> restoreAfter(Client client, Journey work)
      throws IOException, InterruptedException {
    stack.stop(Platform.DATABASE);
    copy(data, older);
    stack.start(Platform.DATABASE);
    String before = checkpoint();
    String newest = before;
    long deadline = System.nanoTime() + SEEN_WITHIN_NANOS;
    while (newest.equals(before) && System.nanoTime() < deadline) {
      try {
        work.walk(client);
      } catch (Client.GaveUp e) {
        // the database is coming back
      }
      newest = checkpoint();
    }
    stack.kill(Platform.DATABASE);
    copy(older, data);
    stack.start(Platform.DATABASE);
    return hasSeen(deadline) ? List.of() : List.of(unseen(newest));
  }

  private boolean hasSeen(long deadline) throws IOException {
    while (System.nanoTime() < deadline) {
      HttpResponse<String> health =
          api.send("auditor", "GET", "audit", "/q/health/well", null, request -> {});
      if (health.body().contains("refusal")) {
        return true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    }
    return false;
  }

  private Difference unseen(String newest) throws IOException {
    return new Difference(
        "the log, after an older database was put back",
        "it refuses, since it had signed " + size(newest) + " entries",
        "it does not, and shows a checkpoint of " + size(checkpoint()));
  }

  private String checkpoint() throws IOException {
    return api.send("auditor", "GET", "audit", "/log/checkpoint", null, request -> {}).body();
  }

  private static String size(String note) {
    String[] lines = note.split("\n", 3);
    return lines.length < 2 ? note : lines[1];
  }

  /** With owners and modes, without which PostgreSQL does not start. */
  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    for (List<String> command :
        List.of(
            List.of("rm", "-rf", to.toString()),
            List.of("cp", "-a", from.toString(), to.toString()))) {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed");
      }
    }
    Files.deleteIfExists(to.resolve("postmaster.pid"));
  }
}
