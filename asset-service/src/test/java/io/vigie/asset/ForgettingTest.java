package io.vigie.asset;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** That what a service keeps to do things once does not grow for ever; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(OwnRealm.class)
class ForgettingTest {

  @Test
  void answersAreKeptForADayForWhoRepeatsARequest() throws SQLException {
    sql(
        """
        insert into idempotency (actor, method, path, key, body_hash, status, created_at)
        select 'forgetting', 'POST', '/v1/assets', age || ' h', '', 201,
          now() - make_interval(hours => age)
        from unnest(array[23, 25]) age""");

    await()
        .untilAsserted(
            () ->
                assertEquals(
                    List.of("23 h"),
                    texts("select key from idempotency where actor = 'forgetting'")));
  }

  @Test
  void moreEventsThanAreForgottenAtOnceAreForgottenOnceNoTopicHasThem() throws SQLException {
    sql(
        """
        insert into inbox (listener, event_id, received_at)
        select 'forgetting', gen_random_uuid(), now() - make_interval(days => 36)
        from generate_series(1, 25000)""");
    sql(
        """
        insert into inbox (listener, event_id, received_at)
        select 'forgetting', gen_random_uuid(), now() - make_interval(days => 34)""");

    await()
        .untilAsserted(
            () ->
                assertEquals(
                    List.of("1"),
                    texts("select count(*) from inbox where listener = 'forgetting'")));
  }

  private static void sql(String statement) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.execute(statement);
    }
  }

  private static List<String> texts(String query) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }
}
