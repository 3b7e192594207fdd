package io.vigie.audit.control;

import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.kernel.PolicyTable;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.text;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ReportResourceTest {

  private static final String REPORT = "/v1/controls/report";
  private static final String STATEMENT = "/v1/controls/statement-of-applicability";
  private static final Duration LONG = Duration.ofMinutes(3);

  private record Ids(List<String> rules) {}

  @Inject ReevaluationClock planning;
  @Inject Printing printing;

  @BeforeEach
  void everyRuleHasAReevaluationToCome() throws Throwable {
    VertxContextSupport.subscribeAndAwait(planning::plan);
  }

  private static Response report(String format, String language) {
    Response answer =
        Rest.as(Tokens.of(AUDITOR))
            .header("Accept-Language", language)
            .get(REPORT + "?format=" + format);
    answer.then().statusCode(200);
    return answer;
  }

  /** Rows, each by the names of its columns, as a spreadsheet would read them (RFC 4180). */
  private static List<Map<String, String>> rows(String csv) throws IOException {
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    StringReader reader = new StringReader(csv);
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (isQuoted && c == '"') {
        reader.mark(1);
        isQuoted = reader.read() == '"';
        if (isQuoted) {
          cell.append('"');
        } else {
          reader.reset();
        }
      } else if (isQuoted) {
        cell.append((char) c);
      } else if (c == '"') {
        isQuoted = true;
      } else if (c == ',' || c == '\n') {
        line.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          lines.add(line);
          line = new ArrayList<>();
        }
      } else if (c != '\r') {
        cell.append((char) c);
      }
    }
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> cells : lines.subList(1, lines.size())) {
      assertEquals(lines.get(0).size(), cells.size(), cells::toString);
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        row.put(lines.get(0).get(i), cells.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, String>> rows(String what, String language) throws IOException {
    return rows(report("CSV", language).asString()).stream()
        .filter(row -> row.get("what").equals(what))
        .toList();
  }

  /** What the pages say, wherever a line is broken. */
  private static String pages(String language) throws IOException {
    return pages(report("PDF", language));
  }

  private static String pages(Response answer) throws IOException {
    byte[] pdf = answer.asByteArray();
    assertEquals("%PDF", new String(pdf, 0, 4));
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertEquals(null, document.getDocumentCatalog().getOpenAction());
      assertEquals(null, document.getDocumentCatalog().getNames());
      return closedUp(new PDFTextStripper().getText(document));
    }
  }

  private static String closedUp(String text) {
    return text.replaceAll("\\s", "");
  }

  private static String excepted(String rule, String object, String reason) {
    String path =
        "/v1/control-exceptions/"
            + Rest.as(Tokens.of(SYSADMIN))
                .body(
                    Map.of(
                        "rule",
                        rule,
                        "object",
                        object,
                        "reason",
                        reason,
                        "endsAt",
                        Instant.now().plus(Duration.ofDays(20)).toString()))
                .post("/v1/control-exceptions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    String ciso = Tokens.of(CISO);
    String etag = Rest.as(ciso).get(path).header("ETag");
    Rest.as(ciso)
        .header("If-Match", etag)
        .body(Map.of())
        .post(path + "/approval")
        .then()
        .statusCode(200);
    String id = path.substring(path.lastIndexOf('/') + 1);
    await()
        .atMost(LONG)
        .until(
            () ->
                number(
                        "select count(*) from entry where subject = 'control-exception/"
                            + id
                            + "' and type = 'control-exception.approved.v1'")
                    == 1);
    return id;
  }

  private static void assertProven(String index, String leafHash) {
    assertEquals(text("select encode(leaf, 'hex') from entry where index = " + index), leafHash);
  }

  @Test
  void theTableHasEveryRuleAsItStandsWithItsEvidenceAndWhereTheLogProvesIt() throws IOException {
    long index = logged(Records.registration());
    long before = LogDatabase.published();

    List<Map<String, String>> rules = rows("RULE", "en");

    assertEquals(
        PolicyTable.read("rules", Ids.class).rules(),
        rules.stream().map(rule -> rule.get("rule")).toList());
    Map<String, String> inventory =
        rules.stream().filter(rule -> rule.get("rule").equals("R3.1")).findFirst().orElseThrow();
    assertEquals("3", inventory.get("section"));
    assertTrue(Long.parseLong(inventory.get("evidence")) > 0);
    assertTrue(Long.parseLong(inventory.get("evidenceIndex")) >= index);
    assertTrue(
        Long.parseLong(inventory.get("evidenceIndex")) < Long.parseLong(inventory.get("treeSize")));
    assertProven(inventory.get("evidenceIndex"), inventory.get("evidenceLeafHash"));
    assertTrue(Long.parseLong(inventory.get("treeSize")) >= before);
    assertEquals(
        text(
            "select encode(root, 'hex') from checkpoint where size = " + inventory.get("treeSize")),
        inventory.get("rootHash"));
    rules.stream()
        .filter(rule -> !rule.get("index").isEmpty())
        .forEach(rule -> assertProven(rule.get("index"), rule.get("leafHash")));
    Map<String, String> attested =
        rules.stream().filter(rule -> rule.get("rule").equals("R10.4")).findFirst().orElseThrow();
    assertEquals("ATTESTATION", attested.get("decided"));
    assertEquals("", attested.get("state"));
    assertEquals("false", attested.get("current"));
  }

  @Test
  void whatTheTableSaysOfARuleIsWhatTheControlSays() throws IOException {
    List<Map<String, Object>> controls =
        Rest.as(Tokens.of(AUDITOR)).get("/v1/controls").jsonPath().getList("");

    List<Map<String, String>> rules = rows("RULE", "fr");

    for (int i = 0; i < rules.size(); i++) {
      Map<String, Object> control = controls.get(i);
      assertEquals(control.get("rule"), rules.get(i).get("rule"));
      assertEquals(
          ((Map<?, ?>) control.get("title")).get("fr"), rules.get(i).get("title"), "in French");
      assertEquals(control.get("decided"), rules.get(i).get("decided"));
    }
  }

  @Test
  void aTableThatLeavesExceptionsOutEndsInSayingSo() {
    String table =
        ReportTable.of(
            new PolicyReport.View(Instant.now(), null, false, List.of()), Language.ENGLISH);

    assertTrue(table.startsWith(ReportTable.COLUMNS + "\r\nINCOMPLETE,"), table);
  }

  @Test
  void exceptionsAndReevaluationsStandBehindTheirRuleWithTheirOwnReceipts() throws IOException {
    String object = "asset/" + UUID.randomUUID();
    String id = excepted("R12.1", object, "it is moved");

    Map<String, String> exception =
        rows("EXCEPTION", "en").stream()
            .filter(row -> row.get("id").equals(id))
            .findFirst()
            .orElseThrow();
    assertEquals("R12.1", exception.get("rule"));
    assertEquals(object, exception.get("object"));
    assertEquals("it is moved", exception.get("reason"));
    assertProven(exception.get("index"), exception.get("leafHash"));
    Map<String, String> due =
        rows("RE_EVALUATION", "en").stream()
            .filter(row -> row.get("rule").equals("R12.1"))
            .findFirst()
            .orElseThrow();
    assertEquals("OPEN", due.get("state"));
    assertFalse(due.get("until").isEmpty());
    String pages = pages("en");
    assertTrue(pages.contains(closedUp(object + " it is moved")), pages);
    String index = exception.get("index");
    String leafHash = text("select encode(leaf, 'base64') from entry where index = " + index);
    assertTrue(pages.contains(closedUp(index + leafHash)), pages);
  }

  @Test
  void pagesHaveTheBeginningOfALongReasonAndTheTableHasItAll() throws IOException {
    String begin = UUID.randomUUID().toString();
    String end = UUID.randomUUID().toString();
    String reason = begin + " because".repeat(20) + " " + end;
    String id = excepted("R12.1", "asset/" + UUID.randomUUID(), reason);

    String pages = pages("en");

    assertTrue(pages.contains(begin), pages);
    assertFalse(pages.contains(end), pages);
    assertTrue(
        rows("EXCEPTION", "en").stream()
            .anyMatch(row -> row.get("id").equals(id) && row.get("reason").equals(reason)));
  }

  @Test
  void pagesAreMadeOfOneReportAtATime() throws InterruptedException {
    printing.rendering.acquire();
    try {
      problem(Rest.as(Tokens.of(AUDITOR)).get(REPORT), 503, "overloaded")
          .header("Retry-After", equalTo("1"));
      problem(Rest.as(Tokens.of(AUDITOR)).get(STATEMENT + "/pdf"), 503, "overloaded");
      report("CSV", "en");
    } finally {
      printing.rendering.release();
    }
    report("PDF", "en");
    report("PDF", "en");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=HYPERLINK(\"http://evil.example\",\"click\")",
        "+1+1",
        "-2+3",
        "@SUM(A1:A9)",
        "\t=1+1",
        "shop;=HYPERLINK(1)",
        "a \"quoted\", text\r\nwith lines",
        "<script>alert(1)</script><img src=\"http://evil.example/x\" onerror=\"alert(1)\"/>",
        "</td></tr></table><a href=\"file:///etc/passwd\">{report.at} {inject:vigie}</a>",
        "&amp; &#x3c; ]]> <!-- <![CDATA[",
        "control \u0001\u0008\u001b\ufffe, surrogate \ud83d\ude00, and \u202e back"
      })
  void whatPeopleWroteIsInertInTheTableAndOnThePages(String hostile) throws IOException {
    // Given
    String id = excepted("R12.1", "asset/" + UUID.randomUUID(), hostile);

    // When
    String reason =
        rows("EXCEPTION", "en").stream()
            .filter(row -> row.get("id").equals(id))
            .map(row -> row.get("reason"))
            .findFirst()
            .orElseThrow();
    byte[] pdf = report("PDF", "en").asByteArray();

    // Then
    boolean isFormula = "=+-@\t".indexOf(hostile.charAt(0)) >= 0;
    String kept = text("select reason from control_exception where id = '" + id + "'");
    assertEquals((isFormula ? "'" : "") + kept.replace(";=", ";'="), reason);
    try (PDDocument document = Loader.loadPDF(pdf)) {
      for (var page : document.getPages()) {
        assertEquals(List.of(), page.getAnnotations(), "nothing to follow");
      }
      String pages = closedUp(new PDFTextStripper().getText(document));
      if (hostile.matches("\\p{ASCII}*") && !hostile.contains("\t")) {
        assertTrue(pages.contains(closedUp(hostile)), pages);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fr-FR,fr;q=0.9,en;q=0.5 | fr | Rapport sur la politique de sécurité",
        "de,en;q=0.7,fr;q=0.3 | en | Report on the security policy",
        "de | en | Report on the security policy"
      })
  void itIsInTheLanguageThatTheReaderAsksFor(String asked, String tag, String title)
      throws IOException {
    report("CSV", asked).then().header("Content-Language", equalTo(tag));

    assertTrue(pages(asked).contains(closedUp(title)));
  }

  private static Response statement(String path, String language) {
    Response answer =
        Rest.as(Tokens.of(AUDITOR)).header("Accept-Language", language).get(STATEMENT + path);
    answer.then().statusCode(200);
    return answer;
  }

  @Test
  void theStatementOfApplicabilityHasTheEvidenceOfEachRuleAndWhereTheLogProvesIt()
      throws IOException {
    // Given
    logged(Records.registration());
    Map<String, String> inventory =
        rows("RULE", "en").stream()
            .filter(rule -> rule.get("rule").equals("R3.1"))
            .findFirst()
            .orElseThrow();

    // When
    Response answer = statement("", "en");
    Map<String, String> row =
        rows(statement("/csv", "en").asString()).stream()
            .filter(each -> each.get("rule").equals("R3.1"))
            .findFirst()
            .orElseThrow();

    // Then
    String rule = "controls.rules.flatten().find { it.rule == 'R3.1' }.";
    long index = answer.jsonPath().getLong(rule + "evidence.last.index");
    assertTrue(index >= Long.parseLong(inventory.get("evidenceIndex")));
    assertTrue(index < answer.jsonPath().getLong("signed.size"));
    assertEquals(
        text("select encode(leaf, 'base64') from entry where index = " + index),
        answer.path(rule + "evidence.last.leafHash"));
    assertTrue(answer.jsonPath().getLong(rule + "evidence.count") > 0);
    assertTrue(Long.parseLong(row.get("evidence")) > 0);
    assertProven(row.get("evidenceIndex"), row.get("evidenceLeafHash"));
    if (!row.get("index").isEmpty()) {
      assertProven(row.get("index"), row.get("leafHash"));
    }
    assertEquals(
        text("select encode(root, 'hex') from checkpoint where size = " + row.get("treeSize")),
        row.get("rootHash"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fr | Déclaration d’applicabilité | La sécurité dans chaque projet",
        "en | Statement of applicability | Security in every project"
      })
  void theStatementOfApplicabilityIsHadOnPagesInTheReadersLanguage(
      String language, String title, String ofNoRule) throws IOException {
    logged(Records.registration());
    Response answer = statement("/pdf", language);

    answer
        .then()
        .contentType("application/pdf")
        .header("Content-Language", equalTo(language))
        .header("Content-Disposition", containsString("statement-of-applicability.pdf"));
    String pages = pages(answer);
    assertTrue(pages.contains(closedUp(title)), pages);
    assertTrue(pages.contains(closedUp(ofNoRule)), pages);
    assertTrue(pages.contains("A.8.34") && pages.contains("R12.1"), pages);
    long last =
        statement("", language)
            .jsonPath()
            .getLong("controls.rules.flatten().find { it.rule == 'R3.1' }.evidence.last.index");
    String leaf = text("select encode(leaf, 'base64') from entry where index = " + last);
    assertTrue(pages.contains(closedUp(last + leaf)), pages);
    Rest.as(Tokens.of(SYSADMIN)).get(STATEMENT + "/pdf").then().statusCode(403);
  }

  @Test
  void itIsWrittenAsTheReaderAsksFor() {
    String token = Tokens.of(CISO);
    Rest.as(token)
        .get(REPORT)
        .then()
        .statusCode(200)
        .contentType("application/pdf")
        .header("Content-Disposition", containsString("policy.pdf"));
    Rest.as(token)
        .get(REPORT + "?format=CSV")
        .then()
        .statusCode(200)
        .contentType(startsWith("text/csv"))
        .header("Content-Disposition", containsString("policy.csv"));
    Rest.as(token)
        .header("Accept", "text/csv")
        .get(REPORT + "?format=CSV")
        .then()
        .statusCode(200)
        .contentType(startsWith("text/csv"));
    Rest.as(token).get(REPORT + "?format=DOCX").then().statusCode(400);
    Rest.as(Tokens.of(SYSADMIN)).get(REPORT).then().statusCode(403);
  }
}
