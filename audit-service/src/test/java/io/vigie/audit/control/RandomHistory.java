package io.vigie.audit.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.kernel.Contracts;
import io.vigie.kernel.MergePatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Objects of all kinds that controls read, whose members change at random, and the events that tell
 * so: merge patches, snapshots, and now and then a snapshot that comes too late.
 */
final class RandomHistory {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OF_A_KIND = 4;

  /** By kind: an event of it that carries changes, and what its members may be. */
  private record Kind(String event, Map<String, List<String>> members) {}

  private final Random random;
  private final Map<String, Kind> kinds = new TreeMap<>();
  private final Map<String, List<UUID>> ids = new TreeMap<>();
  private final Map<String, ObjectNode> states = new TreeMap<>();
  private final Map<String, Supplier<Draft>> late = new TreeMap<>();
  private final Map<String, Integer> numbers = new TreeMap<>();

  RandomHistory(long seed, Instant now) {
    this.random = new Random(seed);
    for (String kind :
        List.of(
            "asset person zone course attendance disposal document supplier deployment backup-plan backup-exception"
                .split(" "))) {
      ids(kind);
    }
    List<String> times = new ArrayList<>();
    List<String> days = new ArrayList<>();
    for (int hours : new int[] {-30, -3, 5, 9, 20, 40}) {
      Instant time = now.plus(Duration.ofHours(hours).plusMinutes(30));
      times.add("\"" + time + "\"");
      days.add("\"" + time.atOffset(ZoneOffset.UTC).toLocalDate() + "\"");
    }
    kinds.put(
        "asset",
        new Kind(
            "asset.described.v1",
            Map.of(
                "state", texts("IN_SERVICE", "IN_SERVICE", "IN_STOCK", "RETIRED", "DISPOSED"),
                "kind", texts("SERVER", "LAPTOP", "ALARM", "DATABASE"),
                "owner", ids("person"),
                "zone", ids("zone"),
                "classification",
                    List.of(
                        "{\"availability\":1,\"integrity\":2,\"confidentiality\":3,\"proof\":4}",
                        "{\"availability\":2}"),
                "testOutcome", texts("PASSED", "FAILED"),
                "testDueAt", times,
                "name", texts("web-1", "web-2"))));
    kinds.put(
        "person",
        new Kind(
            "person.changed.v1",
            Map.of("state", texts("ACTIVE", "ACTIVE", "LEFT", "ANNOUNCED"), "joinedOn", days)));
    kinds.put("zone", new Kind("zone.changed.v1", Map.of("retired", List.of("true", "false"))));
    kinds.put(
        "course",
        new Kind(
            "course.changed.v1",
            Map.of(
                "state", texts("ACTIVE", "RETIRED"),
                "rules", List.of("[\"R2.1\"]", "[\"R2.1\",\"R2.2\"]", "[\"R2.3\"]"),
                "audience",
                    List.of(
                        "{\"everyone\":true,\"profiles\":[]}",
                        "{\"everyone\":false,\"profiles\":[]}"),
                "firstWithinDays", List.of("0", "1"),
                "requiredFrom", days)));
    kinds.put(
        "attendance",
        new Kind(
            "course.attended.v1",
            Map.of(
                "person",
                ids("person"),
                "course",
                ids("course"),
                "validUntil",
                days,
                "annulledAt",
                times)));
    kinds.put(
        "disposal",
        new Kind(
            "disposal.approved.v1",
            Map.of("asset", ids("asset"), "stage", texts("APPROVED", "COMPLETED", "REFUSED"))));
    kinds.put(
        "document",
        new Kind(
            "document.changed.v1",
            Map.of("state", texts("IN_FORCE", "WITHDRAWN"), "reviewDue", times)));
    kinds.put(
        "supplier",
        new Kind(
            "supplier.changed.v1",
            Map.of(
                "state", texts("APPROVED", "ENDED"),
                "assessedAs", texts("SATISFACTORY", "UNSATISFACTORY"),
                "assessmentDue", times)));
    kinds.put(
        "deployment",
        new Kind(
            "deployment.reviewed.v1",
            Map.of(
                "author", ids("person"),
                "reviewer", ids("person"),
                "reviewDue", times)));
    kinds.put(
        "backup-plan",
        new Kind(
            "backup-plan.resumed.v1",
            Map.of("asset", ids("asset"), "state", texts("ACTIVE", "SUSPENDED"))));
    kinds.put(
        "backup-exception",
        new Kind(
            "backup-exception.approved.v1",
            Map.of(
                "asset", ids("asset"),
                "stage", texts("APPROVED", "EXPIRED"),
                "scope", texts("WITHOUT_PLAN", "FALLING_SHORT"),
                "endsAt", times)));
  }

  private static List<String> texts(String... texts) {
    return List.of(texts).stream().map(text -> "\"" + text + "\"").toList();
  }

  private List<String> ids(String kind) {
    return ids
        .computeIfAbsent(
            kind,
            any -> {
              List<UUID> made = new ArrayList<>();
              for (int i = 0; i < OF_A_KIND; i++) {
                made.add(UUID.randomUUID());
              }
              return made;
            })
        .stream()
        .map(id -> "\"" + id + "\"")
        .toList();
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** The next events, in their order. */
  List<Draft> next(int count) {
    List<Draft> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String kind = any(List.copyOf(kinds.keySet()));
      String object = kind + "/" + any(ids.get(kind));
      int chance = random.nextInt(10);
      if (chance == 0 && states.containsKey(object)) {
        events.add(snapshot(object, states.get(object), numbers.get(object)));
      } else if (chance == 1 && late.containsKey(object)) {
        events.add(late.remove(object).get());
      } else {
        events.add(change(object, kinds.get(kind)));
      }
    }
    return events;
  }

  private Draft change(String object, Kind kind) {
    ObjectNode before = states.getOrDefault(object, JSON.createObjectNode());
    ObjectNode after = before.deepCopy();
    // The first event tells most members, as those do that something begins with.
    int members = before.isEmpty() ? 3 * kind.members.size() : 1 + random.nextInt(2);
    for (int i = 0; i < members; i++) {
      String member = any(kind.members.keySet().stream().sorted().toList());
      if (random.nextInt(8) == 0) {
        after.remove(member);
      } else {
        after.set(member, json(any(kind.members.get(member))));
      }
    }
    states.put(object, after);
    int number = numbers.merge(object, 1, Integer::sum);
    if (number > 1) {
      late.put(object, () -> snapshot(object, before, number - 1));
    }
    ObjectNode data = example(kind.event, object);
    data.set("changes", MergePatch.diff(before, after));
    return draft(kind.event, object, number, data);
  }

  private static Draft snapshot(String object, ObjectNode state, int number) {
    String type = object.substring(0, object.indexOf('/')) + ".snapshot.v1";
    ObjectNode data = example(type, object);
    data.set("state", state);
    return draft(type, object, number, data);
  }

  private static Draft draft(String type, String object, int number, ObjectNode data) {
    assertEquals(List.of(), Contracts.violations(type, data), type);
    return Records.registration(UUID.fromString(data.get("aggregateId").textValue()))
        .with("ce_type", type)
        .with("ce_dataschema", "urn:vigie:schema:" + type)
        .with("ce_subject", object)
        .with("ce_eventnumber", Integer.toString(number))
        .withValue(data.toString());
  }

  /** An event as its golden example says it, about this object. */
  static ObjectNode example(String type, String object) {
    try {
      Path file =
          Path.of(System.getProperty("vigie.root"), "contracts/events/" + type + ".example.json");
      ObjectNode data = (ObjectNode) JSON.readTree(file.toFile());
      return data.put("aggregateId", object.substring(object.indexOf('/') + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(type, e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  /** What its objects have come to, each by {@code <kind>/<id>}. */
  Map<String, JsonNode> states() {
    return new TreeMap<>(states);
  }
}
