package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AppendOnlyTest {

  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String CHECK_VIOLATION = "23514";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update entry set canonical = 'x'",
        "update entry set actor = 'nobody' where false",
        "update payload set body = 'x'",
        "update tile set hashes = 'x'",
        "update event_id set index = 0",
        "update alert set detail = 'x'",
        "delete from entry",
        "delete from payload",
        "delete from tile",
        "delete from event_id",
        "delete from alert",
        "delete from head",
        "delete from log_offset",
        "delete from source",
        "update gap_acknowledgement set last = last + 1",
        "delete from gap_acknowledgement",
        "update checkpoint set note = 'x'",
        "delete from checkpoint",
        "update cosignature set line = 'x'",
        "delete from log_key",
        "insert into log_origin values (1, 'x/log', 'vigie.local/log', now())",
        "delete from origin_note",
        "delete from checkpoint_mail",
        "truncate entry",
        "truncate payload",
        "truncate tile",
        "truncate event_id",
        "truncate event_id_0",
        "truncate alert",
        "truncate head",
        "update event_id_0 set index = 0",
        "delete from event_id_3",
        "update entry_0 set canonical = 'x'",
        "delete from entry_1",
        "insert into entry_1 select * from entry",
        "truncate payload_0",
        "delete from reference",
        "update search_text set word = 'x'",
        "truncate search_text",
        "delete from search_text_0",
        "alter table entry detach partition entry_0",
        "create table entry_9 partition of entry for values from (90000000) to (100000000)",
        "insert into head (one, size, edge, root, updated_at) values (false, 0, '', '', now())",
        "drop table entry",
        "alter table entry disable trigger all",
        "alter table entry add column note text",
        "create table mine (id int)",
        "drop trigger append_only on entry",
        "create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'",
        "set session_replication_role = replica",
        "set role audit_owner"
      })
  void theServicesOwnRoleCannotChangeTheLog(String statement) {
    SQLException refused = assertThrows(SQLException.class, () -> asRuntimeRole(statement));
    assertEquals(INSUFFICIENT_PRIVILEGE, refused.getSQLState(), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update entry set canonical = 'x'",
        "delete from payload",
        "delete from tile",
        "delete from alert",
        "update checkpoint set note = 'x'",
        "delete from cosignature",
        "delete from gap_acknowledgement",
        "truncate log_key",
        "truncate origin_note",
        "truncate entry",
        "truncate tile, payload",
        "delete from event_id",
        "delete from event_id_5",
        "truncate event_id",
        "delete from entry_0",
        "update payload_2 set body = 'x'",
        "truncate entry_1",
        "delete from reference_0",
        "delete from reference"
      })
  void theTriggersStopEvenTheOwner(String statement) {
    SQLException refused =
        assertThrows(
            SQLException.class, () -> LogDatabase.execute("set role audit_owner", statement));
    assertTrue(refused.getMessage().contains("append-only"), refused.getMessage());
  }

  @Test
  void theServicesOwnRoleOwnsNothing() {
    assertEquals(
        0, LogDatabase.number("select count(*) from pg_class where relowner = 'audit'::regrole"));
    assertEquals(
        0,
        LogDatabase.number(
            "select count(*) from pg_roles where rolname = 'audit' and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication)"));
  }

  @Test
  void everyPartitionRefusesChangesWheneverItIsMade() throws SQLException {
    LogDatabase.execute(
        "drop table entry_2, payload_2, reference_2, search_text_2", "select make_partitions()");
    for (String table : new String[] {"entry", "payload", "reference"}) {
      assertEquals(
          LogDatabase.number(
              "select count(*) from pg_inherits where inhparent = '%s'::regclass".formatted(table)),
          LogDatabase.number(
              """
              select count(*) from pg_inherits join pg_trigger on tgrelid = inhrelid
              where inhparent = '%s'::regclass and tgname = 'append_only' and tgenabled = 'O'"""
                  .formatted(table)));
      assertEquals(
          3,
          LogDatabase.number(
              "select count(*) from pg_inherits where inhparent = '%s'::regclass"
                  .formatted(table)));
    }
    assertEquals(
        0,
        LogDatabase.number(
            """
            select count(*) from information_schema.table_privileges
            where grantee = 'audit' and table_name ~ '_[0-9]+$'"""));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 60})
  void noPartitionTakesASaltOfAnotherLengthUnlessItIsSealed(int length) throws SQLException {
    LogDatabase.execute(
        "drop table entry_2, payload_2, reference_2, search_text_2", "select make_partitions()");
    for (long index : new long[] {4_000_000, 12_000_000}) {
      String salt = "decode(repeat('00', %d), 'hex')".formatted(length);
      String plain = "insert into payload (index, salt, body) values (%d, %s, 'x')";
      SQLException refused =
          assertThrows(SQLException.class, () -> LogDatabase.execute(plain.formatted(index, salt)));
      assertEquals(CHECK_VIOLATION, refused.getSQLState(), refused.getMessage());
      String sealed =
          "insert into payload (index, person, key, salt, body) values (%d, 'somebody', 1, %s, 'x')";
      LogDatabase.execute("begin", sealed.formatted(index, salt), "rollback");
    }
  }

  private static void asRuntimeRole(String statement) throws SQLException {
    try (Connection database = Infrastructure.running().runtimeRole("audit");
        Statement sql = database.createStatement()) {
      sql.execute(statement);
    }
  }
}
