package io.vigie.stack;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What somebody may ask of whoever holds data about them, of all services at once. */
@Command(
    name = "person",
    description = "Answer somebody who asks what is held of them, or to be forgotten.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class PersonCommand {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration BETWEEN = Duration.ofMillis(500);

  /** A pack of evidence may have 100,000 entries. */
  private static final Duration PACKED_WITHIN = Duration.ofMinutes(10);

  private final Stack stack;

  PersonCommand(Stack stack) {
    this.stack = stack;
  }

  @Command(
      description = {
        "Write what the services hold of somebody (GDPR article 15) into a ZIP archive for its owner alone:",
        "the rows of each database, and what the log has about them, with proofs. That it was taken is in the log.",
        "Look through it before it is handed out: texts may be about others, too."
      },
      mixinStandardHelpOptions = true)
  int export(
      @Parameters(paramLabel = "PERSON", description = "The person's id in access-service.")
          UUID person,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "FILE",
              description = "Where to; not there yet.")
          Path file,
      @ArgGroup(exclusive = false) Elsewhere elsewhere)
      throws IOException {
    Caller ciso = Elsewhere.caller(elsewhere, stack, "ciso", Service.NAMES);
    JsonNode known = ciso.get("access", "/v1/people/" + person).body();
    boolean whole = false;
    try (FileChannel channel =
            FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                OwnerOnly.FILE);
        ZipOutputStream archive =
            new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)))) {
      add(archive, "person.json", known);
      for (String service : Service.NAMES) {
        List<JsonNode> held = held(ciso, service, known);
        add(archive, service + ".json", held);
        System.out.printf("%-9s %6d rows%n", service, held.size());
      }
      addEvidence(ciso, archive, known);
      whole = true;
    } catch (FileAlreadyExistsException e) {
      whole = true; // It is somebody else's.
      throw new StackException(file + " exists: nothing is written over.");
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
    System.out.println(file + " has it all. ./vigie verify pack checks log.zip, which is in it.");
    return 0;
  }

  @Command(
      description = {
        "Have all services forget somebody who left (GDPR article 17): their name here, their account, and what the",
        "log holds about them. It says what is kept, and why. If it breaks off, the same command goes on."
      },
      mixinStandardHelpOptions = true)
  int erase(
      @Parameters(paramLabel = "PERSON", description = "The person's id in access-service.")
          UUID person,
      @Option(
              names = "--reason",
              required = true,
              description = "Why, without names: it stays in the log for ever.")
          String reason,
      @Option(
              names = "--reference",
              required = true,
              description = "The request that this answers, as you file it; without names.")
          String reference,
      @ArgGroup(exclusive = false) Elsewhere elsewhere)
      throws IOException {
    Caller ciso = Elsewhere.caller(elsewhere, stack, "ciso", Service.NAMES);
    Caller.Answer found = ciso.get("access", "/v1/people/" + person);
    JsonNode known = found.body();
    if (!known.path("state").asText().equals("LEFT")) {
      throw new StackException(
          "Who works here, or will, is not erased. Have them leave first: POST /v1/people/"
              + person
              + "/departure.");
    }
    if (known.hasNonNull("erasedAt")) {
      System.out.printf("Their name was forgotten at %s.%n", known.path("erasedAt").asText());
    } else {
      ciso.post(
          "access",
          "/v1/people/" + person + "/erasure",
          Map.of("reason", reason, "reference", reference),
          found.version());
      System.out.println("Their name is forgotten.");
    }
    JsonNode erasure = awaitErasure(ciso, person);
    System.out.printf(
        "What the log held about them cannot be read any more: %s payloads, by erasure %s, which answers %s.%n",
        erasure.path("payloads").asText(),
        erasure.path("id").asText(),
        erasure.path("reference").asText());
    if (!erasure.path("reference").asText().equals(reference)) {
      System.out.printf(
          "That was ordered before: %s and its reason are recorded nowhere.%n", reference);
    }
    awaitDirectory(ciso, person);
    System.out.println("The directory has no account of theirs.");
    for (String service : Service.NAMES) {
      printKept(service, held(ciso, service, known));
    }
    erasure
        .path("outOfReach")
        .forEach(each -> System.out.println("Out of reach: " + each.asText()));
    return 0;
  }

  private static List<JsonNode> held(Caller ciso, String service, JsonNode person)
      throws IOException {
    String path = "/v1/data-subjects/" + person.path("id").asText();
    return ciso.listAll(
        service,
        person.hasNonNull("subject") ? path + "?account=" + person.path("subject").asText() : path);
  }

  private static void add(ZipOutputStream archive, String name, Object content) throws IOException {
    archive.putNextEntry(new ZipEntry(name));
    archive.write(Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    archive.closeEntry();
  }

  private static void addEvidence(Caller ciso, ZipOutputStream archive, JsonNode person)
      throws IOException {
    String objects = "?object=person/" + person.path("id").asText();
    if (person.hasNonNull("subject")) {
      objects += "&object=account/" + person.path("subject").asText();
    }
    HttpResponse<InputStream> answer =
        ciso.ask(
            "audit",
            "/v1/log/evidence" + objects,
            null,
            HttpResponse.BodyHandlers.ofInputStream(),
            PACKED_WITHIN);
    try (InputStream pack = answer.body()) {
      if (answer.statusCode() != 200) {
        String problem = new String(pack.readAllBytes(), StandardCharsets.UTF_8);
        throw new StackException("The log gave no evidence: " + Http.detail(answer, problem));
      }
      archive.putNextEntry(new ZipEntry("log.zip"));
      pack.transferTo(archive);
      archive.closeEntry();
    }
  }

  /** The erasure of the log's payloads, which follows the event once that is logged. */
  private static JsonNode awaitErasure(Caller ciso, UUID person) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      List<JsonNode> told =
          ciso.list("audit", "/v1/log/entries?type=person.erased.v1&subject=person/" + person);
      if (!told.isEmpty()) {
        String event = told.get(0).at("/entry/id").asText();
        for (JsonNode erasure : ciso.list("audit", "/v1/erasures?event=" + event)) {
          if (erasure.hasNonNull("doneAt")) {
            return erasure;
          }
        }
      }
      Daemon.pause(BETWEEN);
    }
    throw new StackException(
        "The log has not followed yet; it goes on by itself. The same command tells when it has.");
  }

  private static void awaitDirectory(Caller ciso, UUID person) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<JsonNode> waiting = ciso.list("access", "/v1/directory/changes?person=" + person);
      if (waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new StackException(
            "Their account is still to be deleted, which is tried again by itself: "
                + waiting.get(0).path("lastError").asText("the directory was not asked yet"));
      }
      Daemon.pause(BETWEEN);
    }
  }

  private static void printKept(String service, List<JsonNode> held) {
    Map<String, Map<String, Long>> tables =
        held.stream()
            .collect(
                Collectors.groupingBy(
                    PersonCommand::why,
                    TreeMap::new,
                    Collectors.groupingBy(
                        row -> row.path("table").asText(), TreeMap::new, Collectors.counting())));
    System.out.printf("%s keeps %d rows that bear an id of theirs.%n", service, held.size());
    tables.forEach(
        (why, counts) ->
            System.out.printf(
                "  %s%n    %s%n",
                counts.entrySet().stream()
                    .map(count -> count.getKey() + " " + count.getValue())
                    .collect(Collectors.joining(", ")),
                why));
  }

  private static String why(JsonNode row) {
    JsonNode kept = row.path("kept");
    return kept.hasNonNull("because")
        ? "%s (%s) Until: %s."
            .formatted(
                kept.path("because").asText(),
                kept.path("legal").asText(),
                kept.path("until").asText())
        : "Nothing of it stays: " + row.path("erased").asText();
  }
}
