package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DaemonTest {
  private static final Duration GRACE = Duration.ofSeconds(5);

  @TempDir Path directory;
  private Daemon daemon;

  @BeforeEach
  void aDaemon() {
    daemon = sameFiles();
  }

  @AfterEach
  void nothingIsLeft() {
    daemon.stop("KILL", GRACE);
  }

  @Test
  void anotherLauncherFindsTheProcessAndStopsIt() throws IOException {
    daemon.start(new ProcessBuilder("sleep", "600"));
    long pid = daemon.process().orElseThrow().pid();

    Daemon found = sameFiles();
    assertEquals(pid, found.process().orElseThrow().pid());

    found.stop("TERM", GRACE);
    assertFalse(daemon.alive());
    assertFalse(daemon.expected());
  }

  @Test
  void aProcessThatGotARecycledNumberIsNeitherTakenForTheDaemonNorStopped() throws IOException {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(pidFile(), stranger.pid() + " 12345@another-boot");

      assertFalse(daemon.alive());
      daemon.stop("KILL", GRACE);
      assertTrue(stranger.isAlive());
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void aProcessThatDiedIsMissed() throws IOException {
    daemon.start(new ProcessBuilder("sh", "-c", "echo its last words; exit 3"));

    await().until(() -> !daemon.alive());
    assertTrue(daemon.expected());
    assertEquals("its last words\n", Files.readString(daemon.log()));
  }

  @Test
  void whatIgnoresTheSignalIsKilledWhenItsTimeIsOver() throws IOException {
    daemon.start(
        new ProcessBuilder("sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 600; done"));
    await().until(() -> Files.readString(daemon.log()).contains("deaf"));

    daemon.stop("TERM", Duration.ofSeconds(1));
    assertFalse(daemon.alive());
  }

  @Test
  void aFrozenProcessIsThawedToStopInGoodOrder() throws IOException {
    daemon.start(
        new ProcessBuilder(
            "sh",
            "-c",
            "trap 'echo good order; exit' TERM; echo up; while :; do sleep 0.05; done"));
    await().until(() -> Files.readString(daemon.log()).contains("up"));

    daemon.signal("STOP");
    daemon.stop("TERM", GRACE);
    assertTrue(Files.readString(daemon.log()).contains("good order"));
  }

  @Test
  void aFrozenProcessDoesNothingUntilItIsThawed() throws IOException {
    daemon.start(new ProcessBuilder("sh", "-c", "while :; do echo tick; sleep 0.01; done"));
    await().until(() -> Files.size(daemon.log()) > 0);

    daemon.freeze(GRACE);
    long said = Files.size(daemon.log());
    await().during(Duration.ofMillis(300)).until(() -> Files.size(daemon.log()) == said);

    daemon.signal("CONT");
    await().until(() -> Files.size(daemon.log()) > said);
  }

  @Test
  void whatSurvivesKillStaysOnRecord() throws IOException {
    daemon.start(new ProcessBuilder("sleep", "600"));
    Daemon powerless =
        new Daemon(pidFile(), daemon.log()) {
          @Override
          void send(String signal, long pid) {
            // As to a process that hangs in the kernel: nothing arrives.
          }
        };

    StackException refusal =
        assertThrows(StackException.class, () -> powerless.stop("TERM", Duration.ofMillis(50)));

    assertTrue(refusal.getMessage().startsWith("daemon (process "), refusal.getMessage());
    assertTrue(daemon.alive());
  }

  @Test
  void aMemberOfTheFamilyWhoseNumberWasRecycledRunsNoMore() {
    long number = ProcessHandle.current().pid();

    assertTrue(Daemon.Member.of(number).orElseThrow().runs());
    assertFalse(new Daemon.Member(number, "12345@this-boot").runs());
  }

  private Path pidFile() {
    return directory.resolve("daemon.pid");
  }

  private Daemon sameFiles() {
    return new Daemon(pidFile(), directory.resolve("daemon.log"));
  }
}
