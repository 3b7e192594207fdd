package io.vigie.access.directory;

import java.time.Instant;
import java.util.List;

import io.smallrye.mutiny.Uni;

/**
 * What a directory tells of itself: who signed in, and what was changed. Oldest first, a page at a
 * time. Fails with {@link DirectoryFailure}.
 */
public interface DirectoryEvents {

  /** Something that happened, once. */
  interface Event {

    /** Tells it from all others of its kind. */
    String id();

    Instant at();
  }

  /** What somebody did. */
  enum SignInKind {
    STARTED,
    ENDED,
    FAILED
  }

  /**
   * Somebody, or some program, signed in or out, or tried to.
   *
   * @param account null where none was found
   * @param session null where there is none
   * @param client the program that it was for; null where none was found
   * @param address where it came from; null where the directory does not say
   * @param error why it failed, as the directory calls it; null where it did not
   */
  record SignIn(
      String id,
      SignInKind kind,
      String account,
      String session,
      String client,
      String address,
      String error,
      Instant at)
      implements Event {}

  /**
   * Something was changed.
   *
   * @param account whose; null where it may concern any
   */
  record Change(String id, String account, Instant at) implements Event {}

  Uni<List<SignIn>> signIns(Instant from, int first, int limit);

  Uni<List<Change>> changes(Instant from, int first, int limit);
}
