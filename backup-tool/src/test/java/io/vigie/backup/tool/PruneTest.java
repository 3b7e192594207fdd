package io.vigie.backup.tool;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PruneTest {

  private static final String PLAN = "01937f30-4a6f-7f21-9c88-7d6e5f4a3b66";
  private static final String OTHER = "01937f30-4a6f-7f21-9c88-7d6e5f4a3b67";
  private static final String HOLD =
      "{\"allowed\" : false, \"reason\" : \"Malicious code is on it, until the CISO lifts that.\"}";

  @TempDir Path folder;
  private final PlatformServer platform = new PlatformServer();
  private final Map<String, String> environment = platform.environment();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    platform.close();
  }

  private int call(String... arguments) {
    return Main.run(
        arguments,
        environment,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Clock.systemUTC());
  }

  /** A command that leaves a file where it was run, and ends with 3. */
  private int prune(String... plans) {
    List<String> arguments = new ArrayList<>(List.of("prune"));
    for (String plan : plans) {
      arguments.addAll(List.of("--plan", plan));
    }
    arguments.addAll(
        List.of("--", "sh", "-c", "echo pruned; touch \"$0\"; exit 3", pruned().toString()));
    return call(arguments.toArray(String[]::new));
  }

  private Path pruned() {
    return folder.resolve("pruned");
  }

  private void assertNotRun() {
    assertFalse(Files.exists(pruned()));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertTrue(errors().contains("nothing was pruned"), errors());
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whereNothingIsHeldTheCommandGoesThroughAndIsNoRun() {
    assertEquals(3, prune(PLAN, OTHER));

    assertTrue(Files.exists(pruned()));
    assertEquals("pruned\n", out.toString(StandardCharsets.UTF_8));
    assertEquals(List.of(), platform.received());
  }

  @Test
  void whereOnePlanIsHeldTheCommandIsNotRunAndTheReasonIsSaid() {
    platform.answersOfPruning(OTHER, HOLD);

    assertEquals(Main.HELD, prune(PLAN, OTHER));

    assertNotRun();
    assertTrue(errors().contains(OTHER), errors());
    assertTrue(errors().contains("Malicious code is on it, until the CISO lifts that."), errors());
  }

  @Test
  void whileThePlatformIsAwayNothingIsPruned() {
    environment.put("VIGIE_BACKUP_URL", "http://127.0.0.1:1");

    assertEquals(Main.WAITING, prune(PLAN));

    assertNotRun();
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 302, 401, 403, 404, 500, 503})
  void withoutAnAnswerNothingIsPruned(int status) {
    platform.answersOfPruning(status);

    assertEquals(Main.WAITING, prune(PLAN));

    assertNotRun();
    assertTrue(errors().contains("the platform answers " + status), errors());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "<html>allowed</html>", "{\"allowed\":null}"})
  void whatSaysNeitherIsNoAnswer(String body) {
    platform.answersOfPruning(PLAN, body);

    assertEquals(Main.WAITING, prune(PLAN));

    assertNotRun();
  }

  @Test
  void withoutAPlanOrACommandItWasCalledWrongly() {
    assertEquals(Main.USAGE_ERROR, prune());
    assertEquals(Main.USAGE_ERROR, call("prune", "--plan", PLAN));
    assertEquals(Main.USAGE_ERROR, call("prune", "--plan", PLAN, "--force", "true"));
    assertFalse(Files.exists(pruned()));
  }
}
