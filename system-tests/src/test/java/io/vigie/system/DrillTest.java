package io.vigie.system;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.vigie.stack.Stack;
import io.vigie.stack.Vigie;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The drill of docs/operations.md: a stack that is lost goes on with what a backup has of it. */
@Order(Integer.MAX_VALUE - 1) // what was done since the backup is gone afterwards
@OnOneMachine("wipes the stack")
class DrillTest {

  private static final String SUCCESSOR = "vigie.local/restored";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path elsewhere;

  private static int vigie(String... arguments) {
    return Vigie.run(site -> Platform.stack(), arguments);
  }

  @Test
  void whatWasBackedUpGoesOnAndTheNextLogSaysWhatWasLost() throws Exception {
    // Given a file, and clients that write while a backup is taken
    Stack stack = Platform.stack();
    int whole = Platform.verify().exit();
    byte[] evidence = Instant.now().toString().getBytes(StandardCharsets.UTF_8);
    String file = attach(evidence);
    String service = stack.url("asset").toString();
    Assets assets = new Assets();
    assets.write(service, 2);
    String backup = elsewhere.resolve("backup").toString();
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> assets.write(service, 20));
    assertEquals(0, vigie("backup", backup));
    writing.join();

    // and what is written later, and signed in a checkpoint that somebody keeps elsewhere
    String late =
        Platform.create(
            "asset-manager",
            "asset",
            "/v1/assets",
            Map.of("name", "late", "kind", "SERVER", "production", false));
    String receipt = Log.register();
    await().atMost(PATIENCE).until(() -> Log.isLogged(receipt));
    String note =
        RestAssured.given()
            .baseUri(stack.url("audit").toString())
            .get("/log/checkpoint")
            .asString();
    Path checkpoint = Files.writeString(elsewhere.resolve("checkpoint"), note);
    String predecessor = note.lines().findFirst().orElseThrow();
    long published = Long.parseLong(note.lines().skip(1).findFirst().orElseThrow());

    // When all of it is lost and the backup restored
    stack.wipe();
    assertEquals(3, vigie("restore", backup, "--checkpoint", checkpoint.toString()));

    // Then what came later is gone, and the log, older than what was published, does not go on
    Platform.as("asset-manager", "asset").get("/v1/assets/" + late).then().statusCode(404);
    assertEquals(Long.toString(published), Log.checkpoint()[1]);
    String waiting = Log.register();

    // until another one takes its place, which says so
    assertEquals(
        0, vigie("log", "succeed", "--origin", SUCCESSOR, "--reason", "the machine burnt down"));
    await().atMost(PATIENCE).until(() -> Log.checkpoint()[0].equals(SUCCESSOR));
    JsonNode first = Log.payload(0);
    assertEquals(predecessor, first.get("predecessor").asText());
    assertEquals(published - 1, first.get("lostTo").asLong());
    await().atMost(PATIENCE).until(() -> Log.isLogged(waiting));

    // and everything is as it was at one moment, each fact logged once, the file with it
    assets.assertTheLogHasWhatTheServiceHas();
    assertArrayEquals(
        evidence,
        Platform.as("staff", "incident")
            .get("/v1/attachments/" + file + "/content")
            .then()
            .statusCode(200)
            .extract()
            .asByteArray());
    Platform.Verdict verdict = Platform.verify();
    assertEquals(whole, verdict.exit(), verdict.output());
  }

  /** Adds a file to a report; the file's id. */
  private static String attach(byte[] content) {
    String report =
        Platform.create(
            "staff",
            "incident",
            "/v1/security-events",
            Map.of(
                "title",
                "drill",
                "description",
                "a file that is to be there afterwards",
                "occurredAt",
                Instant.now().minusSeconds(600).toString()));
    return Platform.as("staff", "incident")
        .contentType(ContentType.BINARY)
        .queryParam("name", "seen.txt")
        .body(content)
        .post("/v1/security-events/" + report + "/attachments")
        .then()
        .statusCode(200)
        .extract()
        .path("id");
  }
}
