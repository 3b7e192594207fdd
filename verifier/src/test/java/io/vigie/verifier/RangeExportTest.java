package io.vigie.verifier;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;

import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.NoExport;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import io.vigie.verifier.ExportVerifier.WrongRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.verifier.SampleRange.ASSETS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RangeExportTest {

  private final SampleRange range = new SampleRange();
  private final Map<String, String> header = range.header;
  private final List<Map<String, String>> lines = range.lines;

  private Verdict verdict() throws Exception {
    return ExportVerifier.verify(new ByteArrayInputStream(range.bytes()));
  }

  @ParameterizedTest
  @CsvSource({"0,21", "0,0", "21,21", "0,1", "20,21", "3,17", "8,16", "7,8", "1,20"})
  void anyRangeOfTheLogIsVerifiedAgainstItsRoot(int from, int to) throws Exception {
    range.export(from, to, "{}");
    assertEquals(to - from, assertInstanceOf(Verified.class, verdict()).size());
  }

  @Test
  void aFilteredExportIsVerifiedToBeComplete() throws Exception {
    range.export(3, 17, ASSETS);
    assertInstanceOf(Verified.class, verdict());
  }

  @Test
  void anEntryThatTheFilterLetsThroughCannotBeLeftOut() throws Exception {
    range.export(3, 17, ASSETS);
    lines.get(3).keySet().retainAll(List.of("index", "entry"));
    Mismatch found = assertInstanceOf(Mismatch.class, verdict());
    assertEquals(6, found.index());
    assertTrue(found.reason().contains("left out"), found.reason());
  }

  @Test
  void anEntryThatTheFilterHoldsBackCannotBeShown() throws Exception {
    range.export(3, 17, ASSETS);
    lines.set(0, range.log.line(3));
    assertEquals(3, assertInstanceOf(Mismatch.class, verdict()).index());
  }

  @Test
  void aLineThatIsGoneIsFound() throws Exception {
    range.export(3, 17, ASSETS);
    lines.remove(4);
    assertEquals(7, assertInstanceOf(Mismatch.class, verdict()).index());
  }

  @Test
  void anEntryThatIsHeldBackAndChangedBreaksTheRoot() throws Exception {
    range.export(3, 17, ASSETS);
    lines.get(4).computeIfPresent("entry", (name, entry) -> entry.replace("registered", "lost"));
    assertInstanceOf(WrongRoot.class, verdict());
  }

  @ParameterizedTest
  @ValueSource(strings = {"left", "right"})
  void aHashBesideTheRangeThatIsAnotherBreaksTheRoot(String side) throws Exception {
    range.export(3, 17, "{}");
    header.put(side, header.get(side).replaceFirst("^.{44}", range.root(5, 6)));
    assertInstanceOf(WrongRoot.class, verdict());
  }

  @ParameterizedTest
  @ValueSource(strings = {"left", "right"})
  void hashesTooFewOrTooManyBesideTheRangeAreNoExport(String side) {
    range.export(3, 17, "{}");
    String hashes = header.get(side);
    header.put(side, hashes + " " + range.root(0, 1));
    assertThrows(NoExport.class, this::verdict);
    header.put(side, hashes.substring(0, hashes.lastIndexOf(' ')));
    assertThrows(NoExport.class, this::verdict);
  }

  @Test
  void aCountThatIsAnotherAndAnEndThatIsMissingAreFound() throws Exception {
    range.export(3, 17, ASSETS);
    lines.get(lines.size() - 1).put("count", "8");
    assertEquals(17, assertInstanceOf(Mismatch.class, verdict()).index());
    lines.remove(lines.size() - 1);
    assertEquals(17, assertInstanceOf(Mismatch.class, verdict()).index());
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
    range.export(0, 0, filter);
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
