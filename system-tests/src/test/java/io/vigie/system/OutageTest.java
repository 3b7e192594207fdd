package io.vigie.system;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

import io.restassured.response.Response;
import io.vigie.stack.Stack;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

/** What callers see while a component is away, and that it mends by itself. */
@OnOneMachine("kills components")
class OutageTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String ASSET_EVENTS = "vigie.asset.events";
  private static final List<String> CALLERS = List.of("asset-manager", "auditor", "responder");

  @Test
  void withoutTheBrokerWritesSucceedAndTheirEventsWait() {
    Stack stack = Platform.stack();
    stack.kill("kafka");
    String id;
    try {
      id = register().then().statusCode(201).extract().path("id");
      Platform.as("sysadmin", "asset")
          .get("/v1/operator/outbox")
          .then()
          .body("waiting", greaterThan(0));
    } finally {
      stack.start("kafka");
    }
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                Platform.as("auditor", "audit")
                    .get("/v1/objects/asset/" + id + "/history")
                    .then()
                    .body("items[0].type", equalTo("asset.registered.v1")));
  }

  @Test
  void withoutTheDatabaseCallersAreToldToComeBackAndItMendsByItself() throws IOException {
    Stack stack = Platform.stack();
    // Keycloak needs the database too, and a while to find it again
    CALLERS.forEach(Platform::renew);
    ConsumerRecord<String, byte[]> worked = registration();
    int before = logOf("incident").length();
    stack.kill("postgresql");
    try {
      register()
          .then()
          .statusCode(503)
          .contentType("application/problem+json")
          .header("Retry-After", notNullValue())
          .body("type", equalTo("urn:vigie:problem:unavailable"));
      // and an event reaches the listeners, who can neither work nor park it now: once they read
      // again, where the broker was away just before
      publishAgain(worked);
      await()
          .atMost(PATIENCE)
          .until(() -> logOf("incident").substring(before).contains("trying again"));
    } finally {
      stack.start("postgresql");
    }
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> CALLERS.forEach(Platform::renew));
    await().atMost(PATIENCE).untilAsserted(() -> register().then().statusCode(201));

    // Then the listeners go on as well
    String id = register().then().statusCode(201).extract().path("id");
    Platform.as("auditor", "asset")
        .body(
            Map.of(
                "stolen",
                false,
                "circumstances",
                "left in a train",
                "occurredAt",
                Instant.now().minusSeconds(60).toString()))
        .post("/v1/assets/" + id + "/loss")
        .then()
        .statusCode(200);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                Platform.as("responder", "incident")
                    .get("/v1/security-events?asset=" + id)
                    .then()
                    .body("items.state", hasItem("REPORTED")));
  }

  /** The record that tells of a new asset, which all have read or are about to. */
  private static ConsumerRecord<String, byte[]> registration() {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Platform.stack().kafkaClient("audit-kafka"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.partitionsFor(ASSET_EVENTS).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToEnd(all);
      all.forEach(consumer::position);
      String id = register().then().statusCode(201).extract().path("id");
      return await()
          .pollInSameThread()
          .atMost(PATIENCE)
          .until(
              () ->
                  StreamSupport.stream(consumer.poll(Duration.ofMillis(200)).spliterator(), false)
                      .filter(record -> id.equals(record.key()))
                      .findFirst(),
              Optional::isPresent)
          .orElseThrow();
    }
  }

  /** As a relay does whose answer from the broker was lost. */
  private static void publishAgain(ConsumerRecord<String, byte[]> record) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Platform.stack().kafkaClient("asset-kafka"),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>(
              record.topic(), record.partition(), record.key(), record.value(), record.headers()));
      producer.flush();
    }
  }

  private static String logOf(String service) throws IOException {
    return Files.readString(Platform.site().state().resolve("log/" + service + ".log"));
  }

  private static Response register() {
    return Platform.as("asset-manager", "asset")
        .body(Map.of("name", "outage", "kind", "SERVER", "production", false))
        .post("/v1/assets");
  }
}
