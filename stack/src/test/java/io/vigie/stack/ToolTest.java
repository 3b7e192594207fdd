package io.vigie.stack;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ToolTest {
  @TempDir Path directory;

  @Test
  void aToolThatFailsIsQuotedWithItsLogAndTheWayOn() throws Exception {
    Path log = directory.resolve("tool.log");
    Files.writeString(log, "FATAL: what an earlier run said\n");
    ProcessBuilder tool = new ProcessBuilder("sh", "-c", "echo no space left; echo bye; exit 3");

    StackException failure = assertThrows(StackException.class, () -> Tool.run(log, tool));

    assertEquals(
        "sh ended with 3: no space left. Its log: " + log + ". Mend that, then ./vigie up",
        failure.getMessage());
  }

  @Test
  void anInterruptedToolLeavesNoProcess() throws Exception {
    // Given a program that waits for a child of its own
    Path log = directory.resolve("tool.log");
    ProcessBuilder tool = new ProcessBuilder("sh", "-c", "sleep 600 & echo $$ $! up; wait");
    Thread caller =
        new Thread(
            () -> {
              try {
                Tool.run(log, tool);
              } catch (Exception e) {
                Thread.currentThread().interrupt();
              }
            });
    caller.start();
    await().until(() -> Files.exists(log) && Files.readString(log).contains("up"));
    String[] pids = Files.readString(log).split(" ");

    // When
    caller.interrupt();
    caller.join();

    // Then
    assertTrue(Daemon.identity(Long.parseLong(pids[0])).isEmpty());
    await().until(() -> Daemon.identity(Long.parseLong(pids[1])).isEmpty());
  }
}
