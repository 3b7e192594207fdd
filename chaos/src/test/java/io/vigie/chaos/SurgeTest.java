package io.vigie.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Each way in which a service can take too much badly, and that it is found. */
class SurgeTest {

  private static final Surge.Answer DONE = new Surge.Answer(201, false, 90);
  private static final Surge.Answer LATER = new Surge.Answer(503, true, 2);

  /** Beside fifteen seconds of a hundred a second, as many as otherwise. */
  private static List<String> found(long sent, Surge.Answer... answers) {
    List<Surge.Answer> all = new ArrayList<>(hundredASecond(90));
    all.addAll(List.of(answers));
    return found(1_500 + sent, all, 100);
  }

  private static List<String> found(long sent, List<Surge.Answer> answers, int rate) {
    Surge surge = new Surge(Surge.COMMANDS.get(0), null, new Ledger(), () -> {});
    surge.judge(sent, answers, rate);
    return surge.differences().stream().map(Difference::object).toList();
  }

  @Test
  void whoeverIsNotServedIsToldToComeLater() {
    assertEquals(List.of(), found(3, DONE, LATER, DONE));
  }

  @Test
  void aSurgeThatTurnsNobodyAwayWasNone() {
    assertEquals(List.of("a surge"), found(2, DONE, DONE));
  }

  @Test
  void aRefusalThatDoesNotSayWhenToComeAgainIsFound() {
    assertEquals(List.of("refusals in a surge"), found(2, DONE, new Surge.Answer(503, false, 2)));
  }

  @Test
  void aRequestThatFailsAndOneThatNothingIsKnownOfAreFound() {
    assertEquals(
        List.of("requests in a surge"), found(3, DONE, LATER, new Surge.Answer(500, false, 2)));
    assertEquals(List.of("requests in a surge"), found(3, DONE, LATER));
  }

  @Test
  void whoIsToldTooLateToComeLaterIsFound() {
    assertEquals(
        List.of("p99 of what was told to come later"),
        found(2, DONE, new Surge.Answer(503, true, 3_000)));
  }

  @Test
  void aServiceThatDoesLittleMayTakeTwiceWhatAllNeedThatItWorksOnAtOnce() {
    assertEquals(2_000, Surge.bound(128));
    assertEquals(8_000, Surge.bound(32));
  }

  private static List<Surge.Answer> hundredASecond(long millis) {
    return Collections.nCopies(1_500, new Surge.Answer(201, false, millis));
  }

  private static List<Surge.Answer> hundredASecondAndOneLater(long millis) {
    List<Surge.Answer> answers = new ArrayList<>(hundredASecond(millis));
    answers.add(LATER);
    return answers;
  }

  @Test
  void slowAnswersAreFound() {
    assertEquals(List.of(), found(1_501, hundredASecondAndOneLater(2_560), 100));
    assertEquals(
        List.of("p99 of what was done in a surge"),
        found(1_501, hundredASecondAndOneLater(2_561), 100));
  }

  @Test
  void aServiceThatDoesLessThanHalfAsManyAsOtherwiseIsFound() {
    assertEquals(
        List.of("what is done in a surge"), found(1_501, hundredASecondAndOneLater(90), 201));
  }
}
