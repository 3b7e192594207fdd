package io.vigie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that figures are held against: in a process of its own, with its own dependencies. */
final class Peer {

  private Peer() {}

  /** Starts the module's program on the Java of this process, with the memory a service has. */
  static Process start(Bed bed, String module, String main, String... arguments)
      throws IOException {
    Path target = bed.root().resolve("benchmarks/peers/" + module + "/target");
    String classpath =
        target.resolve("peer-" + module + ".jar")
            + ":"
            + Files.readString(target.resolve("classpath")).trim();
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-XX:+UseParallelGC",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            classpath,
            main);
    command.command().addAll(List.of(arguments));
    return bed.start(module, command);
  }
}
