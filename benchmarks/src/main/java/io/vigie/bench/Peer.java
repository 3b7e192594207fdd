package io.vigie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that figures are held against: in a process of its own, with its own dependencies. */
final class Peer {

  private Peer() {}

  /** Starts the module's program. */
  static Process start(Bed bed, String module, String main, String... arguments)
      throws IOException {
    Path target = bed.root().resolve("benchmarks/peers/" + module + "/target");
    String classpath =
        target.resolve("peer-" + module + ".jar")
            + ":"
            + Files.readString(target.resolve("classpath")).trim();
    ProcessBuilder command = java(bed);
    command
        .command()
        .addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classpath, main));
    command.command().addAll(List.of(arguments));
    return bed.start(module, command);
  }

  /**
   * The Java of this process, to be given a program, with the memory, collector and compilers that
   * a service has.
   */
  static ProcessBuilder java(Bed bed) {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g");
    command
        .command()
        .addAll(
            bed.quick()
                ? List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                : List.of("-XX:+UseParallelGC"));
    return command;
  }
}
