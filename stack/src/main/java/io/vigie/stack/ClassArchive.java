package io.vigie.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes of a component as its JVM holds them in memory: the next start maps them instead of
 * reading, checking and linking them one by one (class-data sharing). A start that has no archive
 * lists what it loads, at no cost; the archive is made of that list later, by a process of its own.
 *
 * <p>It is named after what it is made of: the programs, the JVM, its options. Another build or
 * another Java has another one; the JVM itself looks once more, and does without one that does not
 * fit.
 */
final class ClassArchive {

  private final Component component;
  private final Path file;

  private ClassArchive(Component component, Path file) {
    this.component = component;
    this.file = file;
  }

  /** The one of the component, made or not, when it is started so. */
  static ClassArchive of(Site site, Component component, ProcessBuilder command)
      throws IOException {
    String name = component.name() + "-" + key(component.programs(), command) + ".jsa";
    return new ClassArchive(component, site.archives().resolve(name));
  }

  private static String key(List<Path> programs, ProcessBuilder command) throws IOException {
    MessageDigest key = Sha256.digest();
    String jvm = System.getProperty("java.home") + System.getProperty("java.vm.version");
    String options =
        command.command().stream().filter(w -> w.startsWith("-X")).collect(Collectors.joining());
    key.update((jvm + options).getBytes(StandardCharsets.UTF_8));
    for (Path program : programs) {
      try (Stream<Path> files = Files.walk(program)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
          String line = file + " " + facts.size() + " " + facts.lastModifiedTime();
          key.update(line.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return HexFormat.of().formatHex(key.digest(), 0, 8);
  }

  Path file() {
    return file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** The command, so that it maps the archive where there is one. */
  ProcessBuilder use(ProcessBuilder command) {
    return exists() ? with(command, "-XX:SharedArchiveFile=" + file) : command;
  }

  /** The command, so that it lists what it loads; the archives of other builds are removed. */
  ProcessBuilder list(ProcessBuilder command) throws IOException {
    if (component.programs().isEmpty()) {
      return command;
    }
    Path directory = Files.createDirectories(file.getParent());
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, component.name() + "-*")) {
      for (Path each : all) {
        Files.delete(each);
      }
    }
    return with(command, "-XX:DumpLoadedClassList=" + beside(".starting"));
  }

  /** The component is healthy: what it has listed and goes on to list is worth an archive. */
  void keepList() throws IOException {
    if (Files.exists(beside(".starting"))) {
      Files.move(beside(".starting"), beside(".classes"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * A line for the shell that makes the archive, whole or not at all, when nobody else wants the
   * processor. Empty where it exists, or no list does.
   */
  Optional<String> making(ProcessBuilder command) {
    if (exists() || !Files.exists(beside(".classes"))) {
      return Optional.empty();
    }
    Path half = beside(".half");
    String dump =
        with(
                command,
                "-Xshare:dump",
                "-Xlog:all=error",
                // Since Java 24: loaded and linked, too.
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+AOTClassLinking",
                "-XX:SharedClassListFile=" + beside(".classes"),
                "-XX:SharedArchiveFile=" + half)
            .command()
            .stream()
            .map(ClassArchive::quoted)
            .collect(Collectors.joining(" "));
    return Optional.of(
        "nice -n 19 %s & wait $! && sync && mv %3$s %2$s || rm -f %3$s"
            .formatted(dump, quoted(file.toString()), quoted(half.toString())));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private Path beside(String suffix) {
    return Path.of(file.toString().replaceAll("\\.jsa$", suffix));
  }

  /** Options of the JVM come right behind it. */
  private static ProcessBuilder with(ProcessBuilder command, String... options) {
    List<String> words = new ArrayList<>(command.command());
    words.addAll(1, List.of(options));
    return command.command(words);
  }
}
