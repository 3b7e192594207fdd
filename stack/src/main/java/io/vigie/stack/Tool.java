package io.vigie.stack;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Programs that run to their end, and the Java processes of the stack. */
final class Tool {
  private Tool() {}

  /**
   * Runs a program to its end, its output at the end of the log. An interruption kills it and what
   * it started.
   *
   * @throws StackException when it fails
   */
  static void run(Path log, ProcessBuilder process) throws IOException, InterruptedException {
    Files.createDirectories(log.getParent());
    Words words = Words.from(log);
    process
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process started = process.start();
    int exit;
    try {
      exit = started.waitFor();
    } catch (InterruptedException e) {
      started.descendants().forEach(ProcessHandle::destroyForcibly);
      started.destroyForcibly().waitFor();
      throw e;
    }
    if (exit != 0) {
      String program = Path.of(process.command().get(0)).getFileName().toString();
      throw new StackException(words.failure(program + " ended with " + exit));
    }
  }

  /** The Java that runs this very program; what follows are its arguments. */
  static ProcessBuilder java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /**
   * The class path of this program, as the build recorded it, for a component that runs from it:
   * with a copy of our own jar, into which a build may write.
   */
  static String classpath(Site site, String component) throws IOException {
    Path recorded = site.root().resolve("stack/target/classpath");
    try {
      Path self = Path.of(Tool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isRegularFile(self)) {
        Path copy = site.app(component + ".jar");
        Files.createDirectories(copy.getParent());
        self =
            Files.copy(
                self,
                copy,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
      }
      return self + ":" + Files.readString(recorded).trim();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
