package io.vigie.stack;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.maven.artifact.versioning.ComparableVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Holds what a build is made of against what is known to be vulnerable, without a network. What
 * cannot be read ends it: it must not pass for harmless.
 */
@Command(
    name = "vulnerabilities",
    description = {
      "Hold bills of materials against an export of OSV that lies here; nobody is asked.",
      "It ends with 1 where a vulnerability is known, and where something cannot be read."
    },
    mixinStandardHelpOptions = true)
final class VulnerabilitiesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--osv",
      required = true,
      paramLabel = "FOLDER",
      description = "Documents of OSV, as its export for Maven has them (Maven/all.zip, unpacked).")
  private Path export;

  @Parameters(
      arity = "1..*",
      paramLabel = "BOM",
      description = "Bills of materials: CycloneDX, in JSON.")
  private List<Path> bills;

  /** Versions of artefacts of Maven, by {@code group:artifact}. */
  private final Map<String, Set<String>> held = new HashMap<>();

  private int others;

  @Override
  public Integer call() {
    List<Path> documents;
    try (Stream<Path> files = Files.walk(export)) {
      documents = files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new StackException("It cannot be read: " + e, e);
    }
    if (documents.isEmpty()) {
      throw new StackException("There is no document of OSV in " + export + ".");
    }
    for (Path bill : bills) {
      collect(read(bill, "bomFormat", "components"));
    }
    if (held.isEmpty()) {
      throw new StackException("No artefact of Maven is named in " + bills + ".");
    }
    Set<String> known = new TreeSet<>();
    String newest = "";
    for (Path file : documents) {
      JsonNode document = read(file, "id", "modified");
      String modified = document.path("modified").asText();
      newest = modified.compareTo(newest) > 0 ? modified : newest;
      if (!document.hasNonNull("withdrawn")) {
        known.addAll(found(document));
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    known.forEach(out::println);
    out.printf(
        "Known: %d, of %d artefacts of Maven, by %d documents of OSV, the newest of %s.%n",
        known.size(),
        held.values().stream().mapToInt(Set::size).sum(),
        documents.size(),
        inert(newest));
    out.printf("Not looked up, since they are no artefacts of Maven: %d components.%n", others);
    return known.isEmpty() ? 0 : 1;
  }

  /** Components may hold components. */
  private void collect(JsonNode holder) {
    for (JsonNode component : holder.path("components")) {
      if (component.path("purl").asText().startsWith("pkg:maven/") && component.has("version")) {
        held.computeIfAbsent(
                component.path("group").asText() + ":" + component.path("name").asText(),
                name -> new TreeSet<>())
            .add(component.path("version").asText());
      } else {
        others++;
      }
      collect(component);
    }
  }

  /** A document that has these members, or the end. */
  private static JsonNode read(Path file, String... members) {
    try {
      JsonNode document = Http.JSON.readTree(file.toFile());
      if (Stream.of(members).allMatch(document::hasNonNull)) {
        return document;
      }
      throw new StackException(file + " lacks one of " + List.of(members) + ".");
    } catch (IOException e) {
      throw new StackException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A line for each version held that a document is about. */
  private List<String> found(JsonNode document) {
    List<String> lines = new ArrayList<>();
    for (JsonNode affected : document.path("affected")) {
      String name = affected.at("/package/name").asText();
      boolean isOfMaven = affected.at("/package/ecosystem").asText().matches("Maven(:.*)?");
      for (String version : isOfMaven ? held.getOrDefault(name, Set.of()) : Set.<String>of()) {
        if (isAffected(affected, version)) {
          lines.add(
              inert(
                  "%s %s: %s %s %s (mended in: %s)"
                      .formatted(
                          name,
                          version,
                          document.path("id").asText(),
                          String.join(" ", texts(document.path("aliases"))),
                          document.path("summary").asText(),
                          mendedIn(affected))));
        }
      }
    }
    return lines;
  }

  private static String mendedIn(JsonNode affected) {
    Set<String> versions = new TreeSet<>();
    for (JsonNode range : affected.path("ranges")) {
      events(range, "fixed").forEach(version -> versions.add(version.toString()));
    }
    return versions.isEmpty() ? "nothing known" : String.join(", ", versions);
  }

  /** What others wrote moves no cursor. */
  private static String inert(String text) {
    return text.replaceAll("[\\p{Cntrl}\\s]+", " ");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static boolean isAffected(JsonNode affected, String version) {
    ComparableVersion tested = new ComparableVersion(version);
    boolean isAffected = texts(affected.path("versions")).contains(version);
    for (JsonNode range : affected.path("ranges")) {
      isAffected |= !range.path("type").asText().equals("GIT") && isIn(range, tested);
    }
    return isAffected;
  }

  /** Behind a beginning, and no end between the two: in whatever order a document has them. */
  private static boolean isIn(JsonNode range, ComparableVersion tested) {
    List<ComparableVersion> fixed = events(range, "fixed");
    List<ComparableVersion> last = events(range, "last_affected");
    return events(range, "introduced").stream()
        .filter(begin -> begin.toString().equals("0") || begin.compareTo(tested) <= 0)
        .anyMatch(
            begin ->
                fixed.stream()
                        .noneMatch(end -> end.compareTo(begin) > 0 && end.compareTo(tested) <= 0)
                    && last.stream()
                        .noneMatch(end -> end.compareTo(begin) >= 0 && end.compareTo(tested) < 0));
  }

  private static List<ComparableVersion> events(JsonNode range, String kind) {
    List<ComparableVersion> versions = new ArrayList<>();
    for (JsonNode event : range.path("events")) {
      if (event.has(kind)) {
        versions.add(new ComparableVersion(event.get(kind).asText()));
      }
    }
    return versions;
  }
}
