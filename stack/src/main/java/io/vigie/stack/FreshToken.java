package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A file that holds a valid token for as long as it is open, for a program that runs longer than a
 * token lives. Its owner alone may read it: arguments can be seen by everyone.
 */
final class FreshToken implements AutoCloseable {

  private final Path file;
  private final Caller.Tokens tokens;
  private boolean isClosed;
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "fresh-token");
            thread.setDaemon(true);
            return thread;
          });

  FreshToken(Path folder, Caller.Tokens tokens) throws IOException {
    this.tokens = tokens;
    this.file = Files.createTempFile(folder, "token", "");
    write();
    long seconds = Caller.RENEWED_AFTER.toSeconds();
    renewal.scheduleAtFixedRate(this::renew, seconds, seconds, TimeUnit.SECONDS);
  }

  Path file() {
    return file;
  }

  /** Puts another token into the file; while there is none to be had, the old one stays. */
  void renew() {
    try {
      write();
    } catch (IOException | RuntimeException e) {
      System.err.println("The token could not be renewed: " + e.getMessage());
    }
  }

  /** A reader finds the old token or the new one, never half of one. */
  private synchronized void write() throws IOException {
    String token = tokens.next();
    if (isClosed) {
      return;
    }
    Path next = Files.createTempFile(file.getParent(), "token", "");
    Files.writeString(next, token);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public synchronized void close() throws IOException {
    renewal.shutdownNow();
    isClosed = true;
    Files.delete(file);
  }
}
