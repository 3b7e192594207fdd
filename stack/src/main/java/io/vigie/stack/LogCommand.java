package io.vigie.stack;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does about the traceability log. */
@Command(
    name = "log",
    description = "Act on the traceability log.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class LogCommand {
  /** A new log repeats every entry of the old one. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  /** Services give up a request after 10 s, and say so a moment later. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(75);

  private final Stack stack;

  LogCommand(Stack stack) {
    this.stack = stack;
  }

  @Command(
      name = "new-key",
      description = "Make a key that may take over from the one the log signs with.",
      mixinStandardHelpOptions = true)
  int newKey(@Parameters(paramLabel = "FILE", description = "Where to; not there yet.") Path file)
      throws IOException {
    if (Files.exists(file)) {
      throw new StackException(file + " exists: a key is never replaced.");
    }
    LogKey.ensure(file.toAbsolutePath());
    System.out.println("Name it in vigie.log.next-key-file of audit-service: " + file);
    return 0;
  }

  @Command(
      description = {
        "Begin a new log with what is left of one that refuses to go on.",
        "Its entry 0 says what was lost. The old one is kept in the database, apart."
      },
      mixinStandardHelpOptions = true)
  int succeed(
      @Option(
              names = "--origin",
              required = true,
              description = "The new log's name, never used before: a URL without its scheme.")
          String origin,
      @Option(
              names = "--reason",
              required = true,
              description = "What happened, for whoever reads the log later.")
          String reason,
      @ArgGroup(exclusive = false) Elsewhere elsewhere)
      throws IOException {
    Caller sysadmin = Elsewhere.caller(elsewhere, stack, "sysadmin", List.of("audit"));
    HttpResponse<String> answer =
        sysadmin.ask(
            "audit",
            "/v1/log/succession",
            Map.of("origin", origin, "reason", reason),
            HttpResponse.BodyHandlers.ofString(),
            PATIENCE);
    if (answer.statusCode() == 504) {
      throw new StackException(
          "The gateway waits no longer, and the service goes on: once it is done, "
              + answer.uri().resolve("/log/vkey")
              + " has the new name, and entry 0 says what was lost.");
    }
    if (answer.statusCode() != 200) {
      throw new StackException("The log was not succeeded: " + Http.detail(answer, answer.body()));
    }
    JsonNode body = Http.JSON.readTree(answer.body());
    System.out.printf(
        "The log %s goes on as %s, with %s entries of it behind entry 0.%n",
        body.path("predecessor").asText(), origin, body.path("restoredSize").asText());
    if (body.hasNonNull("lostFrom")) {
      System.out.printf(
          "Published and lost: entries %s to %s.%n",
          body.path("lostFrom").asText(), body.path("lostTo").asText());
    }
    if (body.path("altered").asBoolean()) {
      System.out.println(
          "No entry is missing, but they are not those that were published: some were changed."
              + " The old log is kept for whoever investigates (docs/operations.md).");
    }
    return 0;
  }

  @Command(
      name = "reset-offsets",
      description = {
        "Have the log read topics from their beginning that do not have its positions any more:",
        "they were lost and made anew, or came back from an older copy. Others are left alone."
      },
      mixinStandardHelpOptions = true)
  int resetOffsets(
      @Option(
              names = "--reason",
              required = true,
              description = "What happened, for whoever reads the log later.")
          String reason,
      @ArgGroup(exclusive = false) Elsewhere elsewhere)
      throws IOException {
    JsonNode done =
        ask(elsewhere, "/v1/log/offset-reset", Map.of("reason", reason), "No offset was reset: ");
    for (JsonNode each : done.path("partitions")) {
      System.out.printf(
          "%s, partition %s: read on from %s, and no longer from %s.%n",
          each.path("topic").asText(),
          each.path("partition").asText(),
          each.path("to").asText(),
          each.path("from").asText());
    }
    System.out.println(
        "What was sent and not logged is told as log-gap, where nobody sends it again.");
    return 0;
  }

  @Command(
      name = "acknowledge-gap",
      description = {
        "Say that events will not come which the log misses: it tells of their numbers no more.",
        "It cannot be taken back. Where not all of them are missing, nothing is done and those",
        "that are missing are named."
      },
      mixinStandardHelpOptions = true)
  int acknowledgeGap(
      @Option(
              names = "--source",
              required = true,
              description = "Who numbered them, as the alert says: /vigie/asset.")
          String source,
      @Option(
              names = "--subject",
              description = {
                "The object whose events have these numbers, as the alert says: asset/ID.",
                "Without it they are the numbers that the source gave."
              })
          String subject,
      @Option(
              names = "--first",
              required = true,
              description = "The first of the numbers that will not come.")
          long first,
      @Option(names = "--last", required = true, description = "The last one.") long last,
      @Option(
              names = "--reason",
              required = true,
              description = "What happened, for whoever reads the log later.")
          String reason,
      @ArgGroup(exclusive = false) Elsewhere elsewhere)
      throws IOException {
    Map<String, Object> gap = new HashMap<>();
    gap.put("source", source);
    gap.put("subject", subject);
    gap.put("first", first);
    gap.put("last", last);
    gap.put("reason", reason);
    ask(elsewhere, "/v1/log/gap-acknowledgement", gap, "No gap was acknowledged: ");
    System.out.printf(
        "Numbers %d to %d of %s are told as missing no more; the log says who said so, and why.%n",
        first, last, subject == null ? source : subject);
    return 0;
  }

  /**
   * What audit-service answers to who looks after it.
   *
   * @param refused begins what is said where it does not do it
   */
  private JsonNode ask(Elsewhere elsewhere, String path, Map<String, ?> body, String refused)
      throws IOException {
    Caller sysadmin = Elsewhere.caller(elsewhere, stack, "sysadmin", List.of("audit"));
    HttpResponse<String> answer =
        sysadmin.ask("audit", path, body, HttpResponse.BodyHandlers.ofString(), ANSWERED_WITHIN);
    if (answer.statusCode() != 200) {
      throw new StackException(refused + Http.detail(answer, answer.body()));
    }
    return Http.JSON.readTree(answer.body());
  }
}
