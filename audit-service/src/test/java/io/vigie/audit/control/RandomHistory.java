package io.vigie.audit.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.kernel.Contracts;
import io.vigie.kernel.MergePatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Objects of the kinds that controls read, whose members change at random, and the events that tell
 * so: merge patches, snapshots, and now and then a snapshot that comes too late. A seed gives the
 * same events each time, but for the ids and the time at which it begins.
 */
final class RandomHistory {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OF_A_KIND = 12;

  /** What a rule asks for that asks for little else: so that it is asked in each history. */
  private static final List<String> OF_FEW_RULES =
      List.of("monitoring-alert", "playbook", "playbook-run", "rota", "verification");

  private static final Pattern PLACE = Pattern.compile("[#@][a-z-]+(?=\")");

  /**
   * In {@code random-history.json}, by kind. In a member {@code #kind} stands for one of the kind's
   * ids, alone or behind a slash, {@code @time} for a time, {@code @day} for a day and null for
   * nothing.
   *
   * @param event one of its types that carries changes
   * @param of the kind whose ids its objects have, or null for their own
   * @param members what they may be
   */
  private record Kind(String event, String of, Map<String, List<JsonNode>> members) {}

  private final Random random;
  private final Map<String, Kind> kinds = kinds();
  private final Map<String, List<String>> places = new TreeMap<>();
  private final Map<String, ObjectNode> states = new TreeMap<>();
  private final Map<String, Supplier<Draft>> late = new TreeMap<>();
  private final Map<String, Integer> numbers = new TreeMap<>();

  RandomHistory(long seed, Instant now) {
    this.random = new Random(seed);
    List<String> times = new ArrayList<>();
    List<String> days = new ArrayList<>();
    for (int hours : new int[] {-30, -3, 5, 9, 20, 40}) {
      Instant time = now.plus(Duration.ofHours(hours).plusMinutes(30));
      times.add(time.toString());
      days.add(time.atOffset(ZoneOffset.UTC).toLocalDate().toString());
    }
    places.put("@time", times);
    places.put("@day", days);
  }

  private static Map<String, Kind> kinds() {
    try (InputStream file = RandomHistory.class.getResourceAsStream("/random-history.json")) {
      return JSON.readValue(file, new TypeReference<TreeMap<String, Kind>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The members of a kind that histories change; none where they have no such objects. */
  static Set<String> members(String kind) {
    return kinds().containsKey(kind) ? kinds().get(kind).members.keySet() : Set.of();
  }

  private List<String> ids(String kind) {
    return places.computeIfAbsent(
        "#" + kind,
        any -> Stream.generate(() -> UUID.randomUUID().toString()).limit(OF_A_KIND).toList());
  }

  private JsonNode filled(JsonNode member) {
    return json(PLACE.matcher(member.toString()).replaceAll(found -> in(found.group())));
  }

  private String in(String place) {
    return any(place.startsWith("#") ? ids(place.substring(1)) : places.get(place));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** The next events, in their order. */
  List<Draft> next(int count) {
    List<Draft> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Every other rule asks for assets, and an exception means one object in hundreds.
      String name =
          switch (random.nextInt(12)) {
            case 0, 1, 2 -> "asset";
            case 3 -> ControlException.KIND;
            case 4 -> any(OF_FEW_RULES);
            default -> any(List.copyOf(kinds.keySet()));
          };
      Kind kind = kinds.get(name);
      String object = name + "/" + any(ids(kind.of == null ? name : kind.of));
      int chance = random.nextInt(10);
      if (chance == 0 && states.containsKey(object) && hasSnapshots(name)) {
        events.add(snapshot(object, states.get(object), numbers.get(object)));
      } else if (chance == 1 && late.containsKey(object)) {
        events.add(late.remove(object).get());
      } else {
        events.add(change(object, kind));
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
      JsonNode value = filled(any(kind.members.get(member)));
      if (value.isNull() || random.nextInt(8) == 0) {
        after.remove(member);
      } else {
        after.set(member, value);
      }
    }
    states.put(object, after);
    int number = numbers.merge(object, 1, Integer::sum);
    if (number > 1 && hasSnapshots(object.substring(0, object.indexOf('/')))) {
      late.put(object, () -> snapshot(object, before, number - 1));
    }
    ObjectNode data = example(kind.event, object);
    data.set("changes", MergePatch.diff(before, after));
    return draft(kind.event, object, number, data);
  }

  /** A fact, as a verification is, is told once. */
  private static boolean hasSnapshots(String kind) {
    return Files.exists(file(kind + ".snapshot.v1"));
  }

  private static Path file(String type) {
    return Path.of(System.getProperty("vigie.root"), "contracts/events/" + type + ".example.json");
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
      ObjectNode data = (ObjectNode) JSON.readTree(file(type).toFile());
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
