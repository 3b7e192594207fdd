package io.vigie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The peers of asset-service keep what it keeps of an asset, and find it by the same indexes. */
class PeersTest {

  private static final List<String> PEERS = List.of("plain", "envers");
  private static final Path MIGRATIONS =
      Path.of("../asset-service/src/main/resources/db/migration");

  /** What asset-service keeps to tell of changes, which a peer does not. */
  private static final Set<String> TRAIL = Set.of("eventnumber", "publishedstate");

  private static final Pattern VERSION = Pattern.compile("V1_(\\d+)__.*\\.sql");
  private static final Pattern INDEX =
      Pattern.compile("create (?:unique )?index (?:\\w+ )*?(\\w+) on asset\\W.*");
  private static final Pattern DROPPED = Pattern.compile("drop index (?:\\w+ )*?(\\w+)");
  private static final Pattern TABLE = Pattern.compile("create table asset \\((.*)\\)");
  private static final Pattern CHANGED = Pattern.compile("alter table asset (.*)");
  private static final Pattern ADDED = Pattern.compile("add column (\\w+)");
  private static final Pattern FIELD =
      Pattern.compile("^  (?:@\\w+ )*public [\\w\\[\\]]+ (\\w+)(?: = .+)?;", Pattern.MULTILINE);

  private static final Pattern PART = Pattern.compile("public record \\w+\\(([^)]*)\\)");
  private static final Pattern COMPONENT = Pattern.compile("[\\w>] (\\w+)(?:,|$)");
  private static final Pattern COLUMN = Pattern.compile("@Column\\(name = \"(\\w+)\"\\)");

  @Test
  void aPeerHasTheIndexesOfAnAsset() throws IOException {
    Map<String, String> indexes = indexes(migrations());
    assertTrue(indexes.size() > 20, indexes::toString);
    for (String peer : PEERS) {
      Path own = Path.of("peers", peer, "src/main/resources/import.sql");
      assertEquals(lines(indexes), lines(indexes(statements(own))), peer);
    }
  }

  @Test
  void aPeerHasTheFieldsOfAnAsset() throws IOException {
    Set<String> columns = columns(migrations());
    assertTrue(columns.size() > 40, columns::toString);
    for (String peer : PEERS) {
      assertEquals(columns, lowerCase(FIELD.matcher(entity(peer, "Asset"))), peer);
    }
  }

  @Test
  void aPeerHasTheSameFieldsWhereItHasThemInParts() throws IOException {
    String entity = entity("plain", "AssetInParts");
    Set<String> fields = lowerCase(FIELD.matcher(entity));
    fields.removeIf(field -> entity.toLowerCase(Locale.ROOT).contains("public record " + field));
    assertTrue(fields.remove("inherited"), entity);
    PART.matcher(entity.replaceAll("@Convert\\([^)]*\\) ", ""))
        .results()
        .forEach(part -> fields.addAll(lowerCase(COMPONENT.matcher(part.group(1)))));
    fields.addAll(lowerCase(COLUMN.matcher(entity)));
    assertEquals(columns(migrations()), fields);
  }

  private static String entity(String peer, String name) throws IOException {
    return Files.readString(
        Path.of("peers", peer, "src/main/java/io/vigie/bench", peer, name + ".java"));
  }

  private static Set<String> lowerCase(Matcher names) {
    return names
        .results()
        .map(each -> each.group(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** By name, as they are in the end. */
  private static Map<String, String> indexes(List<String> statements) {
    Map<String, String> indexes = new TreeMap<>();
    for (String statement : statements) {
      Matcher made = INDEX.matcher(statement);
      Matcher dropped = DROPPED.matcher(statement);
      if (made.matches()) {
        indexes.put(made.group(1), statement);
      } else if (dropped.matches()) {
        indexes.remove(dropped.group(1));
      }
    }
    return indexes;
  }

  private static Set<String> columns(List<String> statements) {
    Set<String> columns = new TreeSet<>();
    for (String statement : statements) {
      Matcher made = TABLE.matcher(statement);
      Matcher changed = CHANGED.matcher(statement);
      if (made.matches()) {
        Arrays.stream(made.group(1).split(","))
            .map(column -> column.strip().split(" ")[0])
            .forEach(columns::add);
      } else if (changed.matches()) {
        ADDED.matcher(changed.group(1)).results().map(each -> each.group(1)).forEach(columns::add);
      }
    }
    columns.removeAll(TRAIL);
    return columns;
  }

  private static List<String> migrations() throws IOException {
    try (Stream<Path> files = Files.list(MIGRATIONS)) {
      List<Path> inTurn = files.sorted(Comparator.comparingInt(PeersTest::version)).toList();
      List<String> statements = new ArrayList<>();
      for (Path file : inTurn) {
        statements.addAll(statements(file));
      }
      return statements;
    }
  }

  private static int version(Path migration) {
    Matcher version = VERSION.matcher(migration.getFileName().toString());
    assertTrue(version.matches(), migration::toString);
    return Integer.parseInt(version.group(1));
  }

  /** Without what only their writing makes different: comments, lines, and how names are put. */
  private static List<String> statements(Path file) throws IOException {
    String text =
        Files.readString(file)
            .replaceAll("--.*", "")
            .replace("_", "")
            .replaceAll("\\s+", " ")
            .toLowerCase(Locale.ROOT);
    return Arrays.stream(text.split(";")).map(String::strip).toList();
  }

  private static String lines(Map<String, String> indexes) {
    return String.join("\n", indexes.values());
  }
}
