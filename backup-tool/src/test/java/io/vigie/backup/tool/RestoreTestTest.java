package io.vigie.backup.tool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** With a real restic, and the tool as a process of its own, as it is run beside a repository. */
class RestoreTestTest {

  private static final String PLAN = "01937f30-4a6f-7f21-9c88-7d6e5f4a3b66";

  /** What each test gets a copy of: restic takes seconds to make one. */
  @TempDir static Path original;

  private static Path data;
  private static String sums;

  @TempDir Path folder;
  private final PlatformServer platform = new PlatformServer();
  private final Map<String, String> environment = new HashMap<>(platform.environment());
  private final List<String> prefix = new ArrayList<>();
  private Path manifest;
  private Path sandbox;

  @BeforeAll
  static void backUp() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/restic")), "restic is not installed");
    data = Files.createDirectories(original.resolve("data/shop"));
    byte[] orders = new byte[400_000];
    new Random(1).nextBytes(orders);
    Files.write(data.resolve("orders.db"), orders);
    Files.writeString(data.resolve("terms [1]* é.txt"), "What must not be lost\n");
    run(repositoryIn(original), "restic", "init");
    sums =
        run(
            Map.of(),
            "sh",
            "-c",
            "find \"$0\" -type f -print0 | xargs -0 sha256sum",
            data.toString());
    run(repositoryIn(original), "restic", "backup", "--json", data.toString());
  }

  private static Map<String, String> repositoryIn(Path folder) {
    return Map.of(
        "RESTIC_REPOSITORY",
        folder.resolve("repository").toString(),
        "RESTIC_PASSWORD",
        "secret",
        "RESTIC_CACHE_DIR",
        folder.resolve("cache").toString());
  }

  @BeforeEach
  void aRepository() throws Exception {
    run(
        "cp",
        "-r",
        original.resolve("repository").toString(),
        original.resolve("cache").toString(),
        folder.toString());
    environment.putAll(repositoryIn(folder));
    sandbox = Files.createDirectory(folder.resolve("sandbox"));
    manifest = Files.writeString(folder.resolve("manifest"), sums);
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private String run(String... command) throws Exception {
    return run(environment, command);
  }

  private static String run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private int test(String depth, String... more) throws Exception {
    return start(depth, more).waitFor();
  }

  private Process start(String depth, String... more) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "restore-test",
            "--plan",
            PLAN,
            "--depth",
            depth,
            "--subset",
            "100%",
            "--sandbox",
            sandbox.toString(),
            "--spool",
            folder.resolve("spool").toString(),
            "--wait",
            "0"));
    if (!depth.equals("L0")) {
      command.addAll(List.of("--manifest", manifest.toString()));
    }
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** A restic that does this before it is the real one. */
  private void resticWith(String script) throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path restic =
        Files.writeString(
            bin.resolve("restic"), "#!/bin/sh\n" + script + "\nexec /usr/bin/restic \"$@\"\n");
    assertTrue(restic.toFile().setExecutable(true));
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
  }

  /** Without what lets root into every folder. */
  private void testWithoutPrivileges() {
    if (System.getProperty("user.name").equals("root")) {
      prefix.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner"));
    }
  }

  private static void await(Path ready, Process process) throws Exception {
    while (process.isAlive() && !hasEntries(ready)) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean hasEntries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isPresent();
    }
  }

  private void assertNothingWasTested(String why) throws IOException {
    assertEquals(List.of(), platform.received());
    assertTrue(output().contains("nothing was tested: " + why), this::output);
    assertNothingStays();
  }

  private PlatformServer.Received reported() {
    assertEquals(1, platform.received().size(), this::output);
    return platform.received().get(0);
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Bytes in the largest pack, where the data is. */
  private void corrupt() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("repository/data"))) {
      Path pack =
          files
              .filter(Files::isRegularFile)
              .max(Comparator.comparing(file -> file.toFile().length()))
              .orElseThrow();
      assertTrue(pack.toFile().setWritable(true));
      try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
        file.seek(1_000);
        file.write("not what restic wrote".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private void assertNothingStays() throws IOException {
    try (Stream<Path> left = Files.list(sandbox)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aSnapshotIsRestoredComparedTriedByAnApplicationAndReportedWithItsTimes() throws Exception {
    // Given an application that works on what is restored, byte by byte
    String probe = "cmp \".$0/orders.db\" \"$0/orders.db\"";
    Instant before = Instant.now();

    // When
    int exitCode = test("L3", "--", "sh", "-c", probe, data.toString());

    // Then
    assertEquals(0, exitCode, this::output);
    PlatformServer.Received received = reported();
    assertEquals("/v1/restore-tests/reports?plan=" + PLAN, received.target());
    JsonNode report = received.run();
    assertEquals("PASSED", report.get("outcome").asText());
    assertEquals("L3", report.get("depth").asText());
    assertEquals(2, report.get("sampled").asInt());
    assertEquals(0, report.get("differences").asInt());
    assertTrue(report.get("snapshot").asText().matches("[0-9a-f]{64}"));
    Instant startedAt = Instant.parse(report.get("startedAt").asText());
    assertTrue(startedAt.isAfter(before));
    assertTrue(Instant.parse(report.get("endedAt").asText()).isAfter(startedAt));
    assertFalse(received.body().contains("secret"), "the password stays beside the repository");
    assertNothingStays();
  }

  @Test
  void aPackThatIsDamagedIsFoundByCheckingAndByRestoring() throws Exception {
    assertEquals(0, test("L0"), this::output);
    corrupt();

    assertEquals(Main.FAILED, test("L0"));
    assertEquals(Main.FAILED, test("L2"));

    assertEquals(3, platform.received().size(), this::output);
    JsonNode checked = platform.received().get(1).run();
    assertEquals("FAILED", checked.get("outcome").asText());
    assertFalse(checked.has("sampled"));
    assertTrue(checked.get("message").asText().startsWith("restic check failed"));
    JsonNode restored = platform.received().get(2).run();
    assertEquals("FAILED", restored.get("outcome").asText());
    assertEquals(1, restored.get("differences").asInt());
    assertTrue(restored.get("message").asText().contains("orders.db is "), restored::toString);
    assertNothingStays();
  }

  @Test
  void aSampleIsRestoredAloneAndAFileThatIsNotAsItWasIsFound() throws Exception {
    assertEquals(0, test("L1", "--sample", "1"), this::output);
    assertEquals(1, platform.received().get(0).run().get("sampled").asInt());

    Files.writeString(manifest, "0".repeat(64) + "  " + data + "/terms [1]* é.txt\n");
    assertEquals(Main.FAILED, test("L1"));

    JsonNode report = platform.received().get(1).run();
    assertEquals(1, report.get("differences").asInt());
    assertEquals(data + "/terms [1]* é.txt is not as it was", report.get("message").asText());
    assertNothingStays();
  }

  @Test
  void anApplicationThatDoesNotWorkOnWhatIsRestoredMakesItFail() throws Exception {
    assertEquals(Main.FAILED, test("L3", "--", "sh", "-c", "echo no such table; exit 2"));

    assertEquals(
        "the probe failed with exit code 2: no such table",
        reported().run().get("message").asText());
    assertNothingStays();
  }

  @Test
  void whileThePlatformIsAwayTheReportWaits() throws Exception {
    String url = environment.put("VIGIE_BACKUP_URL", "http://127.0.0.1:1");
    assertEquals(0, test("L1"), this::output);
    assertEquals(List.of(), platform.received());

    environment.put("VIGIE_BACKUP_URL", url);
    assertEquals(0, test("L0"), this::output);

    assertEquals(
        List.of("L1", "L0"),
        platform.received().stream().map(r -> r.run().get("depth").asText()).toList());
  }

  @Test
  void withoutASnapshotNothingIsTestedAndNothingIsSaid() throws Exception {
    assertEquals(Main.FAILED, test("L1", "--snapshot", "ffffffff"));

    assertNothingWasTested("restic has no snapshot ffffffff");
  }

  @Test
  void aTestThatCrashesDoesNotPass() throws Exception {
    // Given a manifest that does not fit into the memory
    try (RandomAccessFile file = new RandomAccessFile(manifest.toFile(), "rw")) {
      file.setLength(256 << 20);
    }
    environment.put("JAVA_TOOL_OPTIONS", "-Xmx16m");

    assertEquals(Main.FAILED, test("L1"));

    assertTrue(output().contains("OutOfMemoryError"), this::output);
    assertEquals(List.of(), platform.received());
  }

  @Test
  void withAManifestInAnotherEncodingNothingIsTested() throws Exception {
    Files.writeString(manifest, Files.readString(manifest), StandardCharsets.ISO_8859_1);

    assertEquals(Main.FAILED, test("L1"));

    assertNothingWasTested(manifest + " has a file name that is not UTF-8");
  }

  @Test
  void whereTheLocaleHasNotTheNamesNothingIsTested() throws Exception {
    environment.put("LC_ALL", "C");

    assertEquals(Main.FAILED, test("L1"));

    assertNothingWasTested(manifest + " has a name that no file can have under this locale");
  }

  @Test
  void whileABackupHasTheRepositoryLockedNothingIsTested() throws Exception {
    // Given a restic that does not wait for locks, and a backup that waits for its input
    resticWith("[ \"$2\" = --help ] && exit");
    ProcessBuilder builder = new ProcessBuilder("/usr/bin/restic", "backup", "--stdin");
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Process backup = builder.start();
    await(folder.resolve("repository/locks"), backup);

    // When
    int exitCode = test("L2");
    backup.getOutputStream().close();
    backup.waitFor();

    // Then
    assertEquals(Main.FAILED, exitCode);
    assertNothingWasTested("restic check failed with exit code");
    assertTrue(output().contains("repository is already locked"), this::output);
  }

  @Test
  void aResticThatCanWaitForALockDoes() throws Exception {
    Path calls = folder.resolve("calls");
    resticWith(
        """
        [ "$2" = --help ] && echo '      --retry-lock duration' && exit
        echo "$@" >> %s
        for argument; do
          shift
          [ "$argument" = --retry-lock=10m ] || set -- "$@" "$argument"
        done"""
            .formatted(calls));

    assertEquals(0, test("L1"), this::output);

    List<String> lines = Files.readAllLines(calls);
    assertEquals(
        List.of("snapshots", "check", "restore"),
        lines.stream().map(line -> line.split(" ")[0]).toList());
    assertTrue(
        lines.stream().allMatch(line -> line.contains(" --retry-lock=10m")), calls::toString);
  }

  @Test
  void afterResticIsEndedFromOutsideNothingMoreIsDoneAndNothingSaid() throws Exception {
    Path restored = folder.resolve("restored");
    resticWith(
        "[ \"$1\" = restore ] && touch %s; [ \"$1\" = check ] && kill -TERM $$"
            .formatted(restored));

    assertEquals(Main.FAILED, test("L2"));

    assertNothingWasTested("restic check failed with exit code 143");
    assertFalse(Files.exists(restored));
  }

  @Test
  void withoutTheProbeNothingIsTested() throws Exception {
    assertEquals(Main.FAILED, test("L3", "--", "no-such-command"));

    assertNothingWasTested("the probe failed with exit code 127");
  }

  @Test
  void aTestThatIsStoppedIsNotReportedAndNothingStays() throws Exception {
    Path ready = Files.createDirectory(folder.resolve("ready"));
    Process process =
        start("L3", "--", "sh", "-c", "touch $0/now; exec sleep 600", ready.toString());
    await(ready, process);

    process.destroy();

    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    assertNothingWasTested("the probe failed with exit code 143");
  }

  @Test
  void foldersThatKeepTheirOwnerOutDoNotStayEither() throws Exception {
    // Given one that is restored so, and one that the application leaves
    run("chmod", "555", data.toString());
    run("restic", "backup", data.toString());
    testWithoutPrivileges();

    // When
    int exitCode =
        test("L3", "--", "sh", "-c", "mkdir -p a/b && touch a/b/c && chmod 000 a/b && chmod 000 a");
    run("chmod", "755", data.toString());

    // Then
    assertEquals(0, exitCode, this::output);
    assertEquals("PASSED", reported().run().get("outcome").asText());
    assertNothingStays();
  }

  @Test
  void whatCannotBeRemovedIsSaidOnceAndAllElseIsRemoved() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "only root can leave another's folder");
    testWithoutPrivileges();

    assertEquals(
        0, test("L3", "--", "sh", "-c", "mkdir z && touch z/1 z/2 && chown 65534 z"), this::output);

    assertEquals(1, output().lines().filter(line -> line.contains(" by hand: ")).count());
    assertTrue(output().contains(" by hand: 4 of its files and folders stay"), this::output);
    try (Stream<Path> left = Files.walk(sandbox)) {
      assertEquals(
          List.of("1", "2", "z"),
          left.skip(2).map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aManifestOfTheFolderItselfIsThatOfABackupOfIt() throws Exception {
    Files.writeString(
        manifest,
        run(
            "sh",
            "-c",
            "cd \"$0\" && find . -type f -print0 | xargs -0 sha256sum",
            data.toString()));
    run("sh", "-c", "cd \"$0\" && restic backup .", data.toString());

    assertEquals(0, test("L1"), this::output);

    assertEquals(2, reported().run().get("sampled").asInt());
  }
}
