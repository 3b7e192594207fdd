package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/** Puts a backup in the place of a stack's state, and has the log that it holds looked at. */
final class Restore {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Stack stack;
  private final Site site;

  Restore(Stack stack) {
    this.stack = stack;
    this.site = stack.site();
  }

  /**
   * Makes what the backup holds the state of this stack. Interrupted, it leaves what was here, or
   * what does not start. The newest checkpoint of the log stays known: this one, that of the
   * backup, or that of the state which is replaced.
   *
   * @param wipe whether data that is here may be deleted
   * @param checkpoint that somebody kept elsewhere; null without
   * @throws StackException when the folder is no whole backup, the stack runs, or there is data
   *     here; nothing is changed then
   */
  void from(Path backup, boolean wipe, Path checkpoint) {
    site.exclusively(
        () -> {
          try {
            replace(backup, wipe, checkpoint);
          } catch (IOException e) {
            throw new StackException("It cannot be restored: " + e, e);
          }
        });
  }

  private void replace(Path backup, boolean wipe, Path checkpoint) throws IOException {
    if (stack.running()) {
      throw new StackException("The stack runs. Stop it before: ./vigie down");
    }
    if (site.holdsData() && !wipe) {
      throw new StackException(
          "There is data under "
              + site.state()
              + ". To delete it and restore the backup in its place, say --wipe.");
    }
    if (checkpoint != null) {
      size(checkpoint); // or it is none
    }
    List<String> files = Manifest.verified(backup, Backup.NEEDED);
    String newest = newest(backup, checkpoint);
    Archives.delete(site.unpacked());
    try {
      unpack(backup, files, newest);
    } catch (IOException e) {
      Archives.delete(site.unpacked());
      throw e;
    }
    stack.stopNow();
    site.replaceState();
  }

  private void unpack(Path backup, List<String> files, String newest) throws IOException {
    Files.createDirectory(site.unpacked(), OwnerOnly.FOLDER);
    for (String file : files) {
      if (file.endsWith(".tar")) {
        Archives.untar(backup.resolve(file), site.unpacked());
      }
    }
    if (newest != null) {
      Path published = unpacked(Service.logFile(site, Service.CHECKPOINT));
      Files.createDirectories(published.getParent());
      Files.writeString(published, newest);
    }
    OwnerOnly.make(site.unpacked());
  }

  /** Where a file of the state lies while it is not that yet. */
  private Path unpacked(Path file) {
    return site.unpacked().resolve(site.state().relativize(file));
  }

  /** The checkpoint that covers most entries, also of a restore that was interrupted. */
  private String newest(Path backup, Path checkpoint) throws IOException {
    Path here = Service.logFile(site, Service.CHECKPOINT);
    List<Path> known =
        new ArrayList<>(List.of(here, unpacked(here), backup.resolve(Backup.CHECKPOINT)));
    if (checkpoint != null) {
      known.add(checkpoint);
    }
    Path newest = null;
    for (Path each : known) {
      if (Files.exists(each) && (newest == null || size(each) > size(newest))) {
        newest = each;
      }
    }
    return newest == null ? null : Files.readString(newest);
  }

  /** How many entries a checkpoint covers: it says so in its second line. */
  private static long size(Path checkpoint) throws IOException {
    List<String> lines = Files.readAllLines(checkpoint);
    if (lines.size() < 3 || !lines.get(1).matches("[0-9]{1,18}")) {
      throw new StackException(checkpoint + " is no checkpoint of a log.");
    }
    return Long.parseLong(lines.get(1));
  }

  /**
   * Has the offline verifier look at the log of the stack, which runs, and hold it against what was
   * published of it when it was backed up.
   *
   * @return its exit code
   */
  int verify(Path backup) throws InterruptedException {
    Path published = backup.resolve(Backup.CHECKPOINT);
    return new Verification(site, stack)
        .with(
            Files.exists(published)
                ? List.of("export", "--checkpoint", published.toString())
                : List.of("export"));
  }

  /**
   * Why the log refuses to go on, as audit-service says; empty where it goes on.
   *
   * @throws StackException when it says neither within three minutes
   */
  Optional<String> refusal() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      JsonNode published = published();
      String refusal = published.at("/data/refusal").asText();
      if (!refusal.isEmpty()) {
        return Optional.of(refusal);
      }
      // It knows what was published before it has held the log against that.
      if (published.path("status").asText().equals("UP")
          && published.at("/data/size").asLong(Long.MAX_VALUE) <= logged()) {
        return Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        throw new StackException(
            "The log does not say whether it goes on. See ./vigie logs audit, and " + well());
      }
      Daemon.pause(Duration.ofMillis(200));
    }
  }

  private JsonNode published() throws IOException {
    HttpResponse<String> health =
        Http.exchange(HttpRequest.newBuilder(well()), HttpResponse.BodyHandlers.ofString());
    for (JsonNode check : Http.JSON.readTree(health.body()).path("checks")) {
      if (check.path("name").asText().equals("log published")) {
        return check;
      }
    }
    return Http.JSON.missingNode();
  }

  private URI well() {
    return URI.create(stack.url("audit") + "/q/health/well");
  }

  private long logged() throws IOException {
    return Http.json(
            HttpRequest.newBuilder(URI.create(stack.url("audit") + "/v1/log"))
                .header("Authorization", "Bearer " + stack.token("auditor")))
        .path("size")
        .asLong();
  }
}
