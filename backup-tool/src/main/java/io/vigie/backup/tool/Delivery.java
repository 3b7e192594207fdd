package io.vigie.backup.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sends reports, which wait in the spool until they are taken. */
final class Delivery {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Spool spool;
  private final Map<String, String> environment;
  private final PrintStream err;
  private final Clock clock;

  Delivery(Spool spool, Map<String, String> environment, PrintStream err, Clock clock) {
    this.spool = spool;
    this.environment = environment;
    this.err = err;
    this.clock = clock;
  }

  /**
   * Keeps these and sends all that wait, as {@link #send}. One that cannot be kept is sent once,
   * now, and printed where that fails, too.
   */
  void deliver(List<Report> reports, Duration patience) {
    boolean isAnyKept = false;
    for (Report report : reports) {
      try {
        spool.keep(report.text(), clock.instant());
        isAnyKept = true;
      } catch (IOException e) {
        sendUnkept(report, e);
      }
    }
    if (isAnyKept) {
      send(patience);
    }
  }

  private void sendUnkept(Report report, IOException why) {
    String trouble;
    try {
      trouble = Platform.of(environment).report(report, UUID.randomUUID().toString());
    } catch (IOException | RuntimeException e) {
      trouble = e.toString();
    }
    if (trouble == null) {
      err.println("vigie-backup: the report cannot be kept (" + why + ") and was sent at once");
    } else {
      err.println("vigie-backup: the report cannot be kept (" + why + ") nor sent: " + trouble);
      err.println("It was:");
      err.println(report.text());
    }
  }

  /**
   * Sends all, oldest first, and tries again for {@code patience} while the platform is away. A
   * report that is refused is set aside and holds up no other.
   *
   * @return whether nothing waits any more
   */
  boolean send(Duration patience) {
    Instant end = clock.instant().plus(patience);
    Duration pause = FIRST_PAUSE;
    while (true) {
      String trouble = trySend();
      if (trouble == null) {
        return true;
      }
      if (!clock.instant().plus(pause).isBefore(end)) {
        err.println("vigie-backup: reports wait to be sent: " + trouble);
        return false;
      }
      try {
        Thread.sleep(pause.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  /** Why something still waits, or null. */
  private String trySend() {
    try {
      Platform platform = null;
      for (Path report : spool.waiting()) {
        if (platform == null) {
          platform = Platform.of(environment);
        }
        send(report, platform);
      }
      return null;
    } catch (IOException e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    }
  }

  private void send(Path report, Platform platform) throws IOException {
    String refusal;
    try {
      refusal = platform.report(Report.parse(Files.readString(report)), Spool.key(report));
    } catch (NoSuchFileException e) {
      return; // another process has sent it
    } catch (RuntimeException e) {
      refusal = "this is no report: " + e;
    }
    if (refusal == null) {
      spool.remove(report);
    } else {
      spool.refuse(report, refusal);
      err.println("vigie-backup: a report was refused and is in refused/: " + refusal);
    }
  }
}
