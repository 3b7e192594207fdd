package io.vigie.asset.inventory;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The lists that every service has are read to their end, page by page; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LongListsTest {

  private static final String OPERATOR = Tokens.of(SYSADMIN);
  private static final String MANAGER = Tokens.of(ASSET_MANAGER);

  @Test
  void moreRefusedFactsThanAPageHoldsAreListedAndCounted() throws SQLException {
    String key = UUID.randomUUID().toString();
    sql(
        """
        insert into outbox
          (event_id, type, subject, message_key, payload, actor, occurred_at, blocked_at, blocked_error)
        select gen_random_uuid(), 'test', 'test/' || n, '%s', '{}', 'test', now(), now(), 'too large'
        from generate_series(1, 201) n"""
            .formatted(key));
    try {
      List<String> subjects =
          all(OPERATOR, "/v1/operator/outbox?limit=200", "blocked.subject", 200);
      assertEquals(201, subjects.size());
      assertEquals("test/201", subjects.get(200));
      Rest.anonymous()
          .get("/q/health/well")
          .then()
          .body("checks.find { it.name == 'events on their way' }.data.blocked", equalTo(201));
    } finally {
      sql("delete from outbox where message_key = '" + key + "'");
    }
  }

  @Test
  void parkedEventsAreListedPageByPage() throws SQLException {
    String key = UUID.randomUUID().toString();
    sql(
        """
        insert into parked
          (listener, message_key, topic, partition, position, headers, payload, error, parked_at)
        select 'departures', '%s', 'test/long', 0, n, '{}', '{}', 'test', now()
        from generate_series(1, 5) n"""
            .formatted(key));
    try {
      assertEquals(
          List.of(1, 2, 3, 4, 5),
          all(
              OPERATOR,
              "/v1/operator/parked?limit=2",
              "items.findAll { it.key == '" + key + "' }.offset",
              2));
    } finally {
      sql("delete from parked where message_key = '" + key + "'");
    }
  }

  @Test
  void tasksAreListedPageByPageAlsoThoseThatBeganToWaitTogether() throws SQLException {
    List<String> assets = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      assets.add(register());
      sql(
          "update asset set reassign_since = '2020-01-0%1$d', reassign_by = '2020-02-0%1$d' where id = '%2$s'"
              .formatted(1 + i / 3, assets.get(i)));
    }
    try {
      List<String> subjects = all(MANAGER, "/v1/tasks?limit=2", "items.subject", 2);
      assertEquals(
          assets.stream().map(id -> "asset/" + id).toList(),
          subjects.stream().filter(subject -> assets.contains(subject.substring(6))).toList());
    } finally {
      sql(
          "update asset set reassign_since = null, reassign_by = null where reassign_by < '2020-03-01'");
    }
  }

  @Test
  void aPlaceThatNoLinkLeadsToIsRefused() {
    for (String after : List.of("x", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z_x")) {
      problem(Rest.as(MANAGER).get("/v1/tasks?after=" + after), 400, "validation")
          .body("errors.field", hasItem("after"));
    }
  }

  /** What all pages have under {@code path}, none with more than {@code limit}. */
  private static <T> List<T> all(String token, String address, String path, int limit) {
    List<T> all = new ArrayList<>();
    String next = address;
    while (next != null) {
      Response page = Rest.as(token).urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      List<T> items = page.path(path);
      assertTrue(items.size() <= limit);
      all.addAll(items);
      String link = page.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>; rel=\"next\"", "$1");
    }
    return all;
  }

  private static String register() {
    return Rest.as(MANAGER)
        .body(Map.of("name", "web-1", "kind", "SERVER", "production", true))
        .post("/v1/assets")
        .path("id");
  }

  private static void sql(String statement) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.executeUpdate(statement);
    }
  }
}
