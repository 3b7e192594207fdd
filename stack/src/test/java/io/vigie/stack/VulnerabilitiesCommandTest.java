package io.vigie.stack;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VulnerabilitiesCommandTest {
  private static final String PART = "org.example:part";

  @TempDir Path directory;

  private Path export;
  private Path bill;
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void aBuildThatHoldsAPart() throws IOException {
    export = Files.createDirectory(directory.resolve("osv"));
    bill = bill(component("part", "1.2.3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1.2.3 | {'introduced': '0'}, {'fixed': '1.2.4'} | 1",
        "1.2.4 | {'introduced': '0'}, {'fixed': '1.2.4'} | 0",
        "1.2.4-RC1 | {'introduced': '0'}, {'fixed': '1.2.4'} | 1",
        "1.10 | {'introduced': '1.9'}, {'fixed': '1.11'} | 1",
        "1.8 | {'introduced': '1.9'}, {'fixed': '1.11'} | 0",
        "1.5 | {'introduced': '1.9'}, {'fixed': '1.11'}, {'introduced': '1.0'}, {'fixed': '1.6'} | 1",
        "1.7 | {'introduced': '1.9'}, {'fixed': '1.11'}, {'introduced': '1.0'}, {'fixed': '1.6'} | 0",
        "1.6 | {'introduced': '1.0'}, {'last_affected': '1.6'} | 1",
        "1.6.1 | {'introduced': '1.0'}, {'last_affected': '1.6'} | 0",
        "99 | {'introduced': '1.0'} | 1"
      })
  void aVersionIsKnownWhereARangeHoldsIt(String version, String events, int exit)
      throws IOException {
    bill = bill(component("part", version));
    advise(
        "GHSA-1", "Maven", PART, "'ranges': [{'type': 'ECOSYSTEM', 'events': [" + events + "]}]");

    assertEquals(exit, look(), said::toString);
  }

  @Test
  void whatIsKnownIsNamedWithItsNamesAndWithWhatMendsIt() throws IOException {
    advise(
        "GHSA-1",
        "Maven",
        PART,
        "'ranges': [{'type': 'ECOSYSTEM', 'events': [{'introduced': '1.0'}, {'fixed': '1.3'}]}]");

    assertEquals(1, look());

    assertSaid("org.example:part 1.2.3: GHSA-1 CVE-2026-1 It breaks [2J (mended in: 1.3)");
    assertSaid(
        "Known: 1, of 1 artefacts of Maven, by 1 documents of OSV, the newest of 2026-01-02");
    assertFalse(said.toString().contains("\u001b"), said::toString);
  }

  @Test
  void aVersionThatIsListedIsKnownWithoutARange() throws IOException {
    advise("GHSA-1", "Maven", PART, "'versions': ['1.2.3']");

    assertEquals(1, look());
    assertSaid("mended in: nothing known");
  }

  @Test
  void whatWasWithdrawnAndWhatIsOfAnotherNameOrEcosystemOrOfCommitsIsNot() throws IOException {
    String always = "[{'introduced': '0'}]}]";
    advise(
        "GHSA-1",
        "Maven",
        "org.example:other",
        "'ranges': [{'type': 'ECOSYSTEM', 'events': " + always);
    advise("GHSA-2", "npm", PART, "'ranges': [{'type': 'SEMVER', 'events': " + always);
    advise("GHSA-3", "Maven", PART, "'ranges': [{'type': 'GIT', 'events': " + always);
    advise(
        "GHSA-4",
        "Maven",
        PART,
        "'versions': ['1.2.3']}], 'withdrawn': '2026-01-03T00:00:00Z', 'x': [{");

    assertEquals(0, look());
    assertSaid("Known: 0, of 1 artefacts of Maven, by 4 documents of OSV");
  }

  @Test
  void componentsWithinComponentsCountAndWhatIsNotLookedUpIsCounted() throws IOException {
    bill =
        bill(
            "{'purl': 'pkg:generic/keycloak@26', 'name': 'keycloak', 'version': '26', 'components': ["
                + component("part", "1.2.3")
                + "]}");
    advise("GHSA-1", "Maven", PART, "'versions': ['1.2.3']");

    assertEquals(1, look());
    assertSaid("Not looked up, since they are no artefacts of Maven: 1 components.");
  }

  @Test
  void nothingThatCannotBeReadPassesForHarmless() throws IOException {
    assertEquals(1, look());
    assertSaid("There is no document of OSV in");

    advise("GHSA-1", "Maven", "org.example:other", "'versions': []");
    assertEquals(0, look());

    bill = bill("");
    assertEquals(1, look());
    assertSaid("No artefact of Maven is named in");

    bill = write(directory.resolve("prose.json"), "{'name': 'no bill'}");
    assertEquals(1, look());
    assertSaid("lacks one of [bomFormat, components]");

    bill = bill(component("part", "1.2.3"));
    write(export.resolve("broken.json"), "{'id':");
    assertEquals(1, look());
    assertSaid("broken.json cannot be read");
  }

  private int look() {
    said.getBuffer().setLength(0);
    PrintWriter out = new PrintWriter(said, true);
    return new CommandLine(new VulnerabilitiesCommand())
        .setOut(out)
        .setExecutionExceptionHandler(
            (error, failed, parsed) -> {
              out.println(error.getMessage());
              return 1;
            })
        .execute("--osv", export.toString(), bill.toString());
  }

  private void assertSaid(String words) {
    assertTrue(said.toString().contains(words), said::toString);
  }

  private static String component(String name, String version) {
    return "{'purl': 'pkg:maven/org.example/%1$s@%2$s?type=jar', 'group': 'org.example', 'name': '%1$s', 'version': '%2$s'}"
        .formatted(name, version);
  }

  private Path bill(String components) throws IOException {
    return write(
        directory.resolve("bom.json"),
        "{'bomFormat': 'CycloneDX', 'specVersion': '1.6', 'components': [" + components + "]}");
  }

  private void advise(String id, String ecosystem, String name, String affected)
      throws IOException {
    write(
        export.resolve(id + ".json"),
        """
        {'id': '%s', 'modified': '2026-01-02T03:04:05Z', 'aliases': ['CVE-2026-1'], 'summary': 'It breaks\\u001b[2J',
         'affected': [{'package': {'ecosystem': '%s', 'name': '%s'}, %s}]}"""
            .formatted(id, ecosystem, name, affected));
  }

  /** With quotes that are easier to read. */
  private static Path write(Path file, String json) throws IOException {
    return Files.writeString(file, json.replace('\'', '"'));
  }
}
