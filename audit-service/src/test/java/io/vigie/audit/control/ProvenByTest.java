package io.vigie.audit.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What may turn a rule is evidence of it: whoever audits the rule reads the entry that a turn leads
 * to. Which events change a member, their examples tell; most snapshots only repeat it.
 */
class ProvenByTest {

  private static final String EXAMPLE = ".example.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");

  /** Types that are not called as the kind of what they are about. */
  private static final Map<String, String> KINDS =
      Map.of(
          "audit.log-verified.v1", "verification",
          "course.attended.v1", "attendance",
          "course.attendance-annulled.v1", "attendance");

  private static final Set<String> DESCRIBED = Set.of("asset.described.v1");

  /** Until when mail is held back, services tell by a snapshot, too. */
  private static final Set<String> HELD =
      Set.of(
          "monitoring-alert.fired.v1",
          "monitoring-alert.fired-again.v1",
          "monitoring-alert.snapshot.v1");

  /** What is looked at and found unchanged is told by a snapshot. */
  private static final Set<String> LOOKED = Set.of("monitor.snapshot.v1");

  private static final Set<String> MAILED =
      Set.of("notification.sent.v1", "notification.abandoned.v1");

  /**
   * What changes members in the services although no example of an event tells so: taken by hand.
   */
  private static final Map<String, Set<String>> BY_HAND =
      Map.ofEntries(
          entry("asset/kind", DESCRIBED),
          entry("asset/production", DESCRIBED),
          entry("asset/site", Set.of("asset.registered.v1", "asset.described.v1")),
          entry("asset/testDueAt", DESCRIBED),
          entry("backup-access/approvedBy", Set.of("backup-access.opened.v1")),
          entry("deployment/reviewer", Set.of("deployment.reported.v1")),
          entry("feed/readAt", Set.of("feed.snapshot.v1")),
          entry("feed/registeredAt", Set.of("feed.registered.v1")),
          entry("monitor/gradedAt", LOOKED),
          entry("monitor/probedAt", LOOKED),
          entry("monitoring-alert/mailHeldBy", HELD),
          entry("monitoring-alert/mailHeldUntil", HELD),
          entry("notice/receivedAt", Set.of("notice.received.v1")),
          entry("notification/alertGroup", MAILED),
          entry("notification/alerts", MAILED),
          entry("vulnerability/asset", Set.of("vulnerability.found.v1")),
          entry(
              "vulnerability/dueAt", Set.of("vulnerability.found.v1", "vulnerability.reopened.v1")),
          entry(
              "vulnerability/exploited",
              Set.of(
                  "vulnerability.found.v1",
                  "vulnerability.reopened.v1",
                  "vulnerability.reappraised.v1")),
          entry(
              "vulnerability/overdueAt",
              Set.of(
                  "vulnerability.found.v1",
                  "vulnerability.reopened.v1",
                  "vulnerability.reappraised.v1",
                  "vulnerability.acceptance-requested.v1",
                  "vulnerability.acceptance-approved.v1",
                  "vulnerability.acceptance-refused.v1")),
          entry("zone/site", Set.of("zone.declared.v1", "zone.changed.v1")));

  private static JsonNode read(String file) {
    try {
      return JSON.readTree(CONTRACTS.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static List<String> names(String folder, String ending) {
    try (Stream<Path> files = Files.list(CONTRACTS.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder, e);
    }
  }

  static List<String> rules() {
    return names("controls", ".watch.json");
  }

  /** By {@code <kind>/<member>}, the types of the events that change it as their examples tell. */
  private static Map<String, Set<String>> told() {
    Map<String, Set<String>> told = new TreeMap<>();
    for (String type : names("events", EXAMPLE)) {
      String kind = KINDS.getOrDefault(type, type.substring(0, type.indexOf('.')));
      read("events/" + type + EXAMPLE)
          .path("changes")
          .fieldNames()
          .forEachRemaining(
              member ->
                  told.computeIfAbsent(kind + "/" + member, any -> new TreeSet<>()).add(type));
    }
    return told;
  }

  @ParameterizedTest
  @MethodSource("rules")
  void everyEventThatChangesWhatAQueryReadsProvesTheRule(String rule) {
    Map<String, Set<String>> told = told();
    Set<String> lacking = new TreeSet<>();
    for (var read : read("controls/" + rule + ".watch.json").get("reads").properties()) {
      for (JsonNode member : read.getValue()) {
        String name = read.getKey() + "/" + member.textValue();
        Set<String> changing = new TreeSet<>(told.getOrDefault(name, Set.of()));
        changing.addAll(BY_HAND.getOrDefault(name, Set.of()));
        assertFalse(changing.isEmpty(), () -> name + " is read, and no event changes it");
        lacking.addAll(changing);
      }
    }
    read("controls/" + rule + ".json")
        .get("provenBy")
        .forEach(type -> lacking.remove(type.textValue()));

    assertEquals(Set.of(), lacking);
  }

  @Test
  void whatIsTakenByHandIsReadByARuleAndToldByNoExample() {
    Set<String> read = new TreeSet<>();
    for (String rule : rules()) {
      for (var of : read("controls/" + rule + ".watch.json").get("reads").properties()) {
        of.getValue().forEach(member -> read.add(of.getKey() + "/" + member.textValue()));
      }
    }
    Map<String, Set<String>> told = told();
    BY_HAND.forEach(
        (member, types) -> {
          assertTrue(read.contains(member), member);
          Set<String> twice = new TreeSet<>(types);
          twice.retainAll(told.getOrDefault(member, Set.of()));
          assertEquals(Set.of(), twice, member);
        });
    assertTrue(
        names("events", EXAMPLE)
            .containsAll(BY_HAND.values().stream().flatMap(Set::stream).toList()));
  }
}
