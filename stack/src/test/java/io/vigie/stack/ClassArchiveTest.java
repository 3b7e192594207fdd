package io.vigie.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** On a small program in a jar, whose JVM ends by itself. */
class ClassArchiveTest {
  /** The program. */
  static final class Hello {
    public static void main(String[] words) {
      System.out.println("hello");
    }
  }

  private static final Duration GRACE = Duration.ofSeconds(5);

  @TempDir Path directory;
  private Site site;
  private Path jar;
  private Daemon daemon;

  @BeforeEach
  void aProgram() throws Exception {
    site = new Site(directory, directory.resolve("the state"), directory, 0);
    site.create();
    jar = directory.resolve("program.jar");
    try (JarOutputStream packed = new JarOutputStream(Files.newOutputStream(jar));
        InputStream code = Hello.class.getResourceAsStream("ClassArchiveTest$Hello.class")) {
      packed.putNextEntry(new JarEntry(Hello.class.getName().replace('.', '/') + ".class"));
      code.transferTo(packed);
    }
    daemon = new Daemon(site.run().resolve("program.pid"), site.log("program"));
  }

  @AfterEach
  void nothingIsLeft() {
    daemon.stop("KILL", GRACE);
  }

  @Test
  void whatAStartListedIsMappedByTheNextOne() throws Exception {
    // Given
    ClassArchive archive = archive(program());
    assertFalse(run(archive.use(program().command())).contains("$Hello source: shared"));

    // When
    make(archive);

    // Then
    assertTrue(archive.exists());
    assertTrue(run(archive.use(program().command())).contains("$Hello source: shared"));
    assertTrue(archive.making(program().command()).isEmpty());
  }

  @Test
  void anArchiveThatIsTornOrNotOneDoesNotKeepTheProgramFromRunning() throws Exception {
    ClassArchive archive = archive(program());
    make(archive);
    try (FileChannel file = FileChannel.open(archive.file(), StandardOpenOption.WRITE)) {
      file.truncate(file.size() / 2);
    }
    run(archive.use(program().command()));

    Files.writeString(archive.file(), "no archive at all");
    run(archive.use(program().command()));
  }

  @Test
  void aListOfAStartThatDidNotBecomeHealthyIsNotUsed() throws Exception {
    ClassArchive archive = archive(program());

    run(archive.list(program().command()));

    assertTrue(archive.making(program().command()).isEmpty());
  }

  @Test
  void oneThatCannotBeMadeLeavesNothingBehind() throws Exception {
    // Given a list that is lost before it is read
    ClassArchive archive = archive(program());
    run(archive.list(program().command()));
    archive.keepList();
    String making = archive.making(program().command()).orElseThrow();
    Files.delete(files().get(0));

    shell(making);

    assertEquals(List.of(), files());
  }

  @Test
  void anotherBuildHasItsOwnAndRemovesTheFormerOne() throws Exception {
    // Given
    make(archive(program()));

    // When
    Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    ClassArchive next = archive(program());

    // Then
    assertFalse(next.exists());
    next.list(program().command());
    assertEquals(List.of(), files());
  }

  @Test
  void anArchiveThatEndsTheProgramGoesAndTheStartGoesOnWithoutIt() throws Exception {
    // Given a program that ends when it is told to use an archive
    Component sleeper = new Program(jar, up(), "sh", "-c", "touch '" + up() + "'; exec sleep 600");
    ClassArchive archive = archive(sleeper);
    Files.createDirectories(site.archives());
    Files.writeString(archive.file(), "");
    assertTrue(archive.exists());

    new Stack(site).begin(sleeper, daemon);

    assertTrue(daemon.alive());
    assertFalse(archive.exists());
  }

  @Test
  void aProgramThatEndsInAnyCaseFailsAndKeepsItsArchive() throws Exception {
    Component broken = new Program(jar, up(), "false");
    ClassArchive archive = archive(broken);
    Files.createDirectories(site.archives());
    Files.writeString(archive.file(), "");

    assertThrows(StackException.class, () -> new Stack(site).begin(broken, daemon));

    assertTrue(archive.exists());
  }

  @Test
  void nothingStartsAnyMoreOnceStartsAreToEnd() throws Exception {
    Component sleeper = new Program(jar, up(), "sh", "-c", "touch '" + up() + "'; exec sleep 600");
    ClassArchive archive = archive(sleeper);
    Files.createDirectories(site.archives());
    Files.writeString(archive.file(), "");
    Stack stack = new Stack(site);
    stack.abort();

    StackException refusal = assertThrows(StackException.class, () -> stack.begin(sleeper, daemon));

    assertEquals("The start was interrupted.", refusal.getMessage());
    assertFalse(daemon.alive());
    assertTrue(archive.exists());
  }

  /** A healthy start, its end, and the making of the archive. */
  private void make(ClassArchive archive) throws Exception {
    run(archive.list(program().command()));
    archive.keepList();
    shell(archive.making(program().command()).orElseThrow());
  }

  private ClassArchive archive(Component component) throws Exception {
    return ClassArchive.of(site, component, component.command());
  }

  private Component program() {
    return new Program(
        jar,
        up(),
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-Xlog:class+load",
        "-cp",
        jar.toString(),
        Hello.class.getName());
  }

  /** What it says until it ends well. */
  private static String run(ProcessBuilder command) throws Exception {
    Process process = command.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  private void shell(String line) throws Exception {
    new ProcessBuilder("sh", "-c", line)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("archives.log").toFile())
        .start()
        .waitFor();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(site.archives())) {
      return files.toList();
    }
  }

  private Path up() {
    return directory.resolve("up");
  }

  /** A component that is healthy once it made a file. */
  private record Program(Path jar, Path up, String... words) implements Component {
    @Override
    public String name() {
      return "program";
    }

    @Override
    public List<Integer> ports() {
      return List.of();
    }

    @Override
    public List<String> needs() {
      return List.of();
    }

    @Override
    public String address() {
      return "";
    }

    @Override
    public void prepare(Progress progress) {}

    @Override
    public ProcessBuilder command() {
      return new ProcessBuilder(words);
    }

    @Override
    public List<Path> programs() {
      return List.of(jar);
    }

    @Override
    public void probe() throws IOException {
      Files.getLastModifiedTime(up);
    }
  }
}
