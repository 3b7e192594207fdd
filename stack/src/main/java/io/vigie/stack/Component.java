package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One process of the stack: what it needs, how it is prepared and started, and how one knows that
 * it works.
 */
public interface Component {

  /** Its short name: of its log, in {@code status} and in {@code logs NAME}. */
  String name();

  /** The ports it listens on, offset included. */
  List<Integer> ports();

  /** The components that must be healthy before this one starts. */
  List<String> needs();

  /** Where a user reaches it, for people to read. */
  String address();

  /**
   * Idempotent work before the process can start: unpacking, formatting. The progress lines are for
   * the user.
   */
  void prepare(Progress progress) throws Exception;

  /**
   * The command, environment and directory of the process. It stays in the foreground of its own
   * session.
   */
  ProcessBuilder command() throws Exception;

  /**
   * The files, and folders of files, whose classes its JVM loads, once it is prepared: they are
   * kept loaded for its next start. None where it is no JVM, or one that starts fast enough.
   */
  default List<Path> programs() throws IOException {
    return List.of();
  }

  /**
   * Returns when the component answers a real request; throws, with the reason, while it does not.
   */
  void probe() throws Exception;

  /** Idempotent work on the healthy component before anything that needs it may start. */
  default void provision() throws Exception {}

  /** The signal, without SIG, that makes it stop in good order. */
  default String stopSignal() {
    return "TERM";
  }

  /** How long it may take from start to healthy on a slow machine. */
  default Duration patience() {
    return Duration.ofSeconds(300);
  }

  /** What the user is told while the stack starts. */
  interface Progress {
    void say(String component, String what);
  }
}
