package io.vigie.asset.software;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.asset.software.version.VersionRange.Verdict;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class DocumentReaderTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  static final Path SHARED = Path.of(System.getProperty("vigie.root"), "..", "shared", "data");

  @Test
  void everyPublishedExampleIsRead() throws IOException {
    assumeTrue(Files.isDirectory(SHARED.resolve("csaf/examples")));
    try (Stream<Path> files = Files.walk(SHARED.resolve("csaf/examples"))) {
      List<Path> documents = files.filter(file -> file.toString().endsWith(".json")).toList();
      for (Path document : documents) {
        Publication read = DocumentReader.read(JSON.readTree(document.toFile()));
        assertEquals(Publication.Format.CSAF, read.format(), document.toString());
        assertEquals(0, read.packages(), "none of them names a package by its URL");
      }
      assertTrue(documents.size() > 15);
    }
  }

  @Test
  void scoresAndProductsOfACsafDocumentAreRead() throws IOException {
    Path file = SHARED.resolve("csaf/examples/csaf/bsi-2022-0001.json");
    assumeTrue(Files.exists(file));
    Publication read = DocumentReader.read(JSON.readTree(file.toFile()));
    assertEquals("BSI-2022-0001", read.identifier());
    assertEquals("CVE-2022-27193", read.flaws().get(0).name());
    assertTrue(read.productsWithoutPurl() > 0);
    assertEquals(Severity.of(read.score()), read.severity());
  }

  @Test
  void packagesOfACsafDocumentHaveTheRangesOfTheirBranches() throws IOException {
    Publication.AffectedPackage log4j = csaf().flaws().get(0).packages().get(0);

    assertEquals(
        "maven org.apache.logging.log4j log4j-core",
        log4j.type() + " " + log4j.namespace() + " " + log4j.name());
    Versions versions = versions(log4j);
    assertEquals(Verdict.IN, versions.verdict("2.14.1", ""));
    assertEquals(Verdict.IN, versions.verdict("2.13", ""));
    assertEquals(Verdict.OUT, versions.verdict("2.15.0", ""));
    assertEquals(Verdict.OUT, versions.verdict("2.12.2", ""), "known to be mended");
  }

  @ParameterizedTest
  @CsvSource({
    "/document, title, , document",
    "/document, publisher, , document",
    "/document/tracking, id, , document.tracking",
    "/document/tracking, revision_history, [], document.tracking.revision_history",
    "/document, csaf_version, '\"1.9\"', document.csaf_version",
    "/document/tracking, current_release_date, '\"yesterday\"', document.tracking.current_release_date",
    "/vulnerabilities/0, cve, '\"CVE-1\"', vulnerabilities[0].cve",
    "/vulnerabilities/0/product_status, known_affected, '[\"nobody\"]', vulnerabilities[0].product_status.known_affected[0]",
    "/product_tree/branches/0/branches/0, name, '\"vers:maven/>=\"', product_tree.branches[0].branches[0].product",
    "/document, title, '\"a\\u0000b\"', document.title",
    // and what is passed on, not read
    "/document, notes, '[{\"category\":\"poem\",\"text\":\"x\"}]', document.notes[0].category",
    "/document, notes, '[{\"category\":\"faq\"}]', document.notes[0]",
    "/document, distribution, '{\"tlp\":{\"label\":\"PINK\"}}', document.distribution.tlp.label",
    "/document, lang, '\"in English\"', document.lang",
    "/document, acknowledgments, '[{}]', document.acknowledgments[0]",
    "/document, references, '[{\"summary\":\"x\",\"url\":\"here\"}]', document.references[0].url",
    "/document/tracking, generator, '{\"engine\":{}}', document.tracking.generator.engine",
    "/product_tree, product_groups, '[{\"group_id\":\"g\",\"product_ids\":[\"range\"]}]', product_tree.product_groups[0].product_ids",
    "/vulnerabilities/0, cwe, '{\"id\":\"79\",\"name\":\"XSS\"}', vulnerabilities[0].cwe.id",
    "/vulnerabilities/0, flags, '[{\"label\":\"trust_us\"}]', vulnerabilities[0].flags[0].label",
    "/vulnerabilities/0, involvements, '[{\"party\":\"vendor\"}]', vulnerabilities[0].involvements[0]",
    "/vulnerabilities/0, release_date, '\"soon\"', vulnerabilities[0].release_date",
    "/vulnerabilities/0, remediations, '[{\"category\":\"vendor_fix\"}]', vulnerabilities[0].remediations[0]",
    "/vulnerabilities/0, remediations, '[]', vulnerabilities[0].remediations",
    "/vulnerabilities/0, threats, '[{\"category\":\"impact\",\"details\":\"x\",\"product_ids\":[\"a\",\"a\"]}]', vulnerabilities[0].threats[0].product_ids",
    "/vulnerabilities/0/scores/0, products, , vulnerabilities[0].scores[0]"
  })
  void aBrokenCsafDocumentIsRefusedWithThePlace(
      String object, String member, String value, String field) throws IOException {
    ObjectNode document = (ObjectNode) JSON.readTree(CSAF);
    ObjectNode broken = (ObjectNode) document.at(object);
    if (value == null) {
      broken.remove(member);
    } else {
      broken.set(member, JSON.readTree(value));
    }

    Problem problem = assertThrows(Problem.class, () -> DocumentReader.read(document));

    assertEquals(400, problem.status());
    assertEquals(field, problem.errors().get(0).field(), problem.errors().toString());
  }

  @Test
  void aTextIsCheckedHoweverLongItIs() throws IOException {
    ObjectNode document = (ObjectNode) JSON.readTree(CSAF);
    String language = "a" + "-b".repeat(100_000);
    ((ObjectNode) document.at("/document")).put("lang", language);
    ObjectNode product =
        document.putObject("product_tree").putArray("full_product_names").addObject();
    product.put("name", "x").put("product_id", "range");
    product
        .putObject("product_identification_helper")
        .put("cpe", "cpe:2.3:a:x:y" + "\\:".repeat(100_000) + ":*".repeat(8));
    ((ObjectNode) document.at("/vulnerabilities/0")).remove("product_status");

    assertEquals(0, DocumentReader.read(document).packages());
  }

  /** By the path of each member: what it must have, what it may be, and how many. */
  private static void rules(
      JsonNode schema, JsonNode node, String path, Set<String> within, Map<String, String> rules) {
    String reference = node.path("$ref").asText("");
    if (reference.startsWith("#") && !within.contains(reference)) {
      Set<String> deeper = new HashSet<>(within);
      deeper.add(reference);
      rules(schema, schema.at(reference.substring(1)), path, deeper, rules);
    }
    if (!reference.isEmpty()) {
      return;
    }
    rules.put(
        path,
        "%s %s %s %s"
            .formatted(
                texts(node.path("required")),
                texts(node.path("enum")),
                node.path("minItems").asInt(),
                node.path("uniqueItems").asBoolean()));
    node.path("properties")
        .properties()
        .forEach(
            member ->
                rules(schema, member.getValue(), path + "/" + member.getKey(), within, rules));
    if (node.has("items")) {
      rules(schema, node.get("items"), path + "[]", within, rules);
    }
  }

  private static Set<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void eachMemberOfTheStandardIsHeldToWhatItAsks() throws IOException {
    Path file = SHARED.resolve("csaf/json_schema/csaf_json_schema.json");
    assumeTrue(Files.exists(file));
    JsonNode official = JSON.readTree(file.toFile());
    Map<String, String> asked = new TreeMap<>();
    rules(official, official, "", Set.of(), asked);
    JsonNode ours = JSON.readTree(getClass().getResourceAsStream("/software/csaf.schema.json"));
    Map<String, String> held = new TreeMap<>();
    rules(ours, ours, "", Set.of(), held);

    // What the standard leaves to the schemas of CVSS is not of it
    asked.keySet().removeIf(path -> path.endsWith("/cvss_v3"));
    held.keySet().retainAll(asked.keySet());
    assertEquals(asked, held);
    assertTrue(asked.size() > 200, asked.keySet()::toString);
  }

  @Test
  void aProductThatIsDefinedTwiceIsRefused() throws IOException {
    ObjectNode document = (ObjectNode) JSON.readTree(CSAF);
    document
        .withObjectProperty("product_tree")
        .withArrayProperty("full_product_names")
        .addObject()
        .put("name", "again")
        .put("product_id", "range");
    Problem problem = assertThrows(Problem.class, () -> DocumentReader.read(document));
    assertTrue(problem.errors().get(0).message().contains("defined twice"));
  }

  @Test
  void anOsvDocumentHasRangesListedVersionsAndAScore() throws IOException {
    Publication read = DocumentReader.read(JSON.readTree(osv("GHSA-1", "2026-01-01T00:00:00Z")));

    assertEquals("osv:GHSA", read.publisher());
    assertEquals("CVE-2021-44228", read.flaws().get(0).name());
    assertEquals(new BigDecimal("10.0"), read.score());
    assertEquals(Severity.CRITICAL, read.severity());
    Versions versions = versions(read.flaws().get(0).packages().get(0));
    assertEquals(Verdict.IN, versions.verdict("2.14.1", ""));
    assertEquals(Verdict.OUT, versions.verdict("2.15.0", ""));
    assertEquals(Verdict.IN, versions.verdict("2.0-rc1", ""), "listed");
  }

  @ParameterizedTest
  @CsvSource({
    "'', CVSS_V3, CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N, HIGH",
    "/affected/0, CVSS_V3, CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N, HIGH",
    "'', Ubuntu, high, HIGH",
    "/affected/0, Ubuntu, negligible, LOW",
    "'', Ubuntu, untriaged, UNKNOWN",
    "'', CVSS_V4, CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N, CRITICAL",
    "'', CVSS_V4, CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N, HIGH",
    "'', CVSS_V4, CVSS:4.0/AV:N, UNKNOWN",
    "'', CVSS_V3, CVSS:3.1/AV:N, UNKNOWN",
    "'', CVSS_V2, AV:/AC:L/Au:N/C:P/I:P/A:P, UNKNOWN"
  })
  void anOsvDocumentSaysItsSeverityAsAVectorOrAWordOfTheWholeOrOfAPackage(
      String object, String type, String score, Severity severity) throws IOException {
    ObjectNode document = (ObjectNode) JSON.readTree(osv("X-1", "2026-01-01T00:00:00Z"));
    document.remove("severity");
    severity((ObjectNode) document.at(object), type, score);

    assertEquals(severity, DocumentReader.read(document).severity());
  }

  @Test
  void aScoreCountsBeforeAWordAndAWordWhereNoVectorHasAScore() throws IOException {
    ObjectNode document = (ObjectNode) JSON.readTree(osv("X-1", "2026-01-01T00:00:00Z"));
    severity((ObjectNode) document.at("/affected/0"), "Ubuntu", "low");
    Publication.Flaw scored = DocumentReader.read(document).flaws().get(0);
    assertEquals(Severity.CRITICAL, scored.severity());
    assertEquals("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", scored.vector());

    String unreadable = "CVSS:5.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    severity(document, "CVSS_V5", unreadable);
    Publication.Flaw said = DocumentReader.read(document).flaws().get(0);
    assertEquals(Severity.LOW, said.severity());
    assertNull(said.score());
    assertEquals(unreadable, said.vector());
  }

  private static void severity(ObjectNode object, String type, String score) {
    object.putArray("severity").addObject().put("type", type).put("score", score);
  }

  @Test
  void aVersionWithAnAsteriskIsKeptSoThatItCanBeReadAgain() throws IOException {
    ObjectNode osv = (ObjectNode) JSON.readTree(osv("X-1", "2026-01-01T00:00:00Z"));
    ((ObjectNode) osv.at("/affected/0")).putArray("versions").add("1.*");
    ObjectNode csaf = (ObjectNode) JSON.readTree(CSAF);
    ((ObjectNode) csaf.at("/product_tree/branches/0/branches/0"))
        .put("category", "product_version")
        .put("name", "1.*");
    for (ObjectNode document : List.of(osv, csaf)) {
      Versions versions = versions(DocumentReader.read(document).flaws().get(0).packages().get(0));
      assertEquals(Verdict.IN, versions.verdict("1.*", ""));
      assertEquals(Verdict.OUT, versions.verdict("1.5", ""));
    }
  }

  @Test
  void aRangeThatCannotBeReadAgainIsRefusedWithItsPlace() throws IOException {
    ObjectNode document = (ObjectNode) JSON.readTree(osv("X-1", "2026-01-01T00:00:00Z"));
    ArrayNode listed = ((ObjectNode) document.at("/affected/0")).putArray("versions");
    for (int i = 0; i < 500; i++) {
      listed.add("\u00e9".repeat(100) + i);
    }
    Problem problem = assertThrows(Problem.class, () -> DocumentReader.read(document));
    assertEquals(400, problem.status());
    assertEquals("affected[0].versions[0]", problem.errors().get(0).field());
  }

  @ParameterizedTest
  @CsvSource({
    "Maven, org.a:b, maven org.a b",
    "npm, @angular/core, npm @angular core",
    "npm, express, npm  express",
    "PyPI, Django_Thing, pypi  django-thing",
    "Go, github.com/a/b, golang github.com/a b",
    "Packagist, symfony/http-kernel, composer symfony http-kernel",
    "Debian:12, openssl, deb debian openssl debian-12",
    "Red Hat:enterprise_linux:9::baseos, openssl, rpm redhat openssl redhat-9",
    "Red Hat:openshift:4.12::el8, openssl, rpm redhat openssl redhat-8",
    "Rocky Linux:9, openssl, rpm rocky openssl rocky-9",
    "SUSE:Linux Enterprise Server 15 SP5, openssl, rpm suse openssl suse-15.5",
    "openSUSE:Leap 15.5, openssl, rpm opensuse openssl opensuse-15.5",
    "Ubuntu:Pro:22.04:LTS, openssl, deb ubuntu openssl ubuntu-22.04",
  })
  void theNamesOfAnEcosystemAreThoseOfPackageUrls(String ecosystem, String name, String expected)
      throws IOException {
    ObjectNode document = (ObjectNode) JSON.readTree(osv("X-1", "2026-01-01T00:00:00Z"));
    ObjectNode named = (ObjectNode) document.at("/affected/0/package");
    named.put("ecosystem", ecosystem).put("name", name);
    Publication.AffectedPackage read =
        DocumentReader.read(document).flaws().get(0).packages().get(0);
    assertEquals(
        expected,
        (read.type() + " " + read.namespace() + " " + read.name() + " " + read.distro()).strip());
  }

  @Test
  void whatIsMendedInOneReleaseOfADistributionIsNotDecidedForAnother() {
    Versions versions = new Versions("debian-12", "vers:deb/<3.0.15-1~deb12u1", "");
    assertEquals(Verdict.IN, versions.verdict("3.0.14-1~deb12u1", "debian-12"));
    assertEquals(Verdict.OUT, versions.verdict("3.0.14-1~deb12u1", "debian-13"));
    assertEquals(Verdict.UNDECIDED, versions.verdict("3.0.14-1~deb12u1", ""));
    assertEquals(Verdict.OUT, versions.verdict("3.0.15-1~deb12u1", "debian-12"));
  }

  @ParameterizedTest
  @CsvSource({
    "debian-12, debian-12.5, IN",
    "alpine-3.18, alpine-3.18.4, IN",
    "alpine-3.18, alpine-3.1, OUT",
    "redhat-9, rhel-9.4, IN",
    "redhat-9, el8, OUT",
    "redhat-9.2, redhat-9, UNDECIDED",
    "suse-15.5, sles-15-sp5, IN",
    "opensuse-15.5, opensuse-leap-15.5, IN",
    "opensuse-tumbleweed, opensuse-15.5, OUT",
    "opensuse-tumbleweed, opensuse-tumbleweed-20260101, IN",
    "rocky-9, almalinux-9, OUT",
    "debian-12, bookworm, UNDECIDED",
    "debian-12, debian-sid, UNDECIDED",
    "red-hat-enterprise_linux, redhat-9, UNDECIDED"
  })
  void aReleaseIsTheSameHoweverItIsSpelled(String concerned, String held, Verdict verdict) {
    Versions versions = new Versions(concerned, "vers:generic/=1", "");
    assertEquals(verdict, versions.verdict("1", held));
  }

  @Test
  void aDistributionHasOneNameWhoeverSpellsIt() {
    assertEquals("rocky", Component.of("pkg:rpm/rocky-linux/vim@9").orElseThrow().namespace());
    assertEquals("suse", Component.of("pkg:rpm/sles/vim@9").orElseThrow().namespace());
  }

  @ParameterizedTest
  @CsvSource({
    "pkg:pypi/Ruamel.YAML@0.18, pkg:pypi/ruamel-yaml",
    "pkg:pypi/backports._-zoneinfo, pkg:pypi/backports-zoneinfo",
    "pkg:nuget/Newtonsoft.Json@13.0.1, pkg:nuget/newtonsoft.json",
    "pkg:composer/Symfony/HTTP-Kernel, pkg:composer/symfony/http-kernel",
    "pkg:github/Vigie/Console, pkg:github/vigie/console"
  })
  void aPackageHasTheNamesThatItsEcosystemTakesForTheSame(String one, String other) {
    assertEquals(
        Component.of(other).orElseThrow().product(), Component.of(one).orElseThrow().product());
  }

  @ParameterizedTest
  @CsvSource({
    "pkg:npm/JSONStream, pkg:npm/jsonstream",
    "pkg:nuget/Json_Net, pkg:nuget/Json.Net",
    "pkg:maven/Org/Artifact, pkg:maven/org/artifact"
  })
  void whatAnEcosystemTellsApartIsNotTheSame(String one, String other) {
    assertNotEquals(
        Component.of(other).orElseThrow().product(), Component.of(one).orElseThrow().product());
  }

  @Test
  void aPackageUrlStaysAsItWasWritten() {
    assertEquals(
        "pkg:nuget/Newtonsoft.Json@13.0.1",
        Component.of("pkg:nuget/Newtonsoft.Json@13.0.1").orElseThrow().purl());
  }

  @Test
  void whatIsNeitherIsABadRequest() throws IOException {
    JsonNode document = JSON.readTree("{\"id\":\"x\"}");
    assertEquals(
        "bad-request", assertThrows(Problem.class, () -> DocumentReader.read(document)).code());
  }

  private static Publication csaf() throws IOException {
    return DocumentReader.read(JSON.readTree(CSAF));
  }

  private static Versions versions(Publication.AffectedPackage affected) {
    return new Versions(
        affected.distro(),
        String.join("\n", affected.affected()),
        String.join("\n", affected.unaffected()));
  }

  static final String CSAF =
      """
      {"document": {"category": "csaf_security_advisory", "csaf_version": "2.0", "title": "Log4Shell",
        "publisher": {"category": "vendor", "name": "Example", "namespace": "https://example.com"},
        "tracking": {"id": "EX-1", "status": "final", "version": "1",
          "initial_release_date": "2026-01-01T00:00:00Z", "current_release_date": "2026-01-01T00:00:00Z",
          "revision_history": [{"number": "1", "date": "2026-01-01T00:00:00Z", "summary": "first"}]}},
       "product_tree": {"branches": [{"category": "product_name", "name": "log4j-core", "branches": [
         {"category": "product_version_range", "name": "vers:maven/>=2.0|<2.15.0",
          "product": {"name": "log4j-core 2.x", "product_id": "range",
            "product_identification_helper": {"purl": "pkg:maven/org.apache.logging.log4j/log4j-core"}}},
         {"category": "product_version", "name": "2.12.2",
          "product": {"name": "log4j-core 2.12.2", "product_id": "mended",
            "product_identification_helper": {"purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.12.2"}}}]}],
        "relationships": [{"category": "default_component_of", "product_reference": "range",
          "relates_to_product_reference": "mended",
          "full_product_name": {"name": "a part", "product_id": "part"}}]},
       "vulnerabilities": [{"cve": "CVE-2021-44228",
         "product_status": {"known_affected": ["part"], "fixed": ["mended"]},
         "scores": [{"products": ["part"], "cvss_v3": {"version": "3.1", "baseScore": 10, "baseSeverity": "CRITICAL",
           "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}}]}]}
      """;

  static String osv(String id, String modified) {
    return """
        {"schema_version": "1.7.0", "id": "%s", "modified": "%s", "summary": "Log4Shell",
         "aliases": ["CVE-2021-44228"],
         "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}],
         "affected": [{"package": {"ecosystem": "Maven", "name": "org.apache.logging.log4j:log4j-core"},
           "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2.0"}, {"fixed": "2.15.0"}]}],
           "versions": ["2.0-rc1"]}]}
        """
        .formatted(id, modified);
  }
}
