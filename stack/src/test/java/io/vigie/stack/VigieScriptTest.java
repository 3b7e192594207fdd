package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The shell file {@code vigie}, in a checkout of empty modules on a machine that has no JDK and no
 * Maven but those that a test gives it; they say what they are asked for.
 */
@Timeout(600)
class VigieScriptTest {
  private static final Path SCRIPT = Path.of("").toAbsolutePath().getParent().resolve("vigie");
  private static final Instant BUILT = Instant.parse("2026-01-02T03:04:05Z");

  /** What it needs of every system. */
  private static final List<String> TOOLS =
      List.of(
          "cp dirname find flock grep head mkdir mktemp readlink rm sed tail tee tr".split(" "));

  private static final List<String> MODULES =
      List.of(
          "contracts",
          "kernel",
          "verifier",
          "stack",
          "asset-service",
          "access-service",
          "incident-service",
          "backup-service",
          "audit-service",
          "console");

  @TempDir Path directory;
  private Path machine;
  private Path checkout;
  private Path bin;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void aCheckoutOnABareMachine() throws IOException {
    directory = directory.toRealPath();
    machine = Files.createDirectory(directory.resolve("machine"));
    checkout = Files.createDirectory(directory.resolve("checkout"));
    bin = Files.createDirectory(directory.resolve("bin"));
    for (String tool : TOOLS) {
      Optional<Path> found = onPath(tool);
      if (found.isPresent()) {
        program(bin.resolve(tool), "#!/bin/sh\nexec " + found.get() + " \"$@\"\n");
      }
    }
    environment.put("PATH", bin.toString());
    environment.put("HOME", machine.resolve("home").toString());

    String script = Files.readString(SCRIPT);
    for (String place : List.of("/usr/lib/jvm", "/opt", "/Library")) {
      assertTrue(script.contains(" " + place + "/"), "the script looks in " + place);
      script = script.replace(" " + place + "/", " " + machine + place + "/");
    }
    program(checkout.resolve("vigie"), script);
    Files.writeString(checkout.resolve("pom.xml"), "");
    for (String module : MODULES) {
      write(module + "/pom.xml", "");
      write(module + "/src/main/java/Some.java", "");
      write(module + "/src/test/java/SomeTest.java", "");
      write(module + "/target/classpath", "");
    }
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    jdk("usr/lib/jvm/java-11", "11.0.2");

    assertEquals(
        new Outcome(
            1,
            "",
            """
            No JDK of version 17 or newer was found.
            Install one (Debian: apt install openjdk-17-jdk) or set VIGIE_JAVA_HOME to it.
            """),
        vigie("status"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "usr/lib/jvm/temurin-99",
        "opt/jdk-99",
        "opt/openjdk99",
        "home/.sdkman/candidates/java/99-tem",
        "home/.jdks/temurin-99",
        "Library/Java/JavaVirtualMachines/temurin-99/Contents/Home"
      })
  void aJdkIsFoundWhereSystemsAndToolsPutIt(String place) throws Exception {
    builtAll();
    jdk(place, "99.0.1");

    assertEquals("java of " + machine.resolve(place), firstLine(vigie("status")));
  }

  @Test
  void theNewestJdkIsUsedWhereverItIs() throws Exception {
    builtAll();
    jdk("usr/lib/jvm/java-17", "17.0.15");
    jdk("usr/lib/jvm/a-runtime-alone", "30");
    Files.delete(machine.resolve("usr/lib/jvm/a-runtime-alone/bin/javac"));
    environment.put("JAVA_HOME", jdk("elsewhere/java-21", "21.0.1").toString());
    assertEquals(
        "java of " + machine.resolve("elsewhere/java-21"), firstLine(vigie("status")), "JAVA_HOME");

    Path onPath = jdk("elsewhere/java-24", "24");
    Files.createSymbolicLink(bin.resolve("javac"), onPath.resolve("bin/javac"));
    assertEquals("java of " + onPath, firstLine(vigie("status")), "PATH");

    jdk("home/.jdks/openjdk-25", "25.0.1");
    assertEquals("java of " + machine.resolve("home/.jdks/openjdk-25"), firstLine(vigie("status")));
  }

  @Test
  void theJdkThatIsWishedForIsUsedOrRefused() throws Exception {
    builtAll();
    jdk("usr/lib/jvm/java-25", "25");
    environment.put("VIGIE_JAVA_HOME", jdk("my-17", "17.0.15").toString());
    assertEquals("java of " + machine.resolve("my-17"), firstLine(vigie("status")));

    environment.put("VIGIE_JAVA_HOME", jdk("my-11", "11.0.2").toString());
    assertEquals(
        new Outcome(
            1,
            "",
            "VIGIE_JAVA_HOME is "
                + machine.resolve("my-11")
                + ", which is no JDK of version 17 or newer.\n"),
        vigie("status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"up", "test"})
  void withoutMavenItSaysWhatToInstall(String command) throws Exception {
    jdk("usr/lib/jvm/java-17", "17.0.15");

    assertEquals(
        new Outcome(
            1,
            "",
            """
            Maven (mvn) was not found.
            Install it (Debian: apt install maven), 3.8.6 or newer.
            """),
        vigie(command));
  }

  @Test
  void whatWasNeverBuiltIsBuiltOnceBeforeTheCommandRuns() throws Exception {
    jdk("usr/lib/jvm/java-17", "17.0.15");
    maven("echo '[INFO] Building Vigie: stack 1.0.0-SNAPSHOT     [3/3]'");

    Outcome first = vigie("status", "--some option");
    assertEquals(0, first.exit(), first.toString());
    List<String> said = first.out().lines().toList();
    assertEquals("Building what is missing or changed:", said.get(0));
    assertEquals("  3/3 stack", said.get(1));
    assertEquals("java of " + machine.resolve("usr/lib/jvm/java-17"), said.get(2));
    assertTrue(
        said.get(3)
            .endsWith(
                " -Dvigie.root="
                    + checkout
                    + " -Dvigie.log.level=off -cp "
                    + checkout
                    + "/stack/target/vigie-stack.jar: io.vigie.stack.Vigie status --some option"),
        said.get(3));
    assertEquals("stack", asked());

    vigie("status");
    assertEquals("", asked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "nothing",
      textBlock =
          """
          up     | stack/src/main/java/Some.java         | stack
          verify | stack/pom.xml                         | stack
          verify | asset-service/src/main/java/Some.java | nothing
          up     | asset-service/src/main/java/Some.java | asset-service
          up     | asset-service/src/test/java/New.java  | nothing
          up     | asset-service/target/classes/x.class  | nothing
          demo   | verifier/src/main/java/Some.java      | stack,verifier,audit-service
          up     | contracts/events/new.schema.json      | asset-service,access-service,incident-service,backup-service,audit-service
          up     | kernel/src/main/java/New.java         | asset-service,access-service,incident-service,backup-service,audit-service
          up     | console/src/main/java/Some.java       | console
          restore| console/src/main/java/Some.java       | console
          backup | stack/src/main/java/Some.java         | stack
          backup | console/src/main/java/Some.java       | nothing
          witness| pom.xml                               | stack,verifier
          status | stack/src/main/java/Some.java         | nothing
          """)
  void whatChangedIsBuiltWithWhatIsMadeFromIt(String command, String changed, String built)
      throws Exception {
    jdk("usr/lib/jvm/java-17", "17.0.15");
    maven("");
    builtAll();
    write(changed, "changed");
    touch(checkout.resolve(changed), BUILT.plusSeconds(1));

    Outcome outcome = vigie(command);

    assertEquals(0, outcome.exit(), outcome.toString());
    assertEquals(built == null ? "" : built, asked());
    vigie(command);
    assertEquals("", asked(), "a second time");
  }

  @Test
  void aBuildThatFailsIsQuotedAndTriedAgain() throws Exception {
    jdk("usr/lib/jvm/java-17", "17.0.15");
    maven("echo '[INFO] a line'; echo '[ERROR] Some.java:[1,1] not a statement'; exit 1");

    Outcome failed = vigie("up");

    assertEquals(1, failed.exit(), failed.toString());
    assertEquals(
        "[ERROR] Some.java:[1,1] not a statement\nThe build failed. All of its output: "
            + checkout.resolve(".vigie/log/build.log")
            + "\n",
        failed.err());
    assertFalse(failed.out().contains("java of"), failed.out());
    assertFalse(asked().isEmpty());

    maven("");
    assertEquals(0, vigie("up").exit());
    assertFalse(asked().isEmpty());
  }

  private record Outcome(int exit, String out, String err) {}

  private Outcome vigie(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder process = new ProcessBuilder(checkout.resolve("vigie").toString());
    process.command().addAll(List.of(arguments));
    process.environment().clear();
    process.environment().putAll(environment);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process started = process.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertTrue(started.waitFor(60, TimeUnit.SECONDS), "ends by itself");
    } finally {
      started.destroyForcibly();
    }
    return new Outcome(started.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static String firstLine(Outcome outcome) {
    return outcome.out().lines().findFirst().orElse(outcome.toString());
  }

  private Path jdk(String place, String version) throws IOException {
    Path home = machine.resolve(place);
    Files.createDirectories(home.resolve("bin"));
    program(home.resolve("bin/javac"), "#!/bin/sh\n");
    program(home.resolve("bin/java"), "#!/bin/sh\necho java of \"$JAVA_HOME\"\necho \"$@\"\n");
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"Some\"\nJAVA_VERSION=\"" + version + "\"\nJAVA_VERSION_DATE=\"2026\"\n");
    return home;
  }

  /** A Maven that notes which modules it is to build, and does the rest. */
  private void maven(String rest) throws IOException {
    Path noted = directory.resolve("asked");
    program(bin.resolve("mvn"), "#!/bin/sh\necho \"$5\" >> '" + noted + "'\n" + rest + "\n");
  }

  /** The modules that Maven was to build since this was asked last. */
  private String asked() throws IOException {
    Path noted = directory.resolve("asked");
    String modules = Files.exists(noted) ? Files.readString(noted).strip() : "";
    Files.deleteIfExists(noted);
    return modules;
  }

  /** As if everything had been built at that moment, and changed a year before. */
  private void builtAll() throws IOException {
    try (var files = Files.walk(checkout)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        touch(file, BUILT.minusSeconds(365 * 86_400));
      }
    }
    for (String module : MODULES) {
      write(module + "/target/vigie-built", "");
      touch(checkout.resolve(module + "/target/vigie-built"), BUILT);
    }
  }

  private static void touch(Path file, Instant at) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(at));
  }

  private void write(String file, String text) throws IOException {
    Path path = checkout.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Archives.makeExecutable(file);
  }

  /** Empty for what a system does without, as macOS for flock. */
  private static Optional<Path> onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(place -> Path.of(place, tool))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
