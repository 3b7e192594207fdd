package io.vigie.incident.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.Problem;
import org.jboss.logging.Logger;

/**
 * Has a program look at a file before it is kept. Where one is configured and does not say that the
 * file is clean, the file is not taken.
 */
@ApplicationScoped
class VirusScan {

  private static final Logger LOG = Logger.getLogger(VirusScan.class);
  private static final int CLEAN = 0;
  private static final int INFECTED = 1;

  private final Optional<List<String>> command;
  private final Duration limit;

  VirusScan(AttachmentSettings settings) {
    this.command = settings.scanCommand();
    this.limit = settings.scanTimeLimit();
  }

  /**
   * Whether it was looked at; blocks until then.
   *
   * @throws Problem 422 when it is infected, 503 when the program does not say
   */
  boolean clean(byte[] content) {
    if (command.isEmpty()) {
      return false;
    }
    switch (exitOver(content)) {
      case CLEAN -> {
        return true;
      }
      case INFECTED ->
          throw Problem.unprocessable(
              "file-infected", "The file is infected. It was not kept; do not open it.");
      default -> throw away();
    }
  }

  private int exitOver(byte[] content) {
    try {
      Path file = Files.createTempFile("vigie", ".scan"); // for this account alone
      try {
        Files.write(file, content);
        return exit(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.errorf(e, "no file is looked at for viruses");
      throw away();
    }
  }

  private int exit(Path file) throws IOException {
    List<String> line = new ArrayList<>(command.orElseThrow());
    line.add(file.toString());
    Process process =
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      process.getOutputStream().close();
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      LOG.errorf("%s took longer than %s", line.get(0), limit);
      throw away();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Problem away() {
    return Problem.unavailable("Files cannot be looked at for viruses right now.");
  }
}
