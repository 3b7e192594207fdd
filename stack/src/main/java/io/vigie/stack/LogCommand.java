package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
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
          String reason)
      throws IOException {
    if (!stack.healthy("audit")) {
      throw new StackException("The audit service does not run here. Start it: ./vigie up -d");
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(stack.url("audit") + "/v1/log/succession"))
            .header("Authorization", "Bearer " + stack.token("sysadmin"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    Http.JSON.writeValueAsString(Map.of("origin", origin, "reason", reason))));
    HttpResponse<String> answer =
        Http.exchange(request, HttpResponse.BodyHandlers.ofString(), PATIENCE);
    JsonNode body = Http.JSON.readTree(answer.body());
    if (answer.statusCode() != 200) {
      throw new StackException(
          "The log was not succeeded: " + body.path("detail").asText(answer.body()));
    }
    System.out.printf(
        "The log %s goes on as %s, with %s entries of it behind entry 0.%n",
        body.path("predecessor").asText(), origin, body.path("restoredSize").asText());
    if (body.hasNonNull("lostFrom")) {
      System.out.printf(
          "Published and lost: entries %s to %s.%n",
          body.path("lostFrom").asText(), body.path("lostTo").asText());
    }
    return 0;
  }
}
