package io.vigie.backup.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
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

  /** A restic that has as many copies as lines in a file, and forgets all but the last. */
  private Path restic(int copies) throws IOException {
    List<String> names =
        IntStream.range(0, copies).mapToObj(i -> String.format("%064x", i)).toList();
    Files.write(folder.resolve("copies"), names);
    Path restic = folder.resolve("restic");
    Files.writeString(
        restic,
        """
        #!/bin/sh
        cd "$(dirname "$0")"
        case "$1" in
          snapshots) sed 's/.*/{"id":"&","paths":["x"]}/' copies ;;
          forget) tail -n 1 copies > left; mv left copies; exit 3 ;;
        esac
        """);
    assertTrue(restic.toFile().setExecutable(true));
    return restic;
  }

  private int forget(Path restic) {
    return call(
        "prune",
        "--plan",
        PLAN,
        "--plan",
        OTHER,
        "--spool",
        folder.resolve("spool").toString(),
        "--wait",
        "0",
        "--",
        restic.toString(),
        "forget");
  }

  @Test
  void whatResticDeletedIsReportedOfEachPlanInPartsThatThePlatformTakes() throws IOException {
    assertEquals(3, forget(restic(Pruning.MOST + 2)));

    assertEquals(4, platform.received().size());
    for (String plan : List.of(PLAN, OTHER)) {
      List<JsonNode> reports =
          platform.received().stream()
              .filter(report -> report.target().equals("/v1/prunings?plan=" + plan))
              .map(PlatformServer.Received::run)
              .sorted(Comparator.comparing(report -> report.get("snapshots").size()))
              .toList();
      assertEquals(1, reports.get(0).get("snapshots").size());
      assertEquals(Pruning.MOST, reports.get(1).get("snapshots").size());
      assertEquals("0".repeat(64), reports.get(1).at("/snapshots/0").asText());
      assertTrue(reports.get(1).has("prunedAt"), reports::toString);
    }
  }

  @Test
  void whileThePlatformIsAwayAfterwardsTheReportWaits() throws IOException {
    platform.answers(report -> 503);
    assertEquals(3, forget(restic(2)));
    assertEquals(List.of(), platform.received());

    platform.answers(report -> 201);
    assertEquals(0, call("--send", "--spool", folder.resolve("spool").toString()));

    assertEquals(2, platform.received().size());
  }

  /** The process itself: it is told to stop, and with it the command, which has deleted some. */
  @Test
  void whatIsGoneByTheTimeThatItIsStoppedIsReported() throws Exception {
    Path restic = restic(2);
    Files.writeString(restic, Files.readString(restic).replace("exit 3", "exec sleep 600"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "prune",
            "--plan",
            PLAN,
            "--spool",
            folder.resolve("spool").toString(),
            restic.toString(),
            "forget");
    builder.environment().putAll(environment);
    Process process = builder.start();
    while (Files.readAllLines(folder.resolve("copies")).size() > 1 && process.isAlive()) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }

    process.destroy();

    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    assertEquals("0".repeat(64), platform.received().get(0).run().at("/snapshots/0").asText());
  }

  @Test
  void whereNothingWasDeletedNothingIsReported() throws IOException {
    assertEquals(3, forget(restic(1)));

    assertEquals(List.of(), platform.received());
  }

  @Test
  void whereResticDoesNotSayWhichCopiesThereAreNothingIsPruned() throws IOException {
    Path restic = restic(2);
    Files.writeString(
        restic,
        """
        #!/bin/sh
        test "$1" != snapshots || { echo wrong password >&2; exit 1; }
        touch "$(dirname "$0")/pruned"
        """);

    assertEquals(Main.WAITING, forget(restic));

    assertNotRun();
    assertTrue(errors().contains("wrong password"), errors());
  }

  @Test
  void withoutAPlanOrACommandItWasCalledWrongly() {
    assertEquals(Main.USAGE_ERROR, prune());
    assertEquals(Main.USAGE_ERROR, call("prune", "--plan", PLAN));
    assertEquals(Main.USAGE_ERROR, call("prune", "--plan", PLAN, "--force", "true"));
    assertFalse(Files.exists(pruned()));
  }
}
