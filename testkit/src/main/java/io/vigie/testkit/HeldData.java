package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Holds {@code contracts/privacy/held.json} against the database of the service under test: no
 * table and no column that sounds like a person's is left out of what the service says it holds.
 */
public final class HeldData {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of text and ids; partitions are their table, and Flyway's table is nobody's. */
  private static final String COLUMNS =
      """
      select c.relname, a.attname, format_type(a.atttypid, null) ~ '^(text|uuid|jsonb?|character.*)' as can,
        format_type(a.atttypid, null) in ('uuid', 'text') as alone
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and c.relname <> 'flyway_schema_history'""";

  /** Tables that can be paged through: with a primary key of such types as pages begin after. */
  private static final String PAGED =
      """
      select c.relname from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
        join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey::int2[])
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
      group by c.relname
      having bool_and(format_type(a.atttypid, null) in ('uuid', 'text', 'integer', 'bigint'))""";

  private static final Pattern SOUNDS_LIKE_A_PERSONS =
      Pattern.compile(
          "(^|_)(person|people|accounts?|subject|owner|author|assignee|holder|reviewer|reporter"
              + "|auditor|operator|verifier|custodian|manager|host|responsible|delegate|substitute"
              + "|recipient|contact|email|phone|given|family|visitor|handover|username)(_|$)"
              + "|_by$|^actor$");

  private HeldData() {}

  /** Checks what is said of a service; returns how many tables that are. */
  public static int check(String service) {
    JsonNode contract = read();
    Map<String, Set<String>> columns = new TreeMap<>();
    Map<String, Set<String>> suspects = new TreeMap<>();
    Map<String, Set<String>> alone = new TreeMap<>();
    Set<String> paged = new TreeSet<>();
    read(service, columns, suspects, alone, paged);
    Set<String> said = new TreeSet<>();
    Set<String> wrong = new TreeSet<>();
    for (String part : List.of(service, "every")) {
      JsonNode of = contract.at("/services/" + part);
      of.path("nobody").forEach(table -> said.add(table.textValue()));
      of.path("elsewhere").fieldNames().forEachRemaining(said::add);
      of.path("elsewhere").fieldNames().forEachRemaining(suspects::remove);
      for (var table : of.path("tables").properties()) {
        said.add(table.getKey());
        Set<String> named = named(table.getValue());
        named.stream()
            .filter(column -> !columns.getOrDefault(table.getKey(), Set.of()).contains(column))
            .forEach(column -> wrong.add(table.getKey() + "." + column + " is no column"));
        suspects.getOrDefault(table.getKey(), new TreeSet<>()).removeAll(named);
        table
            .getValue()
            .path("ids")
            .forEach(
                column -> {
                  if (!alone.getOrDefault(table.getKey(), Set.of()).contains(column.textValue())) {
                    wrong.add(
                        table.getKey() + "." + column.textValue() + " is no single id: within");
                  }
                });
        boolean isRead =
            table.getValue().path("ids").size() + table.getValue().path("within").size() > 0;
        if (isRead && !paged.contains(table.getKey())) {
          wrong.add(table.getKey() + " has no primary key that pages of it can begin after");
        }
        if (table.getValue().has("kept")
            && !contract.path("reasons").has(table.getValue().path("kept").textValue())) {
          wrong.add(table.getKey() + " is kept for a reason that is none");
        }
      }
    }
    suspects.forEach(
        (table, left) ->
            left.forEach(column -> wrong.add(table + "." + column + ": whose is it?")));
    assertEquals(Set.of(), wrong);
    assertEquals(columns.keySet(), said, "tables of " + service + " and of held.json");
    return said.size();
  }

  private static Set<String> named(JsonNode table) {
    Set<String> named = new TreeSet<>();
    for (String kind : List.of("ids", "within", "names", "texts", "others")) {
      table.path(kind).forEach(column -> named.add(column.textValue()));
    }
    return named;
  }

  private static JsonNode read() {
    Path privacy = Path.of(System.getProperty("vigie.root"), "contracts", "privacy");
    try {
      JsonNode contract = JSON.readTree(privacy.resolve("held.json").toFile());
      assertEquals(
          "[]",
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
              .getSchema(JSON.readTree(privacy.resolve("held.schema.json").toFile()))
              .validate(contract)
              .toString());
      return contract;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(
      String service,
      Map<String, Set<String>> columns,
      Map<String, Set<String>> suspects,
      Map<String, Set<String>> alone,
      Set<String> paged) {
    try (Connection database = Infrastructure.running().superuser(service);
        Statement sql = database.createStatement();
        ResultSet rows = sql.executeQuery(COLUMNS)) {
      while (rows.next()) {
        String table = rows.getString(1);
        String column = rows.getString(2);
        columns.computeIfAbsent(table, any -> new TreeSet<>()).add(column);
        if (rows.getBoolean(3) && SOUNDS_LIKE_A_PERSONS.matcher(column).find()) {
          suspects.computeIfAbsent(table, any -> new TreeSet<>()).add(column);
        }
        if (rows.getBoolean(4)) {
          alone.computeIfAbsent(table, any -> new TreeSet<>()).add(column);
        }
      }
      try (ResultSet tables = sql.executeQuery(PAGED)) {
        while (tables.next()) {
          paged.add(tables.getString(1));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
