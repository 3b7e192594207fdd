package io.vigie.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A broker with the principals, access lists and topics that the cluster declares: what is not
 * theirs is refused to them, and the broker's audit log says so. TLS is not part of it.
 */
class BrokerAccessTest {

  private static final Path DECLARED =
      Path.of(System.getProperty("vigie.root"), "deploy/kubernetes/base/vigie/kafka");
  private static final String SIEM = "vigie.siem";

  /** The one that is not made, and that the log may make. */
  private static final String MISSING = "vigie.log.checkpoint";

  private static final String PASSWORD = "test";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Map<String, ResourceType> TYPES =
      Map.of(
          "topic", ResourceType.TOPIC,
          "group", ResourceType.GROUP,
          "transactionalId", ResourceType.TRANSACTIONAL_ID);

  private static EmbeddedBroker broker;
  private static List<String> topics;

  /** Held here, because the logging system itself holds loggers weakly. */
  private final Logger audit = Logger.getLogger("kafka.authorizer.logger");

  private final Queue<String> audited = new ConcurrentLinkedQueue<>();
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          audited.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeAll
  static void aBrokerAsTheClusterDeclaresIt() throws Exception {
    String creation = "auto.create.topics.enable";
    JsonNode config = declared("kafka.yaml").get(0).at("/spec/kafka/config");
    broker = EmbeddedBroker.secured(Map.of(creation, config.get(creation).asText()));
    List<JsonNode> users = declared("users.yaml");
    topics =
        declared("topics.yaml").stream()
            .map(BrokerAccessTest::name)
            .filter(topic -> !topic.equals(MISSING))
            .toList();
    List<UserScramCredentialAlteration> passwords = new ArrayList<>();
    List<AclBinding> rules = new ArrayList<>();
    for (JsonNode user : users) {
      passwords.add(
          new UserScramCredentialUpsertion(
              name(user), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD));
      rules.addAll(rules(user));
    }
    try (Admin operator = Admin.create(asOperator())) {
      operator
          .createTopics(topics.stream().map(topic -> new NewTopic(topic, 1, (short) 1)).toList())
          .all()
          .get();
      operator.alterUserScramCredentials(passwords).all().get();
      operator.createAcls(rules).all().get();
      await()
          .atMost(PATIENCE)
          .until(
              () -> operator.describeAcls(AclBindingFilter.ANY).values().get().size(),
              known -> known == Set.copyOf(rules).size());
    }
    for (JsonNode user : users) {
      await().atMost(PATIENCE).ignoreExceptions().until(() -> comesIn(as(name(user))));
    }
  }

  @BeforeEach
  void theAuditLogIsListenedTo() {
    audit.setLevel(Level.INFO);
    audit.setUseParentHandlers(false);
    audit.addHandler(listener);
  }

  @AfterEach
  void theAuditLogIsAsItWas() {
    audit.removeHandler(listener);
    audit.setUseParentHandlers(true);
    audit.setLevel(null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"asset", "access", "incident", "backup", "audit"})
  void aServiceWritesItsOwnTopicAndTheLogReadsIt(String service) throws Exception {
    String own = "vigie." + service + ".events";
    Map<String, Object> relay = as(service + "-kafka");
    relay.put("transactional.id", "vigie-" + service + "-relay");
    try (KafkaProducer<String, String> producer = producer(relay)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(own, "fact")).get(60, TimeUnit.SECONDS);
      producer.commitTransaction();
    }

    assertEquals(List.of("fact"), read("audit-kafka", own));
    assertEquals(List.of(), List.copyOf(audited));
  }

  @ParameterizedTest
  @ValueSource(strings = {"asset", "access", "incident", "backup", "audit", "siem"})
  void whoeverProducesToAnothersTopicIsRefusedAndTheBrokerLogsIt(String who) {
    String principal = who.equals("siem") ? who : who + "-kafka";
    List<String> others =
        topics.stream()
            .filter(topic -> !topic.equals("vigie." + who + ".events"))
            .filter(topic -> !(topic.equals(SIEM) && who.equals("audit")))
            .toList();
    assertFalse(others.isEmpty());

    for (String topic : others) {
      ExecutionException refusal =
          assertThrows(ExecutionException.class, () -> send(as(principal), topic), topic);
      assertInstanceOf(TopicAuthorizationException.class, refusal.getCause(), topic);
      assertLogged(principal, "Topic:LITERAL:" + topic);
    }
  }

  @Test
  void aServiceCannotShutOutTheRelayOfAnotherAndTheBrokerLogsIt() {
    Map<String, Object> intruder = as("asset-kafka");
    intruder.put("transactional.id", "vigie-access-relay");
    try (KafkaProducer<String, String> producer = producer(intruder)) {
      assertThrows(TransactionalIdAuthorizationException.class, producer::initTransactions);
    }

    assertLogged("asset-kafka", "TransactionalId:LITERAL:vigie-access-relay");
  }

  @Test
  void aSiemReadsTheLogAndIsRefusedEveryOtherTopicAndTheBrokerLogsIt() throws Exception {
    send(as("audit-kafka"), SIEM);

    assertEquals(List.of("fact"), read("siem", SIEM));
    for (String topic : topics) {
      if (!topic.equals(SIEM)) {
        assertThrows(TopicAuthorizationException.class, () -> read("siem", topic), topic);
        assertLogged("siem", "Topic:LITERAL:" + topic);
      }
    }
  }

  @Test
  void aServiceIsRefusedWhatItDoesNotListenToAndTheBrokerLogsIt() {
    assertThrows(
        TopicAuthorizationException.class, () -> read("asset-kafka", "vigie.incident.events"));
    // and its own topic, which it may write and nobody else of it reads
    assertThrows(
        TopicAuthorizationException.class, () -> read("backup-kafka", "vigie.backup.events"));

    assertLogged("asset-kafka", "Topic:LITERAL:vigie.incident.events");
    assertLogged("backup-kafka", "Topic:LITERAL:vigie.backup.events");
  }

  @Test
  void aServiceEntersNoGroupOfAnotherAndTheBrokerLogsIt() {
    Map<String, Object> intruder = as("access-kafka");
    intruder.put("group.id", "audit-log");
    try (KafkaConsumer<String, String> consumer = consumer(intruder)) {
      consumer.subscribe(List.of("vigie.access.events"));
      assertThrows(GroupAuthorizationException.class, () -> poll(consumer));
    }

    assertLogged("access-kafka", "Group:LITERAL:audit-log");
  }

  @Test
  void noTopicIsMadeByWritingToItNotEvenByWhoeverMayMakeIt() throws Exception {
    Map<String, Object> log = as("audit-kafka");
    log.put("max.block.ms", 2_000);

    ExecutionException unknown = assertThrows(ExecutionException.class, () -> send(log, MISSING));

    assertInstanceOf(TimeoutException.class, unknown.getCause());
    try (Admin operator = Admin.create(asOperator())) {
      assertFalse(operator.listTopics().names().get().contains(MISSING));
    }
  }

  @Test
  void nobodyComesInWithoutTheirPassword() {
    Map<String, Object> guess = as("asset-kafka", "guess");
    Map<String, Object> nobody = as("nobody");

    for (Map<String, Object> login : List.of(guess, nobody)) {
      ExecutionException refusal =
          assertThrows(ExecutionException.class, () -> comesIn(login), login.toString());
      assertInstanceOf(SaslAuthenticationException.class, refusal.getCause());
    }
  }

  @Test
  void aPlainClientIsRefused() {
    Map<String, Object> plain = new HashMap<>();
    plain.put("bootstrap.servers", broker.forPrincipals());
    plain.put("default.api.timeout.ms", 2_000);
    plain.put("request.timeout.ms", 1_000);

    ExecutionException refusal = assertThrows(ExecutionException.class, () -> comesIn(plain));

    assertInstanceOf(TimeoutException.class, refusal.getCause());
  }

  private void assertLogged(String principal, String resource) {
    String who = "Principal = User:" + principal + " is Denied";
    assertTrue(
        audited.stream().anyMatch(line -> line.startsWith(who) && line.contains(resource)),
        () -> who + " … " + resource + " is not among " + audited);
  }

  /** Without a number of its own, which whoever may write nothing would be refused at once. */
  private static void send(Map<String, Object> login, String topic) throws Exception {
    Map<String, Object> config = new HashMap<>(login);
    config.put("enable.idempotence", false);
    try (KafkaProducer<String, String> producer = producer(config)) {
      producer.send(new ProducerRecord<>(topic, "fact")).get(60, TimeUnit.SECONDS);
    }
  }

  /** What a topic has from its beginning on, as soon as it has anything. */
  private static List<String> read(String principal, String topic) {
    try (KafkaConsumer<String, String> consumer = consumer(as(principal))) {
      List<TopicPartition> all = List.of(new TopicPartition(topic, 0));
      consumer.assign(all);
      consumer.seekToBeginning(all);
      return poll(consumer);
    }
  }

  private static List<String> poll(KafkaConsumer<String, String> consumer) {
    List<String> values = new ArrayList<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (values.isEmpty() && System.nanoTime() < end) {
      for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
        values.add(record.value());
      }
    }
    return values;
  }

  private static boolean comesIn(Map<String, Object> login) throws Exception {
    try (Admin client = Admin.create(login)) {
      return !client.describeCluster().nodes().get(60, TimeUnit.SECONDS).isEmpty();
    }
  }

  private static KafkaProducer<String, String> producer(Map<String, Object> login) {
    return new KafkaProducer<>(login, new StringSerializer(), new StringSerializer());
  }

  private static KafkaConsumer<String, String> consumer(Map<String, Object> login) {
    Map<String, Object> config = new HashMap<>(login);
    config.put("enable.auto.commit", false);
    config.put("isolation.level", "read_committed");
    return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  private static Map<String, Object> asOperator() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  private static Map<String, Object> as(String principal) {
    return as(principal, PASSWORD);
  }

  private static Map<String, Object> as(String principal, String password) {
    Map<String, Object> login = new HashMap<>();
    login.put("bootstrap.servers", broker.forPrincipals());
    login.put("security.protocol", "SASL_PLAINTEXT");
    login.put("sasl.mechanism", "SCRAM-SHA-512");
    login.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"%s\" password=\"%s\";".formatted(principal, password));
    return login;
  }

  private static List<JsonNode> declared(String file) throws IOException {
    try (MappingIterator<JsonNode> manifests =
        new YAMLMapper().readerFor(JsonNode.class).readValues(DECLARED.resolve(file).toFile())) {
      return manifests.readAll();
    }
  }

  private static String name(JsonNode manifest) {
    return manifest.at("/metadata/name").asText();
  }

  /** As Strimzi hands them to the broker. */
  private static List<AclBinding> rules(JsonNode user) {
    List<AclBinding> rules = new ArrayList<>();
    for (JsonNode rule : user.at("/spec/authorization/acls")) {
      JsonNode resource = rule.get("resource");
      ResourcePattern pattern =
          new ResourcePattern(
              TYPES.get(resource.get("type").asText()),
              resource.get("name").asText(),
              resource.path("patternType").asText().equals("prefix")
                  ? PatternType.PREFIXED
                  : PatternType.LITERAL);
      for (JsonNode operation : rule.get("operations")) {
        rules.add(
            new AclBinding(
                pattern,
                new AccessControlEntry(
                    "User:" + name(user),
                    "*",
                    AclOperation.fromString(operation.asText()),
                    AclPermissionType.ALLOW)));
      }
    }
    return rules;
  }
}
