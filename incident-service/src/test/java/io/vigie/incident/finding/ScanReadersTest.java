package io.vigie.incident.finding;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.vigie.incident.finding.Samples.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScanReadersTest {

  private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
  private static final ScanPolicy POLICY = new ScanPolicy();

  private static ScanRun sarif(String document) {
    List<ScanRun> runs = SarifReader.read(bytes(document), POLICY);
    assertEquals(1, runs.size());
    return runs.get(0);
  }

  private static ScanRun nmap(String document) {
    return NmapReader.read(bytes(document), POLICY);
  }

  /** What was seen where, and how bad it is. */
  private static Map<String, Severity> seen(ScanRun run) {
    return run.sightings().values().stream()
        .collect(Collectors.toMap(one -> one.rule() + " " + one.place(), Sighting::severity));
  }

  @Test
  void aSarifLogIsReadWhicheverOrderItsPartsHave() {
    ScanRun run = sarif(Samples.sarif());

    assertEquals("semgrep", run.tool());
    assertTrue(run.isComplete());
    assertEquals(Instant.parse("2026-01-02T03:00:00Z"), run.performedAt(NOW));
    assertEquals(
        Map.of(
            "java/sql-injection src/main/java/shop/Search.java:42", Severity.CRITICAL,
            "java/weak-hash src/main/java/shop/Cart.java:7", Severity.LOW),
        seen(run));
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    assertEquals(2, sarif("\uFEFF" + Samples.sarif()).sightings().size());
  }

  @Test
  void aFingerprintOfTheToolSurvivesMovedLinesAndNothingElseDoes() {
    var before = sarif(Samples.sarif()).sightings().keySet();
    var moved =
        sarif(Samples.sarif().replace("\"startLine\": 42", "\"startLine\": 57"))
            .sightings()
            .keySet();
    assertEquals(before, moved);

    for (Map.Entry<String, String> other :
        Map.of(
                "39fa2ee980eb94b0:1", "39fa2ee980eb94b0:2",
                "\"startLine\": 7", "\"startLine\": 8",
                "\"name\": \"semgrep\"", "\"name\": \"semgrep2\"",
                "Search.java", "Find.java",
                "\"id\": \"java/weak-hash\"", "\"id\": \"java/weaker-hash\"")
            .entrySet()) {
      assertNotEquals(
          before,
          sarif(Samples.sarif().replace(other.getKey(), other.getValue())).sightings().keySet(),
          other.getKey());
    }
  }

  @Test
  void aRunThatFailedOrDidNotLookIsNotComplete() {
    assertFalse(
        sarif(Samples.sarif().replace("Successful\": true", "Successful\": false")).isComplete());
    assertFalse(
        sarif(
                """
                {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": null}]}""")
            .isComplete());
    assertTrue(
        sarif(
                """
                {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]}""")
            .isComplete());
  }

  @Test
  void openPortsAndFlawsOfAHostAreFound() {
    ScanRun run = nmap(Samples.nmap());

    assertTrue(run.isComplete());
    assertEquals(Instant.ofEpochSecond(1767322901), run.performedAt(NOW));
    assertEquals(
        Map.of(
            "open-port tcp/23", Severity.HIGH,
            "open-port tcp/443", Severity.LOW,
            "ssl-poodle/CVE-2014-3566 tcp/443", Severity.HIGH),
        seen(run));
  }

  @Test
  void aScanSaysNothingOfPortsThatItDidNotLookAtNorOfScriptsThatItDidNotRun() {
    ScanRun run = nmap(Samples.nmap());
    assertTrue(run.covers("open-port", "tcp/8080"));
    assertTrue(run.covers("smb-vuln", "host"));
    assertFalse(run.covers("open-port", "tcp/8081"));
    assertFalse(run.covers("open-port", "udp/53"));

    ScanRun without = nmap(Samples.nmap().replace("--script vuln ", ""));
    assertTrue(without.covers("open-port", "tcp/8080"));
    assertFalse(without.covers("ssl-poodle", "tcp/443"));
    assertFalse(without.covers("smb-vuln", "host"));
  }

  @ParameterizedTest
  @CsvSource({
    "nmap -sV host, false",
    "nmap -sS -p 80 host, false",
    "nmap -oX -C host, false",
    "nmap -sC host, true",
    "nmap -sCV host, true",
    "nmap -A host, true",
    "nmap --script=vuln host, true"
  })
  void whetherScriptsRanStandsAmongItsArguments(String arguments, boolean ran) {
    ScanRun run =
        nmap(
            """
            <nmaprun scanner="nmap" args="%s"><scaninfo protocol="tcp" services="1-443"/>
            <host><status state="up"/></host><runstats><finished exit="success"/></runstats>
            </nmaprun>"""
                .formatted(arguments));

    assertTrue(run.covers("open-port", "tcp/443"));
    assertEquals(ran, run.covers("ssl-poodle", "tcp/443"));
  }

  @Test
  void argumentsMadeToTakeLongAreReadAtOnce() {
    String arguments = " -A".repeat(300_000) + "&#10;";

    assertTrue(
        nmap("""
                <nmaprun scanner="nmap" args="%s"><host><status state="up"/></host>
                <runstats><finished exit="success"/></runstats></nmaprun>"""
                .formatted(arguments))
            .covers("smb-vuln", "host"));
  }

  @Test
  void aScanOfAHostThatIsDownOrThatDidNotEndMakesNothingGone() {
    assertFalse(
        nmap(Samples.nmap()
                .replace("<status state=\"up\" reason=\"arp", "<status state=\"down\" reason=\"no"))
            .covers("open-port", "tcp/22"));
    assertFalse(
        nmap(Samples.nmap().replace("exit=\"success\"", "exit=\"error\""))
            .covers("open-port", "tcp/22"));
  }

  @Test
  void asManyResultsAsAreTakenAreReadWithAsManyRules() {
    StringBuilder results = new StringBuilder();
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      results.append(i == 0 ? "" : ",");
      results.append("{\"ruleId\":\"r").append(i).append("\",\"message\":{\"text\":\"x\"}}");
      rules.append(i == 0 ? "" : ",");
      rules.append("{\"id\":\"r").append(i).append("\",\"help\":{\"text\":\"y\"},");
      rules.append("\"defaultConfiguration\":{\"level\":\"error\"}}");
    }

    ScanRun run =
        sarif(
            """
            {"version": "2.1.0", "runs": [{"results": [%s],
             "tool": {"driver": {"rules": [%s], "name": "x"}}}]}"""
                .formatted(results, rules));

    assertEquals(50_000, run.sightings().size());
    assertTrue(
        run.sightings().values().stream()
            .allMatch(seen -> seen.severity() == POLICY.ofLevel("error")));
  }

  @Test
  void aRuleOfAnExtensionIsFoundByItsNumberAndTheFirstOfTwoByTheirName() {
    ScanRun run =
        sarif(
            """
            {"version": "2.1.0", "runs": [{
             "tool": {"driver": {"name": "x", "rules": [
                 {"id": "a", "defaultConfiguration": {"level": "note"}},
                 {"id": "a", "defaultConfiguration": {"level": "error"}}]},
               "extensions": [{"name": "more", "rules": [
                 {"id": "b", "properties": {"security-severity": "9.5"}}]}]},
             "results": [{"ruleId": "a"}, {"rule": {"index": 0, "toolComponent": {"index": 0}}}]}]}""");

    assertEquals(Map.of("a -", POLICY.ofLevel("note"), "b -", Severity.CRITICAL), seen(run));
  }

  static Stream<Arguments> broken() {
    String start =
        "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"x\"}}, ";
    String flaw = Samples.sarif();
    return Stream.of(
        Arguments.of("no JSON", "{\"version\": ", "line 1"),
        Arguments.of("an array", "[]", "body: must be a JSON object"),
        Arguments.of("another version", flaw.replace("2.1.0\",", "2.0.0\","), "version: must be"),
        Arguments.of("no runs", "{\"version\": \"2.1.0\", \"runs\": []}", "runs: must name a run"),
        Arguments.of(
            "no tool", "{\"version\": \"2.1.0\", \"runs\": [{\"results\": []}]}", "runs[0].tool"),
        Arguments.of("an unknown level", flaw.replace("\"note\"", "\"loud\""), "results[1].level"),
        Arguments.of(
            "a rule that is none",
            flaw.replace("\"ruleIndex\": 1", "\"ruleIndex\": 9"),
            "results[1].ruleIndex"),
        Arguments.of("no rule", start + "\"results\": [{}]}]}", "runs[0].results[0].ruleId"),
        Arguments.of(
            "a score over 10", flaw.replace("9.1", "91"), "rules[0].properties.security-severity"),
        Arguments.of(
            "an artifact that is none",
            flaw.replace("\"index\": 0", "\"index\": 3"),
            "artifactLocation.index"),
        Arguments.of("no text", start + "\"results\": [{\"ruleId\": 1}]}]}", "results[0].ruleId"),
        Arguments.of(
            "a NUL", start + "\"results\": [{\"ruleId\": \"a\\u0000\"}]}]}", "results[0].ruleId"),
        Arguments.of(
            "half a character",
            start + "\"results\": [{\"ruleId\": \"\\ud800\"}]}]}",
            "results[0].ruleId"),
        Arguments.of(
            "no time", flaw.replace("2026-01-02T03", "yesterday"), "invocations[0].endTimeUtc"),
        Arguments.of(
            "twice the same name", "{\"version\": \"2.1.0\", \"version\": \"2.1.0\"}", "Duplicate"),
        Arguments.of("something behind it", flaw + "{}", "nothing behind it"),
        Arguments.of("too deep", "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}", "depth"),
        Arguments.of(
            "an address that is too long for many to refer to",
            flaw.replace("src/main/java/shop/Cart.java", "x".repeat(2_049)),
            "artifacts[0].location.uri"),
        Arguments.of(
            "too many",
            start + "\"results\": [" + "{\"kind\":\"pass\"},".repeat(50_000) + "{}]}]}",
            "must be at most 50000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void aBrokenSarifLogIsRefusedWithItsPlace(String what, String document, String place) {
    assertSays(place, () -> SarifReader.read(bytes(document), POLICY));
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    assertSays("UTF-8", () -> SarifReader.read(new byte[] {'{', '"', (byte) 0xC3, '"'}, POLICY));
  }

  static Stream<Arguments> brokenXml() {
    String nmap = Samples.nmap();
    String run = "<nmaprun scanner=\"nmap\">";
    return Stream.of(
        Arguments.of("no XML", "nmap", "line 1"),
        Arguments.of("half of it", nmap.substring(0, 900), "line "),
        Arguments.of("another document", "<html/>", "no nmaprun"),
        Arguments.of("another scanner", "<nmaprun scanner=\"masscan\"/>", "no nmaprun"),
        Arguments.of(
            "an external entity",
            "<!DOCTYPE nmaprun [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                + run
                + "&x;</nmaprun>",
            "line 1"),
        Arguments.of(
            "an entity in an attribute",
            "<!DOCTYPE nmaprun [<!ENTITY x \"nmap\">]><nmaprun scanner=\"&x;\"/>",
            "line 1"),
        Arguments.of("too deep", run + "<a>".repeat(60), "more than 50 deep"),
        Arguments.of(
            "a port that is none", nmap.replace("portid=\"23\"", "portid=\"70000\""), "line 10"),
        Arguments.of(
            "a port without a number", nmap.replace("portid=\"23\"", ""), "port has no portid"),
        Arguments.of(
            "a protocol that is none",
            nmap.replace("protocol=\"tcp\" portid=\"23\"", "protocol=\"a/b\" portid=\"23\""),
            "protocol"),
        Arguments.of(
            "a protocol that nmap does not know",
            run + "<scaninfo protocol=\"quic\" services=\"1\"/></nmaprun>",
            "one of ip, sctp, tcp, udp"),
        Arguments.of(
            "a range that ends before it begins",
            run + "<scaninfo protocol=\"tcp\" services=\"9-1\"/></nmaprun>",
            "ends before it begins"),
        Arguments.of(
            "no time", nmap.replace("start=\"1767322800\"", "start=\"noon\""), "number of seconds"),
        Arguments.of(
            "two hosts",
            run
                + "<host><status state=\"up\"/></host><host><status state=\"up\"/></host></nmaprun>",
            "several hosts"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenXml")
  void aBrokenNmapDocumentIsRefusedWithItsPlace(String what, String document, String place) {
    assertSays(place, () -> NmapReader.read(bytes(document), POLICY));
  }

  private static void assertSays(String expected, Runnable reading) {
    Problem refusal = assertThrows(Problem.class, reading::run);
    String said =
        refusal.getMessage()
            + refusal.errors().stream()
                .map(error -> " " + error.field() + ": " + error.message())
                .collect(Collectors.joining());
    assertEquals(400, refusal.status());
    assertTrue(said.contains(expected), said);
  }
}
