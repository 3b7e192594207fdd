package io.vigie.backup.plan;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a look of the clock for missed runs costs, with three plans for each of 5,000 assets, which
 * are written in a transaction that never commits.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class OverdueCostTest {

  private static final int OVERDUE = 5;
  private static final int FEW_PAGES = 200;

  @Test
  void whatIsOverdueIsFoundByTheIndexOfPlansAndNoRunIsRead() throws Exception {
    try (Connection database = Infrastructure.running().superuser("backup");
        Statement sql = database.createStatement()) {
      database.setAutoCommit(false);
      try {
        // Given
        sql.execute(
            """
            insert into backup_plan (id, version, event_number, published_state, asset, name, site,
              run_every, tolerance, state, next_due_at, overdue_at, created_at)
            select gen_random_uuid(), 0, 0, '{}', gen_random_uuid(), 'nightly', 'paris-2', 'PT24H',
              'PT2H', 'ACTIVE', due, due + interval '2 hours', due - interval '1 day'
            from (select now() + case when i <= %d then interval '-3 hours' else i * interval '1 second' end
                from generate_series(1, 15000) i) as plan (due)"""
                .formatted(OVERDUE));
        sql.execute("analyze backup_plan");

        // When
        JsonNode plan = explained(sql, nextOverdue());

        // Then
        assertEquals(Set.of("backup_plan"), named("Relation Name", plan), plan::toString);
        assertEquals(Set.of("plan_overdue"), named("Index Name", plan), plan::toString);
        assertTrue(plan.get("Actual Rows").asInt() >= OVERDUE, plan::toString);
        int pages = plan.get("Shared Hit Blocks").asInt() + plan.get("Shared Read Blocks").asInt();
        assertTrue(pages <= FEW_PAGES, plan::toString);
      } finally {
        database.rollback();
        database.setAutoCommit(true);
        sql.execute("vacuum analyze backup_plan"); // other tests read it whole
      }
    }
  }

  /** What the clock asks for, in SQL. */
  private static String nextOverdue() {
    String due =
        PlanClock.OVERDUE
            .replace("ACTIVE", "'ACTIVE'")
            .replace("assetState", "asset_state")
            .replace("overdueAt", "overdue_at")
            .replace(":now", "now()");
    return "select id from backup_plan where %s and id > '%s' order by id limit 100"
        .formatted(due, "00000000-0000-0000-0000-000000000000");
  }

  private static JsonNode explained(Statement sql, String query)
      throws SQLException, JsonProcessingException {
    try (ResultSet plan =
        sql.executeQuery("explain (analyze, buffers, timing off, format json) " + query)) {
      plan.next();
      return new ObjectMapper().readTree(plan.getString(1)).get(0).get("Plan");
    }
  }

  /** All that the nodes of a plan have by this name. */
  private static Set<String> named(String name, JsonNode plan) {
    return new TreeSet<>(plan.findValuesAsText(name));
  }
}
