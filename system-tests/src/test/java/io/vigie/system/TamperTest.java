package io.vigie.system;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The database's superuser can get round every permission, and is found out. */
@OnOneMachine("changes rows of the database")
class TamperTest {

  @Test
  void oneFlippedByteOfOneRowIsNamedByItsIndex()
      throws SQLException, IOException, InterruptedException {
    for (int i = 0; i < 3; i++) {
      Platform.as("asset-manager", "asset")
          .body(Map.of("name", "tamper", "kind", "SERVER", "production", false))
          .post("/v1/assets")
          .then()
          .statusCode(201);
    }
    Awaitility.await().ignoreExceptions().until(() -> size() > 2);
    Platform.Verdict before = Platform.verify();
    assertEquals(0, before.exit(), before.output());

    flip("canonical", 2);
    try {
      Platform.Verdict tampered = Platform.verify();
      assertNotEquals(0, tampered.exit());
      assertTrue(tampered.output().contains("entry 2 "), tampered.output());
    } finally {
      flip("canonical", 2);
    }
    flip("leaf", 1);
    try {
      Platform.Verdict tampered = Platform.verify();
      assertNotEquals(0, tampered.exit());
      assertTrue(tampered.output().contains("entry 1 "), tampered.output());
    } finally {
      flip("leaf", 1);
    }
    assertEquals(0, Platform.verify().exit());
  }

  private static long size() {
    return Long.parseLong(
        Platform.as("auditor", "audit").get("/v1/log").jsonPath().getString("size"));
  }

  private static void flip(String column, long index) throws SQLException {
    try (Connection database = Platform.stack().superuser("audit");
        Statement sql = database.createStatement()) {
      sql.execute("set session_replication_role = replica"); // past the triggers
      assertEquals(
          1,
          sql.executeUpdate(
              "update entry set %1$s = set_byte(%1$s, 5, get_byte(%1$s, 5) # 1) where index = %2$d"
                  .formatted(column, index)));
    }
  }
}
