package io.vigie.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Migrations that databases of the previous release have: one that is another now, or is not there
 * any more, keeps a service from starting on them. What is to change comes in a migration of its
 * own.
 */
class MigrationsTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final String MIGRATIONS = ":(glob)*/src/main/resources/db/**";

  private record Said(int exit, String output) {}

  @Test
  void thoseOfThePreviousReleaseAreAsTheyWere() throws Exception {
    // Given
    String release = previousRelease();
    assumeTrue(
        git("cat-file", "-e", release + "^{commit}").exit() == 0,
        "this is no clone that has " + release + "; git fetch --tags --unshallow gets it");
    assertNotEquals(
        "", git("ls-tree", "-r", "--name-only", release, "kernel/src/main/resources/db").output());

    // When all but what came since is held against it
    Said changed =
        git("diff", "--name-status", "--no-renames", "--diff-filter=a", release, "--", MIGRATIONS);

    // Then
    assertEquals(new Said(0, ""), changed);
  }

  private static String previousRelease() throws IOException {
    return Files.readAllLines(ROOT.resolve("deploy/previous-release")).stream()
        .filter(line -> !line.startsWith("#"))
        .findFirst()
        .orElseThrow();
  }

  private static Said git(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", ROOT.toString()));
    command.addAll(List.of(arguments));
    try {
      Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(git.getInputStream().readAllBytes(), UTF_8);
      return new Said(git.waitFor(), output);
    } catch (IOException e) {
      return new Said(-1, e.getMessage()); // there is no git here
    }
  }
}
