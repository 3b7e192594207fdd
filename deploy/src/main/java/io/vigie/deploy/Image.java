package io.vigie.deploy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the build of an image does inside it, where there is no shell: the directories that volumes
 * take over, for their owner alone, and an archive of the classes that a start loads (ADR 8).
 */
public final class Image {
  private static final int OWNER = 10001;
  private static final Duration TRAINING = Duration.ofSeconds(90);
  private static final Duration MAKING = Duration.ofMinutes(5);
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** What an application does not begin without; none of it is anybody's, and nothing answers. */
  static final Map<String, String> TRAINED_WITH =
      Map.of(
          "VIGIE_CLIENT_SECRET", "none",
          "VIGIE_CONSOLE_SECRET", "none",
          "VIGIE_DB_OWNER_PASSWORD", "none",
          "VIGIE_DB_PASSWORD", "none",
          "VIGIE_DIRECTORY_SECRET", "none",
          "VIGIE_LOG_CHECKPOINT_FILE", "none",
          "VIGIE_LOG_KEY", "none",
          "VIGIE_LOG_KEYS_DIR", "none",
          "VIGIE_LOG_KEYS_MASTER", "none");

  private Image() {}

  /**
   * Makes both.
   *
   * @param args the archive, then directories; the working directory is that of the application
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    for (String directory : List.of(args).subList(1, args.length)) {
      own(Path.of(directory));
    }
    Path archive = Path.of(args[0]);
    System.out.println(
        archive(archive) ? "Made " + archive : "This Java makes no archive of classes: without.");
  }

  private static void own(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Files.setAttribute(directory, "unix:uid", OWNER);
    Files.setAttribute(directory, "unix:gid", OWNER);
  }

  private static boolean archive(Path archive) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("image");
    Path classes = work.resolve("classes.list");
    try {
      list(classes, work);
      Process making =
          java(
                  "-Xshare:dump",
                  "-Xlog:all=error",
                  // Since Java 24: loaded and linked, too.
                  "-XX:+IgnoreUnrecognizedVMOptions",
                  "-XX:+AOTClassLinking",
                  "-XX:SharedClassListFile=" + classes,
                  "-XX:SharedArchiveFile=" + archive)
              .start();
      boolean made = making.waitFor(MAKING.toSeconds(), TimeUnit.SECONDS);
      making.destroyForcibly().waitFor();
      if (made && making.exitValue() == 0 && Files.exists(archive)) {
        return true;
      }
      Files.deleteIfExists(archive); // half of one
      return false;
    } finally {
      delete(work);
    }
  }

  /**
   * Starts the application as far as it gets with neither a database nor Keycloak, which is far
   * enough: what it has loaded by then is listed, however it ends.
   */
  private static void list(Path classes, Path work) throws IOException, InterruptedException {
    ProcessBuilder application =
        java("-XX:DumpLoadedClassList=" + classes, "-Djava.io.tmpdir=" + work);
    application.environment().putAll(TRAINED_WITH);
    application
        .environment()
        .putAll(
            Map.of(
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_FLYWAY_MIGRATE_AT_START", "false",
                "QUARKUS_OIDC_CONNECTION_DELAY", "1S"));
    Process started = application.start();
    long deadline = System.nanoTime() + TRAINING.toNanos();
    URI live = Health.application("/q/health/live");
    while (started.isAlive() && System.nanoTime() < deadline && !Health.isWell(live)) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    started.destroy();
    if (!started.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
      started.destroyForcibly().waitFor();
    }
  }

  /** Files of the builder's are none that whoever runs the image could use. */
  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The application, with these options of the JVM. */
  private static ProcessBuilder java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-UsePerfData"); // a directory in /tmp
    command.addAll(List.of(options));
    // By its whole path, as the image starts it.
    command.addAll(List.of("-jar", Path.of("quarkus-run.jar").toAbsolutePath().toString()));
    return new ProcessBuilder(command).inheritIO();
  }
}
