package io.vigie.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The command line as a process, on PostgreSQL and the mail sink. */
@Timeout(900)
class VigieTest {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();

  @TempDir static Path root;
  private static String offset;

  /** Of the checkout it has the programs; its state is its own. */
  @BeforeAll
  static void aSite() throws IOException {
    Files.createDirectories(CHECKOUT.resolve(".vigie/cache"));
    Files.createDirectory(root.resolve(".vigie"));
    Files.createSymbolicLink(
        root.resolve(".vigie/cache"), CHECKOUT.resolve(".vigie/cache").toRealPath());
    Files.createDirectories(root.resolve("stack/target"));
    Files.copy(CHECKOUT.resolve("stack/target/classpath"), root.resolve("stack/target/classpath"));
    Files.createDirectories(root.resolve("deploy/postgres"));
    Files.copy(
        CHECKOUT.resolve("deploy/postgres/pg_hba.conf"),
        root.resolve("deploy/postgres/pg_hba.conf"));
    offset = Integer.toString(Stack.freeOffset());
  }

  @AfterAll
  static void theProgramsStay() throws IOException {
    Files.delete(root.resolve(".vigie/cache"));
  }

  @AfterEach
  void nothingIsLeft() {
    stack().stop();
  }

  @Test
  void aDetachedStackIsFoundByEachLaterCommandUntilItIsWiped() throws Exception {
    Outcome up = vigie("up", "-d");
    assertEquals(0, up.exit(), up.toString());
    assertTrue(up.out().contains("postgresql   healthy on 127.0.0.1:"), up.out());
    assertTrue(up.out().contains("It keeps running: ./vigie down stops it."), up.out());

    Outcome second = vigie("up");
    assertEquals(0, second.exit(), second.toString());
    assertTrue(second.out().startsWith("Already up, and healthy."), second.out());
    assertTrue(second.out().contains("mail         " + stack().url(Mail.NAME)), second.out());

    Outcome status = vigie("status");
    assertEquals(0, status.exit(), status.toString());
    String pid = Long.toString(stack().daemon(Mail.NAME).process().orElseThrow().pid());
    assertTrue(line(status.out(), "mail").contains("healthy "), status.out());
    assertTrue(line(status.out(), "mail").contains(" " + pid + " "), status.out());
    assertTrue(line(status.out(), "postgresql").contains("healthy "), status.out());

    Outcome logs = vigie("logs", "postgresql", "-n", "1000");
    assertEquals(0, logs.exit(), logs.toString());
    assertEquals(Files.readString(stack().daemon(Postgres.NAME).log()), logs.out());

    Outcome down = vigie("down", "--wipe");
    assertEquals(0, down.exit(), down.toString());
    assertEquals("Stopping.\nAll data is deleted.\n", down.out());
    assertFalse(stack().running());
    assertFalse(Files.exists(root.resolve(".vigie/data")));
  }

  @Test
  void aStackThatIsSecuredStaysSoUntilItIsWipedAndSaysWhomToBelieve() throws Exception {
    // Given one that runs without encryption
    assertEquals(0, vigie("up", "-d").exit());
    assertEquals(
        new Outcome(1, "", "This stack runs without encryption. Stop it before: ./vigie down\n"),
        vigie("up", "-d", "--secure"));
    assertEquals(0, vigie("down").exit());

    // When
    Outcome up = vigie("up", "-d", "--secure");

    // Then
    assertEquals(0, up.exit(), up.toString());
    assertTrue(up.out().contains("mail         https://127.0.0.1:"), up.out());
    assertTrue(up.out().contains(".vigie/tls/ca.crt\n"), up.out());
    assertTrue(line(vigie("status").out(), "mail").contains("healthy "));
    assertEquals(0, vigie("down").exit());

    // and later without being told
    Outcome again = vigie("up", "-d");
    assertEquals(0, again.exit(), again.toString());
    assertTrue(again.out().contains("mail         https://127.0.0.1:"), again.out());
    assertEquals(0, vigie("down", "--wipe").exit());
    assertFalse(stack().isSecure());
  }

  @Test
  void anAuthorityThatCannotBeReadKeepsNoCommandFromItsWork() throws Exception {
    stack().wipe();
    stack().secure();
    Files.writeString(site().tls().authority(), "");

    assertEquals(
        new Outcome(0, "Nothing runs.\nAll data is deleted.\n", ""), vigie("down", "--wipe"));
    assertFalse(stack().isSecure());
  }

  @Test
  void whatIsNotThereIsSaidWithTheWayToIt() throws Exception {
    stack().wipe();

    Outcome status = vigie("status");
    assertEquals(1, status.exit(), status.toString());
    assertTrue(line(status.out(), "mail").contains("stopped "), status.out());

    assertEquals(
        new Outcome(1, "", "mail has no log yet: it never ran here.\n"), vigie("logs", "mail"));
    assertEquals(
        new Outcome(1, "", "There is no component oracle. There are: postgresql, mail.\n"),
        vigie("logs", "oracle"));
    assertEquals(new Outcome(0, "Nothing runs.\n", ""), vigie("down"));

    Outcome unknown = vigie("start");
    assertEquals(2, unknown.exit(), unknown.toString());
    assertTrue(unknown.err().contains("Unmatched argument at index 0: 'start'"), unknown.err());
  }

  @Test
  void aSecondUpWhileOneIsStartingSaysSo() throws Exception {
    // Given a start that has come as far as the mail sink
    List<Outcome> second = new ArrayList<>();
    new Stack(site(), Mail.NAME).start((component, what) -> second.add(vigie("up")));

    assertEquals(
        new Outcome(
            1,
            "",
            "Another vigie is starting, stopping or backing up this stack. Wait for it, then try again.\n"),
        second.get(0));
  }

  @Test
  void theForegroundReportsWhatDiesAndStopsEverythingOnCtrlC() throws Exception {
    Process up = start("up");
    try (BufferedReader out = up.inputReader();
        BufferedReader err = up.errorReader()) {
      readUntil(out, "Ctrl-C stops it.");

      // When the mail sink dies
      stack().daemon(Mail.NAME).process().orElseThrow().destroyForcibly();

      // Then the line says what, where its log is, and what to do
      assertEquals(
          "mail died; the rest goes on. Its log: "
              + stack().daemon(Mail.NAME).log()
              + ". To start it again: ./vigie up",
          err.readLine());
      assertTrue(line(vigie("status").out(), "mail").contains("died "));
      Outcome again = vigie("up", "-d");
      assertEquals(0, again.exit(), again.toString());

      // When it is interrupted
      up.toHandle().destroy();

      // Then
      readUntil(out, "Stopped.");
      assertTrue(up.waitFor(60, TimeUnit.SECONDS));
      assertFalse(stack().running());
    } finally {
      up.destroyForcibly();
    }
  }

  @Test
  void theForegroundEndsWhenItIsStoppedFromElsewhere() throws Exception {
    Process up = start("up");
    try (BufferedReader out = up.inputReader()) {
      readUntil(out, "Ctrl-C stops it.");

      assertEquals(new Outcome(0, "Stopping.\n", ""), vigie("down"));

      readUntil(out, "Stopped from elsewhere.");
      assertTrue(up.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, up.exitValue());
    } finally {
      up.destroyForcibly();
    }
  }

  /** How it goes on is seen in the system tests: the services are not here. */
  @Test
  void theDemoStartsWhatDoesNotRunAndLeavesItRunning() throws Exception {
    Outcome demo = vigie("demo");

    assertTrue(demo.out().startsWith("Starting the platform:\n"), demo.toString());
    assertTrue(demo.out().contains("It keeps running: ./vigie down stops it."), demo.out());
    assertTrue(stack().healthy(Postgres.NAME));
    assertTrue(stack().healthy(Mail.NAME));
  }

  @Test
  void aDemoElsewhereStartsNothingHereAndSaysWhatItDoesNotReach() throws Exception {
    Outcome demo = vigie("demo", "--at", "vigie.invalid");

    assertEquals(1, demo.exit(), demo.toString());
    assertTrue(
        demo.err()
            .startsWith(
                "The demo stopped: POST https://sso.vigie.invalid/realms/vigie/protocol/openid-connect/token got no answer"),
        demo.err());
    assertFalse(stack().running());
  }

  @Test
  void aKeyForTheLogIsMadeAndNeverReplaced() throws Exception {
    Path key = root.resolve("next.key");

    assertEquals(
        new Outcome(0, "Name it in vigie.log.next-key-file of audit-service: " + key + "\n", ""),
        vigie("log", "new-key", key.toString()));
    String made = Files.readString(key);
    assertTrue(made.startsWith("PRIVATE+KEY+"), "a key of Go's note tools");

    assertEquals(
        new Outcome(1, "", key + " exists: a key is never replaced.\n"),
        vigie("log", "new-key", key.toString()));
    assertEquals(made, Files.readString(key));
  }

  @Test
  void aLogIsSucceededOnlyWhereItRunsAndWithAReason() throws Exception {
    assertEquals(
        new Outcome(1, "", "The audit service does not run here. Start it: ./vigie up -d\n"),
        run(Vigie.class, "log", "succeed", "--origin", "vigie.local/next", "--reason", "a test"));

    Outcome unreasoned = vigie("log", "succeed", "--origin", "vigie.local/next");
    assertEquals(2, unreasoned.exit(), unreasoned.toString());
    assertTrue(
        unreasoned.err().contains("Missing required option: '--reason=<reason>'"),
        unreasoned.err());
  }

  @Test
  void offsetsOfTheLogAreResetOnlyWhereItRunsAndWithAReason() throws Exception {
    assertEquals(
        new Outcome(1, "", "The audit service does not run here. Start it: ./vigie up -d\n"),
        run(Vigie.class, "log", "reset-offsets", "--reason", "a test"));

    Outcome unreasoned = vigie("log", "reset-offsets");
    assertEquals(2, unreasoned.exit(), unreasoned.toString());
    assertTrue(
        unreasoned.err().contains("Missing required option: '--reason=<reason>'"),
        unreasoned.err());
  }

  @Test
  void aGapOfTheLogIsAcknowledgedOnlyWhereItRunsAndWithAReason() throws Exception {
    String[] command = {
      "log", "acknowledge-gap", "--source", "/vigie/asset", "--first", "1101", "--last", "1103"
    };
    assertEquals(
        new Outcome(1, "", "The audit service does not run here. Start it: ./vigie up -d\n"),
        run(Vigie.class, plus(command, "--reason", "a test")));

    Outcome unreasoned = vigie(command);
    assertEquals(2, unreasoned.exit(), unreasoned.toString());
    assertTrue(
        unreasoned.err().contains("Missing required option: '--reason=<reason>'"),
        unreasoned.err());
  }

  @Test
  void aCommandElsewhereTakesATokenAndSaysWhatItDoesNotReach() throws Exception {
    String[] command = {
      "person", "export", "5e1f0000-0000-4000-8000-000000000006", "--out", "held.zip", "--at"
    };

    Outcome tokenless = vigie(plus(command, "vigie.invalid"));
    assertEquals(2, tokenless.exit(), tokenless.toString());
    assertTrue(tokenless.err().contains("--token-file=FILE"), tokenless.err());

    assertEquals(
        new Outcome(
            1,
            "",
            "There is no audit.vigie.invalid. Give what the names of the platform have in common, as --at vigie.example.org.\n"),
        vigie(plus(command, "vigie.invalid", "--token-file", "token")));
  }

  @Test
  void aBackupIsOneOfARunningStackAndReplacesNothing() throws Exception {
    stack().wipe();
    Path folder = root.resolve("backup");

    assertEquals(
        new Outcome(
            1,
            "",
            "postgresql does not run, and a backup is one of a running stack: ./vigie up -d\n"),
        vigie("backup", folder.toString()));
    assertFalse(Files.exists(folder));

    assertEquals(
        new Outcome(1, "", root + " is there already: a backup replaces nothing.\n"),
        vigie("backup", root.toString()));
  }

  @Test
  void whatIsNoBackupIsNotRestoredAndNothingIsOverARunningStack() throws Exception {
    stack().wipe();
    Path folder = Files.createDirectory(root.resolve("no-backup"));
    String refusal = folder + " is no backup, or one that was interrupted: it has no SHA256SUMS.\n";
    assertEquals(new Outcome(1, "", refusal), vigie("restore", folder.toString()));

    new Stack(site(), Mail.NAME).start((component, what) -> {});
    assertEquals(
        new Outcome(1, "", "The stack runs. Stop it before: ./vigie down\n"),
        vigie("restore", folder.toString(), "--wipe"));
  }

  private record Outcome(int exit, String out, String err) {}

  private static Stack stack() {
    return new Stack(site(), SmallVigie.COMPONENTS);
  }

  private static Site site() {
    return Site.of(root, Map.of("VIGIE_PORT_OFFSET", offset));
  }

  private static String[] plus(String[] words, String... more) {
    return Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static Outcome vigie(String... arguments) {
    return run(SmallVigie.class, arguments);
  }

  private static Outcome run(Class<?> main, String... arguments) {
    try {
      Path out = Files.createTempFile(root, "out", "");
      Path err = Files.createTempFile(root, "err", "");
      Process process =
          process(main, arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try {
        assertTrue(process.waitFor(90, TimeUnit.SECONDS), "ends by itself");
      } finally {
        process.destroyForcibly();
      }
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process start(String... arguments) throws IOException {
    return process(SmallVigie.class, arguments).start();
  }

  private static ProcessBuilder process(Class<?> main, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "-XX:TieredStopAtLevel=1",
                "-Dvigie.log.level=off",
                "-Dvigie.root=" + root,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    words.addAll(List.of(arguments));
    ProcessBuilder process = Tool.java(words);
    process.environment().put("VIGIE_PORT_OFFSET", offset);
    return process;
  }

  private static String line(String text, String start) {
    return text.lines().filter(line -> line.startsWith(start + " ")).findFirst().orElse("");
  }

  private static void readUntil(BufferedReader reader, String line) throws IOException {
    for (String read = reader.readLine(); !line.equals(read); read = reader.readLine()) {
      assertTrue(read != null, "ended before it said: " + line);
    }
  }
}
