package io.vigie.backup.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MainTest {

  private static final String PLAN = "01937f30-4a6f-7f21-9c88-7d6e5f4a3b66";
  private static final String AWAY = "http://127.0.0.1:1";

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

  private int backup(String... command) {
    List<String> arguments =
        new ArrayList<>(List.of("--plan", PLAN, "--spool", folder.toString(), "--wait", "0", "--"));
    arguments.addAll(List.of(command));
    return call(arguments.toArray(String[]::new));
  }

  private int backupWithForm(String form, String... command) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--plan",
                PLAN,
                "--form",
                form,
                "--spool",
                folder.resolve("spool").toString(),
                "--wait",
                "0"));
    arguments.addAll(List.of(command));
    return call(arguments.toArray(String[]::new));
  }

  private int send() {
    return call("--send", "--spool", folder.toString());
  }

  private List<Path> waiting() throws IOException {
    return new Spool(folder).waiting();
  }

  @Test
  void theCommandGoesThroughAsItIsAndItsRunIsReported() throws IOException {
    Instant before = Instant.now();

    int exitCode = backup("sh", "-c", "echo 12 files; echo \"a \\\"warning\\\"\" >&2; exit 3");

    assertEquals(3, exitCode);
    assertEquals("12 files\n", out.toString(StandardCharsets.UTF_8));
    assertEquals("a \"warning\"\n", err.toString(StandardCharsets.UTF_8));
    JsonNode run = platform.received().get(0).run();
    assertEquals("/v1/runs?plan=" + PLAN, platform.received().get(0).target());
    assertEquals("FAILED", run.get("outcome").asText());
    assertEquals("sh", run.get("tool").asText());
    assertTrue(run.get("message").asText().contains("a \"warning\"\n"));
    assertTrue(run.get("message").asText().contains("12 files\n"));
    Instant startedAt = Instant.parse(run.get("startedAt").asText());
    assertFalse(startedAt.isBefore(before.truncatedTo(java.time.temporal.ChronoUnit.MICROS)));
    assertFalse(Instant.parse(run.get("endedAt").asText()).isBefore(startedAt));
    assertEquals("Bearer a.b-c_d", platform.received().get(0).authorization());
    assertEquals(
        List.of(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("tool:s3cret%3A%C3%A4".getBytes(StandardCharsets.UTF_8))
                + " grant_type=client_credentials"),
        platform.tokenRequests());
    assertEquals(List.of(), waiting());
  }

  @Test
  void aCommandThatCannotBeStartedIsAFailedRunWithTheCodeOfAShell() {
    assertEquals(127, backup(folder.resolve("no-such-command").toString()));

    assertEquals("FAILED", platform.received().get(0).run().get("outcome").asText());
  }

  @Test
  void whileThePlatformIsAwayReportsWaitAndTheNextRunSendsThemInTheirOrder() throws IOException {
    // Given
    String url = environment.put("VIGIE_BACKUP_URL", AWAY);
    assertEquals(0, backup("sh", "-c", "echo first"));
    assertEquals(0, backup("sh", "-c", "echo second"));
    assertEquals(2, waiting().size());
    assertEquals(Main.WAITING, send());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(waiting().get(0))));

    // When
    environment.put("VIGIE_BACKUP_URL", url);
    assertEquals(0, backup("sh", "-c", "echo third"));

    // Then
    assertEquals(
        List.of("first\n", "second\n", "third\n"),
        platform.received().stream().map(report -> report.run().get("message").asText()).toList());
    assertEquals(List.of(), waiting());
    assertEquals(0, send());
  }

  @Test
  void aReportWhoseAnswerWasLostIsSentAgainUnderTheSameKey() throws IOException {
    List<String> keys = new ArrayList<>();
    AtomicInteger calls = new AtomicInteger();
    platform.answers(
        report -> {
          keys.add(report.key());
          return calls.getAndIncrement() == 0 ? 503 : 201;
        });

    backup("true");
    assertEquals(1, waiting().size());
    assertEquals(0, send());

    assertEquals(2, keys.size());
    assertEquals(keys.get(0), keys.get(1));
    backup("true");
    assertNotEquals(keys.get(0), keys.get(2));
  }

  @Test
  void withinItsTimeItTriesAgainByItself() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    platform.answers(report -> calls.getAndIncrement() == 0 ? 503 : 201);

    call("--plan", PLAN, "--spool", folder.toString(), "--wait", "60", "true");

    assertEquals(1, platform.received().size());
    assertEquals(List.of(), waiting());
  }

  @Test
  void whatThePlatformRefusesIsSetAsideWithTheReasonAndHoldsUpNoOther() throws IOException {
    platform.answers(report -> report.run().get("message").asText().contains("bad") ? 409 : 201);

    assertEquals(0, backup("echo", "bad"));
    assertEquals(0, backup("echo", "good"));

    assertEquals(1, platform.received().size());
    assertEquals(List.of(), waiting());
    try (Stream<Path> refused = Files.list(folder.resolve("refused"))) {
      List<String> texts = refused.sorted().map(MainTest::read).toList();
      assertTrue(texts.get(0).contains("bad"), texts.get(0));
      assertEquals("409 {\"detail\":\"because\"}", texts.get(1));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aReportThatCannotBeKeptIsSentAtOnceAndIsPrintedWhereThatFailsToo() throws IOException {
    // Given a file where the folder of reports is to be
    String spool = Files.writeString(folder.resolve("spool"), "in the way").toString();

    // When the platform answers
    assertEquals(0, call("--plan", PLAN, "--spool", spool, "--wait", "0", "echo", "first"));

    // Then
    assertEquals("first\n", platform.received().get(0).run().get("message").asText());
    String told = err.toString(StandardCharsets.UTF_8);
    assertTrue(told.contains("cannot be kept"), told);
    assertFalse(told.contains("\"message\""), told);

    // When it refuses, or is away
    platform.answers(report -> 409);
    assertEquals(0, call("--plan", PLAN, "--spool", spool, "--wait", "0", "echo", "second"));
    environment.put("VIGIE_BACKUP_URL", AWAY);
    assertEquals(0, call("--plan", PLAN, "--spool", spool, "--wait", "0", "echo", "third"));

    // Then
    assertEquals(1, platform.received().size());
    told = err.toString(StandardCharsets.UTF_8);
    assertTrue(told.contains("nor sent: 409"), told);
    assertTrue(told.contains("\"message\":\"second"), told);
    assertTrue(told.contains("\"message\":\"third"), told);
  }

  @Test
  void aClientWithoutItsRoleLosesNothing() throws IOException {
    platform.answers(report -> 403);

    assertEquals(0, backup("true"));

    assertEquals(1, waiting().size());
  }

  @Test
  void theBackupRunsEvenWhereNothingSaysWhereThePlatformIs() throws IOException {
    environment.clear();

    assertEquals(0, backup("echo", "done"));

    assertEquals("done\n", out.toString(StandardCharsets.UTF_8));
    assertEquals(1, waiting().size());
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("VIGIE_BACKUP_URL is not set"));
  }

  @Test
  void theSecretComesFromAFileToo() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "from-file\n");
    environment.remove("VIGIE_CLIENT_SECRET");
    environment.put("VIGIE_CLIENT_SECRET_FILE", secret.toString());

    backup("true");

    String credentials =
        Base64.getEncoder().encodeToString("tool:from-file".getBytes(StandardCharsets.UTF_8));
    assertTrue(platform.tokenRequests().get(0).contains(credentials));
  }

  @Test
  void ofMuchOutputAllIsPassedOnAndTheEndIsReported() {
    backup("sh", "-c", "i=0; while [ $i -lt 5000 ]; do echo line $i é; i=$((i+1)); done");

    assertEquals(5_000, out.toString(StandardCharsets.UTF_8).lines().count());
    String message = platform.received().get(0).run().get("message").asText();
    assertEquals(CommandRun.LONGEST_MESSAGE, message.length());
    assertTrue(message.endsWith("line 4999 é\n"));
  }

  /** With the real tool. */
  @Test
  void whatResticWritesIsReportedAsItIsAndAFailureInThePlatformsForm() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/restic")), "restic is not installed");
    // Given
    Path password = Files.writeString(folder.resolve("password"), "secret");
    Path data = Files.writeString(folder.resolve("data"), "what is backed up");
    String[] restic = {
      "restic",
      "--repo",
      folder.resolve("repository").toString(),
      "--password-file",
      password.toString(),
      "--no-cache",
      "--json"
    };
    Process init = new ProcessBuilder(with(restic, "init")).start();
    assertEquals(0, init.waitFor());

    // When
    assertEquals(0, backupWithForm("restic", with(restic, "backup", data.toString())));
    assertNotEquals(0, backupWithForm("restic", with(restic, "backup", "/no/such/file")));

    // Then
    PlatformServer.Received report = platform.received().get(0);
    assertTrue(
        report.target().startsWith("/v1/runs/restic?plan=" + PLAN + "&startedAt=20"),
        report.target());
    assertEquals("application/x-ndjson", report.contentType());
    assertTrue(report.body().contains("\"message_type\":\"summary\""), report.body());
    PlatformServer.Received failure = platform.received().get(1);
    assertEquals("/v1/runs?plan=" + PLAN, failure.target());
    assertEquals("FAILED", failure.run().get("outcome").asText());
    assertEquals("restic", failure.run().get("tool").asText());
  }

  private static String[] with(String[] command, String... more) {
    return Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void whatThePlatformDoesNotUnderstandOfAToolIsReportedInItsOwnForm() {
    platform.answers(report -> report.target().startsWith("/v1/runs/borg?") ? 400 : 201);

    assertEquals(0, backupWithForm("borg", "echo", "no JSON"));

    PlatformServer.Received report = platform.received().get(0);
    assertEquals("SUCCEEDED", report.run().get("outcome").asText());
    assertEquals("no JSON\n", report.run().get("message").asText());
  }

  @Test
  void whatAToolWroteWaitsToo() throws IOException {
    String url = environment.put("VIGIE_BACKUP_URL", AWAY);
    backupWithForm("borg", "printf", "{\n\"archive\": {}\n}");
    environment.put("VIGIE_BACKUP_URL", url);

    assertEquals(0, call("--send", "--spool", folder.resolve("spool").toString()));

    assertEquals("{\n\"archive\": {}\n}", platform.received().get(0).body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--plan",
        "--plan x true",
        "true",
        "--plan " + PLAN,
        "--nothing true",
        "--send true",
        "--send --plan " + PLAN,
        "--wait x --send",
        "--form tar --plan " + PLAN + " true",
        "--send --form restic"
      })
  void whatMakesNoSenseRunsNothing(String line) throws IOException {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

    assertEquals(Main.USAGE_ERROR, call(arguments), () -> Arrays.toString(arguments));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("Usage:"));
    assertEquals(0, platform.received().size());
  }

  /** The process itself: it is told to stop, and with it the command; the run is reported. */
  @Test
  void aRunThatIsStoppedIsReportedAsFailed() throws Exception {
    Path ready = folder.resolve("ready");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "--plan",
            PLAN,
            "--spool",
            folder.resolve("spool").toString(),
            "sh",
            "-c",
            "echo begun; touch \"$0\"; exec sleep 600",
            ready.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    while (!Files.exists(ready) && process.isAlive()) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }

    process.destroy();

    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    JsonNode run = platform.received().get(0).run();
    assertEquals("FAILED", run.get("outcome").asText());
    assertEquals("begun\n", run.get("message").asText());
  }

  @Test
  void aCommandThatStartsOnceItIsToldToStopIsStoppedToo() throws Exception {
    Main.Stop stop = new Main.Stop(new Thread());
    stop.run();
    Process command = new ProcessBuilder("sleep", "600").start();

    stop.started(command);

    assertEquals(128 + 15, command.waitFor());
  }

  @Test
  void theReportOfAnyOutputIsJson() throws IOException {
    byte[] odd = "a\0b\u0001\"\\\t\u2028🙂".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("odd"), odd);

    backup("cat", file.toString());

    assertEquals(
        "ab\u0001\"\\\t\u2028🙂",
        new ObjectMapper()
            .readTree(platform.received().get(0).run().toString())
            .get("message")
            .asText());
  }
}
