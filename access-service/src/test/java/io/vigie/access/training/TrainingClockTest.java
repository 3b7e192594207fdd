package io.vigie.access.training;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.path.json.JsonPath;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.training.Courses.CISO_TOKEN;
import static io.vigie.access.training.Courses.attend;
import static io.vigie.access.training.Courses.create;
import static io.vigie.access.training.Courses.join;
import static io.vigie.access.training.Courses.profile;
import static io.vigie.access.training.Courses.sheet;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static java.util.Comparator.comparing;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class TrainingClockTest {

  @Inject TrainingClock trainingClock;
  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private void look() throws Throwable {
    VertxContextSupport.subscribeAndAwait(trainingClock::look);
  }

  /** The types of the events about somebody's training as they happened, once there are so many. */
  private static List<String> told(String person, int count) {
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records =
          topic.await(
              count,
              record ->
                  header(record, "ce_type").startsWith("training.")
                      && new String(record.value()).contains("\"person\":\"" + person + "\""));
      records.forEach(record -> assertEquals("system:access", header(record, "ce_actor")));
      return records.stream()
          .sorted(comparing(record -> Instant.parse(header(record, "ce_time"))))
          .map(record -> header(record, "ce_type"))
          .toList();
    }
  }

  @Test
  void whoFallsOverdueAndWhoIsNoMoreIsToldOnceEachTime() throws Throwable {
    // Given
    String profile = profile();
    String course = create(sheet(profile));
    String person = join(profile, today(), null);
    look();

    // When the last day is over
    clock.move(Duration.ofDays(15));
    look();
    look();
    assertEquals(List.of("training.overdue.v1"), told(person, 1));

    // When they take it
    attend(CISO_TOKEN, course, person, today()).then().statusCode(201);
    look();
    look();
    assertEquals(List.of("training.overdue.v1", "training.renewed.v1"), told(person, 2));

    // When the certificate ends
    clock.move(Duration.ofDays(367));
    look();
    look();

    // Then
    assertEquals(
        List.of("training.overdue.v1", "training.renewed.v1", "training.overdue.v1"),
        told(person, 3));
  }

  @Test
  void whatIsAskedOfNobodyAnyMoreIsLifted() throws Throwable {
    // Given two people who are overdue
    String profile = profile();
    Map<String, Object> sheet = sheet(profile);
    sheet.put("requiredFrom", today().minusDays(30).toString());
    String course = create(sheet);
    String leaver = join(profile, today().minusDays(30), null);
    String stays = join(profile, today().minusDays(30), null);
    look();
    assertEquals(1, told(leaver, 1).size());

    // When
    Api.leave(leaver).then().statusCode(200);
    look();
    assertEquals(List.of("training.overdue.v1", "training.lifted.v1"), told(leaver, 2));
    assertEquals(1, told(stays, 1).size());
    Api.change(
            CISO_TOKEN, "POST", "/v1/courses/" + course, "/retirement", Map.of("reason", "merged"))
        .then()
        .statusCode(200);
    look();

    // Then
    assertEquals(List.of("training.overdue.v1", "training.lifted.v1"), told(stays, 2));
  }

  @Test
  void twoReplicasThatLookAtOnceTellOfEachOnce() throws Throwable {
    String profile = profile();
    create(sheet(profile));
    List<String> people = Stream.generate(() -> join(profile, today(), null)).limit(30).toList();
    clock.move(Duration.ofDays(15));

    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> {
              try {
                look();
              } catch (Throwable e) {
                throw new AssertionError(e);
              }
            });
    look();
    other.get();

    try (Topic topic = Topic.named("vigie.access.events")) {
      List<String> overdue =
          topic
              .await(
                  people.size(),
                  ofType("training.overdue.v1")
                      .and(
                          record -> people.stream().anyMatch(new String(record.value())::contains)))
              .stream()
              .map(record -> JsonPath.from(new String(record.value())).getString("person"))
              .sorted()
              .toList();
      assertEquals(people.stream().sorted().toList(), overdue);
    }
  }
}
