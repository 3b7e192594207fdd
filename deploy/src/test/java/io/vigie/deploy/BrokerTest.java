package io.vigie.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.vigie.deploy.Manifests.each;
import static io.vigie.deploy.Manifests.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Topics are those of the contracts, and each principal may do what its service does, no more. */
class BrokerTest {
  private static final String SIEM = "vigie.siem";
  private static final String CHECKPOINT = "vigie.log.checkpoint";

  private final List<JsonNode> topics = kafka("topics.yaml");
  private final List<JsonNode> users = kafka("users.yaml");
  private final JsonNode cluster = kafka("kafka.yaml").get(0);

  static Iterable<String> services() {
    return Settings.services();
  }

  @Test
  void topicsAreThoseOfTheContractsAndOfTheLog() {
    Set<String> expected = new TreeSet<>(eventTopics());
    for (String made : List.of("siem/KafkaTarget", "checkpoint/CheckpointTopic")) {
      expected.add(found(logSource(made), "TOPIC = \"([a-z.]+)\""));
    }

    assertEquals(expected, topics.stream().map(Manifests::name).collect(Collectors.toSet()));
    assertEquals(expected.size(), topics.size());
    assertEquals("false", cluster.at("/spec/kafka/config/auto.create.topics.enable").asText());
  }

  @Test
  void partitionsAndRetentionAreThoseOfTheOneMachineStack() {
    String stack =
        Manifests.text(Manifests.ROOT.resolve("stack/src/main/java/io/vigie/stack/Kafka.java"));
    int partitions = Integer.parseInt(found(stack, "num\\.partitions=(\\d+)"));
    Duration retention =
        Duration.ofHours(Long.parseLong(found(stack, "log\\.retention\\.hours=(\\d+)")));

    for (JsonNode topic : topics) {
      boolean event = eventTopics().contains(Manifests.name(topic));
      assertEquals(event ? partitions : 1, topic.at("/spec/partitions").asInt(), topic.toString());
      if (Manifests.name(topic).equals(CHECKPOINT)) {
        assertEquals("compact", topic.at("/spec/config/cleanup.policy").asText());
      } else {
        assertEquals(retention.toMillis(), topic.at("/spec/config/retention.ms").asLong());
      }
    }
    assertEquals(
        2 << 20,
        topic(SIEM).at("/spec/config/max.message.bytes").asInt(),
        "as KafkaTarget makes it");
    assertTrue(logSource("siem/KafkaTarget").contains("RECORD_BYTES = 2 << 20;"));
    assertEquals(
        retention.toHours(), cluster.at("/spec/kafka/config/log.retention.hours").asLong());
  }

  @Test
  void eachTopicIsWrittenByOnePrincipal() {
    Map<String, Set<String>> writers = new TreeMap<>();
    for (JsonNode topic : topics) {
      String name = Manifests.name(topic);
      users.stream()
          .filter(user -> allowed(user, "topic", "Write").anyMatch(rule -> covers(rule, name)))
          .forEach(
              user ->
                  writers.computeIfAbsent(name, any -> new TreeSet<>()).add(Manifests.name(user)));
    }
    Map<String, Set<String>> expected = new TreeMap<>();
    Settings.services()
        .forEach(
            service -> expected.put("vigie." + service + ".events", Set.of(service + "-kafka")));
    expected.put(SIEM, Set.of("audit-kafka"));
    expected.put(CHECKPOINT, Set.of("audit-kafka"));

    assertEquals(expected, writers);
  }

  @ParameterizedTest
  @MethodSource("services")
  void aServiceReadsWhatItListensToAndNoMore(String service) {
    Settings settings = Settings.of(service);
    Set<String> heard = new TreeSet<>();
    Set<String> groups = new HashSet<>();
    for (String property : settings.inFiles()) {
      if (property.matches("mp\\.messaging\\.incoming\\.[a-z-]+\\.topics?")) {
        heard.addAll(List.of(settings.inFile(property).split(",")));
      }
      if (property.matches(
          "(mp\\.messaging\\.incoming\\.[a-z-]+\\.group\\.id|vigie\\.log\\.group)")) {
        groups.add(settings.inFile(property).replace("${vigie.name}", service));
      }
    }
    if (service.equals("audit")) {
      for (String source : settings.inFile("vigie.log.sources").split(",")) {
        heard.add("vigie." + source + ".events");
      }
      heard.add(CHECKPOINT);
    }
    JsonNode user = user(service + "-kafka");

    assertEquals(heard, resources(allowed(user, "topic", "Read")));
    assertFalse(groups.isEmpty());
    assertEquals(
        List.of(),
        groups.stream()
            .filter(group -> allowed(user, "group", "Read").noneMatch(rule -> covers(rule, group)))
            .toList());
    assertEquals(
        Set.of(
            found(relaySource(), "String id = (\"[^;]+-relay\") \\+")
                .replaceAll("\" \\+ service \\+ \"", service)
                .replace("\"", "")),
        resources(allowed(user, "transactionalId", "Write")));
  }

  @Test
  void noServiceEntersTheGroupsOfAnother() {
    for (JsonNode user : users) {
      for (String other : Settings.services()) {
        boolean itself = Manifests.name(user).equals(other + "-kafka");
        assertEquals(
            itself,
            allowed(user, "group", "Read").anyMatch(rule -> covers(rule, other + "-revocations")),
            Manifests.name(user) + " and the groups of " + other);
      }
    }
  }

  @Test
  void aSiemReadsTheLogAndNothingElse() {
    JsonNode siem = user("siem");

    assertEquals(Set.of(SIEM), resources(allowed(siem, "topic", "Read")));
    assertEquals(
        Set.of("Read"),
        new HashSet<>(
            each(siem.at("/spec/authorization/acls"))
                .flatMap(rule -> texts(rule.get("operations")).stream())
                .toList()));
  }

  @Test
  void principalsAreAuthenticatedOverTlsAndTopicsSurviveTheLossOfABroker() {
    JsonNode kafka = cluster.at("/spec/kafka");
    JsonNode brokers =
        kafka("kafka.yaml").stream()
            .filter(pool -> Manifests.name(pool).equals("brokers"))
            .findAny()
            .orElseThrow();

    assertEquals("simple", kafka.at("/authorization/type").asText());
    each(kafka.get("listeners"))
        .forEach(
            listener -> {
              assertTrue(listener.get("tls").asBoolean(), listener.toString());
              assertEquals("scram-sha-512", listener.at("/authentication/type").asText());
            });
    users.forEach(
        user -> assertEquals("scram-sha-512", user.at("/spec/authentication/type").asText()));
    topics.forEach(
        topic -> {
          assertEquals(brokers.at("/spec/replicas").asInt(), topic.at("/spec/replicas").asInt());
          assertEquals(2, topic.at("/spec/config/min.insync.replicas").asInt());
        });
    assertEquals(3, brokers.at("/spec/replicas").asInt());
    assertFalse(kafka.at("/config/unclean.leader.election.enable").asBoolean(true));
  }

  @Test
  void brokersTellWhatRulesAskOfThem() {
    Set<String> asked = new TreeSet<>();
    Pattern.compile("kafka_(?:controller|server)_\\w+")
        .matcher(Manifests.text(Manifests.ROOT.resolve("deploy/monitoring/rules/kafka.yml")))
        .results()
        .forEach(figure -> asked.add(figure.group()));
    List<String> told = texts(cluster.at("/spec/kafka/metricsConfig/values/allowList"));

    assertFalse(asked.isEmpty());
    asked.removeIf(figure -> told.stream().anyMatch(figure::matches));
    assertEquals(Set.of(), asked);
  }

  private static Set<String> eventTopics() {
    List<String> addresses = new ArrayList<>();
    Manifests.read(Manifests.ROOT.resolve("contracts/asyncapi.yaml"))
        .get(0)
        .get("channels")
        .forEach(channel -> addresses.add(channel.get("address").asText()));
    return Set.copyOf(addresses);
  }

  private static List<JsonNode> kafka(String file) {
    return Manifests.read(Manifests.DIRECTORY.resolve("base/vigie/kafka").resolve(file));
  }

  private JsonNode topic(String name) {
    return named(topics, name);
  }

  private JsonNode user(String name) {
    return named(users, name);
  }

  private static JsonNode named(Collection<JsonNode> manifests, String name) {
    return manifests.stream()
        .filter(manifest -> Manifests.name(manifest).equals(name))
        .findAny()
        .orElseThrow();
  }

  /** The resources of a type on which a user may do something. */
  private static Stream<JsonNode> allowed(JsonNode user, String type, String operation) {
    return each(user.at("/spec/authorization/acls"))
        .filter(rule -> texts(rule.get("operations")).contains(operation))
        .map(rule -> rule.get("resource"))
        .filter(resource -> resource.get("type").asText().equals(type));
  }

  private static boolean covers(JsonNode resource, String name) {
    String pattern = resource.get("name").asText();
    return resource.path("patternType").asText().equals("prefix")
        ? name.startsWith(pattern)
        : name.equals(pattern) || pattern.equals("*");
  }

  private static Set<String> resources(Stream<JsonNode> resources) {
    return resources
        .map(resource -> resource.get("name").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String logSource(String name) {
    return Manifests.text(
        Manifests.ROOT.resolve("audit-service/src/main/java/io/vigie/audit/" + name + ".java"));
  }

  private static String relaySource() {
    return Manifests.text(
        Manifests.ROOT.resolve("kernel/src/main/java/io/vigie/kernel/outbox/Relay.java"));
  }

  private static String found(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern);
    return matcher.group(1);
  }
}
