package io.vigie.access.physical;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.physical.Premises.admit;
import static io.vigie.access.physical.Premises.badge;
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.unique;
import static io.vigie.access.physical.Premises.zone;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PassageResourceTest {

  private static final String READER = Tokens.of(TOOL);

  @Inject MovableClock clock;

  private final String source = "gate-" + UUID.randomUUID().toString().substring(0, 8);
  private String door;
  private String zone;
  private int sequence;

  @BeforeEach
  void aDoor() {
    door = unique("door");
    zone = zone(door);
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private Map<String, Object> passage(String number, Instant at) {
    Map<String, Object> passage = new HashMap<>();
    passage.put("source", source);
    passage.put("sequence", ++sequence);
    passage.put("number", number);
    passage.put("door", door);
    passage.put("direction", "IN");
    passage.put("passedAt", at.toString());
    passage.put("granted", true);
    return passage;
  }

  private static Response tell(List<Map<String, Object>> passages) {
    return Rest.as(READER).body(Map.of("passages", passages)).post("/v1/passages");
  }

  private void assertMisuses(String... misuses) {
    Rest.as(TOKEN)
        .get("/v1/passages?limit=200&zone=" + zone)
        .then()
        .body("items.misuse", contains(misuses));
  }

  @Test
  void aBadgeIsHeldAgainstWhatItWasAndWhatItsHolderMightWhenItWasUsed() {
    // Given a badge that was active, with a right on the zone, for an hour each
    String person = join(null);
    String number = unique("B");
    Instant start = clock.instant();
    Instant beforeBadge = start.minusSeconds(1);
    String badge = badge(number, person);
    Instant beforeRight = clock.instant();
    String right = admit(person, zone);
    clock.move(Duration.ofMinutes(30));
    Instant fine = clock.instant();
    clock.move(Duration.ofMinutes(30));
    Api.act(TOKEN, right, "revocation", Map.of("reason", "moved")).then().statusCode(200);
    clock.move(Duration.ofMinutes(30));
    Instant afterRight = clock.instant();
    step(TOKEN, "/v1/badges/" + badge, "loss", Map.of()).then().statusCode(200);
    clock.move(Duration.ofMinutes(30));
    Instant afterBadge = clock.instant();

    // When it is told of all of it at the end
    List<Map<String, Object>> passages = new ArrayList<>();
    for (Instant at : List.of(beforeBadge, beforeRight, fine, afterRight, afterBadge)) {
      passages.add(passage(number.toUpperCase(), at));
    }
    passages.add(passage(unique("X"), fine));
    tell(passages).then().statusCode(200).body("fresh", equalTo(6)).body("misused", equalTo(5));

    // Then
    assertMisuses("NOT_ACTIVE", "NO_RIGHT", null, "NO_RIGHT", "NOT_ACTIVE", "UNKNOWN_BADGE");
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<JsonPath> told =
          topic
              .await(
                  5,
                  ofType("badge.misused.v1")
                      .and(record -> new String(record.value()).contains(zone)))
              .stream()
              .map(record -> JsonPath.from(new String(record.value())))
              .toList();
      assertEquals(5, told.size());
      assertEquals(4, told.stream().filter(one -> person.equals(one.getString("person"))).count());
    }
  }

  @Test
  void aVisitorsBadgeOpensTheZonesOfTheVisitWhileItLasts() {
    // Given a visitor who came and went
    UUID account = UUID.randomUUID();
    String path = "/v1/visits/" + VisitResourceTest.plan(TOKEN, join(account), zone);
    step(Tokens.of(account), path, "approval", Map.of()).then().statusCode(200);
    String number = unique("V");
    step(TOKEN, path, "arrival", Map.of("badge", number)).then().statusCode(200);
    clock.move(Duration.ofMinutes(10));
    Instant there = clock.instant();
    clock.move(Duration.ofMinutes(10));
    step(TOKEN, path, "departure", Map.of()).then().statusCode(200);
    clock.move(Duration.ofMinutes(10));
    Instant gone = clock.instant();

    // Then
    tell(List.of(
            passage(number, there.minus(Duration.ofHours(1))),
            passage(number, there),
            passage(number, gone)))
        .then()
        .statusCode(200);
    assertMisuses("UNKNOWN_BADGE", null, "NOT_ACTIVE");

    // And another zone is none of theirs
    door = unique("door");
    zone = zone(door);
    tell(List.of(passage(number, there))).then().statusCode(200);
    assertMisuses("NO_RIGHT");
  }

  @Test
  void whatIsToldAgainChangesNothing() {
    List<Map<String, Object>> passages = List.of(passage(unique("X"), clock.instant()));

    tell(passages).then().statusCode(200).body("fresh", equalTo(1)).body("misused", equalTo(1));
    tell(passages)
        .then()
        .statusCode(200)
        .body("fresh", equalTo(0))
        .body("known", equalTo(1))
        .body("misused", equalTo(0));
    Rest.as(TOKEN).get("/v1/passages?zone=" + zone).then().body("items", hasSize(1));
  }

  @Test
  void aTableIsTakenWholeOrWithoutItsWrongRows() {
    String header = "source;sequence;number;door;direction;passedAt;granted\n";
    String good = "%s;1;B-1;%s;in;%s;true\n".formatted(source, door, clock.instant());
    String bad =
        "%s;2;B-1;nowhere;IN;%s;true\n".formatted(source, clock.instant())
            + "%s;-3;B-1;%s;UP;yesterday;perhaps\n".formatted(source, door)
            + "%s;4;B-1;%s;OUT;%s;false\n"
                .formatted(source, door, clock.instant().plus(Duration.ofHours(1)));

    problem(table(header + good + bad, ""), 422, "rows-refused");
    Rest.as(TOKEN).get("/v1/passages?zone=" + zone).then().body("items", hasSize(0));

    Response taken = table(header + good + bad, "?atomic=false");
    taken
        .then()
        .statusCode(200)
        .body("fresh", equalTo(1))
        .body("refused.row", contains(2, 3, 4))
        .body("refused[0].errors.field", contains("door"))
        .body("refused[2].errors.field", contains("passedAt"));
    List<String> fields = taken.path("refused[1].errors.field");
    assertEquals(
        List.of("direction", "granted", "passedAt", "sequence"), fields.stream().sorted().toList());
    table(header + good, "").then().body("known", equalTo(1));
  }

  private static Response table(String table, String query) {
    return Rest.as(READER)
        .contentType("text/csv; charset=utf-8")
        .body(table)
        .post("/v1/passages/import" + query);
  }

  @Test
  void aDayOfPassagesIsTakenAtOnce() {
    String person = join(null);
    String number = unique("B");
    badge(number, person);
    admit(person, zone);
    Instant now = clock.instant().plusSeconds(1);
    String rows =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "%s,%d,%s,%s,IN,%s,true\n".formatted(source, i, number, door, now))
            .collect(Collectors.joining());

    table("source,sequence,number,door,direction,passedAt,granted\n" + rows, "")
        .then()
        .statusCode(200)
        .body("fresh", equalTo(20_000))
        .body("misused", equalTo(0));
  }
}
