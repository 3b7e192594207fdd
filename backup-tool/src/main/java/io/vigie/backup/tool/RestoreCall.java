package io.vigie.backup.tool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * What was asked for on the command line of a test of a restore.
 *
 * @param dueWithin it is tested only where it is due within this time; null where it is anyway
 */
record RestoreCall(RestoreTest.Task task, Duration dueWithin, Path spool, Duration patience) {

  static final String COMMAND = "restore-test";
  private static final int LONGEST_AHEAD = 366;

  /**
   * @throws IllegalArgumentException with what is wrong
   */
  static RestoreCall parse(String[] arguments, Path defaultSpool) {
    Deque<String> left = new ArrayDeque<>(Arrays.asList(arguments));
    left.poll();
    UUID plan = null;
    RestoreTest.Depth depth = RestoreTest.Depth.L1;
    String snapshot = "latest";
    String subset = "10%";
    Path manifest = null;
    int sample = 25;
    Path sandbox = Path.of(System.getProperty("java.io.tmpdir"));
    Duration dueWithin = null;
    Path spool = defaultSpool;
    Duration patience = Duration.ofSeconds(60);
    boolean more = true;
    while (more && !left.isEmpty() && left.peek().startsWith("--")) {
      String option = left.poll();
      switch (option) {
        case "--" -> more = false;
        case "--plan" -> plan = UUID.fromString(Main.Call.value(option, left));
        case "--depth" -> depth = RestoreTest.Depth.valueOf(Main.Call.value(option, left));
        case "--snapshot" -> snapshot = Main.Call.value(option, left);
        case "--subset" -> subset = Main.Call.value(option, left);
        case "--manifest" -> manifest = Path.of(Main.Call.value(option, left));
        case "--sample" -> sample = Integer.parseInt(Main.Call.value(option, left));
        case "--sandbox" -> sandbox = Path.of(Main.Call.value(option, left));
        case "--due" -> dueWithin = days(Main.Call.value(option, left));
        case "--spool" -> spool = Path.of(Main.Call.value(option, left));
        case "--wait" -> patience = Main.Call.seconds(Main.Call.value(option, left));
        default -> throw new IllegalArgumentException("there is no option " + option);
      }
    }
    require(plan != null, "--plan must say of which plan the copy is");
    require(
        snapshot.matches("[0-9a-f]{8,64}|latest"), "--snapshot is latest, or what restic calls it");
    require(
        (manifest == null) == (depth == RestoreTest.Depth.L0),
        "--manifest says from L1 on what the files were, and at L0 none is compared");
    require(
        left.isEmpty() == (depth != RestoreTest.Depth.L3),
        "a command says at L3, and there alone, whether what is restored works");
    require(sample > 0, "--sample must be 1 or more");
    return new RestoreCall(
        new RestoreTest.Task(
            plan, depth, snapshot, subset, manifest, sample, sandbox, List.copyOf(left)),
        dueWithin,
        spool,
        patience);
  }

  private static Duration days(String value) {
    int days = Integer.parseInt(value);
    require(days >= 0 && days <= LONGEST_AHEAD, "--due must be 0 to " + LONGEST_AHEAD);
    return Duration.ofDays(days);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
