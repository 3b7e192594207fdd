package io.vigie.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.vigie.stack.Site;
import io.vigie.stack.Stack;

/**
 * How long a service needs from the start of its process to its first 200 that looked into
 * PostgreSQL, and the stack until all of it is healthy, with archives of loaded classes. The other
 * sides are the same service packaged as Quarkus does by itself (fast-jar), without an archive, on
 * the same Java and database, and the same stack without archives.
 */
final class Start implements Benchmark {

  private static final boolean NEW_JAVA = Runtime.version().feature() >= 25;
  private static final String SERVICE = "asset";

  /** What a command has that maps one. */
  private static final String ARCHIVE = "-XX:SharedArchiveFile=";

  @Override
  public String name() {
    return "start";
  }

  /** Goals differ by the Java, so each has a table of its own. */
  @Override
  public String table() {
    return NEW_JAVA ? name() : name() + "-17";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    return bed.quick() ? List.of(quick(bed)) : all(bed);
  }

  /**
   * One service alone, beside what runs already: to begin a stack takes minutes. Its archive stays
   * for the benchmarks that follow, with that of the service which they start as often.
   */
  private Row quick(Bed bed) throws Exception {
    bed.only();
    Stack few = bed.part(SERVICE, "audit");
    if (!isArchived(few.command(SERVICE)) && !few.makeArchives()) {
      // What they load is not known: they never ran.
      List.of(SERVICE, "audit").parallelStream().forEach(bed.stack()::start);
      bed.only();
    }
    await(() -> !few.makesArchives(), 600);
    makeArchives(few);
    bed.tables(SERVICE); // to make them is no part of a start
    return service(bed.stack(), bed);
  }

  private static boolean isArchived(ProcessBuilder command) {
    return command.command().stream().anyMatch(word -> word.startsWith(ARCHIVE));
  }

  private List<Row> all(Bed bed) throws Exception {
    // Nothing else may run: what is measured here is who gets the processors.
    bed.close();
    Path state = bed.root().resolve("benchmarks/target/start");
    Site site = new Site(bed.root(), state, bed.root().resolve(".vigie/cache"), Stack.freeOffset());
    Stack stack = new Stack(site);
    Thread wipe = new Thread(stack::wipe);
    Runtime.getRuntime().addShutdownHook(wipe);
    try {
      stack.wipe();
      begin(stack);
      Bed.requireFsync(stack);
      stack.stop();
      makeArchives(stack);
      List<Row> rows = new ArrayList<>();
      rows.add(whole(stack, archives(state), bed));
      begin(stack);
      rows.add(0, service(stack, bed));
      return rows;
    } finally {
      stack.wipe();
      Runtime.getRuntime().removeShutdownHook(wipe);
    }
  }

  private static double begin(Stack stack) {
    long start = System.nanoTime();
    stack.start((component, what) -> {});
    return (System.nanoTime() - start) / 1e9;
  }

  private static void makeArchives(Stack stack) {
    stack.makeArchives();
    await(() -> !stack.makesArchives(), 600);
    if (stack.makeArchives()) {
      throw new IllegalStateException("not all archives could be made: log/archives.log");
    }
  }

  private Row whole(Stack stack, Path archives, Bed bed) throws IOException {
    Path aside = archives.resolveSibling("archives-aside");
    double[] with = new double[bed.rounds()];
    double[] without = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      with[round] = begin(stack);
      stack.stop();
      Files.move(archives, aside);
      without[round] = begin(stack);
      stack.stop();
      delete(archives);
      Files.move(aside, archives);
    }
    return new Row(
        name() + "-stack",
        new Samples(with),
        "s",
        "without archives",
        new Samples(without),
        Goal.atMost(NEW_JAVA ? 20 : 40, "s"));
  }

  private static Path archives(Path state) {
    return state.resolve("archives");
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private Row service(Stack stack, Bed bed) throws Exception {
    stack.stop(SERVICE);
    int rounds = bed.quick() ? 1 : 7;
    double[] with = new double[rounds];
    double[] without = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      with[round] = toFirstAnswer(stack, stack.command(SERVICE));
      without[round] = toFirstAnswer(stack, plain(stack, bed));
    }
    return new Row(
        name() + "-service",
        new Samples(with),
        "s",
        "fast-jar without an archive",
        new Samples(without),
        Goal.ratioAtMost(NEW_JAVA ? 0.4 : 0.65));
  }

  /** The same service, command and settings, but of Quarkus' own packaging and no archive. */
  private static ProcessBuilder plain(Stack stack, Bed bed) {
    Path jar = bed.root().resolve("benchmarks/peers/fast-jar/target/quarkus-app/quarkus-run.jar");
    ProcessBuilder command = stack.command(SERVICE);
    boolean archived = command.command().removeIf(w -> w.startsWith(ARCHIVE));
    if (!archived || !Files.exists(jar)) {
      throw new IllegalStateException("no archive, or no " + jar);
    }
    command.command().replaceAll(w -> w.endsWith("quarkus-run.jar") ? jar.toString() : w);
    return command;
  }

  private static double toFirstAnswer(Stack stack, ProcessBuilder command) throws IOException {
    URI ready = stack.url(SERVICE).resolve("/q/health/ready");
    long start = System.nanoTime();
    Process process =
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try {
      await(() -> answers(ready), 60);
      return (System.nanoTime() - start) / 1e9;
    } finally {
      process.destroy();
      process.onExit().join();
    }
  }

  private static boolean answers(URI ready) {
    try {
      return ((HttpURLConnection) ready.toURL().openConnection()).getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(java.util.function.BooleanSupplier done, long seconds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not done after " + seconds + " s");
      }
      LockSupport.parkNanos(10_000_000);
    }
  }
}
