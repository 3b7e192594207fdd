package io.vigie.asset.disposal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Person;
import io.vigie.asset.Life.Step;
import io.vigie.asset.disposal.Disposal.Stage;
import io.vigie.asset.disposal.Item.Sanitisation;
import io.vigie.asset.inventory.Medium;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever is asked of a disposal, by whom and in whatever order. */
class DisposalLifeTest {

  enum Act {
    APPROVE,
    REFUSE,
    CANCEL,
    ADD_EVIDENCE,
    SANITISE,
    VERIFY,
    FAIL,
    COMPLETE
  }

  private static final LocalDate BEFORE = LocalDate.of(2025, 12, 31);
  private static final LocalDate AFTER = LocalDate.of(2026, 1, 6);

  /**
   * @param good work was done after the approval, or other services have reported what they must
   * @param early the asset left before anything was asked
   */
  public record Ask(
      Act act,
      Person by,
      @IntRange(min = 1, max = 2) int medium,
      Method method,
      boolean good,
      boolean early) {}

  /** Who sanitised and who verified a medium; null is nobody. */
  record Work(String operator, String verifier) {}

  record Known(Stage stage, String decidedBy, List<Work> media) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 1000)
  void noStepIsSkippedAndNobodyLooksAtTheirOwnWork(
      @ForAll @IntRange(max = 2) int media, @ForAll @Size(max = 60) List<@UseType Ask> asks) {
    List<Item> items =
        IntStream.rangeClosed(1, media)
            .mapToObj(n -> new Item(n, Medium.FLASH, "S" + n, Method.PURGE, null, null))
            .toList();
    Disposal disposal =
        new Disposal(UUID.randomUUID(), Life.BEGIN, "old", items, Person.ANNA.name(), Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            disposal,
            disposal.requested(Life.BEGIN),
            new Known(Stage.REQUESTED, null, Collections.nCopies(media, new Work(null, null))),
            known -> seen(disposal.state()),
            (known, ask, at) -> allowed(known, ask),
            (ask, at) -> decide(disposal, ask, at),
            asks));
  }

  private static Known seen(Disposal.State state) {
    return new Known(
        state.stage(),
        state.decidedBy(),
        state.media().stream()
            .map(
                item ->
                    new Work(
                        item.sanitisation() == null ? null : item.sanitisation().operator(),
                        item.verification() == null ? null : item.verification().verifier()))
            .toList());
  }

  private static DisposalEvent decide(Disposal disposal, Ask ask, Instant at) {
    String by = ask.by().name();
    return switch (ask.act()) {
      case APPROVE -> disposal.approve(by, at);
      case REFUSE -> disposal.refuse(by, "still needed", at);
      case CANCEL -> disposal.cancel("never mind", at);
      case ADD_EVIDENCE -> disposal.addEvidence("0".repeat(64), "image/jpeg", 1, at);
      case SANITISE ->
          disposal.sanitise(
              ask.medium(),
              new Sanitisation(
                  ask.method(), "X", "tool", "1", by, ask.good() ? at : Life.BEGIN, null),
              at);
      case VERIFY -> disposal.verify(ask.medium(), true, "looked", by, at);
      case FAIL -> disposal.verify(ask.medium(), false, "a file could be read", by, at);
      case COMPLETE ->
          disposal.complete(
              "shop", ask.early() ? BEFORE : AFTER, ask.good() ? List.of() : List.of("rights"), at);
    };
  }

  private static Step<Known> allowed(Known known, Ask ask) {
    String by = ask.by().name();
    boolean undecided = known.stage() == Stage.REQUESTED;
    boolean decides = undecided && ask.by() != Person.ANNA;
    boolean working = known.stage() == Stage.APPROVED;
    Work work = ask.medium() > known.media().size() ? null : known.media().get(ask.medium() - 1);
    boolean verifies =
        working
            && work != null
            && work.operator() != null
            && work.verifier() == null
            && !work.operator().equals(by);
    return switch (ask.act()) {
      case APPROVE ->
          decides
              ? new Step<>(
                  DisposalEvent.Approved.class,
                  new Known(
                      known.media().isEmpty() ? Stage.SANITISED : Stage.APPROVED,
                      by,
                      known.media()))
              : null;
      case REFUSE ->
          decides
              ? new Step<>(DisposalEvent.Ended.class, new Known(Stage.REFUSED, by, known.media()))
              : null;
      case CANCEL ->
          undecided || working
              ? new Step<>(
                  DisposalEvent.Ended.class,
                  new Known(Stage.CANCELLED, known.decidedBy(), known.media()))
              : null;
      case ADD_EVIDENCE -> working ? new Step<>(DisposalEvent.EvidenceAdded.class, known) : null;
      case SANITISE ->
          working
                  && work != null
                  && work.verifier() == null
                  && ask.method() != Method.CLEAR
                  && ask.good()
              ? new Step<>(DisposalEvent.MediumSanitised.class, with(known, ask, by, null))
              : null;
      case VERIFY ->
          verifies
              ? new Step<>(
                  DisposalEvent.MediumVerified.class, with(known, ask, work.operator(), by))
              : null;
      case FAIL ->
          verifies
              ? new Step<>(DisposalEvent.MediumVerified.class, with(known, ask, null, null))
              : null;
      case COMPLETE ->
          known.stage() == Stage.SANITISED && ask.good() && !ask.early()
              ? new Step<>(
                  DisposalEvent.Completed.class,
                  new Known(Stage.COMPLETED, known.decidedBy(), known.media()))
              : null;
    };
  }

  private static Known with(Known known, Ask ask, String operator, String verifier) {
    List<Work> media = new ArrayList<>(known.media());
    media.set(ask.medium() - 1, new Work(operator, verifier));
    boolean done = media.stream().allMatch(work -> work.verifier() != null);
    return new Known(done ? Stage.SANITISED : Stage.APPROVED, known.decidedBy(), media);
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(DisposalEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
