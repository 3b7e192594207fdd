package io.vigie.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.restassured.RestAssured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** The log and the witness that outsiders run, each as it is shipped. */
@OnOneMachine("starts another replica")
class WitnessTest {

  private static final Duration LONG = Duration.ofSeconds(180);
  private static final String NAME = "client.example/witness";

  @TempDir Path folder;

  private String key(String name, String file) throws IOException, InterruptedException {
    Platform.Verdict made =
        Platform.verifier("witness", "--init", name, "--key", folder.resolve(file).toString());
    assertEquals(0, made.exit(), made.output());
    return made.output().strip();
  }

  /** Reads what the witness says until it says where it listens. */
  private static String submissionPrefix(BufferedReader said) throws IOException {
    StringBuilder output = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("listening: ")) {
        return line.substring("listening: ".length()).replace("/add-checkpoint", "");
      }
      output.append(line).append('\n');
    }
    throw new IOException("the witness ended: " + output);
  }

  @Test
  void theCheckpointAndTheReceiptOfAChangeCarryTheCosignatureOfAnOutsider() throws Exception {
    // Given a witness that knows the log's key, and a replica that knows the witness
    String audit = Platform.stack().url("audit").toString();
    String logKeys = RestAssured.given().baseUri(audit).get("/log/vkey").asString();
    String witnessKey = key(NAME, "witness.key");
    Process witness =
        Platform.verifierCommand(
                "witness",
                "--key",
                folder.resolve("witness.key").toString(),
                "--log",
                Files.writeString(folder.resolve("log.vkey"), logKeys).toString(),
                "--state",
                folder.resolve("state").toString(),
                "--listen",
                "127.0.0.1:0")
            .start();
    try (BufferedReader said = witness.inputReader();
        Replica replica =
            Replica.start(
                "audit",
                Map.of("VIGIE_LOG_WITNESSES", submissionPrefix(said) + " " + witnessKey))) {
      // When
      String link =
          Platform.as("asset-manager", "asset")
              .body(Map.of("name", "laptop", "kind", "LAPTOP", "production", false))
              .post("/v1/assets")
              .header("Vigie-Receipt");
      String path = link.substring(link.indexOf("/v1/receipts/"));

      // Then
      await()
          .atMost(LONG)
          .until(
              () ->
                  RestAssured.given()
                      .baseUri(audit)
                      .get("/log/checkpoint")
                      .asString()
                      .contains("\n— " + NAME + " "));
      String receipt =
          await()
              .atMost(LONG)
              .until(
                  () -> Platform.as("asset-manager", "audit").get(path).asString(),
                  answer -> answer.contains("\n— " + NAME + " "));
      Platform.Verdict verdict = Platform.verifyReceipt(receipt, logKeys, witnessKey);
      assertEquals(0, verdict.exit(), verdict.output());
      String stranger = key("other.example/witness", "other.key");
      assertNotEquals(0, Platform.verifyReceipt(receipt, logKeys, stranger).exit());
    } finally {
      witness.destroy();
      witness.waitFor(20, TimeUnit.SECONDS);
      witness.destroyForcibly();
    }
  }
}
