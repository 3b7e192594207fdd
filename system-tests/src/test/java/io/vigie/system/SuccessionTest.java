package io.vigie.system;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.RestAssured;
import io.vigie.stack.Vigie;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** A log that lost an entry for good, and the operator's command that lets it go on. */
@Order(Integer.MAX_VALUE) // indexes are others afterwards
@OnOneMachine("loses an entry of the database")
class SuccessionTest {

  private static final String SUCCESSOR = "vigie.local/successor";

  @TempDir Path folder;

  private static int vigie(String... arguments) {
    return Vigie.run(site -> Platform.stack(), arguments);
  }

  /**
   * As the superuser, past the triggers, once it is signed and published: what never was is not
   * missed. Returns the index that is gone.
   */
  private static long loseTheNewestEntry() throws SQLException {
    try (Connection database = Platform.stack().superuser("audit");
        Statement sql = database.createStatement()) {
      sql.execute("set session_replication_role = replica");
      return await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> lose(sql, Long.parseLong(Log.checkpoint()[1])), index -> index >= 0);
    }
  }

  /** The last of that many entries; -1 where there are more. */
  private static long lose(Statement sql, long published) throws SQLException {
    try (var row =
        sql.executeQuery(
            "delete from entry where index = (select size - 1 from head where size = %d) returning index"
                .formatted(published))) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  private static boolean refuses() {
    return RestAssured.given()
        .baseUri(Platform.stack().url("audit").toString())
        .get("/q/health/well")
        .asString()
        .contains("refusal");
  }

  @Test
  void theCommandLineBeginsANewLogWithWhatIsLeftOfOneThatRefusesToGoOn() throws Exception {
    // Given a log that is whole
    String receipt = Log.register();
    await().atMost(Duration.ofMinutes(3)).until(() -> Log.isLogged(receipt));
    String predecessor = Log.checkpoint()[0];
    String[] command = {"log", "succeed", "--origin", SUCCESSOR, "--reason", "the disk died"};
    assertEquals(1, vigie(command), "a log that is whole needs no successor");
    assertEquals(predecessor, Log.checkpoint()[0]);

    // When it loses an entry
    long lost = loseTheNewestEntry();
    await().atMost(Duration.ofMinutes(3)).until(SuccessionTest::refuses);
    try (Gateway gateway = new Gateway(folder)) { // on the machine itself: DrillTest
      Platform.Verdict said = gateway.vigie(Platform.token("sysadmin"), command);
      assertEquals(0, said.exit(), said.output());
    }

    // Then it goes on under its new name, and entry 0 says what was lost
    await().atMost(Duration.ofMinutes(3)).until(() -> Log.checkpoint()[0].equals(SUCCESSOR));
    JsonNode first = Log.payload(0);
    assertEquals(predecessor, first.get("predecessor").asText());
    assertEquals("the disk died", first.get("reason").asText());
    assertEquals(lost, first.get("lostFrom").asLong());
    assertEquals(lost, first.get("lostTo").asLong());
    String next = Log.register();
    await().atMost(Duration.ofMinutes(3)).until(() -> Log.isLogged(next));
    Platform.Verdict verdict = Platform.verify();
    assertEquals(3, verdict.exit(), "intact, and the lost number is missing: " + verdict.output());
  }
}
