package io.vigie.verifier;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.NoExport;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import io.vigie.verifier.ExportVerifier.WrongRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Exports of a log of 21 entries, those at even indexes of source /vigie/asset. */
class RangeExportTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SIZE = 21;
  private static final String ASSETS = "{\"source\":\"/vigie/asset\"}";

  private final SampleExport log = SampleExport.of(SIZE);
  private final Map<String, String> header = new LinkedHashMap<>();
  private final List<Map<String, String>> lines = new ArrayList<>();

  private void export(int from, int to, String filter) {
    header.put("format", "vigie-export/2");
    header.put("origin", "vigie.example/log");
    header.put("from", Integer.toString(from));
    header.put("to", Integer.toString(to));
    header.put("size", Integer.toString(SIZE));
    header.put("root", root(0, SIZE));
    header.put("left", subtrees(0, from));
    header.put("right", subtrees(to, SIZE));
    header.put("checkpoint", null);
    header.put("filter", filter);
    int count = 0;
    for (int i = from; i < to; i++) {
      Map<String, String> line = new LinkedHashMap<>(log.line(i));
      if (filter.equals(ASSETS) && i % 2 == 1) {
        line.keySet().retainAll(List.of("index", "entry"));
      } else {
        count++;
      }
      lines.add(line);
    }
    lines.add(new LinkedHashMap<>(Map.of("count", Integer.toString(count))));
  }

  private String root(int from, int to) {
    return Base64.getEncoder()
        .encodeToString(
            Rfc6962.root(
                log.lines().subList(from, to).stream()
                    .map(line -> Base64.getDecoder().decode(line.get("leaf")))
                    .toList()));
  }

  private String subtrees(int start, int end) {
    List<String> roots = new ArrayList<>();
    for (int at = start; at < end; ) {
      int leaves = 1;
      while (at % (2 * leaves) == 0 && at + 2 * leaves <= end) {
        leaves *= 2;
      }
      roots.add(root(at, at + leaves));
      at += leaves;
    }
    return String.join(" ", roots);
  }

  private Verdict verdict() throws Exception {
    StringBuilder text = new StringBuilder(JSON.writeValueAsString(header)).append('\n');
    for (Map<String, String> line : lines) {
      text.append(JSON.writeValueAsString(line)).append('\n');
    }
    return ExportVerifier.verify(
        new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private String note(int size) {
    return "vigie.example/log\n%d\n%s\n\n— vigie.example/log %s\n"
        .formatted(size, root(0, size), Base64.getEncoder().encodeToString(new byte[68]));
  }

  @ParameterizedTest
  @CsvSource({"0,21", "0,0", "21,21", "0,1", "20,21", "3,17", "8,16", "7,8", "1,20"})
  void anyRangeOfTheLogIsVerifiedAgainstItsRoot(int from, int to) throws Exception {
    export(from, to, "{}");
    assertEquals(to - from, assertInstanceOf(Verified.class, verdict()).size());
  }

  @Test
  void aFilteredExportIsVerifiedToBeComplete() throws Exception {
    export(3, 17, ASSETS);
    assertInstanceOf(Verified.class, verdict());
  }

  @Test
  void anEntryThatTheFilterLetsThroughCannotBeLeftOut() throws Exception {
    export(3, 17, ASSETS);
    lines.get(3).keySet().retainAll(List.of("index", "entry"));
    Mismatch found = assertInstanceOf(Mismatch.class, verdict());
    assertEquals(6, found.index());
    assertTrue(found.reason().contains("left out"), found.reason());
  }

  @Test
  void anEntryThatTheFilterHoldsBackCannotBeShown() throws Exception {
    export(3, 17, ASSETS);
    lines.set(0, log.line(3));
    assertEquals(3, assertInstanceOf(Mismatch.class, verdict()).index());
  }

  @Test
  void aLineThatIsGoneIsFound() throws Exception {
    export(3, 17, ASSETS);
    lines.remove(4);
    assertEquals(7, assertInstanceOf(Mismatch.class, verdict()).index());
  }

  @Test
  void anEntryThatIsHeldBackAndChangedBreaksTheRoot() throws Exception {
    export(3, 17, ASSETS);
    lines.get(4).computeIfPresent("entry", (name, entry) -> entry.replace("registered", "lost"));
    assertInstanceOf(WrongRoot.class, verdict());
  }

  @ParameterizedTest
  @ValueSource(strings = {"left", "right"})
  void aHashBesideTheRangeThatIsAnotherBreaksTheRoot(String side) throws Exception {
    export(3, 17, "{}");
    header.put(side, header.get(side).replaceFirst("^.{44}", root(5, 6)));
    assertInstanceOf(WrongRoot.class, verdict());
  }

  @ParameterizedTest
  @ValueSource(strings = {"left", "right"})
  void hashesTooFewOrTooManyBesideTheRangeAreNoExport(String side) {
    export(3, 17, "{}");
    String hashes = header.get(side);
    header.put(side, hashes + " " + root(0, 1));
    assertThrows(NoExport.class, this::verdict);
    header.put(side, hashes.substring(0, hashes.lastIndexOf(' ')));
    assertThrows(NoExport.class, this::verdict);
  }

  @Test
  void aCountThatIsAnotherAndAnEndThatIsMissingAreFound() throws Exception {
    export(3, 17, ASSETS);
    lines.get(lines.size() - 1).put("count", "8");
    assertEquals(17, assertInstanceOf(Mismatch.class, verdict()).index());
    lines.remove(lines.size() - 1);
    assertEquals(17, assertInstanceOf(Mismatch.class, verdict()).index());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 17, 21})
  void aCheckpointOfAnySizeFromTheRangesStartOnIsHeldAgainstTheEntries(int size) throws Exception {
    export(3, size == 21 ? 21 : 17, "{}");
    header.put("checkpoint", note(size));
    assertInstanceOf(Verified.class, verdict());
    header.put("checkpoint", note(size).replace(root(0, size), root(1, 4)));
    assertInstanceOf(WrongRoot.class, verdict());
  }

  @Test
  void aCheckpointThatSaysNothingOfTheRangeIsRefused() throws Exception {
    export(8, 17, "{}");
    header.put("checkpoint", note(5));
    assertInstanceOf(Mismatch.class, verdict());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"colour\":\"red\"}",
        "{\"from\":\"yesterday\"}",
        "{\"outcome\":\"fine\"}",
        "{\"type\":null}",
        "[]"
      })
  void aFilterThatIsNotKnownIsNoExport(String filter) {
    export(0, 0, filter);
    assertThrows(NoExport.class, this::verdict);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"asset.registered.v1\",\"from\":\"2026-01-02T02:04:05.123456Z\"}|true",
        "{\"to\":\"2026-01-02T02:04:05.123456Z\"}|false",
        "{\"to\":\"2026-01-02T02:04:05.123457Z\"}|true",
        "{\"outcome\":\"success\",\"refused\":\"a b\",\"alert\":\"c\"}|true",
        "{\"outcome\":\"alert\",\"refused\":\"a b\",\"alert\":\"c asset.registered.v1\"}|true",
        "{\"outcome\":\"refused\",\"refused\":\"a b\",\"alert\":\"c\"}|false",
        "{\"actor\":\"nobody\"}|false"
      })
  void aFilterAsksWhatTheEntrySays(String filter, boolean lets) throws Exception {
    assertEquals(lets, EntryFilter.parse(filter).lets(SampleExport.entry("/vigie/asset", 1)));
  }
}
