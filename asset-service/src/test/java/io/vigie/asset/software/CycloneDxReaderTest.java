package io.vigie.asset.software;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class CycloneDxReaderTest {

  private static String bom(String components) {
    return "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
        + components
        + "]}";
  }

  private static BillOfMaterials read(String document) {
    return CycloneDxReader.read(document.getBytes(UTF_8));
  }

  @Test
  void aRealBillIsRead() throws IOException {
    Path file = DocumentReaderTest.SHARED.resolve("cyclonedx/dropwizard-1.3.15.bom.json");
    assumeTrue(Files.exists(file));

    BillOfMaterials bill = CycloneDxReader.read(Files.readAllBytes(file));

    assertEquals("1.2", bill.specVersion());
    assertEquals(167, bill.byPurl().size() + bill.withoutPurl());
    Component component =
        bill.byPurl()
            .get("pkg:maven/com.fasterxml.jackson.core/jackson-annotations@2.9.10?type=jar");
    assertEquals("maven/com.fasterxml.jackson.core/jackson-annotations", component.product());
    assertEquals("2.9.10", component.version());
  }

  @Test
  void componentsWithinComponentsCountAndEachIsKeptOnce() {
    BillOfMaterials bill =
        read(
            bom(
                """
                {"type":"library","name":"a","purl":"pkg:npm/a@1","components":[
                  {"type":"library","name":"b","purl":"pkg:npm/%40x/b@2"}]},
                {"type":"library","name":"a","purl":"pkg:npm/a@1"}"""));
    assertEquals(java.util.Set.of("pkg:npm/a@1", "pkg:npm/%40x/b@2"), bill.byPurl().keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"})
  void eachVersionOfTheFormatIsRead(String version) {
    BillOfMaterials bill =
        read(
            bom("{\"type\":\"library\",\"name\":\"a\",\"purl\":\"pkg:npm/a@1\"}")
                .replace("1.6", version));

    assertEquals(version, bill.specVersion());
    assertEquals(java.util.Set.of("pkg:npm/a@1"), bill.byPurl().keySet());
  }

  @Test
  void whatAnEnvironmentHasToProvideIsReadWithoutAVersion() {
    BillOfMaterials bill =
        read(
            bom("""
                    {"type":"library","name":"a","isExternal":true,"purl":"pkg:npm/a",
                     "versionRange":"vers:npm/>=1.0.0|<2.0.0",
                     "patentAssertions":[{"assertionType":"license","patentRefs":["p"]}]}""")
                .replace("1.6", "1.7"));

    assertEquals(java.util.Set.of("pkg:npm/a"), bill.byPurl().keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"a\"}",
        "{\"name\":\"a\",\"purl\":\"\"}",
        "{\"name\":\"a\",\"purl\":\"npm/a@1\"}",
        "{\"name\":\"a\",\"purl\":\"pkg:npm\"}",
        "{\"name\":\"a\",\"purl\":\"pkg:npm/a%00b@1\"}"
      })
  void whatNoPackageUrlNamesIsCounted(String component) {
    assertEquals(1, read(bom(component)).withoutPurl());
  }

  private static String withDependencies(String dependencies) {
    return bom("{\"name\":\"a\",\"bom-ref\":\"a\",\"purl\":\"pkg:npm/a@1\"}")
        .replace("]}", "],\"dependencies\":[" + dependencies + "]}");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"ref\":\"a\",\"dependsOn\":[\"a\"]}', a needs a",
    "'{\"ref\":\"a\",\"dependsOn\":[\"x\",\"b\"]},{\"ref\":\"b\",\"dependsOn\":[\"a\"]}', b needs a",
    "'{\"ref\":\"r\",\"dependsOn\":[\"c\"]},{\"ref\":\"c\"},{\"ref\":\"c\",\"dependsOn\":[\"d\"]},{\"ref\":\"d\",\"dependsOn\":[\"c\"]}', c needs d"
  })
  void componentsThatNeedEachOtherInACycleAreRefusedWithTheCycle(String graph, String told) {
    Problem problem = assertThrows(Problem.class, () -> read(withDependencies(graph)));

    assertEquals(400, problem.status());
    Problem.FieldError error = problem.errors().get(0);
    assertEquals("dependencies", error.field());
    assertTrue(error.message().contains(told), error.message());
    assertFalse(error.message().contains("r needs"), "what leads to a cycle is no part of it");
  }

  @Test
  void whatIsNeededTwiceIsNoCycle() {
    String diamond =
        "{\"ref\":\"a\",\"dependsOn\":[\"b\",\"c\",\"c\"]},{\"ref\":\"b\",\"dependsOn\":[\"d\"]},"
            + "{\"ref\":\"c\",\"dependsOn\":[\"d\"]},{\"ref\":\"d\",\"provides\":[\"a\"]}";

    assertEquals(1, read(withDependencies(diamond)).byPurl().size());
  }

  @Test
  void aWayAsLongAsABillIsWalkedToItsEndAndItsCycleToldInShort() {
    String way =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "{\"ref\":\"%d\",\"dependsOn\":[\"%d\"]}".formatted(i, i + 1))
            .collect(Collectors.joining(","));
    String endless = "x".repeat(10_000);
    String back = way + ",{\"ref\":\"100000\",\"dependsOn\":[\"" + endless + "\"]},";

    assertEquals(1, read(withDependencies(way)).byPurl().size());
    Problem problem =
        assertThrows(
            Problem.class,
            () ->
                read(
                    withDependencies(
                        back + "{\"ref\":\"" + endless + "\",\"dependsOn\":[\"0\"]}")));
    String message = problem.errors().get(0).message();
    assertTrue(message.length() < 1_000 && message.contains("100002 steps"), message);
  }

  @Test
  void moreReferencesThanAreTakenAreRefused() {
    String many =
        "{\"ref\":\"a\",\"dependsOn\":["
            + "\"b\",".repeat(CycloneDxReader.MAX_REFERENCES)
            + "\"b\"]}";
    Problem problem = assertThrows(Problem.class, () -> read(withDependencies(many)));
    assertEquals("dependencies", problem.errors().get(0).field());
    assertTrue(problem.errors().get(0).message().contains("at most"));
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"bomFormat\":\"SPDX\",\"specVersion\":\"1.6\"}', bomFormat",
    "'{\"bomFormat\":\"CycloneDX\"}', specVersion",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.1\"}', specVersion",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.8\"}', specVersion",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":16}', specVersion",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":{}}', components",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{}]}', components[0].name",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{\"name\":\"a\",\"bom-ref\":\"x\"},{\"name\":\"b\",\"bom-ref\":\"x\"}]}', components[1].bom-ref",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"dependencies\":{}}', dependencies",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"dependencies\":[{\"dependsOn\":[]}]}', dependencies[0].ref",
    "'{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"dependencies\":[{\"ref\":\"a\",\"dependsOn\":\"b\"}]}', dependencies[0].dependsOn"
  })
  void whatBreaksTheFormatIsRefusedWithThePlace(String document, String field) {
    Problem problem = assertThrows(Problem.class, () -> read(document));
    assertEquals(400, problem.status());
    assertEquals(field, problem.errors().get(0).field());
  }

  @Test
  void whatIsNoJsonOfThisWorldIsRefused() {
    String deep = "[".repeat(5_000) + "]".repeat(5_000);
    String number = "1".repeat(2_000);
    for (String document :
        new String[] {
          "",
          "[]",
          "null",
          "{",
          "<bom/>",
          bom("") + "{}",
          bom("").replace("]}", "],\"x\":" + deep + "}"),
          bom("").replace("]}", "],\"version\":" + number + "}"),
          "{\"bomFormat\":\"CycloneDX\",\"bomFormat\":\"CycloneDX\"}"
        }) {
      assertEquals(400, assertThrows(Problem.class, () -> read(document)).status(), document);
    }
    for (byte[] document :
        new byte[][] {
          bom("").getBytes(StandardCharsets.UTF_16),
          bom("{\"name\":\"é\"}").getBytes(StandardCharsets.ISO_8859_1)
        }) {
      assertEquals(400, assertThrows(Problem.class, () -> CycloneDxReader.read(document)).status());
    }
  }

  @Test
  void moreComponentsThanAreTakenAreRefused() {
    String many =
        IntStream.rangeClosed(0, CycloneDxReader.MAX_COMPONENTS)
            .mapToObj(i -> "{\"name\":\"a\"}")
            .collect(Collectors.joining(","));
    assertEquals(
        "components", assertThrows(Problem.class, () -> read(bom(many))).errors().get(0).field());
  }

  @Test
  void aChangeTellsAnotherVersionFromAnotherPackage() {
    BomChange change =
        BomChange.between(
            read(bom(
                    "{\"name\":\"a\",\"purl\":\"pkg:npm/a@1\"},{\"name\":\"b\",\"purl\":\"pkg:npm/b@1\"}"))
                .byPurl(),
            read(bom(
                    "{\"name\":\"a\",\"purl\":\"pkg:npm/a@2\"},{\"name\":\"c\",\"purl\":\"pkg:npm/c@1\"}"))
                .byPurl());
    assertEquals(1, change.added());
    assertEquals(1, change.removed());
    assertEquals(1, change.changed());
    assertTrue(change.sample().contains("pkg:npm/c@1"));
  }
}
