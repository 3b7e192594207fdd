package io.vigie.asset.document;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.asset.inventory.Reassignment;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

class DocumentTest {

  private static final Instant NOW = Instant.parse("2026-01-31T03:04:05Z");
  private static final String AUTHOR = "author";
  private static final String OTHER = "other";

  private final Document document = new Document(sheet(1), NOW);

  private static Sheet sheet(int reviewMonths) {
    return new Sheet(
        "Charte",
        "Charter",
        DocumentKind.CHARTER,
        UUID.randomUUID(),
        List.of("R5.3", "R6.5"),
        new Audience(true, List.of()),
        reviewMonths);
  }

  private static DocumentVersion.Submission submission(String text, boolean minor) {
    return new DocumentVersion.Submission(
        DocumentFormat.MARKDOWN, text.getBytes(UTF_8), minor, "what changed");
  }

  private DocumentVersion submit(boolean minor) {
    DocumentVersion version = new DocumentVersion(document, submission("text", minor), AUTHOR, NOW);
    document.submit(version, NOW);
    return version;
  }

  private DocumentVersion approve(boolean minor) {
    DocumentVersion version = submit(minor);
    document.approve(version, OTHER, NOW);
    return version;
  }

  @Test
  void aVersionIsInForceOnceSomebodyElseThanItsAuthorApprovedIt() {
    DocumentVersion version = submit(false);
    assertRefused("self-approval", () -> document.approve(version, AUTHOR, NOW));
    assertEquals(DocumentState.DRAFT, document.state().state());

    document.approve(version, OTHER, NOW);

    assertEquals(DocumentState.IN_FORCE, document.state().state());
    assertEquals(version.id(), document.state().current());
    assertNull(document.state().pending());
  }

  @Test
  void anotherOwnerOrTheEndOfTheDocumentEndsTheRequestForOne() {
    Reassignment request = new Reassignment(NOW, NOW.plusSeconds(60));
    assertEquals(
        new DocumentEvent.ReassignmentRequested(
            document.id(), document.state().owner(), NOW.plusSeconds(60), NOW),
        document.requestReassignment(request));
    assertEquals(NOW.plusSeconds(60), document.state().reassignBy());

    document.change(sheet(1), NOW);
    assertNull(document.state().reassignBy());

    document.requestReassignment(request);
    document.withdraw("replaced", NOW);
    assertNull(document.state().reassignBy());
  }

  @Test
  void theReviewDateIsSoManyMonthsAfterTheApproval() {
    approve(false);

    assertEquals(Instant.parse("2026-02-28T03:04:05Z"), document.state().reviewDue());
  }

  @Test
  void anotherIntervalMovesTheReviewDate() {
    approve(false);

    document.change(sheet(12), NOW);

    assertEquals(Instant.parse("2027-01-31T03:04:05Z"), document.state().reviewDue());
  }

  @Test
  void anotherIntervalPutsOffNoReviewThatIsOverdue() {
    approve(false);
    Instant due = document.state().reviewDue();

    document.change(sheet(60), due.plusSeconds(1));
    assertEquals(due, document.state().reviewDue());

    document.confirm(OTHER, due.plusSeconds(2));
    assertEquals(Instant.parse("2031-02-28T03:04:07Z"), document.state().reviewDue());
  }

  @Test
  void aReviewThatFindsNothingMovesTheDateAndIsNotTheAuthors() {
    approve(false);
    Instant later = NOW.plusSeconds(86_400);

    assertRefused("self-review", () -> document.confirm(AUTHOR, later));
    document.confirm(OTHER, later);

    assertEquals(Instant.parse("2026-03-01T03:04:05Z"), document.state().reviewDue());
  }

  @Test
  void aMinorChangeAsksNobodyToAcknowledgeAgainUnlessItIsTheFirst() {
    approve(true);
    assertEquals(1, document.state().acknowledgeFrom());
    approve(true);
    assertEquals(1, document.state().acknowledgeFrom());
    assertEquals(2, document.state().currentNumber());
    approve(false);
    assertEquals(3, document.state().acknowledgeFrom());
  }

  @Test
  void oneVersionAtATimeWaitsAndAReturnedOneMakesRoom() {
    DocumentVersion first = submit(false);
    assertRefused("version-pending", () -> submit(false));

    document.sendBack(first, "unclear", OTHER, NOW);

    assertRefused("version-not-pending", () -> document.approve(first, OTHER, NOW));
    assertEquals(2, submit(false).number());
  }

  @Test
  void aWithdrawnDocumentChangesNoMoreAndIsNeverOverdue() {
    approve(false);

    document.withdraw("replaced", NOW);

    assertNull(document.state().reviewDue());
    assertRefused("document-withdrawn", () -> submit(false));
    assertRefused("document-withdrawn", () -> document.change(sheet(1), NOW));
    assertRefused("document-not-in-force", () -> document.confirm(OTHER, NOW));
    assertRefused("document-not-in-force", () -> new Acknowledgement(document, OTHER, NOW));
  }

  @Test
  void aRenamedProfileIsRenamedAndNothingElseChanges() {
    Document some =
        new Document(sheet(1).with(new Audience(false, List.of("DEV", "ops", "Tester"))), NOW);
    some.requestReassignment(new Reassignment(NOW, NOW.plusSeconds(60)));
    Document.State before = some.state();

    assertEquals(
        new DocumentEvent.Changed(some.id(), before.owner(), NOW),
        some.renameProfile("dev", "tester", NOW));
    some.renameProfile("Tester", "tester", NOW);

    assertEquals(new Audience(false, List.of("tester", "ops")), some.state().audience());
    assertEquals(before.reassignBy(), some.state().reassignBy());
  }

  @Test
  void aDraftHasNothingToAcknowledge() {
    assertRefused("document-not-in-force", () -> new Acknowledgement(document, OTHER, NOW));
  }

  @Test
  void aDocumentServesRulesThatThePolicyHasAndConcernsSomebody() {
    Sheet sheet = sheet(1);
    assertRefused(
        "validation",
        () ->
            new Sheet("a", "b", sheet.kind(), sheet.owner(), List.of("R0.1"), sheet.audience(), 1)
                .requireConsistent());
    assertRefused("validation", () -> new Audience(false, List.of()).requireConsistent());
    assertRefused("validation", () -> new Audience(true, List.of("dev")).requireConsistent());
  }

  @ParameterizedTest
  @CsvSource({
    "PDF,      '%PDF-1.7 …', true",
    "PDF,      'MZ',         false",
    "MARKDOWN, '# Été',      true",
    "HTML,     '<p>',        true"
  })
  void contentFitsItsFormat(DocumentFormat format, String content, boolean fits) {
    assertEquals(fits, format.fits(content.getBytes(UTF_8)));
  }

  @Test
  void aTextIsUtf8WithoutNul() {
    assertEquals(false, DocumentFormat.TEXT.fits("été".getBytes(ISO_8859_1)));
    assertEquals(false, DocumentFormat.TEXT.fits("a\0b".getBytes(UTF_8)));
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
