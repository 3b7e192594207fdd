package io.vigie.backup.tool;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RestoreCallTest {

  private static final String PLAN = "01937f30-4a6f-7f21-9c88-7d6e5f4a3b66";

  private static RestoreCall parse(String line) {
    return RestoreCall.parse(("restore-test " + line).split(" "), Path.of("spool"));
  }

  @Test
  void aSampleOfTheLatestSnapshotIsComparedUnlessTheCallSaysOtherwise() {
    RestoreTest.Task task = parse("--plan " + PLAN + " --manifest m").task();

    assertEquals(RestoreTest.Depth.L1, task.depth());
    assertEquals("latest", task.snapshot());
    assertEquals("10%", task.subset());
    assertEquals(25, task.sample());
  }

  @Test
  void whatStandsAfterTheOptionsIsTheProbe() {
    assertEquals(
        List.of("psql", "--command", "select 1"),
        RestoreCall.parse(
                new String[] {
                  "restore-test",
                  "--plan",
                  PLAN,
                  "--depth",
                  "L3",
                  "--manifest",
                  "m",
                  "--",
                  "psql",
                  "--command",
                  "select 1"
                },
                Path.of("spool"))
            .task()
            .probe());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--manifest m",
        "--plan x --manifest m",
        "--plan " + PLAN,
        "--plan " + PLAN + " --depth L0 --manifest m",
        "--plan " + PLAN + " --depth L4 --manifest m",
        "--plan " + PLAN + " --depth L3 --manifest m",
        "--plan " + PLAN + " --depth L2 --manifest m -- true",
        "--plan " + PLAN + " --manifest m --sample 0",
        "--plan " + PLAN + " --manifest m --snapshot --password-command=sh",
        "--plan " + PLAN + " --manifest m --form restic",
        "--plan " + PLAN + " --manifest m --due -1",
        "--plan " + PLAN + " --manifest m --due 367",
        "--plan " + PLAN + " --manifest m --due soon",
        "--plan"
      })
  void aCallThatSaysTooLittleOrTooMuchIsNone(String line) {
    assertThrows(IllegalArgumentException.class, () -> parse(line));
  }
}
