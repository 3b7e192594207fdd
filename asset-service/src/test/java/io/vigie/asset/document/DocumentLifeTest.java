package io.vigie.asset.document;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Person;
import io.vigie.asset.Life.Step;
import io.vigie.asset.inventory.Reassignment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever is asked of a document, by whom and in whatever order. */
class DocumentLifeTest {

  enum Act {
    SUBMIT,
    APPROVE,
    SEND_BACK,
    CONFIRM,
    CHANGE,
    OWNER_LEAVES,
    WITHDRAW
  }

  public record Ask(Act act, Person by, boolean minor) {}

  record Written(int number, Person author, boolean minor) {}

  /**
   * @param last the version that was submitted last, or null
   * @param pending whether that one waits for approval
   * @param current the version in force, or null
   * @param asksFor from which version on acknowledgements count, or null
   * @param orphaned whether another owner is asked for
   */
  record Known(
      DocumentState state,
      Written last,
      boolean pending,
      Written current,
      Integer asksFor,
      boolean orphaned) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();
  private DocumentVersion last;

  private static Sheet sheet() {
    return new Sheet(
        "Charte",
        "Charter",
        DocumentKind.CHARTER,
        UUID.randomUUID(),
        List.of("R5.3"),
        new Audience(true, List.of()),
        12);
  }

  private static DocumentVersion version(Document of, Ask ask, Instant at) {
    return new DocumentVersion(
        of,
        new DocumentVersion.Submission(
            DocumentFormat.MARKDOWN, "text".getBytes(UTF_8), ask.minor(), "what changed"),
        ask.by().name(),
        at);
  }

  @Property(tries = 1000)
  void whatIsInForceWasSubmittedByOneAndApprovedByAnother(
      @ForAll @Size(max = 40) List<@UseType Ask> asks) {
    Document document = new Document(sheet(), Life.BEGIN);
    last = version(document, new Ask(Act.SUBMIT, Person.ANNA, false), Life.BEGIN); // never was
    HAPPENED.addAll(
        Life.of(
            document,
            document.registered(),
            new Known(DocumentState.DRAFT, null, false, null, null, false),
            known -> seen(document.state(), known),
            (known, ask, at) -> allowed(known, ask),
            (ask, at) -> decide(document, ask, at),
            asks));
  }

  private Known seen(Document.State state, Known known) {
    assertEquals(known.pending() ? last.id() : null, state.pending());
    assertEquals(known.current() == null ? null : known.current().number(), state.currentNumber());
    assertEquals(known.state() == DocumentState.IN_FORCE, state.reviewDue() != null);
    return new Known(
        state.state(),
        known.last(),
        state.pending() != null,
        known.current(),
        state.acknowledgeFrom(),
        state.reassignBy() != null);
  }

  private DocumentEvent decide(Document document, Ask ask, Instant at) {
    String by = ask.by().name();
    return switch (ask.act()) {
      case SUBMIT -> {
        DocumentVersion submitted = version(document, ask, at);
        DocumentEvent event = document.submit(submitted, at);
        last = submitted;
        yield event;
      }
      case APPROVE -> document.approve(last, by, at);
      case SEND_BACK -> document.sendBack(last, "no", by, at);
      case CONFIRM -> document.confirm(by, at);
      case CHANGE -> document.change(sheet(), at);
      case OWNER_LEAVES -> document.requestReassignment(new Reassignment(at, at.plus(Life.STEP)));
      case WITHDRAW -> document.withdraw("over", at);
    };
  }

  private static Step<Known> allowed(Known known, Ask ask) {
    boolean kept = known.state() != DocumentState.WITHDRAWN;
    Written last = known.last();
    return switch (ask.act()) {
      case SUBMIT ->
          kept && !known.pending()
              ? new Step<>(
                  DocumentEvent.VersionSubmitted.class,
                  new Known(
                      known.state(),
                      new Written(last == null ? 1 : last.number() + 1, ask.by(), ask.minor()),
                      true,
                      known.current(),
                      known.asksFor(),
                      known.orphaned()))
              : null;
      case APPROVE ->
          known.pending() && ask.by() != last.author()
              ? new Step<>(
                  DocumentEvent.VersionApproved.class,
                  new Known(
                      DocumentState.IN_FORCE,
                      last,
                      false,
                      last,
                      last.minor() && known.asksFor() != null ? known.asksFor() : last.number(),
                      known.orphaned()))
              : null;
      case SEND_BACK ->
          known.pending()
              ? new Step<>(
                  DocumentEvent.VersionSentBack.class,
                  new Known(
                      known.state(),
                      last,
                      false,
                      known.current(),
                      known.asksFor(),
                      known.orphaned()))
              : null;
      case CONFIRM ->
          known.state() == DocumentState.IN_FORCE && ask.by() != known.current().author()
              ? new Step<>(DocumentEvent.Reviewed.class, known)
              : null;
      case CHANGE -> kept ? new Step<>(DocumentEvent.Changed.class, orphaned(known, false)) : null;
      case OWNER_LEAVES ->
          kept
              ? new Step<>(DocumentEvent.ReassignmentRequested.class, orphaned(known, true))
              : null;
      case WITHDRAW ->
          kept && !known.pending()
              ? new Step<>(
                  DocumentEvent.Withdrawn.class,
                  new Known(
                      DocumentState.WITHDRAWN,
                      last,
                      false,
                      known.current(),
                      known.asksFor(),
                      false))
              : null;
    };
  }

  private static Known orphaned(Known known, boolean orphaned) {
    return new Known(
        known.state(), known.last(), known.pending(), known.current(), known.asksFor(), orphaned);
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(DocumentEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
