package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.Stack;

/**
 * Puts an older state of the whole database back under a platform at rest, as a careless restore
 * would, and looks whether the log sees it: it must refuse, and sign nothing any more.
 */
final class Rewind {

  private static final long SEEN_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** For which the log must stand still while clients write: much more than it takes to grow. */
  private static final long STILL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Platform platform;
  private final Stack stack;
  private final Api api;
  private final Ledger ledger;
  private final Path data;
  private final Path older;

  /**
   * @param ledger of the client that works before and after
   */
  Rewind(Platform platform, Api api, Ledger ledger) {
    this.platform = platform;
    this.stack = platform.stack();
    this.api = api;
    this.ledger = ledger;
    this.data = platform.state().resolve("data/" + Platform.DATABASE);
    this.older = platform.state().resolve("older-" + Platform.DATABASE);
  }

  /**
   * Keeps a copy of the database, lets {@code work} go on until the log has grown, and puts the
   * copy back.
   *
   * @return what is not as it must be
   */
  List<Difference> restoreAfter(Client client, Journey work)
      throws IOException, InterruptedException {
    stack.stop(Platform.DATABASE);
    copy(data, older);
    stack.start(Platform.DATABASE);
    String before = checkpoint();
    String newest = before;
    long deadline = System.nanoTime() + SEEN_WITHIN_NANOS;
    while (size(newest).equals(size(before)) && System.nanoTime() < deadline) {
      try {
        work.walk(client);
      } catch (Client.GaveUp e) {
        // the database is coming back
      }
      newest = checkpoint();
    }
    stack.kill(Platform.DATABASE);
    copy(older, data);
    stack.start(Platform.DATABASE);
    return hasSeen(System.nanoTime() + SEEN_WITHIN_NANOS)
        ? standing(newest, client, work)
        : List.of(unseen(newest));
  }

  private boolean hasSeen(long deadline) {
    while (System.nanoTime() < deadline) {
      try {
        if (refuses(health())) {
          return true;
        }
      } catch (IOException e) {
        // the database is coming back
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
    return false;
  }

  private JsonNode health() throws IOException {
    return Api.JSON.readTree(
        api.send("auditor", "GET", "audit", "/q/health/well", null, request -> {}).body());
  }

  /** Whether the log says of itself that it is not well, and why it does not go on. */
  static boolean refuses(JsonNode health) {
    for (JsonNode check : health.path("checks")) {
      if (check.path("name").asText().equals("log published")) {
        return check.path("status").asText().equals("DOWN")
            && !check.path("data").path("refusal").asText().isEmpty();
      }
    }
    return false;
  }

  /**
   * Clients write on; what the log shows is what it had signed, and stays that from the first write
   * that is done for as long as it must stand still.
   */
  List<Difference> standing(String signed, Client client, Journey work) {
    long before = ledger.count(Write.Fate.DONE);
    List<String> shown = new ArrayList<>();
    List<Difference> differences = new ArrayList<>();
    boolean written = false;
    long end = System.nanoTime() + SEEN_WITHIN_NANOS;
    try {
      shown.add(checkpoint());
      while (System.nanoTime() < end) {
        try {
          work.walk(client);
        } catch (Client.GaveUp e) {
          // what the older database lacks may be refused
        }
        if (!written && ledger.count(Write.Fate.DONE) > before) {
          written = true;
          end = System.nanoTime() + STILL_NANOS;
        }
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        shown.add(checkpoint());
      }
      if (!refuses(health())) {
        differences.add(unseen(signed));
      }
      differences.addAll(unwritten(ledger.count(Write.Fate.DONE) - before));
    } catch (IOException e) {
      differences.add(
          new Difference(
              "the log that refuses to go on",
              "answers who asks for what it had signed",
              e.toString()));
    }
    if (!shown.isEmpty()) {
      differences.addAll(moves(signed, shown));
    }
    return differences;
  }

  /** That a log stands still says something only while there is what it could grow by. */
  static List<Difference> unwritten(long writes) {
    return writes > 0
        ? List.of()
        : List.of(
            new Difference(
                "clients, after an older database was put back",
                "have a write done within two minutes",
                "none"));
  }

  /**
   * What is not as it must be of what a log shows that refuses to go on.
   *
   * @param signed the newest that was seen before; it may have signed a later one
   */
  static List<Difference> moves(String signed, List<String> shown) {
    List<String> first = Checkpoints.head(shown.get(0));
    List<Difference> differences = new ArrayList<>();
    if (Long.parseLong(first.get(1)) < Long.parseLong(size(signed))) {
      differences.add(
          new Difference(
              "the log that refuses to go on",
              "shows what it had signed, " + size(signed) + " entries or more",
              first.get(1)));
    }
    shown.stream()
        .map(Checkpoints::head)
        .filter(head -> !head.equals(first))
        .findFirst()
        .ifPresent(
            other ->
                differences.add(
                    new Difference(
                        "the log that refuses to go on",
                        "its checkpoint stays " + first,
                        "then " + other)));
    return differences;
  }

  private Difference unseen(String newest) {
    String shows;
    try {
      shows = "shows a checkpoint of " + size(checkpoint());
    } catch (IOException e) {
      shows = "shows none: " + e.getMessage();
    }
    return new Difference(
        "the log, after an older database was put back",
        "it refuses, since it had signed " + size(newest) + " entries",
        "it does not, and " + shows);
  }

  private String checkpoint() throws IOException {
    long deadline = System.nanoTime() + SEEN_WITHIN_NANOS;
    Optional<String> shown = api.checkpoint();
    while (shown.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS); // the database is coming back
      shown = api.checkpoint();
    }
    return shown.orElseThrow(() -> new IOException("the log shows no checkpoint any more"));
  }

  private static String size(String note) {
    return Checkpoints.head(note).get(1);
  }

  /** With owners and modes, without which PostgreSQL does not start. */
  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    for (List<String> command :
        List.of(
            List.of("rm", "-rf", to.toString()),
            List.of("cp", "-a", from.toString(), to.toString()))) {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed");
      }
    }
    Files.deleteIfExists(to.resolve("postmaster.pid"));
  }
}
