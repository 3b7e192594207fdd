package io.vigie.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A checkout beside the real one whose build has some services with a source file changed on
 * purpose; all else is the real one's.
 */
public final class BrokenBuild {

  private final Path real;
  private final Path root;

  /** Like the real one, in place of an earlier one. */
  public BrokenBuild(Path real, Path root) throws IOException {
    this.real = real;
    this.root = root;
    delete(root);
    Files.createDirectories(root);
    try (Stream<Path> parts = Files.list(real)) {
      for (Path part : (Iterable<Path>) parts::iterator) {
        if (!part.endsWith(".vigie")) {
          Files.createSymbolicLink(root.resolve(part.getFileName()), part);
        }
      }
    }
  }

  /** The checkout with the changed build. */
  public Path root() {
    return root;
  }

  /**
   * Changes a service's packaged build, once.
   *
   * @param source the file, from the checkout's root
   * @param change makes the changed source of the real one
   * @throws IllegalStateException when what is changed does not compile, or is not in the build
   */
  public BrokenBuild with(String service, String source, UnaryOperator<String> change)
      throws IOException {
    copyApp(service);
    Path app = root.resolve(service + "-service/target/quarkus-app");
    Path work = root.resolve("changed").resolve(service);
    Path file = work.resolve(Path.of(source).getFileName());
    Files.createDirectories(work);
    Files.writeString(file, change.apply(Files.readString(real.resolve(source))));
    Path classes = work.resolve("classes");
    compile(file, app, classes);
    replace(classes, app);
    return this;
  }

  /**
   * A piece of source, replaced.
   *
   * @throws IllegalStateException when it does not occur exactly once
   */
  public static String replaced(String source, String from, String to) {
    if (source.split(Pattern.quote(from), -1).length != 2) {
      throw new IllegalStateException("this does not occur exactly once: " + from);
    }
    return source.replace(from, to);
  }

  private void copyApp(String service) throws IOException {
    Files.delete(root.resolve(service + "-service"));
    Path app = real.resolve(service + "-service/target/quarkus-app");
    try (Stream<Path> files = Files.walk(app)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = root.resolve(real.relativize(file));
        Files.createDirectories(copy.getParent());
        if (Files.isRegularFile(file)) {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static void compile(Path source, Path app, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-parameters"));
    arguments.addAll(List.of("--release", "17", "-d", classes.toString()));
    arguments.addAll(
        List.of(
            "-cp",
            jars(app).stream().map(Path::toString).collect(Collectors.joining(":")),
            source.toString()));
    if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException(source + " does not compile");
    }
  }

  /** In every archive that holds the class: what the build transformed lies beside the original. */
  private static void replace(Path classes, Path app) throws IOException {
    List<Path> compiled;
    try (Stream<Path> files = Files.walk(classes)) {
      compiled = files.filter(Files::isRegularFile).toList();
    }
    Set<Path> missing = new HashSet<>(compiled);
    for (Path jar : jars(app)) {
      try (FileSystem archive =
          FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
        for (Path file : compiled) {
          Path entry = archive.getPath("/" + classes.relativize(file));
          if (Files.exists(entry)) {
            Files.copy(file, entry, StandardCopyOption.REPLACE_EXISTING);
            missing.remove(file);
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException("the build has no " + missing + " to change");
    }
  }

  private static List<Path> jars(Path app) throws IOException {
    try (Stream<Path> files = Files.walk(app)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      }
    }
  }
}
