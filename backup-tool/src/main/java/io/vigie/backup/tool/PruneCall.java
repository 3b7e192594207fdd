package io.vigie.backup.tool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * What was asked for on the command line of a command that prunes.
 *
 * @param plans whose copies it may delete
 */
record PruneCall(List<UUID> plans, Path spool, Duration patience, List<String> command) {

  static final String COMMAND = "prune";

  /**
   * @throws IllegalArgumentException with what is wrong
   */
  static PruneCall parse(String[] arguments, Path defaultSpool) {
    Deque<String> left = new ArrayDeque<>(Arrays.asList(arguments));
    left.poll();
    List<UUID> plans = new ArrayList<>();
    Path spool = defaultSpool;
    Duration patience = Duration.ofSeconds(60);
    boolean more = true;
    while (more && !left.isEmpty() && left.peek().startsWith("--")) {
      String option = left.poll();
      switch (option) {
        case "--" -> more = false;
        case "--plan" -> plans.add(UUID.fromString(Main.Call.value(option, left)));
        case "--spool" -> spool = Path.of(Main.Call.value(option, left));
        case "--wait" -> patience = Main.Call.seconds(Main.Call.value(option, left));
        default -> throw new IllegalArgumentException("there is no option " + option);
      }
    }
    if (plans.isEmpty()) {
      throw new IllegalArgumentException("--plan must say of which plan copies are pruned");
    }
    if (left.isEmpty()) {
      throw new IllegalArgumentException("which command is to be run?");
    }
    return new PruneCall(List.copyOf(plans), spool, patience, List.copyOf(left));
  }
}
