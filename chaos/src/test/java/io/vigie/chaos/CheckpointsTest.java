package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a witness makes of what the log shows. */
class CheckpointsTest {

  private static String note(long size, String root) {
    return "vigie.example/log\n" + size + "\n" + root + "\n\n— vigie.example/log c2ln\n";
  }

  private static Checkpoints seeing(String... notes) {
    List<String> shown = List.of(notes);
    int[] next = new int[1];
    Checkpoints checkpoints = new Checkpoints(() -> Optional.of(shown.get(next[0]++)));
    shown.forEach(note -> checkpoints.look());
    return checkpoints;
  }

  @Test
  void aLogThatGrowsIsAsItMustBe() {
    try (Checkpoints checkpoints = seeing(note(1, "a"), note(2, "b"), note(2, "b"))) {
      assertEquals(List.of(), checkpoints.differences());
      assertEquals(2, checkpoints.count());
    }
  }

  @Test
  void twoRootsOfOneSizeAreFound() {
    try (Checkpoints checkpoints = seeing(note(2, "a"), note(2, "b"))) {
      assertEquals("b", checkpoints.differences().get(0).found());
    }
  }

  @Test
  void allThatWereSeenInTenMinutesAreKeptAndOfMoreTheFirstAndTheLast(@TempDir Path folder)
      throws IOException {
    List<String> notes =
        IntStream.rangeClosed(1, Checkpoints.HELD)
            .mapToObj(size -> note(size, "root " + size))
            .toList();
    String last = note(2 * Checkpoints.HELD, "the last root");
    String[] all = Stream.concat(notes.stream(), Stream.of(last)).toArray(String[]::new);

    try (Checkpoints some = seeing(notes.get(0), notes.get(1));
        Checkpoints tooMany = seeing(all)) {
      assertEquals(2, some.files(folder.resolve("some")).size());
      List<Path> kept = tooMany.files(folder.resolve("too many"));
      assertEquals(Checkpoints.HELD, kept.size());
      assertEquals(notes.get(0), Files.readString(kept.get(0)));
      assertEquals(last, Files.readString(kept.get(kept.size() - 1)));
    }
  }

  @Test
  void whatIsNoCheckpointIsFoundAndNotPassedOver() {
    try (Checkpoints checkpoints = new Checkpoints(() -> Optional.of("<html>"))) {
      assertThrows(RuntimeException.class, checkpoints::look);
      Difference death = checkpoints.differences().get(0);
      assertEquals("the witness of the log", death.object());
      assertTrue(death.found().contains("Checkpoints.keep"), death.found());
    }
  }

  @Test
  void aLogThatNeverShowedACheckpointIsFound() {
    try (Checkpoints checkpoints =
        new Checkpoints(
            () -> {
              throw new IOException("away");
            })) {
      checkpoints.look();
      assertEquals("none", checkpoints.differences().get(0).found());
    }
  }
}
