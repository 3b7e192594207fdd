package io.vigie.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * Where one stack lives: the checkout whose programs it runs, the directory that holds its state,
 * the directory of unpacked programs (which stacks may share), and the distance of its ports from
 * the documented ones.
 *
 * @param offset added to every documented port, from 0 to {@value #MAX_OFFSET}
 */
public record Site(Path root, Path state, Path cache, int offset) {
  static final int MAX_OFFSET = 50_000;
  private static final long DISK_NEEDED = 2L << 30;

  /** What there is to lose under the state directory, and what goes with it. */
  private static final List<String> STATE =
      List.of(
          "data",
          "run",
          "log",
          "demo",
          "secrets.properties",
          Tls.DIRECTORY,
          PersonKeys.DIRECTORY,
          PersonKeys.MASTER);

  /** Where everything listens: this machine alone can reach it. */
  static final String LOOPBACK = "127.0.0.1";

  public Site {
    if (offset < 0 || offset > MAX_OFFSET) {
      throw new StackException(
          "VIGIE_PORT_OFFSET must be a whole number from 0 to "
              + MAX_OFFSET
              + ", not "
              + offset
              + ".");
    }
  }

  /**
   * The site of a checkout. While any process of its stack runs, its offset is the one it was
   * started with; else {@code VIGIE_PORT_OFFSET}, else 0.
   *
   * @throws StackException when {@code VIGIE_PORT_OFFSET} is not a number within range
   */
  public static Site of(Path root, Map<String, String> environment) {
    Path state = root.resolve(".vigie");
    String recorded = running(state.resolve("run")) ? read(state.resolve("run/offset")) : "";
    String wished = environment.getOrDefault("VIGIE_PORT_OFFSET", "");
    String offset = !recorded.isEmpty() ? recorded : wished.isBlank() ? "0" : wished.trim();
    if (!offset.matches("\\d{1,5}")) {
      throw new StackException(
          "VIGIE_PORT_OFFSET must be a whole number from 0 to "
              + MAX_OFFSET
              + ", not \""
              + offset
              + "\".");
    }
    return new Site(root, state, state.resolve("cache"), Integer.parseInt(offset));
  }

  /**
   * Makes the state directory, which its owner alone may enter: it holds everything the services
   * know.
   */
  void create() throws IOException {
    if (!Files.exists(state)) {
      Files.createDirectories(state.toAbsolutePath().getParent());
      Files.createDirectory(
          state,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.createDirectories(run());
  }

  /**
   * Only one start, stop, backup or restore at a time in a state directory, whichever process it
   * comes from.
   */
  void exclusively(Runnable work) {
    try {
      create();
      try (FileChannel channel =
          FileChannel.open(
              state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        if (channel.tryLock() == null) {
          throw busy();
        }
        work.run();
      }
    } catch (OverlappingFileLockException e) {
      throw busy(); // a thread of this very process
    } catch (IOException | UncheckedIOException e) {
      throw new StackException("Cannot write under " + state + ": " + e.getMessage(), e);
    }
  }

  private static StackException busy() {
    return new StackException(
        "Another vigie is starting, stopping or backing up this stack. Wait for it, then try again.");
  }

  /** Deletes all state; the unpacked programs stay. */
  void wipe() {
    try {
      for (String part : STATE) {
        Archives.delete(state.resolve(part));
      }
      Archives.delete(unpacked());
      Files.deleteIfExists(replacing());
    } catch (IOException e) {
      throw new StackException("Cannot delete the state under " + state + ": " + e.getMessage(), e);
    }
  }

  /** Whether there is anything that nobody could make anew. */
  boolean holdsData() {
    return Files.exists(data()) || Files.exists(state.resolve(PersonKeys.DIRECTORY));
  }

  /** Where a backup is unpacked before it is the state. */
  Path unpacked() {
    return state.resolve("restore.half");
  }

  /** There while one state is being replaced by another, and after that was interrupted. */
  private Path replacing() {
    return state.resolve("restore.replacing");
  }

  /**
   * Makes what is {@link #unpacked()} the state, in the place of all that is here. A stack that
   * speaks TLS goes on to, whatever the other one did.
   */
  void replaceState() throws IOException {
    Files.writeString(replacing(), "");
    for (String part : STATE) {
      boolean comes = Files.exists(unpacked().resolve(part));
      if (comes || !part.equals(Tls.DIRECTORY)) {
        Archives.delete(state.resolve(part));
      }
      if (comes) {
        Files.move(unpacked().resolve(part), state.resolve(part), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Archives.delete(unpacked());
    Files.delete(replacing());
  }

  /**
   * Makes sure that the state is that of one moment.
   *
   * @throws StackException when a restore was interrupted while it replaced another one
   */
  void requireWhole() {
    if (Files.exists(replacing())) {
      throw new StackException(
          "A restore was interrupted, and left parts of two states. Restore again, with --wipe.");
    }
  }

  /** Remembers the offset in force, so that a later command in this checkout finds the stack. */
  void recordOffset() {
    try {
      Files.writeString(run().resolve("offset"), Integer.toString(offset));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void forgetOffset() {
    try {
      Files.deleteIfExists(run().resolve("offset"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes that may still be written where the state lives. */
  long usableSpace() {
    try {
      return Files.getFileStore(state).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void requireSpace(long usable) {
    if (usable < DISK_NEEDED) {
      throw new StackException(
          "The disk that holds %s is nearly full: %d MiB are left and the stack needs %d. Make room there, then ./vigie up"
              .formatted(state, usable >> 20, DISK_NEEDED >> 20));
    }
  }

  int port(int documented) {
    return documented + offset;
  }

  /** Where a component that speaks HTTP on this port is reached, without a path. */
  String url(int port) {
    return (tls().used() ? "https://" : "http://") + LOOPBACK + ":" + port;
  }

  Tls tls() {
    return new Tls(this);
  }

  Path run() {
    return state.resolve("run");
  }

  /** What a component is run from: a build, which replaces the original, does not reach it. */
  Path app(String name) {
    return run().resolve("app").resolve(name);
  }

  /** Where the archives of loaded classes are: made of programs alone, they outlive the data. */
  Path archives() {
    return state.resolve("archives");
  }

  Path data() {
    return state.resolve("data");
  }

  Path data(String name) {
    return data().resolve(name);
  }

  /** The passwords of the stack. */
  Path secrets() {
    return state.resolve("secrets.properties");
  }

  Path log(String name) {
    return state.resolve("log").resolve(name + ".log");
  }

  /** Whether any process runs that was started from this directory, after a power cut none. */
  private static boolean running(Path run) {
    if (!Files.isDirectory(run)) {
      return false;
    }
    try (DirectoryStream<Path> pidFiles = Files.newDirectoryStream(run, "*.pid")) {
      for (Path pidFile : pidFiles) {
        if (Daemon.process(pidFile).isPresent()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file).trim() : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
